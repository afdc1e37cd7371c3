"""The audit's own reading of the timetable: which train leaves when, and what a plan calls it.

It goes the other way round than :mod:`freight.domain.timetable`: from a clock time to every moment
in UTC at which a zone's clock shows it. A name holds when it means one moment only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from freight.domain.instance import Instance
from freight.domain.service import Departure, Weekday
from freight.domain.timetable import DatedDeparture

DAY = timedelta(days=1)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def timetable_of(instance: Instance) -> dict[str, DatedDeparture]:
    """Every departure of the horizon by its name, however many rows state it."""
    runs: dict[tuple[str, datetime], int] = {}
    for row in instance.departures:
        for moment in _moments(instance, row):
            key = row.service, moment
            runs[key] = max(row.most_runs, runs.get(key, 0))
    found = {}
    for (service, moment), most in runs.items():
        zone = _zone(instance, service)
        name = f"{service}@{_name(moment, zone)}"
        found[name] = DatedDeparture(name, service, _fixed(moment, zone), most)
    return found


def _zone(instance: Instance, service: str) -> str:
    first = min(
        (stop for stop in instance.stops if stop.service == service), key=lambda stop: stop.sequence
    )
    return instance.terminal[first.terminal].time_zone


def _moments(instance: Instance, row: Departure) -> Iterator[datetime]:
    """Moments in UTC of one row within the horizon."""
    start, end = instance.statement.horizon_start, instance.statement.horizon_end
    if row.departs_at is not None:
        stated = [row.departs_at.astimezone(UTC)]
    else:
        zone = _zone(instance, row.service)
        days = _days(start.astimezone(UTC).date() - DAY, end.astimezone(UTC).date() + DAY)
        clocks = [_clock(row, day) for day in days if _leaves(row, day)]
        stated = [moments_of(clock, zone)[0] for clock in clocks if moments_of(clock, zone)]
    yield from (moment for moment in stated if start <= moment < end)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _leaves(row: Departure, day: date) -> bool:
    too_soon = row.first_date is not None and day < row.first_date
    too_late = row.last_date is not None and day > row.last_date
    cancelled = too_soon or too_late or day in row.except_dates
    return Weekday(_WEEK[day.weekday()]) in row.weekdays and not cancelled


def _clock(row: Departure, day: date) -> datetime:
    return datetime.combine(day, row.departs_local or time.min)


@lru_cache(maxsize=65_536)
def moments_of(clock: datetime, zone: str) -> tuple[datetime, ...]:
    """Moments in UTC, in order, at which the clock of a zone shows a time: none, one or two."""
    here = ZoneInfo(zone)
    near = clock.replace(tzinfo=UTC)
    offsets = {(near + shift).astimezone(here).utcoffset() for shift in (-DAY, timedelta(0), DAY)}
    tried = [near - offset for offset in offsets if offset is not None]
    return tuple(
        sorted(one for one in tried if one.astimezone(here).replace(tzinfo=None, fold=0) == clock)
    )


def _name(moment: datetime, zone: str) -> str:
    """The clock time, with seconds where there are any, with the offset where it comes twice."""
    here = moment.astimezone(ZoneInfo(zone))
    shown = here.replace(tzinfo=None, fold=0)
    text = f"{shown:%Y-%m-%dT%H:%M}"
    if shown.microsecond:
        text = f"{shown:%Y-%m-%dT%H:%M:%S.%f}"
    elif shown.second:
        text = f"{shown:%Y-%m-%dT%H:%M:%S}"
    if len(moments_of(shown, zone)) < 2:
        return text
    minutes = int((here.utcoffset() or timedelta(0)) / timedelta(minutes=1))
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    return f"{text}{sign}{size // 60:02d}:{size % 60:02d}"


def _fixed(moment: datetime, zone: str) -> datetime:
    here = moment.astimezone(ZoneInfo(zone))
    return datetime.fromisoformat(here.isoformat())
