"""Rows of the tables that barge rotations are planned from: river, fleet, flows, berths."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from freight.domain.base import Amount, Currency, Frozen, Hours, Identifier, Kilometres, Text

Metres = Annotated[float, Field(gt=0, json_schema_extra={"unit": "m"})]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class SectionRow(Frozen):
    """A stretch of river from its upper to its lower port, with its depth in every month."""

    section: Text
    """Name of the stretch."""
    from_port: Identifier
    """Upper end: a terminal id."""
    to_port: Identifier
    """Lower end: a terminal id."""
    km: Kilometres
    """Length."""
    hours_down: Hours
    """To sail it downstream."""
    hours_up: Hours
    """To sail it upstream."""
    lock_hours: Hours = 0.0
    """To pass its locks, where they are not in the hours."""
    jan: Metres
    feb: Metres
    mar: Metres
    apr: Metres
    may: Metres
    jun: Metres
    jul: Metres
    aug: Metres
    sep: Metres
    oct: Metres
    nov: Metres
    dec: Metres
    source: Text
    """Where the row comes from."""

    @property
    def depth_m(self) -> tuple[float, ...]:
        """Depth in the twelve months from January."""
        return tuple(float(getattr(self, month)) for month in MONTHS)


class FleetRow(Frozen):
    """A class of vessels that can be had and what one costs."""

    vessel_class: Identifier
    """Short name."""
    nominal_teu: Annotated[int, Field(gt=0)]
    """Slots."""
    deadweight_tonnes: Annotated[float, Field(gt=0)]
    """Load at the design draught."""
    design_draught_m: Metres
    """Draught when full."""
    light_draught_m: Metres
    """Draught when empty."""
    count: Annotated[int, Field(ge=1)]
    """How many there are."""
    cost_per_week: Amount
    """Charter and crew."""
    cost_per_km: Amount
    """Fuel."""
    cost_per_call: Amount
    """Port dues."""
    currency: Currency
    """ISO 4217 code."""
    source: Text
    """Where the row comes from."""


class Flow(Frozen):
    """Boxes to carry every week; not carrying them costs ``penalty_per_teu`` (None: must go)."""

    from_port: Identifier
    """Where they are loaded: a port of the river."""
    to_port: Identifier
    """Where they are unloaded: a port of the river."""
    teu_per_week: Annotated[int, Field(ge=1)]
    """How many."""
    tonnes_per_teu: Annotated[float, Field(gt=0)]
    """Goods and box."""
    penalty_per_teu: Amount | None = None
    """What leaving one behind costs; empty: all must go."""
    source: Text | None = None
    """Where the figures come from: source ids, or the word assumption."""


class Berth(Frozen):
    """When a port takes the vessel, in hours from the start of the rotation's first week."""

    port: Identifier
    """A port of the river."""
    opens_hours: Hours
    """From Monday 00:00 local."""
    closes_hours: Hours
    """From Monday 00:00 local."""
    source: Text | None = None
    """Where the figures come from: source ids, or the word assumption."""
