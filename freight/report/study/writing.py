"""A study into a file: a page, or a workbook by its suffix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from freight.consolidation.study_file import read_study
from freight.errors import Fault, InstanceError
from freight.io.plan_file import write_bytes, write_text
from freight.report.study.book import study_book
from freight.report.study.page import study_page


def write_study_report(paths: Sequence[Path], output: Path, language: str = "en") -> None:
    """Write the report of the one study in ``paths``; ``.xlsx``: a workbook, else a page.

    Raises InstanceError for anything beside it, for a study that cannot be read, and where nothing
    can be written.
    """
    if len(paths) != 1:
        what = f"{len(paths)} were given, a study among them."
        remedy = "Report one study at a time, and its plans apart."
        raise InstanceError([Fault("report", None, "plans", what, remedy)])
    report = read_study(paths[0])
    if output.suffix.lower() == ".xlsx":
        write_bytes(output, study_book(report))
    else:
        write_text(output, study_page(report, language))
