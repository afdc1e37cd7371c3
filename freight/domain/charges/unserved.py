"""Penalty for leaving boxes behind: part of the objective, never of a bill."""

from __future__ import annotations

from freight.domain.charges.base import Price
from freight.domain.instance import Instance
from freight.domain.shipment import Shipment


def price(instance: Instance, shipment: Shipment) -> Price:
    """Penalty for every TEU left behind."""
    if shipment.unserved_cost_per_teu is None:
        return Price(instance.statement.defaults.unserved_cost_per_teu)
    return Price(instance.base_amount(shipment.unserved_cost_per_teu, shipment.currency))
