"""The form of a typed table: where its header is, which rows are no records, what is not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from freight.domain.wording import listed, quoted
from freight.errors import Fault
from freight.io.cells import blank
from freight.io.columns import Column, Kind, columns
from freight.io.header import Header, column_of, match_header, told
from freight.io.sheet import Sheet
from freight.io.typed.numbers import unit_of
from freight.io.typed.words import folded

_SEARCHED: Final = 15
"""Rows in which the header may stand."""
_TOTAL_WORDS: Final = "合计 总计 小计 共计 总和 汇总 total totals sum subtotal grandtotal σ"
_TOTALS: Final = frozenset(_TOTAL_WORDS.split())
"""Words that a row of sums begins with, folded."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number in the file, from 1, and its cells."""

    number: int
    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table that are not blank and no notes, with the way to point at a cell.

    ``place`` takes a row number, an index of a cell and a column name, both perhaps None.
    """

    table: str
    file: str
    rows: Sequence[Row]
    place: Callable[[int, int | None, str | None], str | None]
    column: Callable[[int], str]
    """What people call a column, by its index."""


def sheet_of(grid: Grid) -> Sheet:
    """The sheet of a grid with a row at least: raw cells by column, faults and notes of form."""
    top = _header_row(grid)
    head = grid.rows[top]
    header = match_header(grid.table, [title(cell) for cell in head.cells])
    used = {name: index for index, name in enumerate(header.names) if name is not None}
    body, notes = _records(grid, header, grid.rows[top + 1 :])
    notes = [*_above(grid, top), *_titles(grid, header), *notes, *_untitled(grid, header, body)]
    faults = [
        _fault(grid, head.number, index, name, what, remedy)
        for index, name, what, remedy in header.faults
    ]
    lonely, bad = _lonely(grid, body)

    def place(record: int | None, name: str | None) -> tuple[str, int, str | None, str | None]:
        number = head.number if record is None else body[record].number
        index = used.get(name) if name is not None else None
        return grid.file, number, name, grid.place(number, index, name)

    records = [
        {
            name: cell
            for name, cell in zip(header.names, row.cells, strict=False)
            if name is not None and cell != ""
        }
        for row in body
    ]
    return Sheet(
        grid.table, records, place, (*faults, *lonely), header.absent, bad, tuple(notes),
        units=header.units,
    )  # fmt: skip


def title(cell: object) -> str:
    """A header cell as text."""
    return cell if isinstance(cell, str) else "" if blank(cell) else str(cell)


def _fault(
    grid: Grid, number: int, index: int | None, name: str | None, what: str, remedy: str
) -> Fault:
    return Fault(grid.file, number, name, what, remedy, grid.place(number, index, name))


def _filled(row: Row) -> list[object]:
    return [cell for cell in row.cells if not blank(cell)]


def _header_row(grid: Grid) -> int:
    """The row with most titles of the table among the first, the first row where none has two."""
    scores = [
        len({column_of(cell, grid.table) for cell in row.cells if isinstance(cell, str)} - {None})
        for row in grid.rows[:_SEARCHED]
    ]
    best = max(scores)
    return scores.index(best) if best >= 2 else 0


def _above(grid: Grid, top: int) -> list[Fault]:
    skipped = [
        f"row {row.number} ({quoted(_filled(row)[0])})" for row in grid.rows[:top] if _filled(row)
    ]
    what = f"Above the header, {listed(skipped)} is not read."
    return [Fault(grid.file, None, None, what)] if skipped else []


def _titles(grid: Grid, header: Header) -> list[Fault]:
    said = told(header)
    return [Fault(grid.file, None, None, said)] if said else []


def _records(grid: Grid, header: Header, rows: Sequence[Row]) -> tuple[list[Row], list[Fault]]:
    """The rows that are records, and notes about those that are not."""
    body: list[Row] = []
    notes: list[Fault] = []
    for row in rows:
        reason = _no_record(grid, header, row, first=not body)
        if reason:
            what = f"Row {row.number} is not read: {reason}."
            notes.append(Fault(grid.file, None, None, what))
        else:
            body.append(row)
    return body, notes


def _no_record(grid: Grid, header: Header, row: Row, *, first: bool) -> str:
    """Why a row is no record, empty where it is one."""
    total = _total(grid, row)
    if total:
        return f"it is a total ({quoted(total)})"
    if _says_columns(grid, header, row):
        return "it is a header again"
    if first and _holds_units(grid, header, row):
        return "it holds units"
    return ""


def _says_columns(grid: Grid, header: Header, row: Row) -> bool:
    """Whether most cells of a row, and one of the first two, name the columns they stand in."""
    said, filled = 0, 0
    for name, cell in zip(header.names, row.cells, strict=False):
        if name is None or blank(cell):
            continue
        filled += 1
        said += isinstance(cell, str) and column_of(cell, grid.table) == name
        if filled == 2 and not said:
            return False
    return filled > 1 and 2 * said > filled


def _holds_units(grid: Grid, header: Header, row: Row) -> bool:
    known = columns(grid.table)
    pairs = [
        (known[name], title(cell))
        for name, cell in zip(header.names, row.cells, strict=False)
        if name is not None and not blank(cell)
    ]
    return len(pairs) > 1 and all(_is_unit(one, text) for one, text in pairs)


def _total(grid: Grid, row: Row) -> str:
    """The word that makes a row a total: one of several, in a row that lacks most of a record."""
    filled = sum(1 for cell in row.cells if not blank(cell))
    if 2 * (filled - 1) > sum(1 for one in columns(grid.table).values() if one.required):
        return ""
    texts = [cell for cell in row.cells if isinstance(cell, str) and len(cell) < 20]
    return next((text for text in texts if folded(text).rstrip(":") in _TOTALS), "")


def _is_unit(column: Column, text: str) -> bool:
    return column.kind in (Kind.NUMBER, Kind.WHOLE) and bool(unit_of(column, text))


def _has_one(row: Row) -> bool:
    return len(list(islice((cell for cell in row.cells if not blank(cell)), 2))) == 1


def _lonely(grid: Grid, body: Sequence[Row]) -> tuple[list[Fault], frozenset[int]]:
    """Rows with one filled cell, in tables whose records need more: one fault each."""
    needed = sum(1 for one in columns(grid.table).values() if one.required)
    bad = frozenset(i for i, row in enumerate(body) if needed > 2 and _has_one(row))
    faults = []
    for index in sorted(bad):
        number, cell = body[index].number, _filled(body[index])[0]
        what = f"The row holds nothing but {quoted(cell)}."
        remedy = "Begin it with # if it is a heading or a note, or fill it in."
        faults.append(_fault(grid, number, None, None, what, remedy))
    return faults, bad


def _untitled(grid: Grid, header: Header, body: Sequence[Row]) -> list[Fault]:
    """Columns that hold something but are read as nothing: notes, and those without a title."""
    notes = []
    width = max((len(row.cells) for row in body), default=0)
    for index in range(width):
        titled = index < len(header.names)
        if titled and header.names[index] is not None:
            continue
        cells = [row.cells[index] for row in body if index < len(row.cells)]
        count = sum(1 for cell in cells if not blank(cell))
        if not count or (titled and index in {at for at, *_ in header.faults}):
            continue
        kept = titled and index in header.notes
        texts = f"{count:,} text{'s' if count != 1 else ''}"
        what = f"{grid.column(index)} has no title: {texts} below it left out."
        if kept:
            what = f"The column {quoted(header.titles[index])} is for notes: {texts} left out."
        notes.append(Fault(grid.file, None, None, what))
    return notes
