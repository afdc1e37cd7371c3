"""The trucks of a plan followed stop by stop: hours, loads, windows, cutoffs, cost and shares.

Nothing is shared with what plans them but the price list of :mod:`freight.domain.charges`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
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
from freight.domain.charges.truck_shares import Bearer, shares
from freight.domain.drayage import DoorEnd, Drayage, TruckRoute, Trucks, TruckStop
from freight.domain.money import money
from freight.domain.plan import ChargeKind, Dwell, Itinerary, Plan, Ride
from freight.domain.terminal import Terminal, TerminalKind
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding

Box = tuple[str, int, DoorEnd, bool]
"""Shipment, part, end, full."""
_METRES = 1e-3
_ZERO = Decimal(0)


class Yard:
    """The doors, itineraries and trucks that routes are checked against."""

    def __init__(self, facts: Facts, plan: Plan, found: Drayage) -> None:
        self.instance, self.found = facts.instance, found
        self.doors = {(one.shipment, one.end): one for one in found.doors}
        self.parts: dict[tuple[str, int], Itinerary] = {}
        count: Counter[str] = Counter()
        for one in plan.itineraries:
            count[one.shipment] += 1
            self.parts[one.shipment, count[one.shipment]] = one

    def terminal(self, shipment: str, end: DoorEnd) -> Terminal:
        """Where boxes of a shipment begin or end between terminals."""
        one = self.instance.shipment[shipment]
        return self.instance.terminal[one.origin if end is DoorEnd.ORIGIN else one.destination]

    def depot(self, city: str, trucks: Trucks) -> Point:
        """Where the trucks of a city stand."""
        if trucks.depot and trucks.lat is not None and trucks.lon is not None:
            return trucks.lat, trucks.lon
        some = [one for one in self.instance.terminals if one.city == city]
        own = [one for one in some if one.kind is TerminalKind.DEPOT]
        first = (own or some)[0]
        return first.lat, first.lon

    def handover(self, one: Itinerary) -> datetime:
        """When full boxes must be at the origin."""
        first = next(step for step in one.steps if not isinstance(step, Dwell))
        if isinstance(first, Ride):
            cutoff = self.instance.service[first.service].cutoff_hours
            return first.departs - timedelta(hours=cutoff)
        return first.departs


def truck_findings(facts: Facts, plan: Plan) -> Iterator[Finding]:
    """Everything wrong with the trucks of a plan; charges without trucks too."""
    found = plan.drayage
    charged = _charged(plan)
    if found is None:
        for (shipment, part, _), amount in charged.items():
            where = f"itinerary {part} of {shipment}"
            yield Finding("drayage", where, f"drayage of {amount} without any truck.")
        return
    yard = Yard(facts, plan, found)
    unknown = list(_unknown(yard))
    yield from unknown
    if unknown:
        return
    for number, route in enumerate(found.routes, 1):
        where = f"truck route {number} in {route.city}"
        yield from (Finding("drayage", where, text) for text in _route(yard, route))
    yield from _coverage(yard)
    yield from _fleet(yard)
    yield from _money(yard, charged)


def _charged(plan: Plan) -> dict[tuple[str, int, str], Decimal]:
    """Drayage by shipment, part and terminal, as the itineraries say."""
    found: defaultdict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    count: Counter[str] = Counter()
    for itinerary in plan.itineraries:
        count[itinerary.shipment] += 1
        for one in itinerary.charges:
            if one.kind is ChargeKind.DRAYAGE:
                found[itinerary.shipment, count[itinerary.shipment], one.reference] += one.amount
    return dict(found)


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
    for stop in route.stops:
        yield from _place(yard, stop, depot)
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
    if abs(km - route.distance_km) > _METRES * (1 + km):
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
    return timedelta(minutes=round(60 * hours))


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


def _money(yard: Yard, charged: dict[tuple[str, int, str], Decimal]) -> Iterator[Finding]:
    total = sum((one.cost for one in yard.found.routes), _ZERO)
    if total != yard.found.cost:
        message = f"cost is {yard.found.cost}, its routes add up to {total}."
        yield Finding("drayage", "trucks", message)
    due: defaultdict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    for (shipment, part, end), amount in _due(yard).items():
        due[shipment, part, yard.terminal(shipment, end).id] += amount
    for key in sorted(due.keys() | charged.keys()):
        if due.get(key, _ZERO) != charged.get(key, _ZERO):
            shipment, part, place = key
            message = (
                f"drayage at {place} is {charged.get(key, _ZERO)}, expected {due.get(key, _ZERO)}."
            )
            yield Finding("drayage", f"itinerary {part} of {shipment}", message)


def _due(yard: Yard) -> dict[Bearer, Decimal]:
    whole = [one for one in yard.found.routes if one.stops and _paired(one)]
    return shares(whole, yard.instance.statement.currency)


def _paired(route: TruckRoute) -> bool:
    """Whether every box taken is left again; other routes are findings of their own."""
    taken = Counter((s.shipment, s.part, s.end, s.full) for s in route.stops if s.takes)
    left = Counter((s.shipment, s.part, s.end, s.full) for s in route.stops if not s.takes)
    return taken == left
