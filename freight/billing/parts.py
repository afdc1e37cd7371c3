"""A shipment's itineraries as parts of its bill: boxes, mass, packages and charges shared out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from freight.billing.book import Book
from freight.billing.route import Cargo, route
from freight.billing.trucks import calls
from freight.domain.bill import ChargeLine, Container, Part
from freight.domain.carriage import Leg, Moment, Wait
from freight.domain.drayage import DoorEnd
from freight.domain.money import money, units
from freight.domain.money import split as shares
from freight.domain.plan import Dwell, Itinerary, Ride
from freight.domain.shipment import Shipment

KG_PER_TONNE = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """What one itinerary carries of its shipment."""

    boxes: int
    gross_kg: int
    packages: int
    value: Decimal


def split(shipment: Shipment, itineraries: Sequence[Itinerary]) -> list[Share]:
    """Share mass, packages and value over the itineraries by their TEU; the rest stays behind."""
    carried = [one.teu for one in itineraries]
    weights = [*carried, max(0, shipment.teu - sum(carried))]
    columns = zip(
        carried,
        shares(round(shipment.gross_tonnes * KG_PER_TONNE), weights),
        shares(shipment.packages, weights),
        shares(units(shipment.value, shipment.currency), weights),
        strict=False,
    )
    box = shipment.container_type.teu
    return [
        Share(teu // box, kg, count, money(worth, shipment.currency))
        for teu, kg, count, worth in columns
    ]


def make_parts(
    book: Book, shipment: Shipment, itineraries: Sequence[Itinerary], split_up: Sequence[Share]
) -> tuple[Part, ...]:
    """The parts of a bill in the order of its itineraries, each with its own boxes."""
    numbers = iter(book.containers[shipment.id])
    found = []
    rows = zip(itineraries, split_up, strict=True)
    for number, (itinerary, share) in enumerate(rows, start=1):
        boxes = [next(numbers) for _ in range(share.boxes)]
        containers = _containers(shipment, boxes, share)
        found.append(_part(book, number, itinerary, share, containers))
    return tuple(found)


def _part(
    book: Book, number: int, itinerary: Itinerary, share: Share, boxes: tuple[Container, ...]
) -> Part:
    steps = route(book, itinerary, Cargo(share.gross_kg, share.packages))
    charges = _charges(itinerary, steps)
    last = itinerary.steps[-1]
    end = last.terminal if isinstance(last, Dwell) else last.to_terminal
    return Part(
        number=number,
        teu=itinerary.teu,
        gross_kg=share.gross_kg,
        packages=share.packages,
        containers=boxes,
        hand_over_by=_hand_over(book, itinerary),
        delivered=book.moment(itinerary.delivered, end),
        late_hours=itinerary.late_hours,
        steps=steps,
        collection=calls(book, itinerary.shipment, number, DoorEnd.ORIGIN),
        delivery=calls(book, itinerary.shipment, number, DoorEnd.DESTINATION),
        co2e_kg=itinerary.co2e_kg,
        charges=charges,
        price=sum((one.amount for one in charges if one.invoiced), money(0, book.plan.currency)),
        total=sum((one.amount for one in charges), money(0, book.plan.currency)),
    )


def _hand_over(book: Book, itinerary: Itinerary) -> Moment:
    """Loading closes for the first ride; a first transfer must find the box when it starts."""
    first = next(step for step in itinerary.steps if not isinstance(step, Dwell))
    hours = book.instance.service[first.service].cutoff_hours if isinstance(first, Ride) else 0.0
    return book.moment(first.departs - timedelta(hours=hours), first.from_terminal)


def _containers(shipment: Shipment, numbers: Sequence[str], share: Share) -> tuple[Container, ...]:
    even = [1] * len(numbers)
    kind = shipment.container_type
    rows = zip(numbers, shares(share.gross_kg, even), shares(share.packages, even), strict=True)
    return tuple(
        Container(
            number=number,
            planned=True,
            size_type=kind.value,
            tare_kg=round(kind.tare_tonnes * KG_PER_TONNE),
            goods_kg=kg,
            packages=count,
        )
        for number, kg, count in rows
    )


def _charges(itinerary: Itinerary, steps: Sequence[Leg | Wait]) -> tuple[ChargeLine, ...]:
    """The itinerary's charges in its own order, each tied to its leg."""
    legs = [step.number if isinstance(step, Leg) else None for step in steps]
    return tuple(
        ChargeLine(
            kind=one.kind,
            amount=one.amount,
            invoiced=one.kind.invoiced,
            mode=one.mode,
            reference=one.reference,
            leg=legs[one.step] if one.step is not None and 0 <= one.step < len(legs) else None,
        )
        for one in itinerary.charges
    )
