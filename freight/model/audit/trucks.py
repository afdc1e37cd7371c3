"""The trucks of a plan followed stop by stop: hours, loads, windows, cutoffs, cost and shares.

Nothing is shared with what plans them but the price list of :mod:`freight.domain.charges`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from freight.domain.charges.drayage import (
    GATE_HOURS,
    Point,
    day_units,
    move_units,
    road_km,
    road_minutes,
)
from freight.domain.drayage import DoorEnd, TruckRoute, Trucks, TruckStop
from freight.domain.measures import exact
from freight.domain.money import money
from freight.domain.plan import Plan
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding
from freight.model.audit.truck_charges import (
    charged_by_end,
    line_findings,
    money_findings,
    unpriced,
)
from freight.model.audit.yard import Yard

Box = tuple[str, int, DoorEnd, bool]
"""Shipment, part, end, full."""
_METRES = 6e-4
"""Kilometres are stated to the metre."""
_ZERO = Decimal(0)


def truck_findings(facts: Facts, plan: Plan) -> Iterator[Finding]:
    """Everything wrong with the trucks of a plan; charges without trucks too.

    The shipments of the plan are known, and each of its itineraries moves by known services.
    """
    found = plan.drayage
    yield from line_findings(plan)
    charged = charged_by_end(plan)
    if found is None:
        for (shipment, part, _), amount in charged.items():
            where = f"itinerary {part} of {shipment}"
            yield Finding("drayage", where, f"drayage of {amount} without any truck.")
        return
    yard = Yard(facts, plan, found)
    unknown = [*unpriced(yard), *_unknown(yard)]
    yield from unknown
    if unknown:
        return
    for number, route in enumerate(found.routes, 1):
        where = f"truck route {number} in {route.city}"
        yield from (Finding("drayage", where, text) for text in _route(yard, route))
    yield from _coverage(yard)
    yield from _fleet(yard)
    yield from money_findings(yard, charged)


def _unknown(yard: Yard) -> Iterator[Finding]:
    cities = {one.city: one.country for one in yard.instance.terminals}
    for route in yard.found.routes:
        if route.city not in cities:
            yield Finding("drayage", "trucks", f"city '{route.city}' is unknown.")
        elif yard.found.trucks_of(route.city, cities[route.city]) is None:
            yield Finding("drayage", "trucks", f"no trucks serve {route.city}.")
        for stop in route.stops:
            if (stop.shipment, stop.part) not in yard.parts:
                message = f"part {stop.part} of shipment '{stop.shipment}' is not in the plan."
                yield Finding("drayage", f"trucks in {route.city}", message)
            elif (stop.shipment, stop.end) not in yard.doors:
                message = f"{stop.shipment} has no door at its {stop.end.value}."
                yield Finding("drayage", f"trucks in {route.city}", message)


def _route(yard: Yard, route: TruckRoute) -> Iterator[str]:
    country = next(one.country for one in yard.instance.terminals if one.city == route.city)
    trucks = yard.found.trucks_of(route.city, country)
    if trucks is None:
        return
    depot = yard.depot(route.city, trucks)
    if not _same((route.depot.lat, route.depot.lon), depot):
        yield f"starts at {route.depot.name}, which is not the depot of the city."
    names = yard.names_at(route.city, trucks, depot)
    if route.depot.name not in names:
        yield f"starts at '{route.depot.name}', expected {' or '.join(sorted(names))}."
    for stop in route.stops:
        yield from _place(yard, stop, depot)
        yield from _named(yard, stop, names)
        yield from _window(yard, stop)
    yield from _pace(yard, route, trucks)
    yield from _load(yard, route, trucks)
    path = [depot, *(_point(stop) for stop in route.stops), depot]
    cost = day_units(yard.instance, trucks) + sum(
        move_units(yard.instance, a, b, trucks) for a, b in pairwise(path)
    )
    currency = yard.instance.statement.currency
    if route.cost != money(cost, currency):
        yield f"costs {route.cost}, expected {money(cost, currency)}."
    km = sum(road_km(a, b, trucks) for a, b in pairwise(path))
    if abs(km - route.distance_km) > _METRES + 1e-9 * km:
        yield f"is {route.distance_km:g} km long, expected {km:.3f}."


def _point(stop: TruckStop) -> Point:
    return stop.place.lat, stop.place.lon


def _same(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < 1e-9 and abs(a[1] - b[1]) < 1e-9


def _at_door(stop: TruckStop) -> bool:
    """Full boxes are taken at an origin's door and left at a destination's; empties reversed."""
    return (stop.end is DoorEnd.ORIGIN) == (stop.full == stop.takes)


def _place(yard: Yard, stop: TruckStop, depot: Point) -> Iterator[str]:
    door = yard.doors[stop.shipment, stop.end]
    terminal = yard.terminal(stop.shipment, stop.end)
    right = (terminal.lat, terminal.lon) if stop.full else depot
    if _at_door(stop):
        right = (door.lat, door.lon)
    if not _same(_point(stop), right):
        kind = "full" if stop.full else "empty"
        yield f"handles a {kind} box of {stop.shipment} at {stop.place.name}, the wrong place."


def _named(yard: Yard, stop: TruckStop, depots: set[str]) -> Iterator[str]:
    """What a stop is called, as it stands on the bill, and how large its box is."""
    names = {yard.terminal(stop.shipment, stop.end).id} if stop.full else depots
    if _at_door(stop):
        names = {yard.doors[stop.shipment, stop.end].name}
    if stop.place.name not in names:
        yield f"stops at '{stop.place.name}', expected {' or '.join(sorted(names))}."
    teu = yard.instance.shipment[stop.shipment].container_type.teu
    if stop.teu != teu:
        yield f"handles a box of {stop.teu} TEU of {stop.shipment}, expected {teu}."


def _window(yard: Yard, stop: TruckStop) -> Iterator[str]:
    terminal = yard.terminal(stop.shipment, stop.end)
    local = stop.at.astimezone(ZoneInfo(terminal.time_zone))
    itinerary, door = yard.parts[stop.shipment, stop.part], yard.doors[stop.shipment, stop.end]
    shown = f"{local:%Y-%m-%d %H:%M}"
    if _at_door(stop):
        hour = local.hour + local.minute / 60 + local.second / 3600
        if not door.opens_hour - 1e-3 <= hour <= door.closes_hour + 1e-3:
            hours = f"{door.opens_hour:g} to {door.closes_hour:g} h"
            yield f"is at {door.name} at {shown}, outside its hours, {hours}."
    elif stop.full and stop.end is DoorEnd.ORIGIN:
        if stop.at > yard.handover(itinerary):
            yield f"brings {stop.shipment} to {terminal.id} at {shown}, after its cutoff."
    elif stop.full and stop.at < itinerary.delivered:
        yield f"takes {stop.shipment} at {terminal.id} at {shown}, before it is free."


def _handling(yard: Yard, stop: TruckStop) -> timedelta:
    hours = yard.doors[stop.shipment, stop.end].handling_hours if _at_door(stop) else GATE_HOURS
    return timedelta(seconds=round(exact(hours) * 3600))


def _pace(yard: Yard, route: TruckRoute, trucks: Trucks) -> Iterator[str]:
    depot = route.depot.lat, route.depot.lon
    free, here = route.leaves, depot
    for stop in route.stops:
        arrives = free + timedelta(minutes=road_minutes(here, _point(stop), trucks))
        if stop.at < arrives:
            yield f"cannot be at {stop.place.name} before {arrives:%Y-%m-%d %H:%M}."
        free, here = stop.at + _handling(yard, stop), _point(stop)
    if route.returns < free + timedelta(minutes=road_minutes(here, depot, trucks)):
        yield "returns sooner than it can drive."
    hours = (route.returns - route.leaves).total_seconds() / 3600
    if hours > trucks.shift_hours + 1e-3:
        yield f"is under way for {hours:.1f} h, a shift has {trucks.shift_hours:g}."


def _load(yard: Yard, route: TruckRoute, trucks: Trucks) -> Iterator[str]:
    aboard: Counter[Box] = Counter()
    for stop in route.stops:
        box: Box = (stop.shipment, stop.part, stop.end, stop.full)
        aboard[box] += 1 if stop.takes else -1
        if aboard[box] < 0:
            yield f"leaves a box of {stop.shipment} that it does not carry."
        teu = tonnes = 0.0
        for (shipment, _, _, full), boxes in aboard.items():
            one = yard.instance.shipment[shipment]
            kind = one.container_type
            teu += boxes * kind.teu
            tonnes += boxes * (one.loaded_tonnes / one.boxes if full else kind.tare_tonnes)
        if teu > trucks.capacity_teu or tonnes > trucks.capacity_tonnes + 1e-6:
            yield (
                f"carries {teu:g} TEU and {tonnes:.1f} t, a truck takes {trucks.capacity_teu} TEU "
                f"and {trucks.capacity_tonnes:g} t."
            )
    for (shipment, *_), boxes in aboard.items():
        if boxes > 0:
            yield f"comes back with a box of {shipment}."


def _coverage(yard: Yard) -> Iterator[Finding]:
    """Every box of every door is brought and fetched once, or said to be left."""
    done: Counter[Box] = Counter()
    for route in yard.found.routes:
        done.update((s.shipment, s.part, s.end, s.full) for s in route.stops if s.takes)
    done.update((one.shipment, one.part, one.end, one.full) for one in yard.found.undone)
    wanted: dict[Box, int] = {}
    for (shipment, part), one in yard.parts.items():
        boxes = one.teu // yard.instance.shipment[shipment].container_type.teu
        for end in DoorEnd:
            if (shipment, end) in yard.doors:
                wanted |= {(shipment, part, end, full): boxes for full in (True, False)}
    for box in sorted(wanted.keys() | done.keys()):
        if wanted.get(box, 0) != done[box]:
            what = "full" if box[3] else "empty"
            message = f"{done[box]} trips of {what} boxes, expected {wanted.get(box, 0)}."
            where = f"{box[2].value} of part {box[1]} of {box[0]}"
            yield Finding("drayage", where, message)
    if yard.found.trips != sum(wanted.values()):
        message = f"{yard.found.trips} trips are stated, expected {sum(wanted.values())}."
        yield Finding("drayage", "trucks", message)


def _fleet(yard: Yard) -> Iterator[Finding]:
    """No city uses more trucks on a day than it has."""
    used: Counter[tuple[str, str]] = Counter()
    country = {one.city: one.country for one in yard.instance.terminals}
    for route in yard.found.routes:
        used[route.city, route.leaves.date().isoformat()] += 1
    for (city, day), count in used.items():
        trucks = yard.found.trucks_of(city, country[city])
        if trucks is not None and trucks.trucks is not None and count > trucks.trucks:
            message = f"{count} trucks on {day}, there are {trucks.trucks}."
            yield Finding("drayage", f"trucks in {city}", message)
