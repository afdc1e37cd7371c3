"""What trucks drive and cost: great circles times a detour, whole smallest units for every move."""

from __future__ import annotations

from math import asin, ceil, cos, radians, sin, sqrt

from freight.domain.drayage import Trucks
from freight.domain.instance import Instance
from freight.domain.money import units

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
Point = tuple[float, float]
"""Latitude and longitude in degrees."""
GATE_HOURS = 0.25
"""To take or leave a box at a terminal or depot (assumption)."""


def great_circle_km(a: Point, b: Point) -> float:
    """Great-circle distance of two (lat, lon) by the haversine formula (Sinnott 1984)."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    half_lat, half_lon = radians(lat_b - lat_a) / 2, radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def road_km(a: Point, b: Point, trucks: Trucks) -> float:
    """Kilometres by road between two points."""
    return great_circle_km(a, b) * trucks.detour


def road_minutes(a: Point, b: Point, trucks: Trucks) -> int:
    """Driving time, rounded up."""
    return ceil(road_km(a, b, trucks) * 60 / trucks.speed_km_per_hour - 1e-9)


def move_units(instance: Instance, a: Point, b: Point, trucks: Trucks) -> int:
    """Kilometre cost of a move in smallest units of the base currency."""
    amount = road_km(a, b, trucks) * trucks.cost_per_km
    return units(instance.base_amount(amount, trucks.currency), instance.statement.currency)


def day_units(instance: Instance, trucks: Trucks) -> int:
    """Cost of one truck on one day in smallest units of the base currency."""
    amount = instance.base_amount(trucks.cost_per_truck_day, trucks.currency)
    return units(amount, instance.statement.currency)
