"""The way of a part of a shipment as its bill tells it: legs, waits, crossings and trucks."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from freight.domain.base import Frozen, Text, ZoneName
from freight.domain.liability import Regime, SdrAmount
from freight.domain.service import Mode
from freight.domain.transfer import CustomsMode, TransferKind


class Stage(StrEnum):
    """Role of a leg in the chain; ``code`` is UN/EDIFACT data element 8051."""

    PRE = "pre"
    MAIN = "main"
    ON = "on"

    @property
    def code(self) -> str:
        """10 pre-carriage, 20 main carriage, 30 on-carriage."""
        return {"pre": "10", "main": "20", "on": "30"}[self.value]


class Moment(Frozen):
    """A point in time as the clock on the spot shows it."""

    local: AwareDatetime
    """With the offset from UTC in force there then."""
    zone: ZoneName


class LiabilitySection(Frozen):
    """The stretch of a leg under one regime, with the limit for this part's goods."""

    regime: Regime
    from_terminal: str
    to_terminal: str
    limit_sdr: SdrAmount | None
    """For the loss of all goods of the part; None: the regime fixes no amount."""


class Crossing(Frozen):
    """A border passed: on board of a ride or by a transfer."""

    transfer: str
    kind: TransferKind
    from_terminal: str
    to_terminal: str
    leaves: Moment
    enters: Moment
    customs: CustomsMode


class Leg(Frozen):
    """One carriage: a ride on one departure, or a transfer between two terminals."""

    kind: Literal["ride", "transfer"]
    number: int
    """From 1 within the part."""
    stage: Stage
    stage_code: str
    mode: Mode
    mode_code: str
    """UNECE Recommendation 19."""
    carrier: str
    service: str | None = None
    service_en: str | None = None
    service_zh: str | None = None
    departure: str | None = None
    transfer: str | None = None
    transfer_kind: TransferKind | None = None
    customs: CustomsMode | None = None
    """Of a transfer."""
    from_terminal: str
    to_terminal: str
    closes: Moment | None = None
    """When loading closes for a ride."""
    departs: Moment
    arrives: Moment
    distance_km: float
    co2e_kg: float
    crossings: tuple[Crossing, ...]
    regime: Regime
    """That the leg is consigned under; its sections may lie under others."""
    sections: tuple[LiabilitySection, ...]


class Wait(Frozen):
    """A stay at a terminal between two legs, handling apart."""

    kind: Literal["wait"] = "wait"
    terminal: str
    arrives: Moment
    departs: Moment
    handling_hours: float
    storage_hours: float
    """Beyond the free time."""
    co2e_kg: float


class TruckCall(Frozen):
    """A truck takes or leaves boxes between a door and a terminal."""

    at: Moment
    """When handling begins."""
    place: Text
    """A door, a terminal or a depot, as the driver knows it."""
    door: bool
    """Whether it is the shipper's or the consignee's door."""
    takes: bool
    """Else it leaves them."""
    full: bool
    """Else they are empty."""
    boxes: int
