"""Stops of the trucks on a bill: what a plan's drayage does with the boxes of one part."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from freight.billing.book import Book
from freight.domain.carriage import TruckCall
from freight.domain.drayage import DoorEnd

Key = tuple[datetime, str, bool, bool]


def calls(book: Book, shipment: str, part: int, end: DoorEnd) -> tuple[TruckCall, ...]:
    """Stops at one end of a part in order of time; boxes handled alike at once are one."""
    if book.plan.drayage is None:
        return ()
    stated = book.instance.shipment[shipment]
    terminal = stated.origin if end is DoorEnd.ORIGIN else stated.destination
    found: Counter[Key] = Counter(
        (stop.at, stop.place.name, stop.takes, stop.full)
        for stop in book.truck_stops.get((shipment, part, end), ())
    )
    return tuple(
        TruckCall(
            at=book.moment(at, terminal),
            place=place,
            door=(end is DoorEnd.ORIGIN) == (full == takes),
            takes=takes,
            full=full,
            boxes=boxes,
        )
        for (at, place, takes, full), boxes in sorted(found.items())
    )
