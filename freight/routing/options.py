"""One way from door to door with its price, times and emissions, ready to be shown or billed."""

from __future__ import annotations

from datetime import datetime

from freight.domain.base import Frozen
from freight.domain.instance import Instance
from freight.domain.money import Cents, money, round_together
from freight.domain.plan import Charge, ChargeKind, Dwell, Itinerary, Ride
from freight.domain.service import Mode
from freight.domain.shipment import Shipment
from freight.model.moments import HOUR, micros
from freight.model.pricing import Line, Pricer
from freight.model.steps import itinerary
from freight.model.trips import Aboard, Carriage, Trip, delivered
from freight.requests.routing import Request
from freight.routing.reliability import reliability
from freight.routing.timetable_index import TimetableIndex, with_shipments


class RouteOption(Frozen):
    """One itinerary offered. The charges are the through price, capital and lateness included.

    ``labels`` say in what it is best: cheapest, fastest, greenest, fewest changes.
    """

    labels: tuple[str, ...] = ()
    cost: Cents
    currency: str
    hours: float
    """From ready to delivered."""
    delivered: datetime
    co2e_kg: float
    changes: int
    """Changes of vehicle: carriages less one."""
    reliability: float
    """Probability that every connection holds (:mod:`freight.routing.reliability`; assumption)."""
    modes: tuple[Mode, ...]
    """Modes of its carriages, in the order they come first."""
    itinerary: Itinerary
    shipment: Shipment


class Quoter:
    """Turns carriages into options for one request between two terminals."""

    def __init__(self, index: TimetableIndex, request: Request, shipment: Shipment) -> None:
        self.request = request
        self.shipment = shipment
        self.instance: Instance = with_shipments(index.instance, (shipment,))
        self.pricer = Pricer(self.instance, index.network, index.crossing)

    def lines(self, carriages: tuple[Carriage, ...]) -> list[Line]:
        """Every charge: the price list, and shares in fixed costs at the load factor asked for."""
        trip = Trip(0, self.shipment.teu, carriages)
        shares = []
        for step, one in enumerate(self.pricer.steps(trip)):
            if isinstance(one, Aboard):
                amount = self._fixed(one)
                departure = self.pricer.network.calls.departure_of(one.load)
                mode = self.instance.service[departure.service].mode
                shares.append(Line(ChargeKind.FIXED, amount, step, departure.id, mode))
        return [one for one in shares if one.amount] + self.pricer.lines(trip)

    def _fixed(self, one: Aboard) -> float:
        calls = self.pricer.network.calls
        service = self.instance.service[calls.departure_of(one.load).service]
        stops = self.instance.stops_of[service.id]
        ridden = [calls.stop_of(c) for c in range(one.load + 1, one.unload + 1)]
        whole = sum(stop.distance_km for stop in stops)
        part = sum(stop.distance_km for stop in ridden) / whole if whole else None
        share = len(ridden) / (len(stops) - 1) if part is None else part
        cost = self.instance.base_amount(service.fixed_cost_per_departure, service.currency)
        slots = service.capacity_teu * self.request.load_factor
        return cost / slots * share * self.shipment.teu

    def option(self, carriages: tuple[Carriage, ...]) -> RouteOption:
        """The option that these carriages make."""
        lines = self.lines(carriages)
        currency = self.instance.statement.currency
        amounts = round_together([one.amount for one in lines], currency)
        charges = [
            Charge(kind=one.kind, amount=money(amount, currency), step=one.step,
                   reference=one.reference, mode=one.mode)
            for one, amount in zip(lines, amounts, strict=True)
        ]  # fmt: skip
        trip = Trip(0, self.shipment.teu, carriages)
        found = itinerary(self.pricer, trip, charges)
        rides = [step for step in found.steps if step.kind != "dwell"]
        return RouteOption(
            cost=found.cost or money(0, currency), currency=currency,
            hours=self.hours(carriages), delivered=found.delivered, co2e_kg=found.co2e_kg,
            changes=len(rides) - 1,
            reliability=reliability(self.instance, found, self.shipment.ready),
            modes=tuple(dict.fromkeys(one.mode for one in rides)),
            itinerary=found, shipment=self.shipment,
        )  # fmt: skip

    def hours(self, carriages: tuple[Carriage, ...]) -> float:
        """Hours from ready to delivered."""
        at = delivered(self.pricer.network, carriages[-1])
        return (at - micros(self.shipment.ready)) / HOUR

    def values(self, carriages: tuple[Carriage, ...]) -> tuple[float, float, float, float]:
        """Cost, hours, kg CO2e and carriages, before rounding."""
        trip = Trip(0, self.shipment.teu, carriages)
        cost = sum(one.amount for one in self.lines(carriages))
        co2e = itinerary(self.pricer, trip, ()).co2e_kg
        return cost, self.hours(carriages), co2e, float(len(carriages))


def main_mode(option: RouteOption) -> Mode:
    """The mode by which the boxes go farthest; of equal ones that which takes longest."""
    far: dict[Mode, tuple[float, float]] = {}
    for step in option.itinerary.steps:
        if not isinstance(step, Dwell):
            km, hours = far.get(step.mode, (0.0, 0.0))
            under_way = (step.arrives - step.departs).total_seconds() / 3600
            far[step.mode] = km + step.distance_km, hours + under_way
    return max(far, key=far.__getitem__)


def rides_of(option: RouteOption) -> tuple[Ride, ...]:
    """The rides of an option."""
    return tuple(one for one in option.itinerary.steps if isinstance(one, Ride))
