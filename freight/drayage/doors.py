"""Doors and trucks: read from tables, made up for trials, checked against an instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, radians, sin, sqrt
from pathlib import Path
from statistics import mean
from typing import cast

import numpy as np

from freight.domain.drayage import Door, DoorEnd, DoorRow, Trucks, trucks_of
from freight.domain.instance import Instance
from freight.domain.terminal import Terminal
from freight.domain.wording import listed, quoted
from freight.errors import Fault, InstanceError
from freight.io.files import write_text
from freight.io.side_tables import read_rows, sound, written_rows

CHINESE_TRUCKS = Trucks(
    country="CN", cost_per_km=4.0, cost_per_truck_day=600.0, currency="CNY",
    speed_km_per_hour=60.0, detour=1.3,
    source="assumption: 8.0 CNY/FEU-km one way with empty return (implied by reports on Hefei) is "
    "4.0 each way, its 600 CNY minimum taken per truck and day; 60 km/h as in a published model",
)  # fmt: skip
OTHER_TRUCKS = Trucks(
    cost_per_km=1.2, cost_per_truck_day=350.0, currency="USD", speed_km_per_hour=55.0, detour=1.3,
    shift_hours=10.0,
    source="assumption: 1.2 USD/km and 350 USD a truck and day outside China, 10 h a shift",
)  # fmt: skip
ASSUMED_TRUCKS = (CHINESE_TRUCKS, OTHER_TRUCKS)
_KM_PER_DEGREE = 111.2


def read_doors(path: Path, instance: Instance) -> tuple[Door, ...]:
    """Doors from a CSV file; raises InstanceError with all its faults."""
    rows = read_rows("doors", path)
    rows.refer("shipment", instance.shipment, "shipment")
    rows.refer("city", {one.city for one in instance.terminals}, "city")
    rows.unique(("shipment", "end"))
    for index, one in enumerate(cast("tuple[DoorRow, ...]", rows.records)):
        if (one.lat is None) != (one.lon is None):
            rows.wrong(index, "lon", "Only one of lat and lon is given.", "Give both or neither.")
        elif one.lat is None and not one.city:
            rows.wrong(index, "lat", "The door has no position.", "Give lat and lon, or a city.")
        if one.closes_hour <= one.opens_hour:
            rows.wrong(index, "closes_hour", _never(one), "Give a later hour.")
    sound(rows)
    return tuple(_placed(instance, one) for one in cast("tuple[DoorRow, ...]", rows.records))


def _never(one: DoorRow | Door) -> str:
    return f"The door closes at {one.closes_hour:g} and opens at {one.opens_hour:g}."


def _placed(instance: Instance, row: DoorRow) -> Door:
    values = row.model_dump(exclude={"city"})
    if row.lat is None or row.lon is None:
        some = [one for one in instance.terminals if one.city == row.city]
        values |= {
            "lat": mean(one.lat for one in some), "lon": mean(one.lon for one in some),
            "source": f"{row.source}; position assumption: the middle of the terminals of "
            f"{row.city}",
        }  # fmt: skip
    return Door(**values)


def read_trucks(path: Path, instance: Instance) -> tuple[Trucks, ...]:
    """Trucks from a CSV file; raises InstanceError with all its faults."""
    rows = read_rows("trucks", path)
    rows.refer("city", {one.city for one in instance.terminals}, "city")
    rows.unique(("country", "city"))
    for index, one in enumerate(cast("tuple[Trucks, ...]", rows.records)):
        if one.currency not in instance.rates:
            what = f"{quoted(one.currency)} has no exchange rate in {instance.statement.name}."
            rows.wrong(index, "currency", what, f"Use one of {listed(sorted(instance.rates))}.")
        if (one.lat is None) != (one.lon is None) or bool(one.depot) != (one.lat is not None):
            what = "A depot needs a name, lat and lon."
            rows.wrong(index, "depot", what, "Give all three or none.")
    sound(rows)
    return cast("tuple[Trucks, ...]", rows.records)


def check(instance: Instance, doors: Sequence[Door], trucks: Sequence[Trucks]) -> None:
    """Raise InstanceError naming every door that fits no shipment and every city without trucks."""
    faults = [*_door_faults(instance, doors)]
    rates = instance.rates
    for city, country in dict.fromkeys(cities(instance, doors)):
        row = trucks_of(tuple(trucks), city, country)
        if row is None:
            what = f"No trucks serve {city}."
            remedy = "Add a row for it, or one without city and country for all others."
            faults.append(Fault("trucks", None, "city", what, remedy))
        elif row.currency not in rates:
            what = f"{quoted(row.currency)} has no exchange rate in {instance.statement.name}."
            remedy = "Give trucks in a currency that has one."
            faults.append(Fault("trucks", None, "currency", what, remedy))
    if faults:
        raise InstanceError(list(dict.fromkeys(faults)))


def _door_faults(instance: Instance, doors: Sequence[Door]) -> Iterator[Fault]:
    seen: set[tuple[str, DoorEnd]] = set()
    for row, door in enumerate(doors, start=2):
        if door.shipment not in instance.shipment:
            what = f"{quoted(door.shipment)} is no shipment."
            yield Fault("doors", row, "shipment", what, "Name one of the instance.")
        if (door.shipment, door.end) in seen:
            what = f"{quoted(door.shipment)} has another door at its {door.end.value}."
            yield Fault("doors", row, "end", what, "Keep one of them.")
        if door.closes_hour <= door.opens_hour:
            yield Fault("doors", row, "closes_hour", _never(door), "Give a later hour.")
        seen.add((door.shipment, door.end))


def cities(instance: Instance, doors: Sequence[Door]) -> Iterator[tuple[str, str]]:
    """City and country of the terminal of every door whose shipment is known."""
    for door in doors:
        if door.shipment in instance.shipment:
            terminal = terminal_of(instance, door.shipment, door.end)
            yield terminal.city, terminal.country


def terminal_of(instance: Instance, shipment: str, end: DoorEnd) -> Terminal:
    """The terminal at one end of a shipment."""
    one = instance.shipment[shipment]
    return instance.terminal[one.origin if end is DoorEnd.ORIGIN else one.destination]


def synthetic_doors(instance: Instance, seed: int, most_km: float = 60.0) -> tuple[Door, ...]:
    """A door for both ends of every shipment, drawn evenly over a disc around its terminal.

    Synthetic, and marked so in ``source``: for trials where addresses are not known.
    """
    rng = np.random.default_rng(seed)
    doors = []
    for shipment in instance.shipments:
        for end in DoorEnd:
            terminal = terminal_of(instance, shipment.id, end)
            away, turn = most_km * sqrt(rng.random()), 2 * pi * rng.random()
            north, east = away * cos(turn) / _KM_PER_DEGREE, away * sin(turn) / _KM_PER_DEGREE
            doors.append(Door(
                shipment=shipment.id, end=end, lat=round(terminal.lat + north, 5),
                lon=round(terminal.lon + east / cos(radians(terminal.lat)), 5),
                source=f"synthetic: drawn within {most_km:g} km of {terminal.id}, seed {seed}",
            ))  # fmt: skip
    return tuple(doors)


def template_rows(instance: Instance) -> tuple[DoorRow, ...]:
    """A row for both ends of every shipment, at the city of its terminal, to be filled in."""
    return tuple(
        DoorRow(
            shipment=shipment.id, end=end,
            city=terminal_of(instance, shipment.id, end).city,
            source="assumption: address not known yet",
        )
        for shipment in instance.shipments
        for end in DoorEnd
    )  # fmt: skip


def write_template(instance: Instance, path: Path, *, force: bool = False) -> None:
    """Write the table of doors to fill in; raises InstanceError where it cannot be written."""
    write_text(path, written_rows("doors", template_rows(instance)), force=force)
