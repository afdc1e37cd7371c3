"""Consignments and boxes from tables, packed boxes as shipments of an instance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from freight.domain.groupage import BoxOffer, Consignment
from freight.domain.instance import Instance
from freight.domain.measures import exact, total
from freight.domain.shipment import ContainerType, Shipment
from freight.domain.wording import listed, quoted
from freight.errors import Fault, InstanceError
from freight.groupage import GroupagePlan, PackedBox, takes, too_heavy
from freight.io.files import write_text
from freight.io.side_tables import Rows, read_rows, sound, written_rows

_ASSUMED = (
    (ContainerType.GP20, 26.0, 28.0, 1000.0),
    (ContainerType.HC40, 26.5, 65.0, 1900.0),
    (ContainerType.RF20, 25.0, 24.0, 2000.0),
    (ContainerType.RF40, 25.8, 58.0, 3800.0),
)
"""Type, payload in tonnes, usable cubic metres, weight of one box in the objective."""
_AMOUNTS = ("gross_tonnes", "volume_m3")
"""Of a consignment: above 0 to the finest decimal that counts."""


def assumed_boxes(instance: Instance) -> tuple[BoxOffer, ...]:
    """Box types at round figures that count little more than TEU: an assumption for trials."""
    return tuple(
        BoxOffer(
            container_type=kind, payload_tonnes=tonnes, usable_m3=volume, cost=cost,
            currency=instance.statement.currency,
            source="assumption: usual payload, 85 % of the inner volume, 1,000 a 20-ft box, 1,900 "
            "a 40-ft, double with cooling",
        )
        for kind, tonnes, volume, cost in _ASSUMED
    )  # fmt: skip


def read_boxes(path: Path) -> tuple[BoxOffer, ...]:
    """Box types from a CSV file; raises InstanceError with all its faults."""
    rows = read_rows("boxes", path)
    rows.unique(("container_type",))
    offers = cast("tuple[BoxOffer, ...]", rows.records)
    for index, one in enumerate(offers):
        if one.currency != offers[0].currency:
            what = f"{quoted(one.currency)} is not the currency of the first row."
            rows.wrong(index, "currency", what, f"Convert it to {offers[0].currency}.")
        heavy = too_heavy(one)
        if heavy is not None:
            rows.wrong(index, "payload_tonnes", *heavy)
    sound(rows)
    return offers


def read_consignments(
    path: Path, instance: Instance, offers: Sequence[BoxOffer]
) -> tuple[Consignment, ...]:
    """Consignments from a CSV file; raises InstanceError with all its faults."""
    rows = read_rows("consignments", path, instance)
    rows.unique(("id",))
    rows.refer("origin", instance.terminal, "terminal")
    rows.refer("destination", instance.terminal, "terminal")
    rows.refer("owner", instance.owner, "owner")
    for index, one in enumerate(cast("tuple[Consignment, ...]", rows.records)):
        _check(rows, index, one, offers)
    sound(rows)
    return cast("tuple[Consignment, ...]", rows.records)


def _check(rows: Rows, index: int, one: Consignment, offers: Sequence[BoxOffer]) -> None:
    if one.origin == one.destination:
        what = f"{quoted(one.destination)} is where it comes from."
        rows.wrong(index, "destination", what, "Name another terminal.")
    if one.due <= one.ready:
        what = f"It is due {one.due.isoformat()}, not after it is ready."
        rows.wrong(index, "due", what, "Give a later time.")
    for name in _AMOUNTS:
        if not exact(getattr(one, name)):
            what = f"{getattr(one, name):g} is less than anything weighs or takes."
            rows.wrong(index, name, what, "Write at least 0.000000001, or check the unit.")
    if not any(takes(box, one) for box in offers):
        what = f"{one.gross_tonnes:g} t and {one.volume_m3:g} m³ go into no box on offer."
        kinds = listed(box.container_type.value for box in offers)
        rows.wrong(index, "gross_tonnes", what, f"Split it, or offer more than {kinds}.")


def example(instance: Instance) -> tuple[Consignment, ...]:
    """Three rows between the ends of the instance's first shipment, to show the form."""
    first = instance.shipments[0]
    common = {"origin": first.origin, "destination": first.destination, "due": first.due}
    return tuple(
        Consignment(
            **common, id=f"C{i}", gross_tonnes=tonnes, volume_m3=volume, ready=first.ready,
            shipper="example",
        )
        for i, (tonnes, volume) in enumerate(((4.0, 12.0), (6.5, 20.0), (9.0, 25.0)), 1)
    )  # fmt: skip


def shipments(
    instance: Instance, found: GroupagePlan, consignments: Sequence[Consignment], source: str
) -> tuple[Shipment, ...]:
    """One shipment for every packed box, with ids that the instance does not use yet."""
    by_id = {one.id: one for one in consignments}
    boxes = [box for relation in found.relations for box in relation.boxes]
    taken, number, made = set(instance.shipment), 0, []
    for box in boxes:
        number += 1
        while f"GRP-{number:03}" in taken:
            number += 1
        inside = [by_id[name] for name in box.consignments]
        made.append(_shipment(instance, box, inside, (f"GRP-{number:03}", source)))
    return tuple(made)


def _shipment(
    instance: Instance, box: PackedBox, inside: Sequence[Consignment], named: tuple[str, str]
) -> Shipment:
    shippers = list(dict.fromkeys(one.shipper for one in inside))
    codes = {one.hs_code for one in inside}
    names = ", ".join(one.id for one in inside)
    return Shipment(
        id=named[0], owner=_owner(instance, inside), consignor=", ".join(shippers),
        consignee="groupage agent, to be named", origin=box.origin, destination=box.destination,
        container_type=box.container_type, teu=box.container_type.teu,
        gross_tonnes=box.gross_tonnes, value=total(one.value for one in inside),
        currency=instance.statement.currency, hs_code=codes.pop() if len(codes) == 1 else "9999",
        goods_en=f"groupage: {names}", goods_zh=f"集拼货物：{names}",
        packages=sum(one.packages for one in inside), package_kind="PK", ready=box.ready,
        due=box.due, reefer=any(one.reefer for one in inside),
        dangerous=next((one.dangerous for one in inside if one.dangerous), None),
        source=named[1],
    )  # fmt: skip


def _owner(instance: Instance, inside: Sequence[Consignment]) -> str:
    """The owner named first; else the platform of the origin's city, else the first."""
    said = next((one.owner for one in inside if one.owner), "")
    city = instance.terminal[inside[0].origin].city
    owners = instance.statement.owners
    home = next((one.id for one in owners if one.city == city), owners[0].id)
    return said or home


def with_shipments(instance: Instance, added: Sequence[Shipment]) -> Instance:
    """The instance with more shipments; raises InstanceError when one must still be late."""
    late = [one for one in added if one.due <= one.ready]
    if late:
        raise InstanceError([
            Fault("groupage", None, one.id, "is due before it is packed.", "Wait less.")
            for one in late
        ])  # fmt: skip
    tables = {name: getattr(instance, name) for name in Instance.model_fields}
    return Instance(**{**tables, "shipments": (*instance.shipments, *added)})


def write_example(instance: Instance, path: Path, *, force: bool = False) -> None:
    """Write a table of consignments to fill in; raises InstanceError where it cannot be written."""
    write_text(path, written_rows("consignments", example(instance)), force=force)
