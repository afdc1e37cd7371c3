"""The best option for every ready hour of a span of time, from one scan per criterion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from freight.domain.base import Frozen
from freight.domain.charges import capital, lateness
from freight.domain.plan import ChargeKind
from freight.model.moments import HOUR, micros
from freight.routing.priced import CO2E, COST, HOURS
from freight.routing.search import Search
from solvers.arrays import Floats, Ints
from solvers.paths.multicriteria import best_to_go


class ProfilePoint(Frozen):
    """The best there is for boxes ready at a moment; None where nothing goes any more."""

    ready: datetime
    cheapest_cost: float | None
    fastest_hours: float | None
    greenest_kg: float | None


def profile(search: Search, moments: Sequence[datetime]) -> tuple[ProfilePoint, ...]:
    """One point for every ready moment, in the request's own terms otherwise.

    Lower bounds where the best way would come back to a terminal (see
    :mod:`solvers.paths.multicriteria`). The due time stays where it is.
    """
    at = np.array([micros(one) for one in moments], dtype=np.int64)
    best = np.minimum(_by_timetable(search, at), _by_transfers(search, at))
    return tuple(
        ProfilePoint(
            ready=one,
            cheapest_cost=_known(values[0]),
            fastest_hours=_known(values[1]),
            greenest_kg=_known(values[2]),
        )
        for one, values in zip(moments, best.T, strict=True)
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _by_timetable(search: Search, at: Ints) -> Floats:
    """Cost, hours and CO2e by services, for every moment; 3×moments."""
    index, priced = search.index, search.priced
    shipment, ready = priced.shipment, micros(priced.request.ready)
    per_hour = capital.price(index.instance, shipment).per_teu_hour * shipment.teu
    shift = (at - ready) / HOUR
    found = np.full((3, len(at)), np.inf)
    for row, (k, per) in enumerate(((COST, per_hour), (HOURS, 1.0), (CO2E, 0.0))):
        weight, value = priced.value[k], priced.exit_value[k]
        to_go = np.append(best_to_go(index.paths, weight, (priced.exits, value)), np.inf)
        for origin in priced.origins:
            nodes = index.network.first_kept(origin, at)
            found[row] = np.minimum(found[row], to_go[nodes] - per * shift)
    return found


def _by_transfers(search: Search, at: Ints) -> Floats:
    """The same by transfers alone, begun at each moment."""
    index, priced = search.index, search.priced
    due = micros(priced.shipment.due)
    late = lateness.price(index.instance, priced.shipment).per_teu_hour * priced.shipment.teu
    found = np.full((3, len(at)), np.inf)
    for quoter, way in search.transfer_ways():
        hours = quoter.hours(way)
        base = sum(o.amount for o in quoter.lines(way) if o.kind is not ChargeKind.LATENESS)
        cost = base + late * np.maximum(0.0, (at - due) / HOUR + hours)
        co2e = quoter.values(way)[2]
        mine = np.stack([cost, np.full(len(at), hours), np.full(len(at), co2e)])
        found = np.minimum(found, mine)
    return found
