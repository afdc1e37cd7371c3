"""Services and departures: what a run costs for each slot, and dates outside the horizon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from freight.domain.checks.magnitudes.rates import euros
from freight.domain.checks.survey import Finding, Survey
from freight.domain.service import Departure, Mode
from freight.domain.wording import number, quoted

_DEAREST_SLOT: Final = 20.0
"""EUR per TEU and kilometre of the whole run, of all modes but air."""
_LARGEST: Final = {Mode.RAIL: 300.0, Mode.BARGE: 1_500.0, Mode.SEA: 25_000.0, Mode.AIR: 60.0,
                   Mode.ROAD: 1_000.0}  # fmt: skip
"""TEU on board of one vehicle; road services may be convoys."""
_BESIDE: Final = timedelta(days=62)
"""How far dates of a pattern usually lie outside the horizon."""
_MOST_G_TKM: Final = 3_000.0


def odd_services(survey: Survey) -> Iterator[Finding]:
    """Capacities that no vehicle has, and runs that cost more than any slot is worth."""
    instance = survey.instance
    for index, one in enumerate(instance.services):
        if one.capacity_teu > _LARGEST[one.mode]:
            teu = f"{number(one.capacity_teu)} TEU by {one.mode.value}"
            what = f"Service {quoted(one.id)} takes {teu} on one departure."
            yield Finding("services", index, "capacity_teu", what, "Is that right?")
        km = sum(stop.distance_km for stop in instance.stops_of[one.id])
        cost = euros(instance, one.fixed_cost_per_departure, one.currency)
        if not cost or km < 100.0 or one.mode is Mode.AIR:
            continue
        each = cost / one.capacity_teu / km
        if each > _DEAREST_SLOT:
            what = (
                f"A departure of service {quoted(one.id)} costs {each:,.3g} EUR per TEU and km"
                f" ({number(one.fixed_cost_per_departure)} {one.currency} for {number(km)} km)."
            )
            remedy = "Is the amount or its currency right?"
            yield Finding("services", index, "fixed_cost_per_departure", what, remedy)


def dates_beside(survey: Survey) -> Iterator[Finding]:
    """Dates of a pattern months outside the horizon: a wrong year, or a table of another season."""
    statement = survey.instance.statement
    start, end = statement.horizon_start.date(), statement.horizon_end.date()
    for index, row in enumerate(survey.instance.departures):
        for name, day in _dates(row):
            if not start - _BESIDE <= day <= end + _BESIDE:
                what = (
                    f"The {name.replace('_', ' ')} {day} of service {quoted(row.service)} lies far"
                    f" outside the horizon, {start} to {end}."
                )
                yield Finding("departures", index, name, what, "Is the year right?")


def _dates(row: Departure) -> Iterator[tuple[str, date]]:
    for name, day in (("first_date", row.first_date), ("last_date", row.last_date)):
        if day is not None:
            yield name, day


def odd_emissions(survey: Survey) -> Iterator[Finding]:
    """Factors above those of any aircraft."""
    for index, one in enumerate(survey.instance.emissions):
        if one.unit == "g/tkm" and one.value > _MOST_G_TKM:
            what = f"Emission class {quoted(one.id)} has {number(one.value)} g per tonne-kilometre."
            yield Finding("emissions", index, "value", what, "Aircraft have about 600.")
