"""A study that lies in a folder, read back."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from freight.consolidation.report import ConsolidationReport
from freight.domain.wording import quoted
from freight.errors import Fault, InstanceError

STUDY_FILE = "consolidation.json"
MOST_FAULTS = 5


def is_study(path: Path) -> bool:
    """Whether a path is the folder of a study or its report file."""
    return path.name == STUDY_FILE or (path / STUDY_FILE).is_file()


def read_study(path: Path) -> ConsolidationReport:
    """The report of a study by its folder or its file; raises InstanceError."""
    file = path if path.name == STUDY_FILE else path / STUDY_FILE
    remedy = "Run freight consolidate again with --output."
    try:
        return ConsolidationReport.model_validate_json(file.read_bytes())
    except OSError as error:
        what = f"cannot be read ({error.strerror})."
        raise InstanceError([Fault(str(file), None, None, what)]) from error
    except ValidationError as error:
        faults = [
            Fault(
                str(file),
                None,
                ".".join(map(str, fault["loc"])) or None,
                f"{fault['msg'].rstrip('.')} (it is {quoted(fault['input'])}).",
                remedy,
            )
            for fault in error.errors(include_url=False)[:MOST_FAULTS]
        ]
        raise InstanceError(faults) from error
