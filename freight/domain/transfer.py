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
    """Short name by which plans and bills name it."""
    from_terminal: Identifier
    """Where it starts."""
    to_terminal: Identifier
    """Where it ends."""
    both_ways: bool = True
    """Whether it is offered in the other direction too, on the same terms."""
    kind: TransferKind
    """What changes between the two terminals."""
    mode: Mode
    """The vehicle that makes the move."""
    operator: Text
    """Who performs it, as printed on a bill."""
    hours: Hours
    """From the start at one terminal until the box is ready to go on at the other."""
    distance_km: Kilometres
    """Length of the move."""
    cost_per_teu: Amount
    """Price of the move with all lifts."""
    cost_per_tonne: Amount = 0.0
    """The same per tonne of goods."""
    customs: CustomsMode = CustomsMode.NONE
    """What customs does with a box on the way."""
    customs_cost_per_teu: Amount = 0.0
    """Price of that."""
    currency: Currency
    """Of every price in this row."""
    capacity_teu_per_day: Teu | None = None
    """Most TEU starting per local calendar day of the first terminal, each direction."""
    emission_class: Identifier | None = None
    """Emission factor of the move; empty: none is counted."""
    source: Text
    """Where the figures come from: source ids, or the word assumption."""
