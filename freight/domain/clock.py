"""Local times that can be reckoned with, read without guessing and shown without ambiguity.

Python adds and subtracts datetimes of one named zone by the clock on the wall, so that a day on
which summer time begins counts 24 hours. With a fixed offset it counts real hours.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?"
    r" ?([Zz]|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)


class NoClockError(ValueError):
    """A date stands where a date and a time of day are asked for."""


def local(moment: datetime, zone: str | ZoneInfo) -> datetime:
    """An aware moment in local time, its offset fixed."""
    named = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    offset = named.utcoffset()
    return named if offset is None else named.replace(tzinfo=timezone(offset))


def comes_twice(moment: datetime, zone: str | ZoneInfo) -> bool:
    """Whether the clock of a zone shows the time of an aware moment twice that day."""
    named = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    return named.replace(fold=1 - named.fold).utcoffset() != named.utcoffset()


def clock_text(moment: datetime, zone: str | ZoneInfo, between: str = "T") -> str:
    """An aware moment by the clock of a zone: ``2027-03-01T08:00``.

    Seconds stand where there are any, the offset where the clock shows the time twice that day, so
    that no two moments of one zone read the same.
    """
    here = local(moment, zone)
    shown = here if comes_twice(moment, zone) else here.replace(tzinfo=None)
    return shown.isoformat(between, "auto" if here.second or here.microsecond else "minutes")


def read_moment(text: str) -> datetime:
    """A date and time of ISO 8601 as people write it, with or without an offset.

    A calendar date, a time of day to the minute or finer, and perhaps an offset: nothing else that
    the standard or a lenient parser allows, above all no offset in the place of the time. Raises
    NoClockError where the time of day is missing, another ValueError otherwise.
    """
    parts = _MOMENT.fullmatch(text)
    if parts is None:
        raise ValueError
    day, clock, offset = parts.groups()
    if clock is None:
        raise NoClockError(text)
    if offset and offset in "Zz":
        offset = "+00:00"
    return datetime.fromisoformat(f"{day}T{clock}{offset or ''}")


def read_day(text: str) -> date:
    """A calendar date of ISO 8601, ``2027-03-01``; raises ValueError for anything else."""
    if _DAY.fullmatch(text) is None:
        raise ValueError
    return date.fromisoformat(text)
