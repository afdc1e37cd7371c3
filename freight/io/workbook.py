"""Reading a workbook: a sheet per table, keys and values of the statement in ``instance``."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from freight.domain.wording import quoted, suggestion
from freight.errors import Fault, InstanceError
from freight.io.cells import NoValue, blank
from freight.io.columns import NESTED, OPTIONAL, TABLES, columns
from freight.io.sheet import Place, Sheet, Source, empty, match_header, missing_table

SHEETS: Final = ("instance", "owners", "exchange", *TABLES)
"""Names of the sheets of a workbook."""
_ERROR: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="e"[^>]*>.*?<v>([^<]*)</v>', re.DOTALL)
_UNVALUED: Final = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*>(?:<f[^>/]*>[^<]*</f>|<f[^>]*/>)(?:<v\s*/>|<v></v>)?</c>'
)
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Grid = Sequence[Sequence[object]]


def read_workbook(path: Path) -> Source:
    """The sheets of a workbook; raises :class:`InstanceError` when it cannot be opened."""
    grids, strays = _grids(path)
    sheets: dict[str, Sheet] = {}
    faults: tuple[Fault, ...] = ()
    for name in SHEETS:
        file = f"{path.name}[{name}]"
        if name in grids and name == "instance":
            found, faults = _statement(grids[name], file)
            sheets |= found
        elif name in grids:
            sheets[name] = _table(name, grids[name], file)
        elif name in OPTIONAL and not suggestion(name, strays, "no").startswith("Did"):
            sheets[name] = empty(name, file)
        else:
            fault = Fault(file, None, None, *missing_table(name, "sheet", name, strays))
            sheets[name] = empty(name, file, (fault,), unread=True)
    if "defaults" not in sheets:
        sheets["defaults"] = empty("defaults", f"{path.name}[instance]", unread=True)
    return Source(sheets, faults)


def _grids(path: Path) -> tuple[dict[str, Grid], list[str]]:
    """Cells of the known sheets from A1 on, and the names of the others."""
    try:
        book = CalamineWorkbook.from_path(path)
        names = {name.strip().casefold(): name for name in reversed(book.sheet_names)}
        grids: dict[str, Grid] = {}
        unvalued = _unvalued(path)
        for name in SHEETS:
            if name in names:
                sheet: CalamineSheet = book.get_sheet_by_name(names[name])
                grid: list[list[object]] = list(map(list, sheet.to_python(skip_empty_area=False)))
                grids[name] = _with_errors(grid, unvalued.get(names[name], {}))
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, OSError, KeyError) as error:
        what = f"The file cannot be opened as a workbook: {error}."
        remedy = "Save it as an Excel workbook (.xlsx) without a password."
        raise InstanceError([Fault(path.name, None, None, what, remedy)]) from error
    return grids, [name for key, name in names.items() if key not in SHEETS]


def _unvalued(path: Path) -> dict[str, dict[tuple[int, int], NoValue]]:
    """Cells by sheet whose formula gives an error or has never been computed.

    The reader of the grid shows them as blanks, which would pass for defaults.
    """
    found: dict[str, dict[tuple[int, int], NoValue]] = {}
    with zipfile.ZipFile(path) as archive:
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {one.get("Id"): one.get("Target", "") for one in links}
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets.get(sheet.get(_LINK), "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets/" in member:
                found[sheet.get("name", "")] = _unvalued_cells(archive.read(member))
    return found


def _unvalued_cells(data: bytes) -> dict[tuple[int, int], NoValue]:
    found = {}
    if b't="e"' in data:
        for letters, row, text in _ERROR.findall(data):
            reason = f"The formula gives {text.decode(errors='replace')}."
            found[int(row) - 1, column_number(letters.decode())] = NoValue(reason)
    if b"<f" in data:
        for letters, row in _UNVALUED.findall(data):
            reason = "The formula has not been computed: the file holds no value for it."
            found[int(row) - 1, column_number(letters.decode())] = NoValue(reason)
    return found


def _with_errors(grid: list[list[object]], errors: Mapping[tuple[int, int], NoValue]) -> Grid:
    for (row, column), error in errors.items():
        if row < len(grid) and column < len(grid[row]):
            grid[row][column] = error
    return grid


def column_number(letters: str) -> int:
    """Index of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """The inverse of :func:`column_number`."""
    letters = ""
    while number >= 0:
        letters = chr(ord("A") + number % 26) + letters
        number = number // 26 - 1
    return letters


def _is_note(row: Sequence[object]) -> bool:
    filled = [cell for cell in row if not blank(cell)]
    return not filled or (len(filled) == 1 and str(filled[0]).lstrip().startswith("#"))


def _table(table: str, grid: Grid, file: str) -> Sheet:
    rows = [(number, row) for number, row in enumerate(grid, start=1) if not _is_note(row)]
    if not rows:
        needed = ", ".join(key for key, one in columns(table).items() if one.required)
        fault = Fault(file, None, None, "The sheet is empty.", f"Write the header {needed}.")
        return empty(table, file, (fault,), unread=True)
    head, header = rows[0]
    match = match_header(table, [_title(cell) for cell in header])
    used = {name: index for index, name in enumerate(match.names) if name is not None}
    faults = []
    for index, name, what, remedy in match.faults:
        place = f"row {head}, {name}" if index is None else f"cell {column_letters(index)}{head}"
        faults.append(Fault(file, head, name, what, remedy, place))
    records = [{name: row[index] for name, index in used.items()} for _, row in rows[1:]]
    lines = [number for number, _ in rows]
    place_of = _cells(file, lines, used)
    return Sheet(table, records, place_of, tuple(faults), match.absent)


def _title(cell: object) -> str:
    return cell if isinstance(cell, str) else "" if blank(cell) else str(cell)


def _cells(file: str, lines: Sequence[int], used: Mapping[str, int]) -> Place:
    def place(record: int | None, name: str | None) -> tuple[str, int, str | None, str]:
        row = lines[0] if record is None else lines[record + 1]
        if name is not None and name in used:
            return file, row, name, f"cell {column_letters(used[name])}{row} ({name})"
        return file, row, name, f"row {row}" + (f", {name}" if name else "")

    return place


def _statement(grid: Grid, file: str) -> tuple[dict[str, Sheet], tuple[Fault, ...]]:
    """The sheets instance and defaults, from rows of a key and a value."""
    lines: dict[str, int] = {}
    values: dict[str, dict[str, object]] = {"instance": {}, "defaults": {}}
    faults: list[Fault] = []
    for number, row in enumerate(grid, start=1):
        key = _title(row[0]).strip() if row else ""
        table = next((one for one in values if key in columns(one)), None)
        if _is_note(row) or (key == "key" and not lines):
            continue
        if table is None or key in lines:
            what, remedy = _key_fault(key, table is None)
            faults.append(Fault(file, number, key, what, remedy, f"cell A{number}"))
            continue
        lines[key] = number
        values[table][key] = row[1] if len(row) > 1 else None

    def place(_record: int | None, name: str | None) -> tuple[str, int | None, str | None, str]:
        if name in lines:
            return file, lines[name], name, f"cell B{lines[name]} ({name})"
        return file, None, name, name or "the sheet"

    sheets = {name: Sheet(name, (one,), place) for name, one in values.items()}
    return sheets, tuple(faults)


def _key_fault(key: str, unknown: bool) -> tuple[str, str]:
    if not unknown:
        return f"The key {quoted(key)} stands twice.", "Keep one of them."
    keys = [name for name in (*columns("instance"), *columns("defaults")) if name not in NESTED]
    return f"{quoted(key)} is not a key of this sheet.", suggestion(key, keys, "remove it")
