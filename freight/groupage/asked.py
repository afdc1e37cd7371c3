"""Groupage as asked for by one record: tables read, goods packed, boxes handed on as shipments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from freight.domain.instance import Instance
from freight.domain.shipment import Shipment
from freight.domain.wording import legible, refused
from freight.groupage import GroupagePlan, files
from freight.groupage.check import checked
from freight.io import check_instance, write
from freight.io.files import write_text
from freight.io.origin import renamed_for
from freight.io.places import check_apart, check_output, inputs
from freight.io.side_tables import written_rows
from freight.requests.groupage import GroupageRequest
from freight.requests.watching import Watcher

MOST_WAIT_HOURS = 366 * 24


@dataclass(frozen=True)
class Packed:
    """The packing, and its boxes as shipments of the instance."""

    plan: GroupagePlan
    shipments: tuple[Shipment, ...]


def check_outputs(request: GroupageRequest, reads: Sequence[Path | str | None] = ()) -> None:
    """Raise InstanceError where the files asked for could not be written after all the work."""
    named = (*reads, request.consignments, request.boxes)
    check_output(request.output, force=request.force, reads=named)
    if request.into is not None:
        check_instance(request.into, force=request.force, reads=inputs(named))
    check_apart(request.output, request.into)


def pack_as_asked(
    instance: Instance, request: GroupageRequest, watcher: Watcher | None = None
) -> Packed:
    """Read, pack and check; nothing is written.

    Raises InstanceError with all faults of the tables, AuditError for a defect.
    """
    if request.consignments is None:
        raise refused("consignments", "No table of goods is given.", "Name one, or --template.")
    if not 0 <= request.most_wait_hours <= MOST_WAIT_HOURS:
        what = f"{request.most_wait_hours:g} h is no time that goods wait for others."
        raise refused("most_wait_hours", what, f"Give 0 to {MOST_WAIT_HOURS:,}.")
    offers = files.read_boxes(request.boxes) if request.boxes else files.assumed_boxes(instance)
    goods = files.read_consignments(request.consignments, instance, offers)
    options = (watcher or Watcher()).of_parts().options(request.seconds, gap=0.0)
    made = checked(goods, offers, options, request.most_wait_hours)
    source = f"freight groupage of {legible(request.consignments.name)}"
    return Packed(made, files.shipments(instance, made, goods, source))


def hand_on(instance: Instance, packed: Packed, request: GroupageRequest) -> tuple[Path, ...]:
    """Write the boxes where the request asks for it; the paths written. Raises InstanceError."""
    written = []
    if request.output is not None:
        write_text(request.output, written_rows("shipments", packed.shipments), force=request.force)
        written.append(request.output)
    if request.into is not None:
        more = files.with_shipments(instance, packed.shipments)
        write(renamed_for(more, request.into), request.into, force=request.force)
        written.append(request.into)
    return tuple(written)
