"""Values as they are written in a cell, so that reading gives the same value back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from freight.domain.base import Frozen
from freight.domain.instance import Instance
from freight.io.columns import NESTED, columns

Cell = str | float | int | None


def written(value: object) -> Cell:
    """A value as a cell: a number stays one, anything else becomes text, nothing stays blank."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime | time):
        whole = value.second == 0 and value.microsecond == 0
        return value.isoformat(timespec="minutes" if whole else "auto")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(str(one) for one in value) or None
    return str(value)


def text_of(cell: Cell) -> str:
    """A cell as text: numbers without a needless ``.0`` and without losing a digit."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return str(cell)


def rows(table: str, instance: Instance) -> Iterator[list[Cell]]:
    """The cells of a table, a list per record in the order of its columns."""
    holder = instance.statement if table in NESTED else instance
    for record in getattr(holder, table):
        yield cells(table, record)


def cells(table: str, record: Frozen) -> list[Cell]:
    """The cells of one record."""
    return [written(getattr(record, name)) for name in columns(table)]
