"""Fixed cost of a departure, owed as soon as it runs; its boxes share it by TEU-kilometres."""

from __future__ import annotations

from freight.domain.instance import Instance
from freight.domain.service import Service


def per_run(instance: Instance, service: Service) -> float:
    """Cost of one run of one departure."""
    return instance.base_amount(service.fixed_cost_per_departure, service.currency)


def weight(teu: float, distance_km: float) -> float:
    """Share of a box in the fixed cost of its departure, before normalization."""
    return teu * distance_km
