"""Dates as people type them: 2027年3月3日, 2027/3/3, 3 Mar 2027; refused where two are meant."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final

from freight.domain.wording import quoted
from freight.io.columns import Column
from freight.io.typed.taken import CellError, Taken, narrow, two_readings

FIRST_YEAR, LAST_YEAR = 1990, 2200
OTHER_DATE: Final = "another way to write dates"
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})(?: ?年 ?|[-/.])(\d{1,2})(?: ?月 ?|[-/.])(\d{1,2})(?: ?[日号])?", re.ASCII
)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_SHORT_YEAR: Final = re.compile(
    r"(\d{1,2})(?: ?年 ?|[-/.])(\d{1,2})(?: ?月 ?|[-/.])(\d{1,2})(?: ?[日号])?", re.ASCII
)
_NO_YEAR: Final = re.compile(r"\d{1,2}(?: ?月 ?|[-/.])\d{1,2}(?: ?[日号])?", re.ASCII)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_BETWEEN: Final = re.compile(r"[\s,;、]+")
_DAY_NAME: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[-. ]*([a-z]{3,9})\.?[-, ]*(\d{4})", re.ASCII
)
_NAME_DAY: Final = re.compile(r"([a-z]{3,9})\.?[- ]*(\d{1,2})(?:st|nd|rd|th)?,? *(\d{4})", re.ASCII)
_NAMED_SHORT: Final = re.compile(r"(\d{1,2})[- ]([a-z]{3,9})[- ](\d{2})", re.ASCII)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAY: Final = re.compile(r"\(? ?(?:周|星期|礼拜)([一二三四五六日天]) ?\)?")


def day_of(column: Column, value: object) -> Taken:
    """A date; raises :class:`CellError`."""
    if isinstance(value, datetime):
        if value.time() != time(0):
            raise refusal(column, value)
        taken = Taken(value.date())
    elif isinstance(value, date):
        taken = Taken(value)
    elif isinstance(value, str):
        day, rest = split_day(column, value)
        if rest:
            raise refusal(column, value)
        taken = _told(value, day, day.isoformat())
    else:
        day = day_from_number(column, value)
        taken = Taken(day, day.isoformat(), OTHER_DATE)
    plausible(column, value, taken.value)
    return taken


def days_of(column: Column, value: object) -> Taken:
    """Dates parted by spaces, commas or semicolons; raises :class:`CellError`."""
    parts: list[object] = [value]
    if isinstance(value, list | tuple):
        parts = list(value)
    elif isinstance(value, str):
        parts = [part for part in _BETWEEN.split(narrow(value)) if part]
    taken = [day_of(column, part) for part in parts]
    found = tuple(one.value for one in taken)
    for one in found:
        if found.count(one) > 1:
            raise CellError(f"'{one}' stands twice.", "Write it once.")
    told = next((one for one in taken if one.read_as), None)
    if told is None:
        return Taken(found)
    return Taken(found, " ".join(str(one) for one in found), told.rule)


def refusal(column: Column, value: object, what: str = "") -> CellError:
    """The error for a value that does not have the form of its column."""
    return CellError(what or f"{quoted(value)} is not {column.noun}.", f"Write {column.form}.")


def plausible(column: Column, value: object, found: object) -> None:
    """Refuse a date whose year nobody plans for."""
    if isinstance(found, date) and not FIRST_YEAR <= found.year <= LAST_YEAR:
        what = f"The year of {quoted(value)} is not between {FIRST_YEAR} and {LAST_YEAR}."
        raise refusal(column, value, what)


def _told(value: str, found: object, shown: str) -> Taken:
    """What a text was read as, silent where only the signs differ that spreadsheets change."""
    text = value.strip()
    usual = re.sub(r"(?<=\d)[/.](?=\d)", "-", text) if text[4:5] in "/." else text
    usual = re.sub(r"-(\d)(?=-|$|[T ])", r"-0\1", usual)
    return Taken(found) if usual == shown else Taken(found, shown, OTHER_DATE)


def day_from_number(column: Column, value: object) -> date:
    """20270303 is a date; other numbers are days that a spreadsheet did not format."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refusal(column, value)
    digits = _COMPACT.fullmatch(f"{value:.0f}") if float(value).is_integer() else None
    if digits and FIRST_YEAR <= int(digits[1]) <= LAST_YEAR:
        return _date(column, value, *digits.groups())
    what = f"The cell holds the number {value:g}, not a date."
    raise CellError(what, f"Format the cell as a date, or write {column.form}.")


def _date(column: Column, value: object, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise refusal(column, value) from error


def split_day(column: Column, value: str) -> tuple[date, str]:
    """The date that a text begins with, and what follows it."""
    text = narrow(value).casefold()
    for pattern, read in (
        (_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last), (_COMPACT, _year_first),
        (_DAY_NAME, _day_name), (_NAME_DAY, _name_day), (_SHORT_YEAR, _short_year),
        (_NAMED_SHORT, _named_short),
    ):  # fmt: skip
        match = pattern.match(text)
        if match and not (match[0][-1].isdigit() and text[match.end() :][:1].isdigit()):
            day = read(column, value, match)
            return day, _without_weekday(column, value, day, text[match.end() :].strip())
    if _NO_YEAR.match(text):
        raise refusal(column, value, f"{quoted(value)} has no year.")
    raise refusal(column, value)


def _without_weekday(column: Column, value: str, day: date, rest: str) -> str:
    """What follows a date, without its weekday, which must be right."""
    match = _WEEKDAY.match(rest)
    if match is None:
        return rest
    written = "一二三四五六日".index(match[1].replace("天", "日"))
    if written != day.weekday():
        what = f"{quoted(value)} is a 周{'一二三四五六日'[day.weekday()]}, not a 周{match[1]}."
        raise refusal(column, value, what)
    return rest[match.end() :].strip()


def _year_first(column: Column, value: str, match: re.Match[str]) -> date:
    return _date(column, value, *match.groups())


def _year_last(column: Column, value: str, match: re.Match[str]) -> date:
    first, _, second, year = match.groups()
    if int(first) > 12 or int(second) > 12:
        month, day = (second, first) if int(first) > 12 else (first, second)
        return _date(column, value, year, month, day)
    day_first = _date(column, value, year, second, first)
    month_first = _date(column, value, year, first, second)
    if day_first == month_first:
        return day_first
    readings = (day_first.isoformat(), month_first.isoformat())
    raise two_readings(value, readings, f"Write {readings[0]} or {readings[1]}.")


def _short_year(column: Column, value: str, match: re.Match[str]) -> date:
    first, middle, last = match.groups()
    orders = ((first, middle, last), (last, middle, first), (last, first, middle))
    if "年" in match[0]:
        return _date(column, value, f"20{first:0>2}", middle, last)
    readings = list[str]()
    for year, month, day in orders:
        try:
            reading = date(2000 + int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
        readings += [reading] if reading not in readings else []
    if len(readings) < 2:
        what = f"The year of {quoted(value)} has two digits."
        raise CellError(what, f"Write {readings[0]}." if readings else f"Write {column.form}.")
    raise two_readings(value, tuple(readings), "Write it with four digits for the year, first.")


def _named_short(column: Column, value: str, match: re.Match[str]) -> date:
    day, name, year = match.groups()
    month = _month(column, value, name)
    day_first = _date(column, value, f"20{year}", month, day)
    readings = (day_first.isoformat(), f"20{int(day):02}-{int(month):02}-{year}")
    raise two_readings(value, readings, "Write it with four digits for the year, first.")


def _month(column: Column, value: str, name: str) -> str:
    hits = [index for index, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    if name == "sept":
        hits = [9]
    if len(hits) != 1:
        raise refusal(column, value)
    return str(hits[0])


def _day_name(column: Column, value: str, match: re.Match[str]) -> date:
    day, name, year = match.groups()
    return _date(column, value, year, _month(column, value, name), day)


def _name_day(column: Column, value: str, match: re.Match[str]) -> date:
    name, day, year = match.groups()
    return _date(column, value, year, _month(column, value, name), day)
