"""What a planner looks at first: boxes not planned, late ones, trains thin or not run at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table

from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Plan, Run
from freight.domain.service import Mode
from freight.report.tables.offered import not_run
from freight.report.terminal import clock, percent, table

FIRST = 5
"""Rows of each table where not all are asked for."""
THIN = 0.5
"""A train that pays for itself alone is thin below this share of its slots on its fullest leg."""


@dataclass(frozen=True)
class LateShipment:
    """A shipment of which boxes arrive after the due date."""

    shipment: str
    owner: str
    teu: int
    """Late ones."""
    late_hours: float
    """Of the last box."""
    delivered: datetime
    teu_days: float


def late_shipments(plan: Plan) -> list[LateShipment]:
    """Late shipments, those with most TEU-days late first."""
    late: defaultdict[str, list[Itinerary]] = defaultdict(list)
    for itinerary in plan.itineraries:
        if itinerary.late_hours > 0:
            late[itinerary.shipment].append(itinerary)
    rows = [
        LateShipment(
            shipment=shipment,
            owner=parts[0].owner,
            teu=sum(part.teu for part in parts),
            late_hours=max(part.late_hours for part in parts),
            delivered=max(part.delivered for part in parts),
            teu_days=sum(part.teu * part.late_hours for part in parts) / 24,
        )
        for shipment, parts in late.items()
    ]
    return sorted(rows, key=lambda row: (-row.teu_days, row.shipment))


def thin_trains(plan: Plan) -> list[Run]:
    """Trains with a fixed cost of which less than ``THIN`` of the slots is used, emptiest first."""
    trains = (run for run in plan.departures if run.mode is Mode.RAIL and run.fixed_cost)
    return sorted((run for run in trains if run.load_factor < THIN), key=_emptiness)


def _emptiness(run: Run) -> tuple[float, str]:
    return run.load_factor, run.departure


def attention(plan: Plan, instance: Instance | None, most: int) -> Iterator[RenderableType]:
    """A table for each kind of trouble that there is; ``most`` 0: every row of it."""
    rows = min(most, FIRST) if most else None
    if plan.unserved:
        yield _unserved_table(plan, instance, rows)
    if late := late_shipments(plan):
        yield _late_table(late, instance, rows)
    if thin := thin_trains(plan):
        yield _thin_table(thin, instance, rows)
    if instance is not None and (idle := _idle_table(plan, instance, rows)) is not None:
        yield idle


def _of(shown: int | None, number: int) -> str:
    return f"{number:,}" if shown is None or shown >= number else f"first {shown} of {number:,}"


def _customer(shipment: str, instance: Instance | None) -> str:
    return "" if instance is None else instance.shipment[shipment].consignee


def _unserved_table(plan: Plan, instance: Instance | None, rows: int | None) -> Table:
    title = f"Not planned: {_of(rows, len(plan.unserved))}"
    columns = ("shipment", "customer", "why", "TEU", f"penalty {plan.currency}")
    view = table(title, *columns, text_columns=3)
    heaviest = sorted(plan.unserved, key=lambda left: (-left.penalty, left.shipment))
    for left in heaviest[:rows]:
        customer = _customer(left.shipment, instance)
        view.add_row(left.shipment, customer, left.reason, str(left.teu), f"{left.penalty:,.0f}")
    return view


def _late_table(late: list[LateShipment], instance: Instance | None, rows: int | None) -> Table:
    columns = ("shipment", "customer", "due", "arrives", "TEU", "days late")
    view = table(f"Late: {_of(rows, len(late))}", *columns, text_columns=4)
    for row in late[:rows]:
        due = arrives = ""
        if instance is not None:
            shipment = instance.shipment[row.shipment]
            zone = instance.terminal[shipment.destination].time_zone
            due, arrives = clock(shipment.due, zone), clock(row.delivered, zone)
        customer = _customer(row.shipment, instance)
        days = f"{row.late_hours / 24:,.1f}"
        view.add_row(row.shipment, customer, due, arrives, f"{row.teu:,}", days)
    return view


def _thin_table(thin: list[Run], instance: Instance | None, rows: int | None) -> Table:
    title = f"Trains with less than {percent(THIN, 0)} of their slots used: {_of(rows, len(thin))}"
    view = table(title, "departure", "owner", "TEU", "slots", "load", "minimum", text_columns=2)
    for run in thin[:rows]:
        fullest = max(run.legs, key=lambda leg: leg.teu / leg.capacity_teu)
        least = 0.0 if instance is None else instance.service[run.service].minimum_load_teu
        figures = (
            f"{fullest.teu:,.0f}",
            f"{fullest.capacity_teu:,.0f}",
            percent(run.load_factor, 0),
        )
        view.add_row(
            run.departure, run.owner, *figures, f"{least * run.runs:,.0f}" if least else ""
        )
    return view


def _idle_table(plan: Plan, instance: Instance, rows: int | None) -> Table | None:
    """Trains that do not run, by service; None where all do."""
    idle = Counter(
        dated.service
        for dated in not_run(plan, instance)
        if instance.service[dated.service].mode is Mode.RAIL
    )
    if not idle:
        return None
    running = Counter[str]()
    for run in plan.departures:
        running[run.service] += 1
    title = f"Trains not run: {idle.total():,} (services: {_of(rows, len(idle))})"
    view = table(title, "service", "owner", "not run", "run", "minimum TEU", text_columns=2)
    for service, count in idle.most_common(rows):
        record = instance.service[service]
        least = f"{record.minimum_load_teu:,.0f}" if record.minimum_load_teu else ""
        view.add_row(service, record.owner, f"{count:,}", f"{running[service]:,}", least)
    return view
