"""Groupage (集拼): consignments smaller than a container, packed into boxes before they travel.

Consignments with the same origin and destination are packed together, by weight and volume, into
the box types on offer. Two of them never share a box when

- one needs a temperature and the other does not (a reefer box takes nothing else),
- both are dangerous and their UN numbers differ, or one is dangerous and the other food: stricter
  than the segregation table of the IMDG Code (7.2.4), which allows some such pairs,
- the wait would be too long: one is ready more than ``most_wait_hours`` after the other, or only
  after the other is due.

The packing is a bin packing problem with conflicts (:mod:`solvers.packing.bin_packing`), solved
with a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, groupby

import numpy as np
from pydantic import AwareDatetime

from freight.domain.base import Frozen, Identifier
from freight.domain.checks.shipments import overweight
from freight.domain.groupage import BoxOffer, Consignment
from freight.domain.measures import exact, scale_of, total, whole
from freight.domain.money import Cents, money, rounded, units
from freight.domain.shipment import ContainerType
from freight.errors import Fault, InstanceError
from solvers.options import Options
from solvers.outcome import Outcome, relative_gap
from solvers.packing.bin_packing import pack
from solvers.packing.problem import Bin, Packing

_REEFERS = (ContainerType.RF20, ContainerType.RF40)


class PackedBox(Frozen):
    """One box with what is in it; ready when the last consignment is, due when the first is."""

    origin: Identifier
    destination: Identifier
    container_type: ContainerType
    consignments: tuple[Identifier, ...]
    gross_tonnes: float
    volume_m3: float
    weight_share: float
    volume_share: float
    ready: AwareDatetime
    due: AwareDatetime
    cost: Cents


class Relation(Frozen):
    """One origin and destination: its boxes, and how good they are."""

    origin: Identifier
    destination: Identifier
    outcome: Outcome
    cost: Cents
    bound: Cents
    """No packing of this relation costs less."""
    boxes: tuple[PackedBox, ...]


class GroupagePlan(Frozen):
    """Every relation packed."""

    currency: str
    cost: Cents
    bound: Cents
    gap: float
    relations: tuple[Relation, ...]


def groupage(
    consignments: Sequence[Consignment],
    offers: Sequence[BoxOffer],
    options: Options,
    most_wait_hours: float = 168.0,
) -> GroupagePlan:
    """Pack all consignments; the time limit holds for every relation.

    Cancelled, it packs what is left in the first way found.

    Raises InstanceError with everything that cannot be packed or is stated twice.
    """
    _check(consignments, offers)
    ordered = sorted(consignments, key=lambda one: (one.origin, one.destination, one.id))
    relations = tuple(
        _relation(list(some), offers, options, most_wait_hours)
        for _, some in groupby(ordered, key=lambda one: (one.origin, one.destination))
    )
    cost = sum((one.cost for one in relations), Decimal(0))
    bound = sum((one.bound for one in relations), Decimal(0))
    gap = relative_gap(float(cost), float(bound)) or 0.0
    currency = offers[0].currency if offers else ""
    return GroupagePlan(currency=currency, cost=cost, bound=bound, gap=gap, relations=relations)


def packing_of(
    some: Sequence[Consignment], offers: Sequence[BoxOffer], most_wait_hours: float
) -> Packing:
    """The packing problem of one relation: mass and volume in units that make all of them whole."""
    tonnes, volumes = [one.gross_tonnes for one in some], [one.volume_m3 for one in some]
    units_of = [scale_of(tonnes), scale_of(volumes)]
    limits = [[one.payload_tonnes for one in offers], [one.usable_m3 for one in offers]]
    size, capacity = (
        [[whole(one, scale) for one in row] for row, scale in zip(rows, units_of, strict=True)]
        for rows in ([tonnes, volumes], limits)
    )
    fits = [[one.reefer == (box.container_type in _REEFERS) for box in offers] for one in some]
    conflict = [
        (i, j)
        for (i, a), (j, b) in combinations(enumerate(some), 2)
        if why_apart(a, b, most_wait_hours) is not None
    ]
    return Packing(
        size=np.array(size, dtype=np.int64).reshape(2, -1),
        capacity=np.array(capacity, dtype=np.int64).reshape(2, -1),
        cost=np.array([units(one.cost, one.currency) for one in offers], dtype=np.int64),
        fits=np.array(fits, dtype=np.bool_).reshape(len(some), len(offers)),
        conflict=np.array(conflict, dtype=np.int64).reshape(-1, 2),
    )


def why_apart(a: Consignment, b: Consignment, most_wait_hours: float) -> str | None:
    """Why two consignments may not share a box; None when they may."""
    if a.reefer != b.reefer:
        return "only one of them needs a temperature"
    if a.dangerous and b.dangerous and a.dangerous != b.dangerous:
        return f"{a.dangerous} and {b.dangerous} are not packed together"
    if (a.dangerous and b.food) or (b.dangerous and a.food):
        return "dangerous goods are not packed with food"
    first, last = sorted((a, b), key=lambda one: one.ready)
    if (last.ready - first.ready).total_seconds() > 3600 * most_wait_hours:
        return f"one would wait longer than {most_wait_hours:g} h for the other"
    if last.ready > first.due:
        return "one is due before the other is ready"
    return None


def _check(consignments: Sequence[Consignment], offers: Sequence[BoxOffer]) -> None:
    faults: list[Fault] = []
    seen: set[str] = set()
    for row, one in enumerate(consignments, start=2):
        if one.id in seen:
            what = f"Consignment '{one.id}' is stated twice."
            faults.append(Fault("consignments", row, "id", what, "Give each its own id."))
        seen.add(one.id)
        if not any(takes(box, one) for box in offers):
            what = (
                f"'{one.id}' of {one.gross_tonnes:g} t and {one.volume_m3:g} m³ goes into no box "
                "on offer."
            )
            remedy = "Split it, or offer a larger box or a reefer."
            faults.append(Fault("consignments", row, "gross_tonnes", what, remedy))
    faults += [
        Fault("offers", None, "payload_tonnes", *fault)
        for box in offers
        if (fault := too_heavy(box))
    ]
    if len({box.container_type for box in offers}) < len(offers):
        what = "A container type is offered twice."
        faults.append(Fault("offers", None, "container_type", what, "Keep one of them."))
    if len({box.currency for box in offers}) > 1:
        what = "The offers are in different currencies."
        faults.append(Fault("offers", None, "currency", what, "Convert them to one."))
    if faults:
        raise InstanceError(faults)


def takes(box: BoxOffer, one: Consignment) -> bool:
    """Whether a box has room and the right kind for a consignment alone."""
    right = one.reefer == (box.container_type in _REEFERS)
    light = exact(one.gross_tonnes) <= exact(box.payload_tonnes)
    return right and light and exact(one.volume_m3) <= exact(box.usable_m3)


def too_heavy(box: BoxOffer) -> tuple[str, str] | None:
    """What is wrong, and what to do, where a box filled to its payload breaks ISO 668."""
    return overweight(box.container_type, box.container_type.teu, box.payload_tonnes)


def _relation(
    some: list[Consignment], offers: Sequence[BoxOffer], options: Options, most_wait_hours: float
) -> Relation:
    options.listener.iterated(f"packing {some[0].origin} to {some[0].destination}", 0)
    result = pack(packing_of(some, offers, most_wait_hours), options)
    boxes = tuple(_box(one, some, offers) for one in result.bins)
    currency = offers[0].currency
    return Relation(
        origin=some[0].origin, destination=some[0].destination, outcome=result.outcome,
        cost=money(result.objective, currency),
        bound=money(int(result.bound), currency),
        boxes=tuple(sorted(boxes, key=lambda box: box.consignments)),
    )  # fmt: skip


def _box(one: Bin, some: Sequence[Consignment], offers: Sequence[BoxOffer]) -> PackedBox:
    inside, offer = [some[i] for i in one.items], offers[one.type]
    tonnes = total(item.gross_tonnes for item in inside)
    volume = total(item.volume_m3 for item in inside)
    return PackedBox(
        origin=inside[0].origin, destination=inside[0].destination,
        container_type=offer.container_type, consignments=tuple(item.id for item in inside),
        gross_tonnes=tonnes, volume_m3=volume, weight_share=tonnes / offer.payload_tonnes,
        volume_share=volume / offer.usable_m3, ready=max(item.ready for item in inside),
        due=min(item.due for item in inside), cost=rounded(offer.cost, offer.currency),
    )  # fmt: skip
