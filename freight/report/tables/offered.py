"""Departures that the timetable offers and the plan does not run."""

from __future__ import annotations

from collections.abc import Iterator

from freight.domain.clock import clock_text
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.timetable import DatedDeparture, dated_departures
from freight.report.tables.record import Record, utc


def not_run(plan: Plan, instance: Instance) -> list[DatedDeparture]:
    """Departures of the horizon that are not in the plan, by time."""
    running = {run.departure for run in plan.departures}
    return [dated for dated in dated_departures(instance) if dated.id not in running]


def not_running(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row a departure that does not run."""
    for dated in not_run(plan, instance):
        service = instance.service[dated.service]
        stops = instance.stops_of[service.id]
        yield {
            "departure": dated.id,
            "service": service.id,
            "name_en": service.name_en,
            "name_zh": service.name_zh,
            "mode": service.mode.value,
            "owner": service.owner,
            "departs": utc(dated.departs_at),
            "departs_local": clock_text(
                dated.departs_at, instance.terminal[stops[0].terminal].time_zone, " "
            ),
            "from_terminal": stops[0].terminal,
            "to_terminal": stops[-1].terminal,
            "capacity_teu": service.capacity_teu,
            "minimum_load_teu": service.minimum_load_teu,
            "fixed_cost": service.fixed_cost_per_departure,
            "currency": service.currency,
        }
