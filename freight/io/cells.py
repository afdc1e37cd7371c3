"""From a cell to a value: text as people and spreadsheets write it, or an already typed value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from freight.domain.clock import NoClockError, read_day, read_moment
from freight.domain.wording import either, nearest, quoted
from freight.io.columns import Column, Kind

_YES: Final = frozenset({"yes", "true", "1", "y", "是"})
_NO: Final = frozenset({"no", "false", "0", "n", "否"})
_SLASHED: Final = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T]+(\d{1,2}:\d{2}\S*))?")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?")
_PARTS: Final = re.compile(r"[\s,;，；]+")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_LARGEST: Final = 1e12
"""Beyond this, sums of amounts would no longer be exact to the cent."""


class CellError(ValueError):
    """A cell cannot be read: what is wrong and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class NoValue:
    """A spreadsheet cell whose formula gives no value, with the reason."""

    reason: str


def blank(value: object) -> bool:
    """Whether a cell is empty and so stands for the default."""
    return value is None or value == "" or (isinstance(value, str) and value.isspace())


def refuse(column: Column, value: object, what: str = "") -> CellError:
    """The error for a value that does not have the form of its column."""
    return CellError(what or f"{quoted(value)} is not {column.noun}.", f"Write {column.form}.")


def parse(column: Column, value: object) -> object:
    """The value of a cell that is not blank; raises :class:`CellError`."""
    if isinstance(value, NoValue):
        raise CellError(value.reason, f"Correct the formula, or write {column.form}.")
    return PARSERS[column.kind](column, value)


def _text(column: Column, value: object) -> str:
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError(f"{quoted(value)} is not a text.", f"Write {column.form}, as text.")
    return str(int(value)) if float(value).is_integer() else str(value)


def _number(column: Column, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise refuse(column, value)
    try:
        found = float(value)
    except (ValueError, OverflowError) as error:
        raise _number_fault(column, value) from error
    if not math.isfinite(found):
        raise refuse(column, value, f"{quoted(value)} is not a finite number.")
    if isinstance(value, str) and "_" in value:
        raise refuse(column, value)
    if abs(found) > _LARGEST:
        what = f"{quoted(value)} is larger than anything of this kind."
        raise CellError(what, f"Write at most {_LARGEST:.0f}, or check the unit.")
    return found


def _number_fault(column: Column, value: object) -> CellError:
    if isinstance(value, str) and re.fullmatch(r"[+-]?[\d\s.,']+", value.strip()):
        what = f"{quoted(value)} is not a number."
        return CellError(what, "Write it with a decimal point and no thousands sign, as 1234.5.")
    return refuse(column, value)


def _whole(column: Column, value: object) -> int:
    found = _number(column, value)
    if not found.is_integer():
        raise refuse(column, value)
    return int(found)


def _flag(column: Column, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    word = word.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise refuse(column, value)


def _moment(column: Column, value: object) -> datetime:
    if isinstance(value, str):
        found = _moment_text(column, value.strip())
    elif isinstance(value, datetime):
        found = _to_second(value)
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    else:
        raise _not_a_date(column, value)
    _plausible(column, value, found)
    return found


def _to_second(value: datetime) -> datetime:
    """Spreadsheets keep times as fractions of a day: undo what that adds."""
    if value.tzinfo is not None or value.microsecond == 0:
        return value
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def _moment_text(column: Column, text: str) -> datetime:
    slashed = _SLASHED.fullmatch(text) if text[4:5] in ("/", ".") else None
    iso = _hyphenated(*slashed.groups()) if slashed else text
    try:
        return read_moment(iso)
    except NoClockError as error:
        raise refuse(column, text, f"{quoted(text)} has no time of day.") from error
    except ValueError as error:
        raise refuse(column, text) from error


def _hyphenated(year: str, month: str, day: str, clock: str | None) -> str:
    """A date as spreadsheets write it, 2027/3/1 8:00, in ISO 8601."""
    text = f"{year}-{int(month):02}-{int(day):02}"
    return text if clock is None else f"{text}T{clock if clock[1] != ':' else f'0{clock}'}"


def _not_a_date(column: Column, value: object) -> CellError:
    if isinstance(value, int | float) and not isinstance(value, bool):
        what = f"The cell holds the number {value:g}, not a date."
        return CellError(what, f"Format the cell as a date, or write {column.form}.")
    return refuse(column, value)


def _plausible(column: Column, value: object, found: date) -> None:
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        what = f"The year of {quoted(value)} is not between {_FIRST_YEAR} and {_LAST_YEAR}."
        raise refuse(column, value, what)


def _day(column: Column, value: object) -> date:
    if isinstance(value, str):
        found = _day_text(column, value.strip())
    elif isinstance(value, datetime):
        if value.time() != time(0):
            raise refuse(column, value)
        found = value.date()
    elif isinstance(value, date):
        found = value
    else:
        raise _not_a_date(column, value)
    _plausible(column, value, found)
    return found


def _day_text(column: Column, text: str) -> date:
    slashed = _SLASHED.fullmatch(text)
    try:
        if slashed and slashed.group(4) is None:
            year, month, day = slashed.groups()[:3]
            return date(int(year), int(month), int(day))
        return read_day(text)
    except ValueError as error:
        raise refuse(column, text) from error


def _clock(column: Column, value: object) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return _to_second(datetime.combine(date(2000, 1, 1), value)).time()
    if isinstance(value, timedelta) and timedelta(0) <= value < timedelta(days=1):
        return _to_second(datetime(2000, 1, 1) + value).time()
    text = value.strip() if isinstance(value, str) else ""
    if _CLOCK.fullmatch(text) is None:
        raise _not_a_clock(column, value)
    try:
        return time.fromisoformat(text if text[1] != ":" else f"0{text}")
    except ValueError as error:
        raise refuse(column, value) from error


def _not_a_clock(column: Column, value: object) -> CellError:
    if isinstance(value, int | float) and not isinstance(value, bool):
        what = f"The cell holds the number {value:g}, not a time."
        return CellError(what, f"Format the cell as a time, or write {column.form}.")
    return refuse(column, value)


def _choice(column: Column, value: object) -> str:
    word = _word(column, value)
    for choice in column.choices:
        if choice.casefold() == word.casefold():
            return choice
    raise _unknown_word(column, word)


def _word(column: Column, value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise refuse(column, value)


def _unknown_word(column: Column, word: str) -> CellError:
    close = nearest(word, column.choices)
    remedy = f"Did you mean {quoted(close)}?" if close else f"Write {either(column.choices)}."
    return CellError(f"{quoted(word)} is not {column.noun}.", remedy)


def _words(column: Column, value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else _PARTS.split(_word(column, value))
    found: list[str] = []
    for part in parts:
        word = _word(column, part)
        if not word:
            continue
        if column.choices == _WEEKDAYS and word in {"1", "2", "3", "4", "5", "6", "7"}:
            word = _WEEKDAYS[int(word) - 1]
        word = _choice(column, word) if column.choices else word
        if word in found:
            raise CellError(f"{quoted(word)} stands twice.", "Write it once.")
        found.append(word)
    return tuple(found)


PARSERS: Final[Mapping[Kind, Callable[[Column, object], object]]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.NUMBER: _number,
        Kind.WHOLE: _whole,
        Kind.FLAG: _flag,
        Kind.MOMENT: _moment,
        Kind.DAY: _day,
        Kind.CLOCK: _clock,
        Kind.CHOICE: _choice,
        Kind.WORDS: _words,
    }
)


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
