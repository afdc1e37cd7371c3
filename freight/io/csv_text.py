"""Rows as the text of a CSV file that a spreadsheet opens as it is meant.

It begins with a byte-order mark, without which Excel takes UTF-8 for the code page of its country,
and a text that Excel would compute as a formula stands behind an apostrophe, which
:func:`unmarked` takes away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from freight.io.values import Cell, text_of

MARK: Final = "\ufeff"
_SIGNS: Final = r"\s*[=+\-@\t\r\n＝＋－＠]."
_FORMULA: Final = re.compile(f"'*{_SIGNS}", re.DOTALL)
_MARKED: Final = re.compile(f"'+{_SIGNS}", re.DOTALL)


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """A header and rows; texts that begin as a formula are marked, numbers stay."""
    text = io.StringIO(newline="")
    text.write(MARK)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(
        [marked(cell) if isinstance(cell, str) else text_of(cell) for cell in row] for row in rows
    )
    return text.getvalue()


def marked(text: str) -> str:
    """A text behind an apostrophe where a spreadsheet would compute it."""
    return f"'{text}" if _FORMULA.match(text) else text


def unmarked(text: str) -> str:
    """The text that :func:`marked` was given."""
    return text[1:] if text[:1] == "'" and _MARKED.match(text) else text
