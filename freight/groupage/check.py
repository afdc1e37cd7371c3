"""Packed boxes against every rule, by code that the packing does not use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from freight.domain.groupage import BoxOffer, Consignment
from freight.domain.measures import exact
from freight.errors import AuditError
from freight.groupage import GroupagePlan, PackedBox, groupage
from solvers.options import Options


def checked(
    consignments: Sequence[Consignment],
    offers: Sequence[BoxOffer],
    options: Options,
    most_wait_hours: float,
) -> GroupagePlan:
    """Pack and check; raises InstanceError for what cannot be packed, AuditError for a defect."""
    found = groupage(consignments, offers, options, most_wait_hours)
    broken = faults(found, consignments, offers, most_wait_hours)
    if broken:
        raise AuditError(f"groupage: the packing does not hold: {broken[0]} Report this.")
    return found


def faults(
    found: GroupagePlan,
    consignments: Sequence[Consignment],
    offers: Sequence[BoxOffer],
    most_wait_hours: float,
) -> list[str]:
    """Every broken rule in words: each once, fits, goes the same way, may travel together."""
    by_id = {one.id: one for one in consignments}
    boxes = [box for relation in found.relations for box in relation.boxes]
    often = Counter(name for box in boxes for name in box.consignments)
    broken = [f"{name} is in {often[name]} boxes." for name in by_id if often[name] != 1]
    broken += [f"{name} is no consignment." for name in often if name not in by_id]
    offer = {one.container_type: one for one in offers}
    for number, box in enumerate(boxes, 1):
        inside = [by_id[name] for name in box.consignments if name in by_id]
        texts = [*_room(box, inside, offer[box.container_type]), *_together(inside)]
        texts += _times(box, inside, most_wait_hours)
        broken += [f"Box {number}: {text}" for text in texts]
    return broken


def _room(box: PackedBox, inside: Sequence[Consignment], offer: BoxOffer) -> Iterator[str]:
    tonnes = sum((exact(one.gross_tonnes) for one in inside), Decimal(0))
    volume = sum((exact(one.volume_m3) for one in inside), Decimal(0))
    if tonnes > exact(offer.payload_tonnes):
        yield f"{float(tonnes):g} t in a box for {offer.payload_tonnes:g} t."
    if volume > exact(offer.usable_m3):
        yield f"{float(volume):g} m³ in a box for {offer.usable_m3:g} m³."
    for one in inside:
        if (one.origin, one.destination) != (box.origin, box.destination):
            yield f"{one.id} goes another way."
        if one.reefer != offer.container_type.value.endswith("R1"):
            yield f"{one.id} is in a box {'without' if one.reefer else 'with'} cooling."


def _together(inside: Sequence[Consignment]) -> Iterator[str]:
    numbers = {one.dangerous for one in inside if one.dangerous}
    if len(numbers) > 1:
        yield f"{' and '.join(sorted(numbers))} are packed together."
    if numbers and any(one.food for one in inside):
        yield "dangerous goods are packed with food."


def _times(box: PackedBox, inside: Sequence[Consignment], most: float) -> Iterator[str]:
    if not inside:
        return
    first, last = min(one.ready for one in inside), max(one.ready for one in inside)
    if last - first > timedelta(hours=most):
        yield f"a consignment waits longer than {most:g} h."
    if last > min(one.due for one in inside):
        yield "a consignment is due before another is ready."
    if box.ready != last or box.due != min(one.due for one in inside):
        yield "its times are not those of its consignments."
