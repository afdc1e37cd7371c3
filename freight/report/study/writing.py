"""A study into a file: a page, or a workbook by its suffix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from freight.consolidation.study_file import read_study
from freight.errors import Fault, InstanceError
from freight.report.writing import write_report
from freight.requests.documents import PageRequest


def write_study_report(paths: Sequence[Path], request: PageRequest) -> None:
    """Write the report of the one study in ``paths``; ``.xlsx``: a workbook, else a page.

    Raises InstanceError for anything beside it, for a study that cannot be read, and where nothing
    can be written.
    """
    if len(paths) != 1:
        what = f"{len(paths)} were given, a study among them."
        remedy = "Report one study at a time, and its plans apart."
        raise InstanceError([Fault("report", None, "plans", what, remedy)])
    study = read_study(paths[0])
    if request.output.suffix.lower() == ".xlsx":
        write_report("study-workbook", request.output, study, force=request.force)
    else:
        write_report("study-page", request.output, study, request.language, force=request.force)
