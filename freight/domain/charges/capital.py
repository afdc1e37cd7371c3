"""Capital tied up in goods from the ready time to delivery: value × yearly rate × time."""

from __future__ import annotations

from freight.domain.charges.base import HOURS_PER_YEAR, HourPrice
from freight.domain.instance import Instance
from freight.domain.shipment import Shipment


def price(instance: Instance, shipment: Shipment) -> HourPrice:
    """Price of an hour between ready and delivered."""
    value_per_teu = instance.base_amount(shipment.value, shipment.currency) / shipment.teu
    return HourPrice(value_per_teu * instance.statement.capital_rate_per_year / HOURS_PER_YEAR)
