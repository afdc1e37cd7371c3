"""Departures: what a row must say, and whether it ever runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from freight.domain.checks.survey import Finding, Survey
from freight.domain.instance import Instance
from freight.domain.service import Departure
from freight.domain.timetable import WEEKDAYS, departure_id, moments, rows_by_departure, zone_of
from freight.domain.wording import listed, quoted


def patterns(survey: Survey) -> Iterator[Finding]:
    """Rows with neither a moment nor a pattern, with both, or with half of one."""
    for index, row in enumerate(survey.instance.departures):
        fault = _pattern_fault(row)
        if fault is not None:
            yield Finding("departures", index, *fault)


def _pattern_fault(row: Departure) -> tuple[str, str, str] | None:
    who = f"of service {quoted(row.service)}"
    pattern = bool(row.weekdays) or row.departs_local is not None
    dates = row.first_date or row.last_date or row.except_dates
    if row.departs_at is not None and (pattern or dates):
        what = f"A departure {who} has both departs_at and a weekly pattern."
        return "departs_at", what, "Keep one: departs_at, or weekdays with departs_local."
    if row.departs_at is not None:
        return None
    if not pattern:
        what = f"A departure {who} has neither departs_at nor weekdays."
        return "departs_at", what, "Write departs_at, or weekdays with departs_local."
    if not row.weekdays:
        what = f"A departure {who} has departs_local {row.departs_local} but no weekdays."
        return "weekdays", what, "Write its weekdays such as mon wed fri."
    if row.departs_local is None:
        what = f"A departure {who} has weekdays but no departs_local."
        return "departs_local", what, "Write the clock time at its first stop such as 08:30."
    if row.first_date and row.last_date and row.last_date < row.first_date:
        what = f"The last date {row.last_date} {who} is before the first, {row.first_date}."
        return "last_date", what, "Exchange them or correct one."
    return None


def runs(survey: Survey) -> Iterator[Finding]:
    """Rows that never run within the horizon, or at clock times that do not exist."""
    instance = survey.instance
    one = instance.statement
    span = f"{one.horizon_start.isoformat()} to {one.horizon_end.isoformat()}"
    for index, row in enumerate(instance.departures):
        stops = instance.stops_of.get(row.service, ())
        if len(stops) < 2 or _pattern_fault(row) is not None:
            continue
        found = list(moments(row, instance))
        name = "weekdays" if row.departs_at is None else "departs_at"
        if not found:
            what = f"Service {quoted(row.service)} never departs within the horizon {span}."
            remedy = "Correct the days, move the horizon, or remove the row."
            yield Finding("departures", index, name, what, remedy)
        elif row.departs_local is not None:
            zone = ZoneInfo(instance.terminal[stops[0].terminal].time_zone)
            walls = [datetime.combine(one.date(), row.departs_local, zone) for one in found]
            yield from _clock_changes(index, walls)


def _clock_changes(index: int, walls: list[datetime]) -> Iterator[Finding]:
    for wall in walls:
        first, second = (wall.replace(fold=fold).utcoffset() for fold in (0, 1))
        if first is None or second is None or first == second:
            continue
        word = "comes twice" if first > second else "does not exist"
        when = f"in {wall.tzinfo} on {wall:%Y-%m-%d}"
        what = f"{wall:%H:%M} {word} {when}: the clocks change then."
        remedy = "Write another departs_local, or end the pattern and give that day's departs_at."
        yield Finding("departures", index, "departs_local", what, remedy)


def idle_exceptions(survey: Survey) -> Iterator[Finding]:
    """Exceptions on days on which the row does not leave anyway: another day was meant."""
    for index, row in enumerate(survey.instance.departures):
        for day in row.except_dates:
            early = row.first_date is not None and day < row.first_date
            late = row.last_date is not None and day > row.last_date
            word = WEEKDAYS[day.weekday()]
            if early or late or word not in row.weekdays:
                what = (
                    f"Service {quoted(row.service)} does not leave on {day} ({word.value}) anyway,"
                    f" by this row: it leaves on {listed(one.value for one in row.weekdays)}."
                )
                yield Finding("departures", index, "except_dates", what, "Is the date right?")


def _named(instance: Instance, records: tuple[int, ...]) -> str:
    """Rows of the file that some departures were read from, else their records from 1."""
    _, rows = instance.rows.get("departures", ("", ()))
    if all(index < len(rows) for index in records):
        return f"Rows {listed(rows[index] for index in records)}"
    return f"Records {listed(index + 1 for index in records)}"


def told_twice(survey: Survey) -> Iterator[Finding]:
    """Departures that several rows state: a pattern, an explicit time, a second pattern."""
    instance = survey.instance
    shared: dict[tuple[int, ...], list[str]] = {}
    for (service, moment), rows in rows_by_departure(instance).items():
        if len(rows) > 1:
            name = departure_id(service, moment, zone_of(instance, service))
            shared.setdefault(tuple(rows), []).append(name)
    for records, ids in shared.items():
        count = f"{len(ids)} departures, the first of them" if len(ids) > 1 else "departure"
        what = f"{_named(instance, records)} state the same {count} {quoted(min(ids))}."
        most = max(instance.departures[index].most_runs for index in records)
        times = "once" if most == 1 else f"{most} times"
        remedy = f"It counts once and may run {times}. For more trains at once raise most_runs."
        yield Finding("departures", records[-1], "service", what, remedy)
