"""What drayage is planned from: doors of shippers and consignees, and what a truck costs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import asin, cos, pi, radians, sin, sqrt
from typing import Annotated

import numpy as np
from pydantic import Field

from freight.domain.base import Amount, Currency, Frozen, Hours, Latitude, Longitude, Text
from freight.domain.instance import Instance
from freight.domain.wording import quoted
from freight.errors import Fault, InstanceError

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


class DoorEnd(StrEnum):
    """Which end of a shipment a door is."""

    ORIGIN = "origin"
    DESTINATION = "destination"


class Door(Frozen):
    """Where a shipper hands over or a consignee receives: one row per shipment and end."""

    shipment: Text
    end: DoorEnd
    lat: Latitude
    lon: Longitude
    opens_hour: Annotated[float, Field(ge=0, lt=24)] = 8.0
    """Local clock hour."""
    closes_hour: Annotated[float, Field(gt=0, le=24)] = 18.0
    handling_hours: Hours = 0.5
    """To couple or uncouple a box; stuffing and stripping happen while it stands there."""
    source: Text


class TruckTariff(Frozen):
    """What trucks can do and cost."""

    cost_per_km: Amount
    cost_per_truck_day: Amount
    currency: Currency
    speed_km_per_hour: Annotated[float, Field(gt=0)]
    detour: Annotated[float, Field(ge=1)]
    """Road kilometres per kilometre of great circle."""
    capacity_teu: Annotated[int, Field(ge=1)] = 2
    capacity_tonnes: Annotated[float, Field(gt=0)] = 30.0
    shift_hours: Annotated[float, Field(gt=0)] = 11.0
    source: Text


CHINESE_TRUCKS = TruckTariff(
    cost_per_km=4.0, cost_per_truck_day=600.0, currency="CNY", speed_km_per_hour=60.0, detour=1.3,
    source="assumption: 8.0 CNY/FEU-km one way with empty return (implied by reports on Hefei) is "
    "4.0 each way, its 600 CNY minimum taken per truck and day; 60 km/h as in a published model",
)  # fmt: skip


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (lat, lon) by the haversine formula (Sinnott 1984)."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    half_lat, half_lon = radians(lat_b - lat_a) / 2, radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def check_doors(instance: Instance, doors: Sequence[Door]) -> None:
    """Raise InstanceError naming every door that fits no shipment, comes twice or never opens."""
    faults: list[Fault] = []
    seen: set[tuple[str, DoorEnd]] = set()
    for row, door in enumerate(doors, start=2):
        if door.shipment not in instance.shipment:
            what = f"{quoted(door.shipment)} is no shipment."
            faults.append(Fault("doors", row, "shipment", what, "Name one of the instance."))
        if (door.shipment, door.end) in seen:
            what = f"{quoted(door.shipment)} has another door at its {door.end.value}."
            faults.append(Fault("doors", row, "end", what, "Keep one of them."))
        if door.closes_hour <= door.opens_hour:
            what = f"The door closes at {door.closes_hour:g} and opens at {door.opens_hour:g}."
            faults.append(Fault("doors", row, "closes_hour", what, "Give a later hour."))
        seen.add((door.shipment, door.end))
    if faults:
        raise InstanceError(faults)


def synthetic_doors(instance: Instance, seed: int, most_km: float = 60.0) -> tuple[Door, ...]:
    """A door for both ends of every shipment, drawn evenly over a disc around its terminal.

    Synthetic, and marked so in ``source``: for trials where addresses are not known.
    """
    rng = np.random.default_rng(seed)
    doors = []
    for shipment in instance.shipments:
        for end, terminal_id in (
            (DoorEnd.ORIGIN, shipment.origin),
            (DoorEnd.DESTINATION, shipment.destination),
        ):
            terminal = instance.terminal[terminal_id]
            away, turn = most_km * sqrt(rng.random()), 2 * pi * rng.random()
            north, east = away * cos(turn) / 111.2, away * sin(turn) / 111.2
            doors.append(Door(
                shipment=shipment.id, end=end, lat=terminal.lat + north,
                lon=terminal.lon + east / cos(radians(terminal.lat)),
                source=f"synthetic: drawn within {most_km:g} km of {terminal.id}, seed {seed}",
            ))  # fmt: skip
    return tuple(doors)
