"""Places where loading units change vehicle, wait, or cross a border."""

from __future__ import annotations

from enum import StrEnum

from freight.domain.base import (
    Amount,
    Country,
    Currency,
    Frozen,
    Hours,
    Identifier,
    Latitude,
    Longitude,
    Teu,
    Text,
    Unlocode,
    ZoneName,
)


class TerminalKind(StrEnum):
    """What a terminal is."""

    RAIL = "rail"
    RIVER_PORT = "river_port"
    SEA_PORT = "sea_port"
    AIRPORT = "airport"
    BORDER = "border"
    DEPOT = "depot"


class Terminal(Frozen):
    """One terminal: a row of ``terminals.csv``."""

    id: Identifier
    """Short name by which every other table names it."""
    name_en: Text
    """Name in English, as printed."""
    name_zh: Text
    """Name in Chinese, as printed."""
    kind: TerminalKind
    """What it is."""
    city: Text
    """City that the terminal serves, in English."""
    country: Country
    """ISO 3166-1 code."""
    unlocode: Unlocode | None = None
    """UN/LOCODE of the place, where one is listed."""
    lat: Latitude
    """Latitude, WGS 84."""
    lon: Longitude
    """Longitude, WGS 84."""
    time_zone: ZoneName
    """IANA time zone of its clocks."""
    handling_hours: Hours
    """From arrival of a vehicle until an unloaded box is ready to go on."""
    handling_cost_per_teu: Amount
    """One lift: charged when a box is loaded on and again when it is unloaded from a departure."""
    handling_cost_per_tonne: Amount = 0.0
    """The same per tonne of goods (air cargo)."""
    currency: Currency
    """Of every price in this row."""
    capacity_teu_per_day: Teu | None = None
    """Most TEU loaded plus unloaded in one local calendar day; empty: no limit."""
    free_storage_hours: Hours = 72.0
    """Dwell that costs nothing. A shipper keeps the goods before the first step at no charge."""
    storage_cost_per_teu_day: Amount = 0.0
    """Dwell beyond the free time, pro rata by the hour."""
    source: Text
    """Where the figures come from: source ids, or the word assumption."""
