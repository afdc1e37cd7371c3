"""What trucks drive and cost: great circles times a detour, whole smallest units for every move."""

from __future__ import annotations

from math import ceil

from freight.domain.drayage import Trucks
from freight.domain.earth import great_circle_km
from freight.domain.instance import Instance
from freight.domain.money import units

Point = tuple[float, float]
"""Latitude and longitude in degrees."""
GATE_HOURS = 0.25
"""To take or leave a box at a terminal or depot (assumption)."""


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
