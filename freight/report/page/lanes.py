"""How a leg at sea is drawn: along way points of the usual routes, for the eye only."""

from __future__ import annotations

import csv
import heapq
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from freight.domain.earth import great_circle_km

Point = tuple[float, float]
"""Latitude and longitude in degrees."""
NEAR_KM = 2500.0
"""A port farther than this from every way point is drawn straight."""


@dataclass(frozen=True)
class Lanes:
    """Way points and their neighbours; ``canal`` marks edges through the Suez canal."""

    points: dict[str, Point]
    edges: dict[str, tuple[tuple[str, bool], ...]]


@cache
def lanes() -> Lanes:
    """The table of way points that comes with the package."""
    text = (files("freight.report") / "assets" / "sea_lanes.csv").read_text(encoding="utf-8")
    points: dict[str, Point] = {}
    edges: dict[str, list[tuple[str, bool]]] = {}
    for row in csv.DictReader(text.splitlines()):
        points[row["id"]] = (float(row["lat"]), float(row["lon"]))
        if row["next"]:
            canal = row["canal"] == "yes"
            edges.setdefault(row["id"], []).append((row["next"], canal))
            edges.setdefault(row["next"], []).append((row["id"], canal))
    return Lanes(points, {key: tuple(some) for key, some in edges.items()})


def sea_path(start: Point, end: Point, distance_km: float) -> list[Point]:
    """Points to draw between two ports: by Suez or round the Cape, whichever fits the distance."""
    options = [_path(start, end, canal) for canal in (True, False)]
    found = [one for one in options if one is not None]
    direct = great_circle_km(start, end)
    if not found or direct < 300:
        return [start, end]
    best = min(found, key=lambda one: abs(_length(one) - distance_km))
    return best if _length(best) < 3 * max(direct, distance_km) else [start, end]


def _path(start: Point, end: Point, canal: bool) -> list[Point] | None:
    """The shortest way by way points from the port's nearest to the other's (Dijkstra)."""
    net = lanes()
    first, last = (min(net.points, key=lambda k: great_circle_km(at, net.points[k]))
                   for at in (start, end))  # fmt: skip
    ends = ((start, first), (end, last))
    if first == last or any(great_circle_km(a, net.points[b]) > NEAR_KM for a, b in ends):
        return None
    queue: list[tuple[float, str, tuple[str, ...]]] = [(0.0, first, (first,))]
    done: set[str] = set()
    while queue:
        length, at, way = heapq.heappop(queue)
        if at == last:
            return _trimmed([start, *(net.points[key] for key in way), end])
        if at in done:
            continue
        done.add(at)
        for key, is_canal in net.edges[at]:
            if canal or not is_canal:
                step = great_circle_km(net.points[at], net.points[key])
                heapq.heappush(queue, (length + step, key, (*way, key)))
    return None


def _trimmed(points: list[Point]) -> list[Point]:
    """Without a first or last way point that would lead backwards."""
    for first, second, third in ((0, 1, 2), (-1, -2, -3)):
        direct = great_circle_km(points[first], points[third]) if len(points) > 3 else 0.0
        if direct and direct < great_circle_km(points[second], points[third]):
            del points[second]
    return points


def _length(points: list[Point]) -> float:
    return sum(great_circle_km(a, b) for a, b in pairwise(points))
