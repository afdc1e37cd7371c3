"""The price list: the only place where a price enters the objective or a bill.

Every charge is one file whose function turns a row of the instance into a price in the base
currency. The optimization takes its coefficients from these functions and the bill its lines, so
the two cannot differ. A new charge is one file and one entry in ``CHARGES``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from freight.domain.charges import (
    border,
    capital,
    customs,
    fixed,
    handling,
    lateness,
    leg,
    network,
    storage,
    transfer,
    unserved,
)
from freight.domain.charges.base import HourPrice, Price

Basis = Literal["run", "TEU and tonne", "TEU", "TEU and hour"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the price list: what is paid for, by which measure, from which row."""

    basis: Basis
    row: str
    """Table whose rows hold the price."""
    pays_for: str


CHARGES: dict[str, Entry] = {
    "fixed": Entry("run", "services", "a departure that runs, shared by TEU-kilometres"),
    "leg": Entry("TEU and tonne", "stops", "riding a leg of a service"),
    "handling": Entry("TEU and tonne", "terminals", "one lift on or off a service"),
    "transfer": Entry("TEU and tonne", "transfers", "a move between terminals"),
    "border": Entry("TEU and tonne", "transfers", "a border crossing or gauge change"),
    "customs": Entry("TEU", "transfers", "customs on a transfer or crossing"),
    "storage": Entry("TEU and hour", "terminals", "dwell beyond the free time"),
    "capital": Entry("TEU and hour", "shipments", "capital tied up from ready to delivered"),
    "lateness": Entry("TEU and hour", "shipments", "delivery beyond the due time"),
    "network": Entry("run", "services", "committed departures that carry nothing, shared by TEU"),
    "unserved": Entry("TEU", "shipments", "boxes not planned; a penalty, on no bill"),
}

__all__ = [
    "CHARGES", "Entry", "HourPrice", "Price", "border", "capital", "customs", "fixed", "handling",
    "lateness", "leg", "network", "storage", "transfer", "unserved",
]  # fmt: skip
