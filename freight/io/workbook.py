"""Reading a workbook: a sheet per table, keys and values of the statement in ``instance``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from freight.domain.wording import quoted, suggestion
from freight.errors import Fault, InstanceError
from freight.io.book_scan import scanned
from freight.io.book_sheet import SAVE, Scan, column_letters
from freight.io.cells import blank
from freight.io.columns import NESTED, OPTIONAL, TABLES, columns
from freight.io.regular import Unreadable, regular_bytes
from freight.io.sheet import Place, Sheet, Source, empty, match_header, missing_table

SHEETS: Final = ("instance", "owners", "exchange", *TABLES)
"""Names of the sheets of a workbook."""

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
        data = regular_bytes(path)
        scans = scanned(data)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = {name.strip().casefold(): name for name in reversed(book.sheet_names)}
        grids = {
            name: _grid(book.get_sheet_by_name(names[name]), scans.get(names[name], Scan()))
            for name in SHEETS
            if name in names
        }
    except Unreadable as error:
        raise InstanceError([Fault(path.name, None, None, error.what, error.remedy)]) from error
    except (CalamineError, OSError) as error:
        what = f"The file cannot be opened as a workbook: {error}."
        remedy = "Save it as an Excel workbook (.xlsx) without a password."
        raise InstanceError([Fault(path.name, None, None, what, remedy)]) from error
    return grids, [name for key, name in names.items() if key not in SHEETS]


def _grid(sheet: CalamineSheet, scan: Scan) -> Grid:
    """The cells of a sheet from A1 on; raises :class:`Unreadable` where some did not arrive."""
    grid: list[list[object]] = list(map(list, sheet.to_python(skip_empty_area=False)))
    width = len(grid[0]) if grid else 0
    if len(grid) < scan.rows or width < scan.columns:
        raise Unreadable("Some cells of the workbook cannot be read.", SAVE)
    for (row, column), cell in scan.unvalued.items():
        grid += [[""] * width for _ in range(row + 1 - len(grid))]
        grid[row] += [""] * (column + 1 - len(grid[row]))
        grid[row][column] = cell
    return grid


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
