"""Errors that reach a user, each with the exit code of the process.

``FreightError``
    ``InstanceError`` (2): the input is wrong; holds every :class:`Fault` found.
    ``NoSolution`` (3): no plan exists or none was found in time.
    ``EngineError`` (4): a solver is missing or failed, memory or room ran out.
    ``AuditError`` (70): a result does not survive its own recomputation: our defect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

MOST_SHOWN = 100
"""Faults that a message lists; the others are counted."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with the input: where it stands, what is wrong, what to do about it."""

    file: str
    row: int | None
    column: str | None
    what: str
    remedy: str = ""
    place: str | None = None
    """Shown instead of row and column where those are no help: a cell, a path in a document."""

    def __str__(self) -> str:
        """File, row and column (or place), then the fault and its remedy."""
        where = self.file
        if self.place is not None:
            where += f", {self.place}"
        else:
            where += f", row {self.row}" if self.row is not None else ""
            where += f", {self.column}" if self.column else ""
        return f"{where}: {self.what}" + (f" {self.remedy}" if self.remedy else "")

    def record(self) -> dict[str, object]:
        """The fault for programs: every field by its name."""
        return asdict(self)


class FreightError(Exception):
    """Base of every error shown to a user; ``exit_code`` is what the process ends with."""

    exit_code = 1


class InstanceError(FreightError):
    """The input cannot be used; all its faults at once."""

    exit_code = 2

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(
            faults, key=lambda f: (f.file, f.row or 0, f.column or "", f.what, f.remedy)
        )
        count = len(self.faults)
        head = f"{count:,} fault{'s' if count != 1 else ''} in the input:"
        shown = [f"  {fault}" for fault in self.faults[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            shown.append(f"  … and {count - MOST_SHOWN:,} more.")
        super().__init__("\n".join([head, *shown]))


class NoSolution(FreightError):
    """No plan exists, or none was found within the limits."""

    exit_code = 3


class EngineError(FreightError):
    """A solver is missing, cannot take the problem or failed; memory or room ran out."""

    exit_code = 4


class AuditError(FreightError):
    """A plan does not survive its own recomputation: a defect of this program."""

    exit_code = 70
