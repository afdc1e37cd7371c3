"""From timetable patterns to dated departures, in local clock time at the first stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from freight.domain.clock import local
from freight.domain.instance import Instance
from freight.domain.service import Departure, Weekday

WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class DatedDeparture:
    """One departure of a service on one date; ``departs_at`` is at its first stop."""

    id: str
    service: str
    departs_at: datetime
    most_runs: int

    def at(self, hours: float) -> datetime:
        """The moment ``hours`` after the departure from the first stop, in UTC."""
        return self.departs_at.astimezone(UTC) + timedelta(hours=hours)


def departure_id(service: str, departs_at: datetime) -> str:
    """``SERVICE@2026-12-01T08:00``, in local time at the first stop: what a planner would say."""
    return f"{service}@{departs_at:%Y-%m-%dT%H:%M}"


def dated_departures(instance: Instance) -> list[DatedDeparture]:
    """Every departure within the horizon, by time and then by id; equal ones are merged."""
    merged: dict[str, DatedDeparture] = {}
    for row in instance.departures:
        for moment in moments(row, instance):
            key = departure_id(row.service, moment)
            runs = row.most_runs + (merged[key].most_runs if key in merged else 0)
            merged[key] = DatedDeparture(key, row.service, moment, runs)
    return sorted(merged.values(), key=lambda one: (one.departs_at, one.id))


def moments(row: Departure, instance: Instance) -> Iterator[datetime]:
    """When the departures of one row leave within the horizon, in local time at the first stop."""
    stops = instance.stops_of[row.service]
    zone = ZoneInfo(instance.terminal[stops[0].terminal].time_zone)
    start, end = instance.statement.horizon_start, instance.statement.horizon_end
    if row.departs_at is not None:
        if start <= row.departs_at < end:
            yield local(row.departs_at, zone)
        return
    clock = row.departs_local or time(0, 0)
    for day in _days(start.astimezone(zone).date(), end.astimezone(zone).date()):
        moment = datetime.combine(day, clock, zone)
        if _runs_on(row, day) and start <= moment < end:
            yield local(moment, zone)


def _runs_on(row: Departure, day: date) -> bool:
    after = row.first_date is None or day >= row.first_date
    before = row.last_date is None or day <= row.last_date
    return after and before and WEEKDAYS[day.weekday()] in row.weekdays


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def sizes(instance: Instance) -> dict[str, int]:
    """How large an instance is, in words and figures for its first line."""
    return {
        "terminals": len(instance.terminals),
        "transfers": len(instance.transfers),
        "services": len(instance.services),
        "departures": len(dated_departures(instance)),
        "shipments": len(instance.shipments),
        "TEU": sum(one.teu for one in instance.shipments),
    }
