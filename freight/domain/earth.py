"""Distances on the sphere and the rough extent of countries.

The boxes of countries are drawn around Natural Earth outlines (public domain) with a degree to
spare; they tell gross errors only and are no statement on any border.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

EARTH_KM: Final = 6371.0088
"""Mean radius."""
Box = tuple[float, float, float, float]
"""South, north, west and east in degrees."""


def great_circle_km(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Kilometres between two points of latitude and longitude in degrees (haversine)."""
    (lat, lon), (other_lat, other_lon) = start, end
    north, south = math.radians(lat), math.radians(other_lat)
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


@cache
def _boxes() -> Mapping[str, tuple[Box, ...]]:
    text = (files("freight.domain") / "facts" / "countries.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[Box, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        south, north, west, east = (float(row[key]) for key in ("south", "north", "west", "east"))
        country = row["country"]
        found[country] = (*found.get(country, ()), (south, north, west, east))
    return MappingProxyType(found)


def may_lie_in(lat: float, lon: float, country: str) -> bool:
    """Whether a point lies in or near a country; always so for one whose extent is not known."""
    boxes = _boxes().get(country)
    return boxes is None or any(
        south <= lat <= north and west <= lon <= east for south, north, west, east in boxes
    )
