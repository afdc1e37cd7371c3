"""Figures on a bill as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from freight.domain.bill import Bill, Part, Place
from freight.domain.carriage import Leg, Moment, TruckCall, Wait
from freight.domain.liability import Regime
from freight.report.words import word

Item = TypeVar("Item")


def amount(value: Decimal | float | int, digits: int) -> str:
    """Thousands grouped: ``1,234.5`` with one digit."""
    return f"{value:,.{digits}f}"


def clock(moment: Moment) -> str:
    """Date and time on the spot, seconds where there are any: ``2026-12-07 22:00``."""
    return f"{moment.local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def offset(moment: Moment) -> str:
    """Offset from UTC: ``+08:00``."""
    return moment.local.isoformat()[-6:] if moment.local.utcoffset() else "+00:00"


def bill_number(number: str) -> str:
    """Owner, day, serial and check digits apart: ``CHAN 261201 000001 09``."""
    return f"{number[:4]} {number[4:10]} {number[10:16]} {number[16:]}"


def marks(bill: Bill) -> list[str]:
    """Whom a document is for, and which revision it is: ``copy.customer``, ``2``."""
    return [" ".join(word(f"copy.{bill.copy_kind}"))] + (
        [f"{' '.join(word('revision'))} {bill.revision}"] if bill.revision else []
    )


def money_lines(bill: Bill) -> list[tuple[str, Decimal, str]]:
    """(word, amount, weight) of every line under charges, in order; ``weight`` says how it counts.

    ``line`` lines make up the ``price``, which says it all where there would be one; ``beside``
    lines are the shipper's own cost of time, no part of it; ``all`` is both together, left out
    where it says nothing new.
    """
    prices = bill.prices if len(bill.prices) > 1 else ()
    lines = [(f"price.{one.kind}", one.amount, "line") for one in prices]
    lines += [(f"charge.{one.kind}", one.amount, "line") for one in bill.charges if one.invoiced]
    lines.append(("price", bill.price, "price"))
    own = [one for one in bill.charges if not one.invoiced]
    lines += [(f"charge.{one.kind}", one.amount, "beside") for one in own]
    return [*lines, ("total", bill.total, "all")] if own else lines


def price_totals(bills: Sequence[Bill]) -> list[tuple[str, Decimal]]:
    """(currency, sum of the prices in it), as customers' copies may be in several."""
    sums: dict[str, Decimal] = {}
    for bill in bills:
        sums[bill.currency] = sums.get(bill.currency, Decimal(0)) + bill.price
    return sorted(sums.items())


def box_number(number: str) -> str:
    """As painted on a box: ``ZZZU 000002 6``."""
    return f"{number[:4]} {number[4:10]} {number[10:]}"


def in_columns(items: Sequence[Item], most: int, rows: int) -> list[Sequence[Item]]:
    """Items in at most ``most`` columns of even height, a column only from ``rows`` items on."""
    count = max(1, min(most, -(-len(items) // rows)))
    height = -(-len(items) // count)
    return [items[start : start + height] for start in range(0, len(items), height)]


def place_line(place: Place) -> str:
    """UN/LOCODE, city and country, as far as known and not said by the name already."""
    known = [place.unlocode, f"{place.city}, {place.country}"]
    return " · ".join(one for one in known if one)


def leg_label(bill: Bill, part: Part, leg: Leg) -> str:
    """``3``, or ``2.3`` where the boxes travel in parts."""
    return f"{part.number}.{leg.number}" if len(bill.parts) > 1 else str(leg.number)


def truck_lines(calls: Sequence[TruckCall], key: str) -> list[str]:
    """What trucks do at doors and with full boxes, headed by a word; nothing without trucks.

    Where empty boxes are fetched and brought back is left out.
    """
    shown = [one for one in calls if one.door or one.full]
    return [" ".join(word(key))] * bool(shown) + [truck_line(one) for one in shown]


def truck_line(call: TruckCall) -> str:
    """``2027-03-03 08:00 +08:00  door of S2: 提重箱 takes full boxes × 2``."""
    does = word(f"truck.{'takes' if call.takes else 'leaves'}.{'full' if call.full else 'empty'}")
    where = f"{clock(call.at)} {offset(call.at)}  {call.place}"
    return f"{where}: {does.zh} {does.en} × {call.boxes}"


def wait_hours(wait: Wait) -> float:
    """Length of a stay."""
    return (wait.departs.local - wait.arrives.local).total_seconds() / 3600


def days(bill: Bill) -> float:
    """From hand-over of the first part to delivery of the last."""
    return (bill.delivered.local - bill.hand_over_by.local).total_seconds() / 86400


def strip_weight(leg: Leg) -> float:
    """How wide a leg is drawn: long legs wider, short ones still legible."""
    return round(math.pow(max(leg.distance_km, 1.0), 0.35), 2)


def grams_per_tkm(bill: Bill) -> float | None:
    """CO2e over the tonne-kilometres of goods; None where nothing moves."""
    tonne_km = sum(
        part.gross_kg / 1000 * sum(leg.distance_km for leg in part.legs) for part in bill.parts
    )
    return 1000 * bill.co2e_kg / tonne_km if tonne_km else None


def sectioned(leg: Leg) -> bool:
    """Whether the stretches of a leg lie under other regimes than the leg is consigned under."""
    return [one.regime for one in leg.sections] != [leg.regime]


def regimes_on_legs(bill: Bill) -> list[Regime]:
    """Regimes of legs and sections, without that of the through carrier."""
    return [one.regime for one in bill.regimes if one.regime is not bill.liability.regime]
