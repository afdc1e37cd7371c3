"""Writing a workbook: tables with drop-downs, units and notes, lossless when read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from freight.domain.instance import Instance
from freight.errors import Fault, InstanceError
from freight.io.columns import Column, Kind, columns
from freight.io.header import chinese
from freight.io.values import Cell, cells, rows, text_of
from freight.io.workbook import SHEETS

_ROOM: Final = 1000
"""Rows below the last record that have drop-downs too."""
MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, in every program that reads workbooks."""
MOST_SIGNS: Final = 32_767
"""Characters of a cell, likewise."""
_FORMS: Final = "Write the instance as a folder or .json instead."
_COLOURS: Final = {True: "#1F4E78", False: "#7F7F7F"}
"""Header of a required and of an optional column."""


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook being written, with its formats and the number of records of every sheet."""

    book: Any
    heads: Mapping[bool, Any]
    text: Any
    note: Any
    sizes: Mapping[str, int]


def book(instance: Instance | None) -> bytes:
    """The workbook of an instance, or an empty one to fill in.

    Raises InstanceError where a text or a table is longer than a workbook can hold.
    """
    tables = {name: list(rows(name, instance)) if instance else [] for name in SHEETS[1:]}
    _check_room(tables)
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_urls": False, "in_memory": True}) as workbook:
        shape = _Book(
            workbook,
            {key: _head(workbook, colour) for key, colour in _COLOURS.items()},
            workbook.add_format({"num_format": "@"}),
            workbook.add_format({"font_color": "#595959", "italic": True}),
            {name: len(records) for name, records in tables.items()},
        )
        _write_statement(shape, instance)
        for name, records in tables.items():
            _write_table(shape, name, records)
    return made.getvalue()


def _check_room(tables: Mapping[str, Sequence[Sequence[Cell]]]) -> None:
    """Refuse what xlsxwriter would leave out without a word."""
    faults = []
    for name, records in tables.items():
        if len(records) >= MOST_ROWS:
            what = f"A sheet holds {MOST_ROWS - 1:,} rows below its head, not {len(records):,}."
            faults.append(Fault(name, None, None, what, _FORMS))
        for number, record in enumerate(records, start=2):
            for column, cell in zip(columns(name), record, strict=True):
                if isinstance(cell, str) and len(cell) > MOST_SIGNS:
                    what = f"A cell holds {MOST_SIGNS:,} characters, not {len(cell):,}."
                    faults.append(Fault(name, number, column, what, _FORMS))
    if faults:
        raise InstanceError(faults)


def _head(book: Any, colour: str) -> Any:
    return book.add_format({"bold": True, "font_color": "white", "bg_color": colour})


def _write_statement(shape: _Book, instance: Instance | None) -> None:
    sheet = shape.book.add_worksheet("instance")
    for index, title in enumerate(("key", "value", "unit", "meaning")):
        sheet.write_string(0, index, title, shape.heads[index < 2])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 1, 32)
    sheet.set_column(2, 2, 30)
    sheet.set_column(3, 3, 80)
    row = 0
    for table in ("instance", "defaults"):
        known = columns(table)
        values: list[Cell] = [None] * len(known)
        if instance is not None:
            one = instance.statement
            values = cells(table, one if table == "instance" else one.defaults)
        for column, value in zip(known.values(), values, strict=True):
            row += 1
            sheet.write_string(row, 0, column.name)
            _write_cell(sheet, (row, 1), value, shape.text)
            sheet.write_string(row, 2, column.unit, shape.note)
            sheet.write_string(row, 3, _note(table, column), shape.note)


def _write_table(shape: _Book, table: str, records: Sequence[Sequence[Cell]]) -> None:
    sheet = shape.book.add_worksheet(table)
    known = list(columns(table).values())
    for index, column in enumerate(known):
        sheet.write_string(0, index, column.name, shape.heads[column.required])
        sheet.write_comment(0, index, _note(table, column), {"x_scale": 2})
        sheet.set_column(index, index, max(10, len(column.name) + 2), _format(shape, column))
        _validate(shape, sheet, index, column, len(records) + _ROOM)
    for row, record in enumerate(records, start=1):
        for index, value in enumerate(record):
            _write_cell(sheet, (row, index), value, shape.text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(records)), len(known) - 1)


def _format(shape: _Book, column: Column) -> Any:
    """Text columns keep leading zeros and what looks like a date as it is typed."""
    return None if column.kind in (Kind.NUMBER, Kind.WHOLE) else shape.text


def _note(table: str, column: Column) -> str:
    """Meaning, form, unit and default of a column."""
    meaning = " ".join(column.meaning.split())
    title = chinese(column.name, table)
    parts = [f"{title}." if title else ""]
    parts += [meaning if not meaning or meaning.endswith(".") else f"{meaning}."]
    parts.append(f"{column.form[0].upper()}{column.form[1:]}.")
    if not column.required:
        parts.append("Optional.")
    return " ".join(part for part in parts if part)


def _write_cell(sheet: Any, at: tuple[int, int], value: Cell, text: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(*at, value, text)
    elif float(f"{value:.16G}") == value:
        sheet.write_number(*at, value)
    else:
        # The file format of the library keeps 16 digits; a text keeps all 17.
        sheet.write_string(*at, text_of(value), text)


def _validate(shape: _Book, sheet: Any, index: int, column: Column, last: int) -> None:
    rule = _rule(shape, column)
    if rule is not None:
        sheet.data_validation(1, index, last, index, rule)


def _rule(shape: _Book, column: Column) -> dict[str, Any] | None:
    """Drop-downs for words and names, limits for numbers; lists of words are typed freely.

    What is typed otherwise is warned of and kept: readers take 40HQ, 是 and names of terminals.
    """
    told = {
        "error_title": column.name,
        "error_message": f"Write {column.form}."[:255],
        "error_type": "warning",
    }
    if column.kind is Kind.FLAG:
        return {"validate": "list", "source": ["yes", "no"]} | told
    if column.kind is Kind.CHOICE:
        return {"validate": "list", "source": list(column.choices)} | told
    if column.refers is not None and column.kind is Kind.TEXT:
        last = shape.sizes[column.refers] + _ROOM
        return {"validate": "list", "source": f"={column.refers}!$A$2:$A${last}"} | told
    if column.kind in (Kind.NUMBER, Kind.WHOLE) and column.low is not None:
        kind = "integer" if column.kind is Kind.WHOLE else "decimal"
        return {"validate": kind, "criteria": ">=", "value": column.low} | told
    return None
