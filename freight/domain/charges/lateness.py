"""Lateness: what every TEU costs by the day, pro rata, when delivered beyond the due time."""

from __future__ import annotations

from freight.domain.charges.base import HOURS_PER_DAY, HourPrice
from freight.domain.instance import Instance
from freight.domain.shipment import Shipment


def price(instance: Instance, shipment: Shipment) -> HourPrice:
    """Price of an hour beyond the due time."""
    per_day = instance.statement.defaults.lateness_cost_per_teu_day
    if shipment.lateness_cost_per_teu_day is not None:
        per_day = instance.base_amount(shipment.lateness_cost_per_teu_day, shipment.currency)
    return HourPrice(per_day / HOURS_PER_DAY)
