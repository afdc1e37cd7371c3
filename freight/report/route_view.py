"""Routes, profiles and matrices as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from freight.domain.clock import clock_text
from freight.domain.instance import Instance
from freight.domain.money import shown
from freight.domain.plan import Move, Ride
from freight.matrix import CircleRow, MatrixCell
from freight.report.console import itinerary_table
from freight.report.terminal import table
from freight.routing import ProfilePoint, RouteOption, Verdict


def options_view(
    options: Sequence[RouteOption], instance: Instance, title: str = "Options that no other beats"
) -> RenderableType:
    """One row per option, cheapest first; numbered so that one can be chosen."""
    currency = instance.statement.currency
    columns = ("", "best in", "by", f"cost {currency}", "per TEU", "days", "delivered", "t CO2e")
    found = table(title, *columns, "changes", "kept", text_columns=3)
    for number, one in enumerate(options, 1):
        teu = one.shipment.teu
        zone = instance.terminal[one.shipment.destination].time_zone
        found.add_row(
            str(number), ", ".join(one.labels), " + ".join(one.modes), f"{one.cost:,.0f}",
            f"{float(one.cost) / teu:,.0f}", f"{one.hours / 24:,.1f}",
            _local(one.delivered, zone), f"{one.co2e_kg / 1000:,.2f}", str(one.changes),
            f"{100 * one.reliability:.0f} %",
        )  # fmt: skip
    found.caption = "kept: odds that all connections are kept (delays are an assumption)"
    return found


def option_view(option: RouteOption, instance: Instance) -> RenderableType:
    """Every step of one option in local time, and its price by charge."""
    zones = {one.id: one.time_zone for one in instance.terminals}
    charges = table("", "charge", option.currency)
    for charge in option.itinerary.charges:
        charges.add_row(f"{charge.kind} {charge.reference}", shown(charge.amount, option.currency))
    charges.add_row("total", shown(option.cost, option.currency))
    return Group(itinerary_table(option.itinerary, zones), charges)


def verdicts_view(verdicts: Sequence[Verdict]) -> RenderableType:
    """Why each mode was or was not chosen."""
    found = table("Why", "mode", "found", "why", text_columns=3)
    for one in verdicts:
        found.add_row(one.mode, one.finding, one.reason)
    return found


def profile_view(points: Sequence[ProfilePoint], currency: str, zone: str) -> RenderableType:
    """The best for every ready moment; moments with the same answer share a row."""
    found = table(
        "By ready moment (from)", "ready", f"cheapest {currency}", "fastest days", "least t CO2e"
    )
    last: tuple[str, ...] = ()
    for one in points:
        row = (
            _figure(one.cheapest_cost, 1, 0), _figure(one.fastest_hours, 24, 1),
            _figure(one.greenest_kg, 1000, 2),
        )  # fmt: skip
        if row != last:
            found.add_row(_local(one.ready, zone), *row)
        last = row
    return found


def matrix_view(cells: Sequence[MatrixCell], circle: Sequence[CircleRow]) -> RenderableType:
    """Cost, time and CO2e between cities by mode, and the circle of ninety minutes."""
    currency = cells[0].currency if cells else ""
    columns = ("from", "to", "main mode", f"{currency} per TEU", "hours", "moving", "kg CO2e/TEU")
    found = table("Best of each on its own", *columns, text_columns=3)
    for one in cells:
        if one.hours is not None:
            figures = (one.cost_per_teu, one.hours, one.moving_hours, one.co2e_kg_per_teu)
            texts = [_figure(value, 1, 0) for value in figures]
            found.add_row(one.origin, one.destination, one.mode, *texts)
    return Group(found, Text(""), _circle(circle)) if circle else found


def _circle(rows: Sequence[CircleRow]) -> RenderableType:
    columns = ("city", "and", "within", "source", "high-speed", "road h", "rail h", "water h")
    found = table("Circle of ninety minutes", *columns, text_columns=5)
    for one in rows:
        fast = one.high_speed
        minutes = f"{fast.kind} {fast.minutes} min" if fast else "?"
        hours = [_figure(x, 1, 1) for x in (one.road_hours, one.rail_hours, one.water_hours)]
        source = fast.source if fast else ""
        found.add_row(one.city_a, one.city_b, one.within, source, minutes, *hours)
    return found


def carriages(option: RouteOption) -> list[str]:
    """What carries the boxes, in order: departures and transfers."""
    steps = option.itinerary.steps
    return [
        one.departure if isinstance(one, Ride) else one.transfer
        for one in steps
        if isinstance(one, Ride | Move)
    ]


def _figure(value: float | None, unit: float, digits: int) -> str:
    return "–" if value is None else f"{value / unit:,.{digits}f}"


def _local(moment: datetime, zone: str) -> str:
    return clock_text(moment, zone, " ")
