"""All-to-all tables between cities by mode, and the circle of 90 minutes around the four capitals.

The table answers with the timetable of the instance; high-speed times are facts of their own, read
from ``routing/high_speed.csv`` with source and date. They are running times of passenger trains:
what an express parcel needs at both ends is not in them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from importlib.resources import files

from freight.domain.base import Frozen
from freight.domain.gazetteer import city_key
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.routing import Request, Router
from freight.routing.by_mode import ways_by
from freight.routing.request import local_moment, places
from freight.routing.search import Search

CIRCLE_MINUTES = 90
_MODES = (Mode.RAIL, Mode.BARGE, Mode.SEA, Mode.AIR, Mode.ROAD)


class MatrixCell(Frozen):
    """Best figures from city to city with one main mode and road to and from it.

    Each figure is the best on its own: the cheapest, the fastest and the greenest way may differ.
    None where no way exists.
    """

    origin: str
    destination: str
    mode: Mode
    cost_per_teu: float | None = None
    hours: float | None = None
    """From ready to delivered, waiting for the first departure included."""
    moving_hours: float | None = None
    """Of the fastest way, from its first departure to delivery."""
    co2e_kg_per_teu: float | None = None
    currency: str


def matrix(router: Router, template: Request, cities: Sequence[str]) -> tuple[MatrixCell, ...]:
    """A cell for every ordered pair of cities and mode; load and times come from the template.

    Raises InstanceError for an unknown city.
    """
    return tuple(
        _cell(router, replace(template, origin=a, destination=b), mode)
        for a in cities
        for b in cities
        if a != b
        for mode in _MODES
    )


def _cell(router: Router, request: Request, mode: Mode) -> MatrixCell:
    instance = router.index.instance
    currency = instance.statement.currency
    cell = MatrixCell(
        origin=request.origin, destination=request.destination, mode=mode, currency=currency
    )
    found = list(ways_by(Search(router.index, request), mode, inland=True))
    if not found:
        return cell
    fastest = min(found, key=lambda one: one.hours)
    began = fastest.itinerary.steps[0]
    start = began.arrives if began.kind == "dwell" else began.departs
    return cell.model_copy(update={
        "cost_per_teu": min(float(one.cost) for one in found) / request.teu,
        "hours": fastest.hours,
        "moving_hours": (fastest.delivered - start).total_seconds() / 3600,
        "co2e_kg_per_teu": min(one.co2e_kg for one in found) / request.teu,
    })  # fmt: skip


class Within(StrEnum):
    """Whether a pair lies within the circle, as far as the source says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # the source gives an upper bound above the circle, or there is none


class HighSpeed(Frozen):
    """Running time of passenger trains between two cities, as published."""

    city_a: str
    city_b: str
    minutes: int
    kind: str
    """``fastest``, ``at most`` or ``about``."""
    as_of: str
    source: str

    @property
    def within(self) -> Within:
        """Whether it is within the circle."""
        if self.minutes <= CIRCLE_MINUTES:
            return Within.YES
        return Within.UNKNOWN if self.kind == "at most" else Within.NO


class CircleRow(Frozen):
    """One pair of cities: high-speed rail beside what road, rail and water take, door to door."""

    city_a: str
    city_b: str
    high_speed: HighSpeed | None
    within: Within
    road_hours: float | None
    rail_hours: float | None
    water_hours: float | None


def high_speed_times() -> tuple[HighSpeed, ...]:
    """The published times."""
    text = files("freight.routing").joinpath("high_speed.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(HighSpeed(**{**row, "minutes": int(row["minutes"])}) for row in rows)


def circle(cells: Sequence[MatrixCell], cities: Sequence[str]) -> tuple[CircleRow, ...]:
    """Every unordered pair of cities; hours on the way from the cells, the better direction.

    Cities may be named in English or Chinese.
    """
    facts = {_pair(one.city_a, one.city_b): one for one in high_speed_times()}

    def hours(pair: frozenset[str], mode: Mode) -> float | None:
        some = [
            one.moving_hours
            for one in cells
            if _pair(one.origin, one.destination) == pair
            and one.mode is mode
            and one.moving_hours is not None
        ]
        return min(some, default=None)

    rows = []
    for i, a in enumerate(cities):
        for b in cities[i + 1 :]:
            pair = _pair(a, b)
            fact = facts.get(pair)
            rows.append(CircleRow(
                city_a=a, city_b=b, high_speed=fact,
                within=fact.within if fact else Within.UNKNOWN,
                road_hours=hours(pair, Mode.ROAD), rail_hours=hours(pair, Mode.RAIL),
                water_hours=hours(pair, Mode.BARGE),
            ))  # fmt: skip
    return tuple(rows)


def _pair(one: str, other: str) -> frozenset[str]:
    return frozenset((city_key(one), city_key(other)))


def city_tables(
    instance: Instance, cities: Sequence[str], ready: datetime | None
) -> tuple[tuple[MatrixCell, ...], tuple[CircleRow, ...]]:
    """Cells and circle for 2 TEU with 20 t of goods; by default for the owners' served cities.

    ``ready`` defaults to the start of the horizon; without an offset it is in the instance's zone.
    Raises InstanceError for an unknown city.
    """
    for one in cities:
        places(instance, one, "--city")
    served = {city_key(one.city) for one in instance.terminals}
    owners = {one.city for one in instance.statement.owners if city_key(one.city) in served}
    chosen = tuple(cities) or tuple(sorted(owners))
    statement = instance.statement
    start = ready or statement.horizon_start
    if start.tzinfo is None:
        start = local_moment(start, statement.time_zone, "ready")
    template = Request("", "", 2, 20.0, start)
    cells = matrix(Router(instance), template, chosen)
    return cells, circle(cells, chosen)
