"""What the cells of a table were taken for, told once for every column."""

from __future__ import annotations

from dataclasses import dataclass, field

from freight.domain.wording import counted, quoted
from freight.errors import Fault
from freight.io.sheet import Sheet
from freight.io.typed.taken import Taken

_TOLD = 6
"""Most readings of one column that are told one by one."""


@dataclass(slots=True)
class _Reading:
    """The first cell of one kind, what it was read as, and how many there are."""

    value: str
    read_as: str
    rule: str
    rows: int = 0

    def __str__(self) -> str:
        """``'40HQ' is read as 45G1 in 25 rows``."""
        told = f"{self.value} is read as {self.read_as}"
        if not self.rule:
            return f"{told} in {counted(self.rows, 'row')}"
        others = f", and {counted(self.rows - 1, 'row')} likewise" if self.rows > 1 else ""
        return f"{told} ({self.rule}){others}"


@dataclass(slots=True)
class Guesses:
    """Collects guesses; :meth:`notes` tells them in the order of the columns met."""

    _readings: dict[str, dict[tuple[str, str], _Reading]] = field(default_factory=dict)

    def add(self, column: str, value: object, taken: Taken) -> None:
        """Count a cell that was taken for something else than stands there."""
        shown = quoted(value)
        key = (taken.rule, "") if taken.rule else (shown, taken.read_as)
        readings = self._readings.setdefault(column, {})
        readings.setdefault(key, _Reading(shown, taken.read_as, taken.rule)).rows += 1

    def notes(self, sheet: Sheet) -> tuple[Fault, ...]:
        """A note for every column with guesses."""
        return tuple(
            sheet.note(column, f"{_joined(list(readings.values()))}.")
            for column, readings in self._readings.items()
        )


def _joined(readings: list[_Reading]) -> str:
    told = [str(one) for one in readings[:_TOLD]]
    more = sum(one.rows for one in readings[_TOLD:])
    return "; ".join(told) + (f"; {counted(more, 'row')} more have other words" if more else "")
