"""Random instances sharpened where rules meet: exact fits, tight dwell, repeated hours, no time.

``sharp_instance(seed)`` takes a random instance and moves its limits to where they just hold or
just do not: cut-offs beyond the most dwell, days that take one box, trains that what is there fills
exactly or misses by one TEU, departures seconds apart, in the hour that comes twice, or stated by
two rows, legs of no time.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from freight.domain.checks.circles import circles
from freight.domain.checks.survey import Survey
from freight.domain.instance import Instance
from freight.domain.service import Departure, Stop
from tests.freight.random_instances import random_instance

TO_OCTOBER = timedelta(days=238)
"""From the first of March 2027 to the week before clocks go back."""


def sharp_instance(seed: int) -> Instance:
    """The instance of a seed; equal seeds give equal instances."""
    rng = Random(f"sharp {seed}")
    instance = random_instance(seed)
    for change in (_moved, _limits, _terminals, _services, _departures, _shipments):
        instance = instance.model_copy(update=change(rng, instance))
    quick = instance.model_copy(update=_quick(rng, instance))
    return instance if list(circles(Survey(quick))) else quick


def _moved(rng: Random, instance: Instance) -> dict[str, Any]:
    """Half of them lie around the night when clocks go back."""
    if rng.random() < 0.5:
        return {}
    statement = instance.statement
    span = {
        name: getattr(statement, name) + TO_OCTOBER for name in ("horizon_start", "horizon_end")
    }
    return {
        "statement": statement.model_copy(update=span),
        "departures": tuple(
            one if one.departs_at is None
            else one.model_copy(update={"departs_at": one.departs_at + TO_OCTOBER})
            for one in instance.departures
        ),
        "shipments": tuple(
            one.model_copy(update={"ready": one.ready + TO_OCTOBER, "due": one.due + TO_OCTOBER})
            for one in instance.shipments
        ),
    }  # fmt: skip


def _limits(rng: Random, instance: Instance) -> dict[str, Any]:
    change = {"most_dwell_days": rng.choice([0.25, 0.5, 1.0, 2.0, 2.5, 3.0, 14.0])}
    defaults = instance.statement.defaults.model_copy(update=change)
    return {"statement": instance.statement.model_copy(update={"defaults": defaults})}


def _terminals(rng: Random, instance: Instance) -> dict[str, Any]:
    return {
        "terminals": tuple(
            one.model_copy(update={
                "handling_hours": rng.choice([0.0, 0.0, one.handling_hours]),
                "capacity_teu_per_day": rng.choice([None, None, 2.0, 4.0, 6.0]),
            })
            for one in instance.terminals
        ),
        "transfers": tuple(
            one.model_copy(update={"capacity_teu_per_day": rng.choice([None, 1.0, 2.0, 4.0])})
            for one in instance.transfers
        ),
    }  # fmt: skip


def _services(rng: Random, instance: Instance) -> dict[str, Any]:
    """Capacities and minimum loads at, or one beside, what some shipments weigh and measure."""
    sizes = [one.teu for one in instance.shipments]
    made = []
    for one in instance.services:
        some = rng.sample(instance.shipments, rng.randint(1, len(sizes)))
        teu, tonnes = sum(x.teu for x in some), sum(x.loaded_tonnes for x in some)
        change: dict[str, Any] = {"cutoff_hours": rng.choice([0.0, 4.0, 30.0, 48.0, 72.0])}
        if rng.random() < 0.5:
            change["capacity_teu"] = float(max(1, teu + rng.choice([0, 0, -1])))
        if rng.random() < 0.3:
            change["capacity_tonnes"] = tonnes
        if not one.committed and rng.random() < 0.5:
            most = change.get("capacity_teu", one.capacity_teu)
            change["minimum_load_teu"] = min(most, float(teu + rng.choice([0, 0, 1])))
        made.append(one.model_copy(update=change))
    return {"services": tuple(made)}


def _departures(rng: Random, instance: Instance) -> dict[str, Any]:
    """Further departures: of the same moment, seconds later, an hour later by the same clock."""
    found = list(instance.departures)
    for one in instance.departures:
        if one.departs_at is not None and rng.random() < 0.7:
            late = rng.choice([timedelta(0), timedelta(seconds=30), timedelta(hours=1)])
            update = {"departs_at": one.departs_at + late, "most_runs": rng.randint(1, 2)}
            found.append(one.model_copy(update=update))
    service = rng.choice(instance.services).id
    night = instance.statement.horizon_start + timedelta(days=6, hours=8, minutes=30)
    found += [
        Departure(service=service, departs_at=night + timedelta(hours=hour)) for hour in (0, 1)
    ]
    return {"departures": tuple(found)}


def _shipments(rng: Random, instance: Instance) -> dict[str, Any]:
    modes = list(dict.fromkeys(one.mode for one in instance.services))
    return {
        "shipments": tuple(
            one.model_copy(update={"modes": tuple(rng.sample(modes, 1))})
            if rng.random() < 0.2 else one
            for one in instance.shipments
        )
    }  # fmt: skip


def _quick(rng: Random, instance: Instance) -> dict[str, Any]:
    """One leg of a service takes no time; the stops behind it come so much earlier."""
    name = rng.choice(instance.services).id
    stops = instance.stops_of[name]
    cut = rng.randrange(1, len(stops))
    saved = stops[cut].arrive_hours - stops[cut - 1].depart_hours

    def earlier(stop: Stop) -> Stop:
        if stop.service != name or stop.sequence < stops[cut].sequence:
            return stop
        hours = {
            "arrive_hours": stop.arrive_hours - saved,
            "depart_hours": stop.depart_hours - saved,
        }
        return stop.model_copy(update=hours)

    return {"stops": tuple(earlier(one) for one in instance.stops)}
