"""What all bills of one plan have in common, looked up once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice

from freight.billing.numbers import bill_numbers
from freight.billing.terms import Terms
from freight.domain import clock
from freight.domain.bill import Place, SdrRate
from freight.domain.carriage import Moment
from freight.domain.containers import planned_numbers
from freight.domain.digest import digest
from freight.domain.drayage import DoorEnd, TruckStop
from freight.domain.instance import Instance
from freight.domain.plan import Plan, Ride, Run

APART = frozenset({"source", "snapshot"})
LATER = (("agreement",), ("proof", "asked_gap"))
"""Fields of a plan that its digest leaves out: always, or where there is nothing in them."""
SDR = "XDR"
USD_PER_SDR = 1.32
USD_PER_SDR_SOURCE = "typical of October and November 2024 (1.31 to 1.33 USD per SDR)"


@dataclass(frozen=True)
class Book:
    """An instance and one of its plans, with what many bills look up."""

    instance: Instance
    plan: Plan
    terms: Terms = field(default_factory=Terms)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Bill number by shipment: that of the document it replaces, else its own."""
        kept = {shipment: bill.number for shipment, bill in self.terms.earlier.items()}
        return bill_numbers(self.instance, kept)

    @cached_property
    def containers(self) -> dict[str, tuple[str, ...]]:
        """Planned container numbers by shipment, for every box of the book, in its order.

        Boxes of a document that is replaced keep their numbers.
        """
        kept = {
            shipment: [box.number for part in bill.parts for box in part.containers]
            for shipment, bill in self.terms.earlier.items()
        }
        taken = {number for numbers in kept.values() for number in numbers}
        stream = (number for number in planned_numbers() if number not in taken)
        found = {}
        for shipment in self.instance.shipments:
            own = kept.get(shipment.id, [])[: shipment.boxes]
            found[shipment.id] = (*own, *islice(stream, shipment.boxes - len(own)))
        return found

    @cached_property
    def plan_digest(self) -> str:
        """Fingerprint of the plan; the instance is in it by its own digest."""
        return digest(self.plan, without=APART, later=LATER)

    @cached_property
    def runs(self) -> dict[str, Run]:
        """Departures that run, by id."""
        return {run.departure: run for run in self.plan.departures}

    @cached_property
    def truck_stops(self) -> dict[tuple[str, int, DoorEnd], list[TruckStop]]:
        """Stops of trucks by shipment, part and end."""
        found: defaultdict[tuple[str, int, DoorEnd], list[TruckStop]] = defaultdict(list)
        for route in self.plan.drayage.routes if self.plan.drayage else ():
            for stop in route.stops:
                found[stop.shipment, stop.part, stop.end].append(stop)
        return dict(found)

    @cached_property
    def company(self) -> dict[str, tuple[int, int]]:
        """By departure: how many shipments ride it, and of how many owners."""
        riders: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for itinerary in self.plan.itineraries:
            for step in itinerary.steps:
                if isinstance(step, Ride):
                    riders[step.departure].add((itinerary.shipment, itinerary.owner))
        return {key: (len(some), len({owner for _, owner in some})) for key, some in riders.items()}

    @cached_property
    def places(self) -> dict[str, Place]:
        """Terminals as printed on a bill."""
        return {
            one.id: Place(
                id=one.id,
                name_en=one.name_en,
                name_zh=one.name_zh,
                kind=one.kind,
                city=one.city,
                country=one.country,
                unlocode=one.unlocode,
            )
            for one in self.instance.terminals
        }

    def moment(self, at: datetime, terminal: str) -> Moment:
        """A time as the clock at a terminal shows it."""
        zone = self.instance.terminal[terminal].time_zone
        return Moment(local=clock.local(at, zone), zone=zone)

    def sdr_rate(self, currency: str) -> SdrRate | None:
        """What one SDR costs in a currency: by the instance's own rate, else by way of the USD."""
        rates = self.instance.rates
        if currency not in rates:
            return None
        if SDR in rates:
            source = next(
                f"{one.source}, {one.date}"
                for one in self.instance.statement.exchange
                if one.currency == SDR
            )
            return SdrRate(currency=currency, per_sdr=rates[currency] / rates[SDR], source=source)
        if "USD" not in rates:
            return None
        per_sdr = USD_PER_SDR * rates[currency] / rates["USD"]
        return SdrRate(currency=currency, per_sdr=per_sdr, source=USD_PER_SDR_SOURCE)
