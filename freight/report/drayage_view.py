"""Trucks of a plan as a table for a terminal and as a CSV file for the drivers."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from freight.domain import money
from freight.domain.drayage import Drayage, TruckRoute, TruckStop
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.io.csv_text import csv_text
from freight.io.values import Cell
from freight.report.terminal import table

MOST_SHOWN = 10
COLUMNS = ("route", "city", "stop", "at", "place", "lat", "lon", "does", "box", "shipment", "part",
           "end", "teu")  # fmt: skip


def drayage_view(instance: Instance, plan: Plan) -> RenderableType:
    """Trucks by city, what is left undone, and where the figures come from."""
    found = plan.drayage
    if found is None:
        return Text("No trucks are planned.")
    parts: list[RenderableType] = [_by_city(found, plan.currency)]
    before = money.shown(plan.cost - found.cost, plan.currency)
    parts.append(Text(
        f"{found.trips:,} trips of boxes, {len(found.undone):,} left. Plan {before} + trucks "
        f"{money.shown(found.cost, plan.currency)} = {money.shown(plan.cost, plan.currency)} "
        f"{plan.currency}."
    ))  # fmt: skip
    left = Counter(f"{one.shipment}, {one.reason}" for one in found.undone)
    for words, boxes in left.most_common(MOST_SHOWN):
        parts.append(Text(f"Left: {words} (× {boxes}).", style="yellow"))
    if len(left) > MOST_SHOWN:
        parts.append(Text(f"… and {len(left) - MOST_SHOWN:,} more of this kind in the file."))
    parts += [
        Text(f"Assumed: {one.removeprefix('assumption: ')}.", style="dim")
        for one in _sources(instance, found)
    ]
    return Group(*parts)


def _by_city(found: Drayage, currency: str) -> RenderableType:
    columns = (
        "city",
        "truck days",
        "trips",
        "km",
        "runs without box",
        f"cost {currency}",
        "per trip",
    )
    shown = table("Trucks", *columns, "left")
    routes: defaultdict[str, list[TruckRoute]] = defaultdict(list)
    for one in found.routes:
        routes[one.city].append(one)
    for city, some in sorted(routes.items()):
        trips = sum(stop.takes for one in some for stop in one.stops)
        km = sum(one.distance_km for one in some)
        cost = sum((one.cost for one in some), Decimal(0))
        shown.add_row(
            city, f"{len(some):,}", f"{trips:,}", f"{km:,.0f}", f"{_bare_share(some):.0%}",
            money.shown(cost, currency), money.shown(cost / trips, currency),
            f"{_left(found, some):,}",
        )  # fmt: skip
    return shown


def _left(found: Drayage, some: list[TruckRoute]) -> int:
    """Trips left whose shipment and end have other trips in the city."""
    here = {(stop.shipment, stop.end) for one in some for stop in one.stops}
    return sum((one.shipment, one.end) in here for one in found.undone)


def _bare_share(some: list[TruckRoute]) -> float:
    """Share of moves driven without any box."""
    moves = bare = 0
    for route in some:
        aboard = 0
        for stop in route.stops:
            moves, bare = moves + 1, bare + (aboard == 0)
            aboard += 1 if stop.takes else -1
        moves, bare = moves + 1, bare + (aboard == 0)
    return bare / max(1, moves)


def _sources(instance: Instance, found: Drayage) -> list[str]:
    """Every assumption about doors and trucks, once."""
    country = {one.city: one.country for one in instance.terminals}
    used = {
        row.source
        for city in {one.city for one in found.routes}
        if (row := found.trucks_of(city, country[city])) is not None
    }
    said = [one for one in sorted(used) if "assum" in one.casefold()]
    doors = Counter(
        "synthetic doors" if one.source.startswith("synthetic") else "doors at the middle of a city"
        for one in found.doors
        if one.source.startswith("synthetic") or "position assumption" in one.source
    )
    return [f"{count} {what}" for what, count in doors.items()] + said


def routes_csv(found: Drayage) -> str:
    """One line per stop of every truck, depots included."""
    rows: list[list[Cell]] = []
    for number, route in enumerate(found.routes, 1):
        depot = route.depot
        ends = ((route.leaves, "leaves depot", 0), (route.returns, "returns", len(route.stops) + 1))
        lines = [_line(number, route.city, i, stop) for i, stop in enumerate(route.stops, 1)]
        place = (depot.name, depot.lat, depot.lon)
        start, end = (
            list[Cell]([number, route.city, i, at.isoformat(), *place, what, *[""] * 5])
            for at, what, i in ends
        )
        rows += [start, *lines, end]
    return csv_text(COLUMNS, rows)


def _line(number: int, city: str, i: int, stop: TruckStop) -> list[Cell]:
    return [
        number, city, i, stop.at.isoformat(), stop.place.name, stop.place.lat, stop.place.lon,
        "takes" if stop.takes else "leaves", "full" if stop.full else "empty", stop.shipment,
        stop.part, stop.end.value, stop.teu,
    ]  # fmt: skip
