"""One CSV file to a sheet: comments, delimiter, header, ragged rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from freight.errors import Fault
from freight.io.cells import blank
from freight.io.columns import columns
from freight.io.csv_text import unmarked
from freight.io.form import Grid, Row, sheet_of
from freight.io.header import column_of
from freight.io.keys import key_of, statement_of_rows
from freight.io.regular import Unreadable, regular_bytes
from freight.io.sheet import MOST_RECORDS, Sheet, empty, missing_table, ragged, too_many
from freight.io.text import EncodingFault, decoded

_USUAL = ",;\t|，；"
_IN_TITLES = "_-./()（）[]【】\"'*: \r\n"
"""Signs that stand in titles and part no cells."""
_SEARCHED = 15
"""Lines in which the header may stand."""


class _Lines:
    """Lines of a text, counted, without the comments between records."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.count = 0
        self.first = 0
        self.between = True

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            self.count += 1
            if self.between and line.startswith("#"):
                continue
            if self.between:
                self.first = self.count
                self.between = False
            return line
        raise StopIteration


def read_csv(table: str, path: Path, others: list[str]) -> Sheet:
    """The sheet of a CSV file; what is wrong with the file itself stands in its faults."""
    try:
        read = decoded(regular_bytes(path))
    except FileNotFoundError:
        what, remedy = missing_table(table, "file", path.name, others)
        return unread(table, path.name, None, what, remedy)
    except (EncodingFault, Unreadable) as error:
        return unread(table, path.name, None, error.what, error.remedy)
    lines = read.text.count("\n")
    if lines > MOST_RECORDS:
        return unread(table, path.name, None, *too_many(lines, "lines"))
    sheet = parse_csv(table, path.name, read.text)
    if not read.note:
        return sheet
    return replace(sheet, notes=(Fault(path.name, None, None, read.note), *sheet.notes))


def read_keys(path: Path) -> tuple[dict[str, Sheet], tuple[Fault, ...]]:
    """The statement of ``instance.csv``, a key and a value a line; and faults of its keys."""
    name = path.name
    try:
        read = decoded(regular_bytes(path))
        lines = _Lines(read.text)
        rows = list(_rows(lines, _key_delimiter(read.text)))
    except (EncodingFault, Unreadable) as error:
        return {"instance": unread("instance", name, None, error.what, error.remedy)}, ()
    except csv.Error as error:
        what = f"The row cannot be split into cells: {error}."
        return {"instance": unread("instance", name, None, what, "Close every double quote.")}, ()
    sheets, faults = statement_of_rows(rows, name, lambda _row, _column, _name: None)
    if read.note:
        notes = (Fault(name, None, None, read.note),)
        sheets["instance"] = replace(sheets["instance"], notes=notes)
    return sheets, faults


def _key_delimiter(text: str) -> str:
    """The sign behind most keys of the statement."""
    known = {*columns("instance"), *columns("defaults")}
    counts: Counter[str] = Counter()
    for line in io.StringIO(text):
        counts.update(sign for sign in _signs(line) if key_of(line.partition(sign)[0]) in known)
    return max(counts, key=lambda sign: (counts[sign], sign in _USUAL), default=",")


def unread(table: str, file: str, row: int | None, what: str, remedy: str) -> Sheet:
    """A sheet that could not be read, with the reason."""
    fault = Fault(file, row, None, what, remedy)
    return empty(table, file, (fault,), unread=True)


def parse_csv(table: str, file: str, text: str) -> Sheet:
    """The sheet of the text of a CSV file."""
    lines = _Lines(text)
    delimiter = _delimiter(table, text)
    try:
        rows = list(_rows(lines, delimiter))
    except csv.Error as error:
        what = f"The row cannot be split into cells: {error}."
        return unread(table, file, lines.first, what, "Close every double quote.")
    if not rows:
        needed = ",".join(key for key, one in columns(table).items() if one.required)
        return unread(table, file, None, "The file is empty.", f"Write the header {needed}.")
    grid = Grid(table, file, rows, lambda _row, _index, _name: None, _column)
    return _even(replace(sheet_of(grid), semicolons=delimiter in ";；"), rows)


def _column(index: int) -> str:
    return f"Column {index + 1}"


def _delimiter(table: str, text: str) -> str:
    """The sign that parts most titles of the table in one of the first lines."""
    stated = (line for line in io.StringIO(text) if line.strip() and line[0] != "#")
    lines = list(islice(stated, _SEARCHED))
    if lines and lines[0].startswith("sep=") and len(lines[0]) > 4:
        return lines[0][4]
    best = (1, ",")
    for line in lines:
        for sign in sorted(_signs(line), key=lambda sign: (sign not in _USUAL, sign)):
            best = max(best, (_titles(table, line, sign), sign), key=lambda one: one[0])
    return best[1]


def _titles(table: str, line: str, sign: str) -> int:
    """How many columns of the table a line names when it is parted by a sign."""
    try:
        parts = next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return 0
    return len({column_of(part, table) for part in parts} - {None})


def _signs(line: str) -> set[str]:
    """Signs that may part the cells of a line: none that a title is made of."""
    return {
        sign for sign in line if not sign.isalnum() and sign not in "_-./()（）[]【】\"'*: \r\n"
    }


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for cells in reader:
        is_note = len(cells) == 2 and cells[0] == "sep="
        if any(cell.strip() for cell in cells) and not is_note:
            yield Row(lines.first, [unmarked(cell) for cell in cells])
        lines.between = True


def _even(sheet: Sheet, rows: list[Row]) -> Sheet:
    """The sheet with a fault for every record that has another number of cells than the header."""
    widths = {row.number: len(row.cells) for row in rows}
    width = widths[sheet.place(None, None)[1] or 0]
    full = {row.number for row in rows if any(not blank(cell) for cell in row.cells[width:])}
    bad, faults = set(sheet.bad), list(sheet.faults)
    for index in range(len(sheet.records)):
        file, line, *_ = sheet.place(index, None)
        number = line or 0
        if index not in bad and (widths[number] < width or number in full):
            bad.add(index)
            faults.append(Fault(file, line, None, *ragged(widths[number], width)))
    return replace(sheet, faults=tuple(faults), bad=frozenset(bad))
