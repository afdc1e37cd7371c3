"""Doors, itineraries and trucks of a plan, as its routes are checked against them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from freight.domain.charges.drayage import Point
from freight.domain.drayage import DoorEnd, Drayage, Trucks
from freight.domain.plan import Dwell, Itinerary, Plan, Ride
from freight.domain.terminal import Terminal, TerminalKind
from freight.model.audit.facts import Facts


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

    def names_at(self, city: str, trucks: Trucks, point: Point) -> set[str]:
        """What the depot of a city may be called: its own name, or that of a terminal there."""
        if trucks.depot and trucks.lat is not None and trucks.lon is not None:
            return {trucks.depot}
        some = (one for one in self.instance.terminals if one.city == city)
        return {one.id for one in some if (one.lat, one.lon) == point}

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
