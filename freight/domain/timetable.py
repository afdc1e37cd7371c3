"""From timetable patterns to dated departures, in local clock time at the first stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from freight.domain.clock import clock_text, local
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


def departure_id(service: str, departs_at: datetime, zone: str) -> str:
    """``SERVICE@2026-12-01T08:00``, by the clock of the first stop: what a planner would say.

    Seconds and, in the hour that comes twice, the offset are told too: no two departures of a
    service share an id.
    """
    return f"{service}@{clock_text(departs_at, zone)}"


def zone_of(instance: Instance, service: str) -> str:
    """Time zone of the first stop of a service."""
    return instance.terminal[instance.stops_of[service][0].terminal].time_zone


def rows_by_departure(instance: Instance) -> dict[tuple[str, datetime], list[int]]:
    """Positions of the departure rows that name each (service, moment in UTC) of the horizon."""
    found: dict[tuple[str, datetime], list[int]] = {}
    for index, row in enumerate(instance.departures):
        # A service without stops is a fault of its own.
        for moment in moments(row, instance) if instance.stops_of.get(row.service) else ():
            found.setdefault((row.service, moment.astimezone(UTC)), []).append(index)
    return found


def dated_departures(instance: Instance) -> list[DatedDeparture]:
    """Every departure within the horizon, by time and then by id.

    Rows that name the same one, a pattern and an exception say, mean one departure, not several: it
    runs as often as the row that allows most.
    """
    found = []
    for (service, moment), rows in rows_by_departure(instance).items():
        zone = zone_of(instance, service)
        runs = max(instance.departures[index].most_runs for index in rows)
        key = departure_id(service, moment, zone)
        found.append(DatedDeparture(key, service, local(moment, zone), runs))
    return sorted(found, key=lambda dated: (dated.departs_at, dated.id))


def moments(row: Departure, instance: Instance) -> Iterator[datetime]:
    """When the departures of one row leave within the horizon, in local time at the first stop."""
    zone = ZoneInfo(zone_of(instance, row.service))
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
    open_ = after and before and day not in row.except_dates
    return open_ and WEEKDAYS[day.weekday()] in row.weekdays


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
