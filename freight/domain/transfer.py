"""Moves between terminals that need no timetable: shuttles, drayage, gauge changes."""

from __future__ import annotations

from enum import StrEnum

from freight.domain.base import (
    Amount,
    Currency,
    Frozen,
    Hours,
    Identifier,
    Kilometres,
    Teu,
    Text,
)
from freight.domain.service import Mode


class TransferKind(StrEnum):
    """What changes between the two terminals."""

    RAIL_WATER = "rail_water"
    WATER_WATER = "water_water"
    RAIL_RAIL = "rail_rail"
    AIR_RAIL = "air_rail"
    AIR_WATER = "air_water"
    ROAD = "road"
    GAUGE_CHANGE = "gauge_change"
    BORDER = "border"

    @property
    def crosses_border(self) -> bool:
        """Whether this kind stands for a border crossing."""
        return self in (TransferKind.GAUGE_CHANGE, TransferKind.BORDER)


class CustomsMode(StrEnum):
    """What customs does with a box on this transfer."""

    NONE = "none"
    INTEGRATED = "integrated"  # one declaration valid in the whole region
    TRANSIT = "transit"  # moves under seal to another customs office
    FULL = "full"  # a declaration of its own


class Transfer(Frozen):
    """One transfer: a row of ``transfers.csv``.

    A service that stops at ``from_terminal`` and next at ``to_terminal`` of a gauge change or
    border transfer uses that transfer: it pays its costs and counts against its daily capacity,
    while the hours are those of the service's own stops.
    """

    id: Identifier
    from_terminal: Identifier
    to_terminal: Identifier
    both_ways: bool = True
    kind: TransferKind
    mode: Mode
    """The vehicle that makes the move."""
    operator: Text
    hours: Hours
    distance_km: Kilometres
    cost_per_teu: Amount
    cost_per_tonne: Amount = 0.0
    customs: CustomsMode = CustomsMode.NONE
    customs_cost_per_teu: Amount = 0.0
    currency: Currency
    capacity_teu_per_day: Teu | None = None
    """Most TEU starting per local calendar day of the first terminal, each direction."""
    emission_class: Identifier | None = None
    source: Text
