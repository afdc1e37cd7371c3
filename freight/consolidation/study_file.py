"""A study that lies in a folder, read back."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from freight.consolidation.report import ConsolidationReport
from freight.domain.wording import quoted
from freight.errors import Fault, InstanceError
from freight.io.places import STUDY
from freight.io.regular import Unreadable, regular_bytes

MOST_FAULTS = 5


def is_study(path: Path) -> bool:
    """Whether a path is the folder of a study or its report file."""
    return path.name == STUDY or (path / STUDY).is_file()


def read_study(path: Path) -> ConsolidationReport:
    """The report of a study by its folder or its file; raises InstanceError."""
    file = path if path.name == STUDY else path / STUDY
    remedy = "Run freight consolidate again with --output."
    try:
        return ConsolidationReport.model_validate_json(regular_bytes(file))
    except FileNotFoundError as error:
        raise InstanceError([Fault(str(file), None, None, "There is no such file.")]) from error
    except Unreadable as error:
        fault = Fault(str(file), None, None, error.what, error.remedy)
        raise InstanceError([fault]) from error
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
