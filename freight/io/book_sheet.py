"""The cells of a sheet of a workbook as its XML states them, read by a parser from end to end.

The reader of the cells is native code that trusts what it reads. A reference beyond the sheet ends
the process, cells out of order are left out, a formula without a value looks blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from freight.io.cells import NoValue
from freight.io.regular import Unreadable

MOST_CELLS: Final = 10_000_000
"""Cells of a sheet from A1 to its last row and column: 200,000 rows of 50 columns."""
MOST_TEXT: Final = 256 * 2**20
"""Characters of all cells of a sheet together; a text that cells share counts for each."""
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
SAVE: Final = "Save it as an Excel workbook (.xlsx) without a password."
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass
class Scan:
    """What a sheet holds: how far its values go, and cells whose formula gives no value."""

    rows: int = 0
    columns: int = 0
    unvalued: dict[tuple[int, int], NoValue] = field(default_factory=dict)
    text: int = 0


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


def plain_parser() -> expat.XMLParserType:
    """A parser that takes no document type, whose entities could grow without end."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unreadable("The workbook holds a document type, which no workbook needs.", SAVE)

    parser.StartDoctypeDeclHandler = refuse
    return parser


def parse_all(parser: expat.XMLParserType, parts: Iterator[bytes]) -> None:
    """Parse a part to its end; raises ExpatError."""
    for part in parts:
        parser.Parse(part, False)
    parser.Parse(b"", True)


class SheetParser:
    """Follows the cells of one sheet as the reader will count them."""

    def __init__(self, sheet: str, lengths: list[int]) -> None:
        self._sheet = sheet
        self._lengths = lengths
        self._scan = Scan()
        self._row, self._column = -1, -1
        self._kind = ""
        self._formula = self._in_value = False
        self._value: list[str] | None = None

    def scan(self, parts: Iterator[bytes]) -> Scan:
        """Parse to the end; raises :class:`Unreadable` naming the cell that cannot be."""
        parser = plain_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parse_all(parser, parts)
        return self._scan

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self._cell(attributes)
        elif local in ("v", "t"):
            self._in_value = True
            if self._value is None:
                self._value = []
        elif local == "f":
            self._formula = True
        elif local == "row":
            self._begin_row(attributes.get("r"))
        elif local == "dimension":
            self._dimension(attributes.get("ref", ""))

    def _begin_row(self, given: str | None) -> None:
        row = self._row + 1 if given is None else _whole(given) - 1
        if not self._row < row < LAST_ROW:
            raise self._wrong(f"row {given or row + 1}")
        self._row, self._column = row, -1

    def _cell(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r")
        row, column = self._row, self._column + 1
        if given is not None:
            match = _CELL.fullmatch(given)
            if match is None:
                raise self._wrong(f"cell {given[:20]}")
            row, column = int(match[2]) - 1, column_number(match[1])
        if row != self._row or not self._column < column < LAST_COLUMN:
            raise self._wrong(f"cell {given or column_letters(column) + str(row + 1)}")
        self._column = column
        self._kind = attributes.get("t", "n")
        self._formula, self._value = False, None

    def _text(self, data: str) -> None:
        if self._in_value and self._value is not None:
            self._value.append(data)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in ("v", "t"):
            self._in_value = False
        elif local == "c":
            self._end_cell("".join(self._value or ()))

    def _end_cell(self, value: str) -> None:
        scan, place = self._scan, (self._row, self._column)
        if not value and self._kind != "e" and not self._formula:
            return
        area = (self._row + 1) * max(scan.columns, self._column + 1)
        if area > MOST_CELLS:
            raise self._far()
        if self._kind == "e":
            scan.unvalued[place] = NoValue(f"The formula gives {value[:20] or 'an error'}.")
        elif self._formula and not value and (self._value is None or self._kind != "str"):
            reason = "The formula has not been computed: the file holds no value for it."
            scan.unvalued[place] = NoValue(reason)
        else:
            scan.rows, scan.columns = self._row + 1, max(scan.columns, self._column + 1)
        scan.text += self._shared(value) if self._kind == "s" and value else len(value)
        if scan.text > MOST_TEXT:
            what = f"The texts of sheet {self._sheet!r} are longer than {MOST_TEXT:,} characters."
            raise Unreadable(what, "Take out what does not belong there.")

    def _shared(self, value: str) -> int:
        index = _whole(value)
        if not 0 <= index < len(self._lengths):
            raise self._wrong(f"cell {column_letters(self._column)}{self._row + 1}")
        return self._lengths[index]

    def _dimension(self, reference: str) -> None:
        ends = [_CELL.fullmatch(end) for end in reference.split(":")]
        places = [(int(end[2]), column_number(end[1])) for end in ends if end]
        inside = all(row <= LAST_ROW and column < LAST_COLUMN for row, column in places)
        first, last = places[0] if places else (0, 0), places[-1] if places else (0, 0)
        ordered = first[0] <= last[0] and first[1] <= last[1]
        if None in ends or len(ends) > 2 or not inside or not ordered:
            raise self._wrong(f"its dimension {reference[:20]!r}")

    def _wrong(self, place: str) -> Unreadable:
        what = f"Sheet {self._sheet!r}, {place}: it is beyond the sheet or out of order."
        return Unreadable(what, SAVE)

    def _far(self) -> Unreadable:
        cell = f"{column_letters(self._column)}{self._row + 1}"
        return Unreadable(
            f"Sheet {self._sheet!r}, cell {cell}: with a value there the sheet has more than "
            f"{MOST_CELLS:,} cells, which is more than is read.",
            "Clear what stands far from the table, or split the sheet.",
        )


def _whole(text: str) -> int:
    """A whole number of the file's own counting, -1 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
