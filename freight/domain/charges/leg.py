"""Variable cost of a leg: traction, wagons, slots; by TEU and by gross tonne."""

from __future__ import annotations

from freight.domain.charges.base import Price
from freight.domain.instance import Instance
from freight.domain.service import Stop


def price(instance: Instance, stop: Stop) -> Price:
    """Price of the leg that ends at ``stop``."""
    return Price(
        instance.base_amount(stop.cost_per_teu, stop.currency),
        instance.base_amount(stop.cost_per_tonne, stop.currency),
    )
