"""One CSV file to a sheet: comments, delimiter, header, ragged rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from freight.errors import Fault
from freight.io.columns import columns
from freight.io.csv_text import unmarked
from freight.io.regular import Unreadable, regular_bytes
from freight.io.sheet import Sheet, empty, match_header, missing_table, ragged
from freight.io.text import EncodingFault, decode

_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: list[str]


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
        text = decode(regular_bytes(path))
    except FileNotFoundError:
        what, remedy = missing_table(table, "file", path.name, others)
        return unread(table, path.name, None, what, remedy)
    except (EncodingFault, Unreadable) as error:
        return unread(table, path.name, None, error.what, error.remedy)
    return parse_csv(table, path.name, text)


def unread(table: str, file: str, row: int | None, what: str, remedy: str) -> Sheet:
    """A sheet that could not be read, with the reason."""
    fault = Fault(file, row, None, what, remedy)
    return empty(table, file, (fault,), unread=True)


def parse_csv(table: str, file: str, text: str) -> Sheet:
    """The sheet of the text of a CSV file."""
    lines = _Lines(text)
    try:
        rows = list(_rows(lines, _delimiter(text)))
    except csv.Error as error:
        what = f"The row cannot be split into cells: {error}."
        return unread(table, file, lines.first, what, "Close every double quote.")
    if not rows:
        needed = ",".join(key for key, one in columns(table).items() if one.required)
        return unread(table, file, None, "The file is empty.", f"Write the header {needed}.")
    return _sheet(table, file, rows)


def _delimiter(text: str) -> str:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            if line.startswith("sep=") and len(line) > 4:
                return line[4]
            return max(_DELIMITERS, key=line.count)
    return ","


def _rows(lines: _Lines, delimiter: str) -> Iterator[_Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for cells in reader:
        is_note = len(cells) == 2 and cells[0] == "sep="
        if any(cell.strip() for cell in cells) and not is_note:
            yield _Row(lines.first, cells)
        lines.between = True


def _sheet(table: str, file: str, rows: list[_Row]) -> Sheet:
    header, body = rows[0], rows[1:]
    match = match_header(table, header.cells)
    faults = [Fault(file, header.line, name, what, to) for _, name, what, to in match.faults]
    records, bad = [], set()
    width = len(header.cells)
    for number, row in enumerate(body):
        cells = row.cells
        if len(cells) != width:
            extra = any(cell.strip() for cell in cells[width:])
            if extra or len(cells) < width:
                bad.add(number)
                faults.append(Fault(file, row.line, None, *ragged(len(cells), width)))
        records.append(
            {
                name: unmarked(cell)
                for name, cell in zip(match.names, cells, strict=False)
                if name and cell
            }
        )

    def place(record: int | None, name: str | None) -> tuple[str, int | None, str | None, None]:
        return file, header.line if record is None else body[record].line, name, None

    return Sheet(table, records, place, tuple(faults), match.absent, frozenset(bad))
