"""CO2e of transport and hubs, well to wheel, by chain element.

Transport: ``kg = loaded tonnes × km × factor [g/tkm] / 1000``, where loaded tonnes count goods and
boxes. Hubs and short moves: ``kg = TEU × factor [kg/TEU]``.

References
    ISO 14083:2023, clauses 8 (transport operations) and 9 (hub operations); GLEC Framework v3.
"""

from __future__ import annotations

from freight.domain.emissions import EmissionUnit
from freight.domain.instance import Instance
from freight.domain.service import Stop
from freight.domain.transfer import Transfer

HUB_CLASS = "hub"


def leg_kg(instance: Instance, stop: Stop, teu: float, loaded_tonnes: float) -> float:
    """Kilograms CO2e of the leg that ends at ``stop``; its class, else that of the service."""
    name = stop.emission_class or instance.service[stop.service].emission_class
    return _kg(instance, name, teu, loaded_tonnes * stop.distance_km)


def transfer_kg(instance: Instance, transfer: Transfer, teu: float, loaded_tonnes: float) -> float:
    """Kilograms CO2e of a transfer; 0 for one without a class."""
    if transfer.emission_class is None:
        return 0.0
    return _kg(instance, transfer.emission_class, teu, loaded_tonnes * transfer.distance_km)


def lift_kg(instance: Instance, teu: float) -> float:
    """Kilograms CO2e of one lift; 0 for an instance without the class ``hub``."""
    return _kg(instance, HUB_CLASS, teu, 0.0) if HUB_CLASS in instance.emission else 0.0


def _kg(instance: Instance, name: str, teu: float, tonne_km: float) -> float:
    factor = instance.emission[name]
    if factor.unit is EmissionUnit.G_PER_TKM:
        return factor.value * tonne_km / 1000.0
    return factor.value * teu
