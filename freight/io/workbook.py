"""Reading a workbook: a sheet per table, keys and values of the statement in ``instance``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from freight.domain.wording import listed, quoted, suggestion
from freight.errors import Fault, InstanceError
from freight.io import form
from freight.io.book_scan import scanned
from freight.io.book_sheet import SAVE, Scan, column_letters
from freight.io.columns import OPTIONAL, TABLES, columns
from freight.io.form import Row, sheet_of
from freight.io.keys import is_note, statement_of_rows
from freight.io.regular import Unreadable, regular_bytes
from freight.io.sheet import Sheet, Source, empty, missing_table
from freight.io.typed.words import folded

SHEETS: Final = ("instance", "owners", "exchange", *TABLES)
"""Names of the sheets of a workbook."""

_SHEET_WORDS: Final = MappingProxyType(
    {
        "instance": "算例 基本信息 参数 总表",
        "owners": "平台 owner",
        "exchange": "汇率 exchangerates rates",
        "terminals": "场站 站点 terminal",
        "transfers": "转运 换装 短驳 transfer",
        "services": "服务 班列 线路 service",
        "stops": "停站 经停 停靠 stop",
        "departures": "班期 发车 开行 departure",
        "shipments": "订单 托运单 货物 货运 运单 shipment",
        "emissions": "排放 排放因子 emission",
    }
)
"""Other names of sheets, folded."""
_ALL_COLUMNS: Final = frozenset(name for table in TABLES for name in columns(table)) | frozenset(
    (*columns("owners"), *columns("exchange"))
)

Grid = Sequence[Sequence[object]]


def read_workbook(path: Path) -> Source:
    """The sheets of a workbook; raises :class:`InstanceError` when it cannot be opened."""
    grids, names = _grids(path)
    sheets: dict[str, Sheet] = {}
    faults = tuple(names.doubled(path.name))
    for name in SHEETS:
        file = f"{path.name}[{names.used.get(name, name)}]"
        if name in grids and name == "instance":
            rows = [Row(number, row) for number, row in enumerate(grids[name], start=1)]
            found, wrong = statement_of_rows(rows, file, _cell_of_key)
            sheets |= found
            faults += wrong
        elif name in grids:
            sheets[name] = _table(name, grids[name], file)
        elif name in OPTIONAL and not suggestion(name, names.strays, "no").startswith("Did"):
            sheets[name] = empty(name, file)
        else:
            fault = Fault(file, None, None, *missing_table(name, "sheet", name, names.strays))
            sheets[name] = empty(name, file, (fault,), unread=True)
    if "defaults" not in sheets:
        sheets["defaults"] = empty("defaults", f"{path.name}[instance]", unread=True)
    return Source(sheets, faults, tuple(names.notes(path.name)))


@dataclass(frozen=True, slots=True)
class _Names:
    """The sheets of a workbook: those used by table, those beside them, and rivals of the used."""

    used: Mapping[str, str]
    strays: tuple[str, ...]
    rivals: tuple[tuple[str, str], ...]
    """(table, name of a second sheet for it)."""

    def doubled(self, file: str) -> Iterator[Fault]:
        """A fault for every table that two sheets claim: one would be lost."""
        for table, name in self.rivals:
            what = f"The sheets {quoted(self.used[table])} and {quoted(name)} both hold {table}."
            yield Fault(file, None, table, what, "Keep one of them, or rename the other.")

    def notes(self, file: str) -> Iterator[Fault]:
        """What is told about sheets that are no tables."""
        if self.strays:
            names = listed([quoted(name) for name in self.strays])
            yield Fault(file, None, None, f"Sheets that are no tables are not read: {names}.")


def _named(names: Sequence[str]) -> _Names:
    used: dict[str, str] = {}
    strays: list[str] = []
    rivals: list[tuple[str, str]] = []
    for name in names:
        key = folded(name)
        table = next((one for one in SHEETS if key in (one, *_SHEET_WORDS[one].split())), None)
        if table is None:
            strays.append(name)
        elif table in used:
            rivals.append((table, name))
        else:
            used[table] = name
    return _Names(used, tuple(strays), tuple(rivals))


def _grids(path: Path) -> tuple[dict[str, Grid], _Names]:
    """Cells of the known sheets from A1 on, and the names of all sheets."""
    try:
        data = regular_bytes(path)
        scans = scanned(data)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = _named(book.sheet_names)
        grids = {
            table: _grid(book.get_sheet_by_name(name), scans.get(name, Scan()))
            for table, name in names.used.items()
        }
    except Unreadable as error:
        raise InstanceError([Fault(path.name, None, None, error.what, error.remedy)]) from error
    except (CalamineError, OSError) as error:
        what = f"The file cannot be opened as a workbook: {error}."
        remedy = "Save it as an Excel workbook (.xlsx) without a password."
        raise InstanceError([Fault(path.name, None, None, what, remedy)]) from error
    return grids, names


def _grid(sheet: CalamineSheet, scan: Scan) -> Grid:
    """The cells of a sheet from A1 on; raises :class:`Unreadable` where some did not arrive."""
    grid: list[list[object]] = list(map(list, sheet.to_python(skip_empty_area=False)))
    width = len(grid[0]) if grid else 0
    if len(grid) < scan.rows or width < scan.columns:
        raise Unreadable("Some cells of the workbook cannot be read.", SAVE)
    rows = max((row + 1 for row, _ in scan.unvalued), default=0)
    wide = max((column + 1 for _, column in scan.unvalued), default=0)
    if rows > len(grid) or wide > width:
        grid += [[] for _ in range(rows - len(grid))]
        grid = [row + [""] * (max(wide, width) - len(row)) for row in grid]
    for (row, column), cell in scan.unvalued.items():
        grid[row][column] = cell
    return grid


def _table(table: str, grid: Grid, file: str) -> Sheet:
    rows = [Row(number, row) for number, row in enumerate(grid, start=1) if not is_note(row)]
    if not rows:
        needed = ", ".join(key for key, one in columns(table).items() if one.required)
        fault = Fault(file, None, None, "The sheet is empty.", f"Write the header {needed}.")
        return empty(table, file, (fault,), unread=True)
    return sheet_of(form.Grid(table, file, rows, _place, lambda at: f"Column {column_letters(at)}"))


def _place(row: int, index: int | None, name: str | None) -> str:
    if index is None:
        return f"row {row}" + (f", {name}" if name else "")
    known = f" ({name})" if name in _ALL_COLUMNS else ""
    return f"cell {column_letters(index)}{row}{known}"


def _cell_of_key(row: int, column: int, name: str | None) -> str:
    return f"cell {column_letters(column)}{row}" + (f" ({name})" if name else "")
