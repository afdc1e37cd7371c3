"""A table as it stands in a file, before anything is believed: raw cells and where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from freight.domain.wording import either, suggestion
from freight.errors import Fault
from freight.io.columns import columns

Place = Callable[[int | None, str | None], tuple[str, int | None, str | None, str | None]]
"""(record, column name) to (file, row, column, place) of a :class:`Fault`; None: the whole."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The records of one table with raw cells by column name, blanks left out or not."""

    table: str
    records: Sequence[Mapping[str, object]]
    place: Place
    faults: tuple[Fault, ...] = ()
    """What the form of the file itself gets wrong: header, ragged rows, encoding."""
    absent: frozenset[str] = field(default_factory=frozenset)
    """Required columns that the header lacks: one fault for all rows."""
    bad: frozenset[int] = field(default_factory=frozenset)
    """Records that already have a fault and are not to be parsed."""
    notes: tuple[Fault, ...] = ()
    """What was left out or guessed about the form of the file: worth knowing, no fault."""
    semicolons: bool = False
    """Whether semicolons part the cells, as where the comma is the decimal sign."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Units that the titles of number columns give, by column."""
    unread: bool = False
    """Whether the table is missing or unreadable, so that nothing is known about its content."""

    def fault(self, record: int | None, column: str | None, what: str, remedy: str) -> Fault:
        """A fault at a record and column of this table."""
        file, row, shown, place = self.place(record, column)
        return Fault(file, row, shown, what, remedy, place)

    def note(self, column: str | None, what: str, remedy: str = "") -> Fault:
        """Something worth knowing about a column, or about the whole table."""
        return Fault(self.place(None, None)[0], None, column, what, remedy)


ENOUGH: Final = 1000
"""Faults of a table from which its further records are counted and not looked at."""


MOST_RECORDS: Final = 500_000
"""Records of a table that are read; a planner's months have tens of thousands."""


def too_many(count: int, noun: str) -> tuple[str, str]:
    """What is wrong with a table beyond the size that is read, and what to do."""
    what = f"There are {count:,} {noun}: tables are read up to {MOST_RECORDS:,} records."
    return what, "Plan fewer weeks or fewer shipments at a time."


def unlooked(
    count: int, at: tuple[str, int | None, str | None, str | None], noun: str = "records"
) -> Fault:
    """The fault that stands for those of records that were not looked at."""
    file, row, column, place = at
    what = f"{count:,} more {noun} were not looked at."
    return Fault(file, row, column, what, "Correct the first faults.", place)


def empty(table: str, file: str, faults: tuple[Fault, ...] = (), *, unread: bool = False) -> Sheet:
    """A sheet without records: an optional table left out, or one that could not be read."""
    return Sheet(table, (), lambda _record, name: (file, None, name, None), faults, unread=unread)


@dataclass(frozen=True, slots=True)
class Source:
    """Everything read from a path, a sheet per table; faults and notes here belong to no sheet."""

    sheets: Mapping[str, Sheet]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def ragged(found: int, expected: int) -> tuple[str, str]:
    """What is wrong with a row of too few or too many cells, and what to do."""
    what = f"The row has {found} cells, the header {expected}."
    if found > expected:
        return what, "Put a cell that holds a comma in double quotes."
    return what, "Write every cell, an empty one for a default."


def missing_table(table: str, noun: str, name: str, others: Sequence[str]) -> tuple[str, str]:
    """What is wrong when a table is not there, and what to do; names a misspelt one."""
    needed = either([key for key, one in columns(table).items() if one.required])
    needed = needed.replace(" or ", " and ")
    close = suggestion(name, others, "") if others else ""
    remedy = f"Add it with the columns {needed}."
    if close.startswith("Did you mean"):
        remedy = f"Rename {close[len('Did you mean ') : -1]} if that is it, or add it."
    return f"The {noun} is missing.", remedy
