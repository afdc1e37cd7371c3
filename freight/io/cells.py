"""From a cell to a value: text as people and spreadsheets write it, or an already typed value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import isfinite
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from freight.domain.wording import either, quoted
from freight.io.columns import Column, Kind
from freight.io.typed.codes import CODES, code_of
from freight.io.typed.days import day_of, days_of
from freight.io.typed.numbers import POINT, Habits, number_of
from freight.io.typed.taken import CellError, Taken
from freight.io.typed.times import clock_of, moment_of
from freight.io.typed.weekdays import weekdays_of
from freight.io.typed.words import choice_of, flag_of, words_of


@dataclass(frozen=True, slots=True)
class NoValue:
    """A spreadsheet cell whose formula gives no value, with the reason."""

    reason: str

    def __str__(self) -> str:
        """The reason."""
        return self.reason


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A cell that means several things, with what is said about it."""

    what: str
    remedy: str


UNJUDGED: Final = Doubtful("", "")
"""A name of something in a table that has faults of its own: nothing is said about it."""


def blank(value: object) -> bool:
    """Whether a cell is empty and so stands for the default."""
    return value is None or value == "" or (isinstance(value, str) and value.isspace())


def parse(column: Column, value: object, habits: Habits = POINT) -> object:
    """The value of a cell that is not blank; raises :class:`CellError`."""
    return take(column, value, habits).value


def take(column: Column, value: object, habits: Habits = POINT) -> Taken:
    """The value of a cell that is not blank, and what was guessed; raises :class:`CellError`.

    ``habits`` say how the table writes numbers.
    """
    if isinstance(value, NoValue):
        raise CellError(value.reason, f"Correct the formula, or write {column.form}.")
    if isinstance(value, Doubtful):
        raise CellError(value.what, value.remedy)
    if column.kind in (Kind.NUMBER, Kind.WHOLE):
        return number_of(column, value, habits)
    return PARSERS[column.kind](column, value)


def _text(column: Column, value: object) -> Taken:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n")
    elif isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise CellError(f"{quoted(value)} is not a text.", f"Write {column.form}, as text.")
    else:
        text = str(int(value)) if float(value).is_integer() else str(value)
    return code_of(column, text.strip()) if column.name in CODES else Taken(text)


def _listed(column: Column, value: object) -> Taken:
    return weekdays_of(column, value) if column.name == "weekdays" else words_of(column, value)


PARSERS: Final[Mapping[Kind, Callable[[Column, object], Taken]]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.FLAG: flag_of,
        Kind.MOMENT: moment_of,
        Kind.DAY: day_of,
        Kind.DAYS: days_of,
        Kind.CLOCK: clock_of,
        Kind.CHOICE: choice_of,
        Kind.WORDS: _listed,
    }
)
"""Parsers by kind of column; numbers need the habits of their table besides."""


def localize(moment: datetime, zone: ZoneInfo) -> datetime:
    """Give a local clock time its offset; raises :class:`CellError` around clock changes."""
    first = moment.replace(tzinfo=zone, fold=0).utcoffset()
    second = moment.replace(tzinfo=zone, fold=1).utcoffset()
    if first is None or second is None or first == second:
        return moment.replace(tzinfo=timezone(first or timedelta(0)))
    shown = f"'{moment:%Y-%m-%dT%H:%M}'"
    if first > second:
        return _refuse_twice(moment, zone, shown)
    later = moment + (second - first)
    raise CellError(
        f"{shown} does not exist in {zone.key}: the clocks go forward then.",
        f"Write a time that exists, such as {later:%Y-%m-%dT%H:%M}.",
    )


def _refuse_twice(moment: datetime, zone: ZoneInfo, shown: str) -> datetime:
    options = [moment.replace(tzinfo=zone, fold=fold).isoformat("T", "minutes") for fold in (0, 1)]
    raise CellError(
        f"{shown} comes twice in {zone.key}: the clocks go back then.",
        f"Write it with its offset: {either(options)}.",
    )
