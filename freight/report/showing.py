"""A plan in a terminal as asked: the whole, one shipment, or one departure."""

from __future__ import annotations

from rich.console import Group, RenderableType

from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Plan
from freight.domain.wording import unknown
from freight.report.console import TOP_DEPARTURES, plan_view, shipment_view
from freight.report.loading_view import known_departure, loading_view
from freight.report.tables.loading import loading
from freight.report.tables.record import Record
from freight.requests.showing import ShowRequest


def show_whole(plan: Plan, instance: Instance | None, request: ShowRequest) -> RenderableType:
    """The plan on one screen, with its instance beside what was asked for."""
    return plan_view(plan, 0 if request.everything else TOP_DEPARTURES, instance)


def show_part(plan: Plan, instance: Instance, request: ShowRequest) -> RenderableType:
    """The shipment and the departure asked for; raises InstanceError for an unknown name."""
    parts: list[RenderableType] = []
    if request.shipment is not None:
        shipment = _known_shipment(instance, request.shipment)
        zones = {terminal.id: terminal.time_zone for terminal in instance.terminals}
        parts.append(shipment_view(plan, shipment, zones))
    if request.departure is not None:
        parts.append(loading_view(plan, instance, request.departure))
    return Group(*parts)


def show_rows(
    plan: Plan, instance: Instance, request: ShowRequest
) -> dict[str, list[Record] | list[Itinerary]]:
    """The same for programs; raises InstanceError for an unknown name."""
    rows: dict[str, list[Record] | list[Itinerary]] = {}
    if request.shipment is not None:
        shipment = _known_shipment(instance, request.shipment)
        rows["itineraries"] = [part for part in plan.itineraries if part.shipment == shipment]
    if request.departure is not None:
        known_departure(plan, instance, request.departure)
        rows["loading"] = [
            row for row in loading(plan, instance) if row["departure"] == request.departure
        ]
    return rows


def _known_shipment(instance: Instance, shipment: str) -> str:
    if shipment not in instance.shipment:
        raise unknown("shipment", shipment, sorted(instance.shipment))
    return shipment
