"""Loading lists: which boxes of which shipment ride a departure, from which stop to which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from freight.domain.instance import Instance
from freight.domain.plan import Plan, Ride
from freight.domain.shipment import Shipment
from freight.report.tables.record import Record, utc


@dataclass(frozen=True)
class LoadingLine:
    """Boxes of one shipment that ride one departure together."""

    departure: str
    ride: Ride
    shipment: Shipment
    boxes: int
    teu: int
    goods_tonnes: float
    """Goods with packing."""
    loaded_tonnes: float
    """Goods and boxes, with typical tare masses."""


def loading_lines(
    plan: Plan, instance: Instance, departure: str | None = None
) -> Iterator[LoadingLine]:
    """Lines of one departure or of all, in the order of departures, stops and shipments."""
    lines: dict[str, list[LoadingLine]] = {run.departure: [] for run in plan.departures}
    for itinerary in plan.itineraries:
        shipment = instance.shipment[itinerary.shipment]
        boxes = itinerary.teu // shipment.container_type.teu
        tare = boxes * shipment.container_type.tare_tonnes
        for step in itinerary.steps:
            if isinstance(step, Ride) and departure in (None, step.departure):
                lines.setdefault(step.departure, []).append(
                    LoadingLine(
                        departure=step.departure,
                        ride=step,
                        shipment=shipment,
                        boxes=boxes,
                        teu=itinerary.teu,
                        goods_tonnes=itinerary.loaded_tonnes - tare,
                        loaded_tonnes=itinerary.loaded_tonnes,
                    )
                )
    for aboard in lines.values():
        yield from sorted(aboard, key=_order)


def _order(line: LoadingLine) -> tuple[int, int, str]:
    return line.ride.from_sequence, line.ride.to_sequence, line.shipment.id


def loading(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row for every shipment on every departure that it rides."""
    for line in loading_lines(plan, instance):
        shipment = line.shipment
        yield {
            "departure": line.departure,
            "from_terminal": line.ride.from_terminal,
            "departs": utc(line.ride.departs),
            "to_terminal": line.ride.to_terminal,
            "arrives": utc(line.ride.arrives),
            "shipment": shipment.id,
            "owner": shipment.owner,
            "consignor": shipment.consignor,
            "consignee": shipment.consignee,
            "container_type": shipment.container_type.value,
            "boxes": line.boxes,
            "teu": line.teu,
            "goods_en": shipment.goods_en,
            "goods_zh": shipment.goods_zh,
            "goods_tonnes": line.goods_tonnes,
            "loaded_tonnes": line.loaded_tonnes,
            "dangerous": shipment.dangerous,
            "reefer": shipment.reefer,
            "destination": shipment.destination,
            "due": utc(shipment.due),
        }
