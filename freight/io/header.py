"""Header cells to columns: 毛重(kg), Gross weight, consignor*, and columns that are notes."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from freight.domain.wording import listed, quoted, suggestion
from freight.io.cells import blank
from freight.io.columns import Column, Kind, columns
from freight.io.typed.numbers import unit_of
from freight.io.typed.taken import narrow
from freight.io.typed.words import folded

_NOTES: Final = frozenset(
    folded(word)
    for word in (
        "备注", "备注说明", "说明", "注", "备考", "note", "notes", "remark", "remarks", "comment",
        "comments", "memo", "序号", "行号", "no", "no.", "nr", "nr.", "line", "#",
    )
)  # fmt: skip
"""Titles of columns that people keep for themselves."""
_BRACKET: Final = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_BRACKETS: Final = re.compile(r"[()\[\]【】]")
_MARKS: Final = frozenset(
    {"", "必填", "选填", "可选", "可空", "required", "optional", "*", "当地时间"}
)
"""What stands in brackets behind a title and changes nothing."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which cell of a row belongs to which column, and what is wrong with the header."""

    titles: tuple[str, ...]
    names: tuple[str | None, ...]
    faults: tuple[tuple[int | None, str, str, str], ...]
    """(index of the cell, column, what, remedy)."""
    absent: frozenset[str]
    units: Mapping[str, str] = field(default_factory=dict)
    """Units that the titles of number columns give, by column."""
    notes: tuple[int, ...] = ()
    """Cells of columns that are kept for notes."""
    renamed: tuple[tuple[str, str], ...] = ()
    """(title, column) where a title is another word for its column."""


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    """Columns by every other word for them, folded."""
    text = (files("freight.io") / "headers.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        for word in row["words"].split():
            found[folded(word)] = (*found.get(folded(word), ()), row["column"])
    return MappingProxyType(found)


@cache
def chinese(column: str, table: str = "") -> str:
    """What a column (of a table) is called in Chinese, empty where it has no such name."""
    if (table, column) == ("emissions", "value"):
        return "排放因子"
    text = (files("freight.io") / "headers.csv").read_text(encoding="utf-8")
    rows = (row for row in csv.DictReader(text.splitlines()) if row["column"] == column)
    return next((row["words"].split()[0] for row in rows), "")


@cache
def _titles(tables: tuple[str, ...]) -> Mapping[str, str]:
    """Columns of some tables by every title for them, folded; their own names go first."""
    known = [name for table in tables for name in columns(table)]
    titles = {folded(name): name for name in known}
    for word, names in _words().items():
        meant = [name for name in names if name in known]
        if len(meant) == 1:
            titles.setdefault(word, meant[0])
    return MappingProxyType(titles)


def column_of(title: str, *tables: str) -> str | None:
    """The column of one of the tables that a title names, or None."""
    titles = _titles(tables)
    key = folded(title).rstrip("*:")
    if key in titles or ("(" not in key and "[" not in key and "【" not in key):
        return titles.get(key)
    bare = folded(_BRACKET.sub("", narrow(title))).rstrip("*:")
    return titles.get(_BRACKETS.sub("", key)) or titles.get(bare)


def is_note_title(title: str) -> bool:
    """Whether a title says that its column holds notes."""
    return folded(title).rstrip("*:") in _NOTES


def match_header(table: str, cells: Sequence[str]) -> Header:
    """Match header cells to columns; capitals, spaces, hyphens and language are forgiven."""
    known = columns(table)
    names: list[str | None] = []
    faults: list[tuple[int | None, str, str, str]] = []
    units: dict[str, str] = {}
    for index, cell in enumerate(cells):
        name = column_of(cell, table)
        fault = _fault(cell, name, names, known)
        names.append(name if fault is None else None)
        if fault is not None:
            faults.append((index, *fault))
        elif name is not None:
            units |= _unit(cell, known[name])
    absent = frozenset(key for key, one in known.items() if one.required and key not in names)
    faults += [
        (None, key, "The column is missing.", f"Add it, with {known[key].noun} in every row.")
        for key in known
        if key in absent
    ]
    kept = zip(names, cells, strict=True)
    notes = [index for index, (name, cell) in enumerate(kept) if not name and is_note_title(cell)]
    renamed = _renamed(names, cells)
    titles = tuple(cell.strip() for cell in cells)
    return Header(titles, tuple(names), tuple(faults), absent, units, tuple(notes), renamed)


def _fault(
    cell: str, name: str | None, names: Sequence[str | None], known: Mapping[str, Column]
) -> tuple[str, str, str] | None:
    """(column, what, remedy) for a title that cannot be used."""
    if name is not None and name in names:
        return name, "The column stands twice.", "Keep one of them."
    if name is None and not blank(cell) and not is_note_title(cell):
        return cell.strip(), *unknown_name(cell.strip(), known, "column")
    bracket = _BRACKET.search(narrow(cell))
    if name is None or bracket is None or known[name].kind not in (Kind.NUMBER, Kind.WHOLE):
        return None
    word = bracket[1].strip()
    if folded(word) in _MARKS or unit_of(known[name], word):
        return None
    what = f"{quoted(word)} in {quoted(cell.strip())} is no unit of {name}."
    return name, what, f"Write the title without it, and {known[name].form} below."


def _unit(cell: str, column: Column) -> dict[str, str]:
    bracket = _BRACKET.search(narrow(cell))
    word = bracket[1].strip() if bracket else ""
    unit = unit_of(column, word) if word and column.kind in (Kind.NUMBER, Kind.WHOLE) else ""
    return {column.name: unit} if unit else {}


def _renamed(names: Sequence[str | None], cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (cell.strip(), name)
        for name, cell in zip(names, cells, strict=True)
        if name is not None and folded(cell) != folded(name)
    )


def unknown_name(name: str, known: Collection[str], word: str) -> tuple[str, str]:
    """What is wrong with a name that no column has, and what to do."""
    remedy = suggestion(name, tuple(known), "remove it")
    return f"{quoted(name)} is not a {word} of this table.", remedy


def told(header: Header) -> str:
    """The titles that are other words for their columns, in one sentence; empty: none."""
    if not header.renamed:
        return ""
    pairs = [f"{quoted(title)} as {name}" for title, name in header.renamed]
    more = len(pairs) - 8
    return f"Titles are read: {listed(pairs[:8])}" + (f", and {more} more." if more > 0 else ".")
