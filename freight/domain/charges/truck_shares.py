"""Who bears what of a truck's day: its boxes, by how far each was moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from freight.domain.drayage import DoorEnd, TruckRoute, TruckStop
from freight.domain.earth import great_circle_km
from freight.domain.money import money, split, units

Bearer = tuple[str, int, DoorEnd]
"""Shipment, part and end."""


def shares(routes: Iterable[TruckRoute], currency: str) -> dict[Bearer, Decimal]:
    """What every bearer pays: every route's cost split by TEU times direct kilometres, exactly."""
    found: defaultdict[Bearer, Decimal] = defaultdict(Decimal)
    for route in routes:
        taken = [stop for stop in route.stops if stop.takes]
        weights = [_direct_km(route, stop) * stop.teu for stop in taken]
        for stop, share in zip(taken, split(units(route.cost, currency), weights), strict=True):
            found[stop.shipment, stop.part, stop.end] += money(share, currency)
    return dict(found)


def _direct_km(route: TruckRoute, taken: TruckStop) -> float:
    """From where a box was taken to where boxes of its kind are left."""
    left = next(
        stop
        for stop in route.stops
        if not stop.takes
        and (stop.shipment, stop.part, stop.end, stop.full)
        == (taken.shipment, taken.part, taken.end, taken.full)
    )
    start, end = taken.place, left.place
    return great_circle_km((start.lat, start.lon), (end.lat, end.lon))
