"""Emission factors: a row of ``emissions.csv`` each, well to wheel, by ISO 14083 chain element."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from freight.domain.base import Frozen, Identifier, Text


class EmissionUnit(StrEnum):
    """What a factor multiplies."""

    G_PER_TKM = "g/tkm"  # transport: grams CO2e per tonne-kilometre of goods and boxes
    KG_PER_TEU = "kg/teu"  # hub: kilograms CO2e per TEU handled or moved


class EmissionFactor(Frozen):
    """One factor; a class is named by services, stops and transfers. ``hub`` counts every lift."""

    id: Identifier
    """Short name of the class."""
    unit: EmissionUnit
    """What the factor multiplies."""
    value: Annotated[float, Field(ge=0)]
    """CO2e per that unit."""
    source: Text
    """Where the figure comes from: a source id, or the word assumption."""
