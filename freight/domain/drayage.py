"""First and last mile: doors, trucks, and the routes that a plan carries once they are planned.

``doors`` and ``trucks`` are tables of their own beside a plan. Amounts of a :class:`Drayage` are in
the currency of its plan and add up: ``cost = Σ routes = Σ charges of kind drayage``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from freight.domain.base import (
    Amount,
    Country,
    Currency,
    Frozen,
    Hours,
    Identifier,
    Instant,
    Latitude,
    Longitude,
    Many,
    Measure,
    Text,
    Tonnes,
    Whole,
)
from freight.domain.money import Cents


class DoorEnd(StrEnum):
    """Which end of a shipment a door is."""

    ORIGIN = "origin"
    DESTINATION = "destination"


class DoorRow(Frozen):
    """Where a shipper hands over or a consignee receives: one row per shipment and end."""

    shipment: Identifier
    """Id of a shipment of the instance."""
    end: DoorEnd
    """Where its boxes are collected, or where they are delivered."""
    address: str = ""
    """As printed for the driver and on the bill."""
    lat: Latitude | None = None
    """Of the door; without it and ``lon`` the middle of ``city`` is taken (assumption)."""
    lon: Longitude | None = None
    """Of the door."""
    city: str = ""
    """A city of the instance, needed where there is no position."""
    opens_hour: Annotated[float, Field(ge=0, le=24)] = 8.0
    """Local clock hour from which trucks are served."""
    closes_hour: Annotated[float, Field(ge=0, le=24)] = 18.0
    """Local clock hour until which trucks are served."""
    handling_hours: Hours = 0.5
    """To couple or uncouple a box; stuffing and stripping happen while it stands there."""
    source: Text
    """Where the row comes from."""


class Door(Frozen):
    """A door with its position known."""

    shipment: Text
    end: DoorEnd
    lat: Latitude
    lon: Longitude
    opens_hour: Annotated[float, Field(ge=0, le=24)] = 8.0
    """Local clock hour."""
    closes_hour: Annotated[float, Field(ge=0, le=24)] = 18.0
    handling_hours: Hours = 0.5
    """To couple or uncouple a box; stuffing and stripping happen while it stands there."""
    source: Text
    address: str = ""

    @property
    def name(self) -> str:
        """As stops are called."""
        return self.address or f"door of {self.shipment}"


class Trucks(Frozen):
    """Trucks of one city: what there are, what they can do and cost, where they stand."""

    city: str = ""
    """City of the instance that they serve; empty: every city without a row of its own."""
    country: Country | None = None
    """Only cities of this country, where no city is named."""
    depot: str = ""
    """Name of where trucks and empty boxes stand; empty: a depot terminal, else the terminal."""
    lat: Latitude | None = None
    """Of the depot, where it is named."""
    lon: Longitude | None = None
    """Of the depot, where it is named."""
    trucks: Annotated[int, Field(ge=1)] | None = None
    """How many there are a day; empty: as many as it takes."""
    cost_per_km: Amount
    """Of driving, loaded or empty."""
    cost_per_truck_day: Amount
    """For every truck that leaves the depot on a day."""
    currency: Currency
    """ISO 4217 code."""
    speed_km_per_hour: Annotated[float, Field(gt=0)]
    """Mean on the road."""
    detour: Annotated[float, Field(ge=1)]
    """Road kilometres per kilometre of great circle."""
    capacity_teu: Annotated[int, Field(ge=1)] = 2
    """One 40-ft box or two 20-ft."""
    capacity_tonnes: Tonnes = 30.0
    """Goods and boxes."""
    shift_hours: Annotated[float, Field(gt=0, le=24)] = 11.0
    """From leaving the depot to being back."""
    source: Text
    """Where the row comes from."""

    def serves(self, city: str, country: str) -> int:
        """How well the row fits a city: 0 not at all, 3 by name, 2 by country, 1 for all."""
        if self.city:
            return 3 if self.city.casefold() == city.casefold() else 0
        if self.country is not None:
            return 2 if self.country == country else 0
        return 1


class Position(Frozen):
    """A named point on the map."""

    name: Text
    lat: Latitude
    lon: Longitude


class TruckStop(Frozen):
    """A truck takes or leaves one box."""

    at: Instant
    """When handling begins, local."""
    place: Position
    takes: bool
    full: bool
    shipment: str
    part: Whole
    """Of the shipment's itineraries in the plan, from 1."""
    end: DoorEnd
    teu: Whole


class TruckRoute(Frozen):
    """One truck on one day, from its depot and back."""

    city: str
    depot: Position
    leaves: Instant
    returns: Instant
    distance_km: Measure
    cost: Cents
    stops: Many[TruckStop]


class LeftBox(Frozen):
    """A trip of a box that no truck makes."""

    shipment: str
    part: Whole
    end: DoorEnd
    full: bool
    reason: Text


class Drayage(Frozen):
    """The trucks of a plan with everything they were planned from."""

    cost: Cents
    routes: Many[TruckRoute]
    undone: Many[LeftBox]
    trips: Whole
    """Trips of boxes asked for: one full and one empty for every box and door."""
    method: str
    seed: Whole
    seconds: Measure
    doors: Many[Door]
    trucks: tuple[Trucks, ...]
    """Rows that the routes are priced by."""

    def trucks_of(self, city: str, country: str) -> Trucks | None:
        """The row that serves a city; None: none does."""
        return trucks_of(self.trucks, city, country)


def trucks_of(rows: tuple[Trucks, ...], city: str, country: str) -> Trucks | None:
    """The row that fits a city best: by its name, by its country, for all; None: none does."""
    best = max(rows, key=lambda one: one.serves(city, country), default=None)
    return best if best is not None and best.serves(city, country) else None
