"""Times as people type them, brought into ISO 8601; the clock of the domain reads that strictly."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from freight.domain.clock import read_moment
from freight.domain.wording import quoted
from freight.io.columns import Column
from freight.io.typed.days import day_from_number, plausible, refusal, split_day
from freight.io.typed.taken import CellError, Taken, narrow, two_readings

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*", re.ASCII)
_CLOCK: Final = re.compile(
    r"(?P<half>上午|下午|晚上|中午|凌晨|早上)? ?"
    r"(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d{1,6})?))?|[点时](?:(?P<spoken>\d{1,2})分?|(?P<part>半|整))?)?"
    r"(?: ?(?P<noon>am|pm|a\.m\.|p\.m\.))?",
    re.ASCII,
)
_DIGITS: Final = re.compile(r"[0-2]\d[0-5]\d", re.ASCII)
_OFFSET: Final = re.compile(r" ?(z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)$", re.ASCII)
_AFTERNOON: Final = frozenset({"下午", "晚上", "pm", "p.m."})
_MORNING: Final = frozenset({"上午", "凌晨", "早上", "am", "a.m."})

START, END, NEXT = "the start of the day", "the end of the day", "that day included"
DAY_MEANS: Final = MappingProxyType(
    {"ready": START, "horizon_start": START, "due": END, "horizon_end": NEXT}
)
"""What a date without a time means, by column; elsewhere the time of day must be there."""
_LAST_CLOCK: Final = time(23, 59)
_OTHER_TIME: Final = "another way to write times"


def moment_of(column: Column, value: object) -> Taken:
    """A date and time, local where no offset is given; raises :class:`CellError`."""
    if isinstance(value, date):
        plausible(column, value, value)
    if isinstance(value, datetime):
        taken = Taken(to_second(value))
    elif isinstance(value, date):
        taken = _whole_day(column, value, value)
    elif isinstance(value, str):
        taken = _moment_text(column, value)
    else:
        taken = _whole_day(column, value, day_from_number(column, value))
    plausible(column, value, taken.value)
    return taken


def clock_of(column: Column, value: object) -> Taken:
    """A time of day; raises :class:`CellError`."""
    if isinstance(value, time) and value.tzinfo is None:
        return Taken(to_second(datetime.combine(date(2000, 1, 1), value)).time())
    if isinstance(value, timedelta) and timedelta(0) <= value < timedelta(days=1):
        return Taken(to_second(datetime(2000, 1, 1) + value).time())
    if isinstance(value, str):
        return _clock_text(column, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        what = f"The cell holds the number {value:g}, not a time."
        raise CellError(what, f"Format the cell as a time, or write {column.form}.")
    raise refusal(column, value)


def to_second(value: datetime) -> datetime:
    """Spreadsheets keep times as fractions of a day: undo what that adds."""
    if value.tzinfo is not None or value.microsecond == 0:
        return value
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def _moment_text(column: Column, value: str) -> Taken:
    text = value.strip()
    if _ISO.fullmatch(text):
        with suppress(ValueError):
            return Taken(read_moment(text))
    day, rest = split_day(column, value)
    plausible(column, value, day)
    offset = _OFFSET.search(rest)
    clock = rest[: offset.start()] if offset else rest
    if not clock.strip("t, "):
        if offset:
            raise refusal(column, value, f"{quoted(value)} has no time of day.")
        return _whole_day(column, value, day)
    wall = datetime.combine(day, time(0)) + _since_midnight(column, value, clock.strip("t, "))
    iso = wall.isoformat(timespec="auto" if wall.second or wall.microsecond else "minutes")
    iso += _offset_text(offset[1]) if offset else ""
    try:
        found = read_moment(iso)
    except ValueError as error:
        raise refusal(column, value) from error
    return _told_moment(value, found, iso)


def _told_moment(value: str, found: datetime, iso: str) -> Taken:
    """Silent for what spreadsheets make of ISO times: ``2027/3/1 8:00``."""
    usual = re.sub(r"[/.](?=\d{1,2}[/. ])", "-", value.strip())
    usual = re.sub(r"-(\d)(?=[- T])", r"-0\1", usual).replace(" ", "T", 1)
    usual = re.sub(r"T *(\d):", r"T0\1:", usual)
    usual = re.sub(r"(T\d\d:\d\d):00$", r"\1", usual)
    return Taken(found) if usual == iso else Taken(found, iso, _OTHER_TIME)


def _offset_text(offset: str) -> str:
    bare = offset.removeprefix("utc").removeprefix("gmt")
    if bare == "z":
        return "+00:00"
    sign, digits = bare[0], bare[1:].replace(":", "")
    hours, minutes = (digits, "00") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    return f"{sign}{int(hours):02}:{minutes}"


def _whole_day(column: Column, value: object, day: date) -> Taken:
    meaning = DAY_MEANS.get(column.name)
    if meaning is None:
        raise refusal(column, value, f"{quoted(value)} has no time of day.")
    midnight = datetime.combine(day, time(0))
    found = {
        START: midnight,
        END: datetime.combine(day, _LAST_CLOCK),
        NEXT: midnight + timedelta(days=1),
    }[meaning]
    return Taken(found, f"{found:%Y-%m-%d %H:%M}", f"a date without a time: {meaning}")


def _since_midnight(column: Column, value: str, text: str) -> timedelta:
    match = _CLOCK.fullmatch(text)
    if match is None or not _has_minutes(match):
        raise refusal(column, value)
    hour, minute = int(match["hour"]), int(match["minute"] or match["spoken"] or 0)
    minute = 30 if match["part"] == "半" else minute
    second = float(match["second"] or 0)
    half = match["half"] or match["noon"]
    if half is not None:
        hour = _twelve(column, value, hour, half)
    whole = hour * 3600 + minute * 60 + second
    if minute > 59 or second >= 60 or whole > 86400:
        raise refusal(column, value)
    return timedelta(seconds=whole)


def _has_minutes(match: re.Match[str]) -> bool:
    """A bare figure is no time: it needs minutes, 点 or am and pm."""
    return (
        match["minute"] is not None
        or match.group().strip()[-1:] not in "0123456789"
        or (match["spoken"] is not None)
    )


def _twelve(column: Column, value: str, hour: int, half: str) -> int:
    if half == "中午":
        return hour + 12 if hour < 3 else hour
    if half in _AFTERNOON:
        return hour + 12 if hour < 12 else hour
    if hour > 12:
        raise refusal(column, value)
    return hour % 12


def _clock_text(column: Column, value: str) -> Taken:
    text = narrow(value).casefold()
    if re.fullmatch(r"\d{1,2}\.\d{2}", text):
        hours, part = text.split(".")
        readings = (f"{hours}:{part}", f"{hours}:{round(int(part) * 0.6):02}")
        if readings[0] != readings[1]:
            raise two_readings(value, readings, "Write it with a colon.")
        text = readings[0]
    if _DIGITS.fullmatch(text):
        text = f"{text[:2]}:{text[2:]}"
    since = _since_midnight(column, value, text)
    if since >= timedelta(days=1):
        what = f"{quoted(value)} is the start of the next day."
        raise CellError(what, "Write 00:00 and the day after, or 23:59.")
    found = (datetime(2000, 1, 1) + since).time()
    shown = found.isoformat("auto" if found.second or found.microsecond else "minutes")
    usual = value.strip().zfill(5).removesuffix(":00") if len(value.strip()) > 5 else value.strip()
    same = usual.zfill(5) == shown or value.strip() == shown
    return Taken(found) if same else Taken(found, shown, _OTHER_TIME)
