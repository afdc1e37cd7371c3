"""Flows of a plan on land and coastlines, as a picture by matplotlib."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from itertools import accumulate
from typing import Any

import numpy as np

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.service import Mode
from freight.packages import needed
from freight.report import geojson
from solvers.arrays import Floats

WIDE_INCHES = 8.6
MOST_HIGH = 0.72
"""Of the width."""
MARGIN_DEGREES = 6.0
MOST_NAMED = 14
MOST_ISLAND_DEGREES = 10.0
COLOURS = {
    Mode.RAIL: "#1f5f99", Mode.BARGE: "#12806a", Mode.SEA: "#6b4aa0", Mode.AIR: "#c2570c",
    Mode.ROAD: "#6b7280",
}  # fmt: skip
LAND, WATER, COAST, INK = "#e9ece6", "#f4f8fb", "#9aa8b3", "#17212b"


def flow_map(plan: Plan, instance: Instance, form: str = "png") -> bytes:
    """A picture in the format named (png, svg or pdf): width by TEU, colour by mode.

    Lines are schematic; no boundary of a country is drawn. Raises EngineError without matplotlib.
    """
    matplotlib = needed("matplotlib.figure", "The map needs")
    features = json.loads(geojson.text(plan, instance))["features"]
    flows = [one for one in features if one["properties"]["layer"] == "flow"]
    places = [one for one in features if one["properties"]["layer"] == "terminal"]
    west, east, south, north = _extent(flows)
    shape = min(MOST_HIGH, (north - south) / (east - west) * 1.25)
    figure = matplotlib.Figure(figsize=(WIDE_INCHES, WIDE_INCHES * shape), layout="tight")
    axes = figure.add_subplot(facecolor=WATER)
    _draw_land(axes)
    _draw_flows(axes, flows)
    _draw_places(axes, flows, places)
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], aspect="auto")
    buffer = BytesIO()
    figure.savefig(buffer, format=form, dpi=110)
    return buffer.getvalue()


def _extent(flows: list[Any]) -> tuple[float, float, float, float]:
    """West, east, south and north of all lines, with a margin; Eurasia where there are none."""
    points = [point for one in flows for point in one["geometry"]["coordinates"]]
    if not points:
        return (-12.0, 145.0, -2.0, 66.0)
    lon, lat = np.array(points).T
    pad = MARGIN_DEGREES
    return (lon.min() - pad, lon.max() + pad, max(-80.0, lat.min() - pad), lat.max() + pad)


def _draw_land(axes: Any) -> None:
    collections, path = import_module("matplotlib.collections"), import_module("matplotlib.path")
    shapes = [
        path.Path.make_compound_path(*(path.Path(ring, closed=True) for ring in rings))
        for rings in land()
        if not _across(np.concatenate(rings))
    ]
    drawn = collections.PathCollection(shapes, facecolor=LAND, edgecolor=COAST, linewidth=0.4)
    axes.add_collection(drawn, autolim=False)


def _across(points: Floats) -> bool:
    """Whether an island lies on the antimeridian, where it would be drawn as a line round it."""
    wide, high = np.ptp(points, axis=0)
    return bool(wide > 180.0 and high < MOST_ISLAND_DEGREES)


def _draw_flows(axes: Any, flows: list[Any]) -> None:
    most = max((one["properties"]["teu"] for one in flows), default=1.0)
    seen: set[str] = set()
    for one in sorted(flows, key=lambda flow: -flow["properties"]["teu"]):
        mode, teu = one["properties"]["mode"], one["properties"]["teu"]
        lon, lat = np.array(one["geometry"]["coordinates"]).T
        label = mode if mode not in seen else None
        seen.add(mode)
        axes.plot(
            lon, lat, color=COLOURS[Mode(mode)], linewidth=0.7 + 4.5 * (teu / most) ** 0.5,
            alpha=0.8, solid_capstyle="round", label=label,
        )  # fmt: skip
    if seen:
        for line in axes.legend(loc="lower left", frameon=False, fontsize=8).get_lines():
            line.set_linewidth(3.0)


def _draw_places(axes: Any, flows: list[Any], places: list[Any]) -> None:
    """A dot for every terminal in use, names for the busiest that do not run into each other."""
    handled: dict[str, float] = {}
    for one in flows:
        for end in (one["properties"]["from"], one["properties"]["to"]):
            handled[end] = handled.get(end, 0.0) + one["properties"]["teu"]
    if not places:
        return
    lon, lat = np.array([one["geometry"]["coordinates"] for one in places]).T
    axes.scatter(lon, lat, s=9, color=INK, zorder=3, edgecolors="white", linewidths=0.4)
    wide, high = np.ptp(axes.dataLim.intervalx) * 0.14, np.ptp(axes.dataLim.intervaly) * 0.035
    named: list[tuple[float, float]] = []
    for one in sorted(places, key=lambda place: -handled.get(place["properties"]["id"], 0.0)):
        x, y = one["geometry"]["coordinates"]
        free = all(abs(x - a) > wide or abs(y - b) > high for a, b in named)
        if free and len(named) < MOST_NAMED:
            named.append((x, y))
            axes.annotate(one["properties"]["name_en"], (x, y), (3, 3), fontsize=7, color=INK,
                          textcoords="offset points", zorder=4, annotation_clip=True)  # fmt: skip


@cache
def land() -> tuple[tuple[Floats, ...], ...]:
    """Polygons of land, each an outer ring and its holes in any order; (points × lon, lat).

    TopoJSON: arcs are differences of whole numbers, scaled; a ring strings arcs together, ``~i``
    backwards. Source: topojson-specification, version 1.
    """
    text = files("freight.report").joinpath("assets", "land_50m.json").read_text(encoding="utf-8")
    data = json.loads(text)
    scale, shift = (np.array(data["transform"][key]) for key in ("scale", "translate"))
    arcs = [
        np.array(list(accumulate(arc, lambda a, b: (a[0] + b[0], a[1] + b[1])))) * scale + shift
        for arc in data["arcs"]
    ]
    shapes = data["objects"]["land"]["geometries"]
    return tuple(
        tuple(np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring]) for ring in one)
        for shape in shapes
        for one in _polygons(shape)
    )


def _polygons(shape: Any) -> Iterator[Any]:
    yield from shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
