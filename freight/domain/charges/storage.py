"""Storage: dwell at a terminal beyond its free time, pro rata by the hour."""

from __future__ import annotations

from freight.domain.charges.base import HOURS_PER_DAY, HourPrice
from freight.domain.instance import Instance
from freight.domain.terminal import Terminal


def price(instance: Instance, terminal: Terminal) -> HourPrice:
    """Price of an hour of dwell; the free hours come first."""
    per_day = instance.base_amount(terminal.storage_cost_per_teu_day, terminal.currency)
    return HourPrice(per_day / HOURS_PER_DAY, terminal.free_storage_hours)
