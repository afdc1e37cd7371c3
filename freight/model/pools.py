"""Shipments that are interchangeable for the model, pooled into commodities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from freight.domain.access import access_of, asked_by
from freight.domain.charges import capital, lateness, unserved
from freight.domain.instance import Instance
from freight.domain.shipment import Shipment
from freight.errors import EngineError
from freight.model.drawing import Demand
from solvers.arrays import Floats, Ints, Masks

MOST_CLASSES = 63
ANYONE = 0  #: the class of arcs that every commodity may use


@dataclass(frozen=True)
class Pools:
    """Commodities (K): ``members[k]`` are positions of shipments, by id, with equal unit data.

    Per TEU: ``gross_tonnes``, ``loaded_tonnes``, ``capital_per_hour``, ``late_per_hour``,
    ``unserved``. ``teu`` is the demand, ``lot`` the TEU of one box, or of a shipment that must
    travel whole.
    """

    members: list[list[int]]
    first: Ints
    teu: Floats
    lot: Floats
    gross_tonnes: Floats
    loaded_tonnes: Floats
    capital_per_hour: Floats
    late_per_hour: Floats
    unserved: Floats

    def __len__(self) -> int:
        return len(self.members)


def pools_of(instance: Instance, demand: Demand) -> Pools:
    """Pool the shipments of an instance, in the order of their first member in the table."""
    found: dict[tuple[object, ...], list[int]] = {}
    units: list[tuple[float, ...]] = []
    for i, shipment in enumerate(instance.shipments):
        unit = _unit(instance, shipment)
        key = (
            access_of(shipment), int(demand.origin[i]), int(demand.destination[i]),
            int(demand.ready[i]), shipment.due, unit,
        )  # fmt: skip
        found.setdefault(key, []).append(i)
        units.append(unit)
    members = [sorted(some, key=lambda i: instance.shipments[i].id) for some in found.values()]
    first = np.array([some[0] for some in members], dtype=np.int64)
    table = np.array(units, dtype=np.float64).reshape(len(units), 6)[first]
    teu = np.array([sum(instance.shipments[i].teu for i in some) for some in members], dtype=float)
    return Pools(members, first, teu, *np.ascontiguousarray(table.T))


def _unit(instance: Instance, one: Shipment) -> tuple[float, ...]:
    lot = one.container_type.teu if one.splittable else one.teu
    return (
        float(lot), one.gross_tonnes / one.teu, one.loaded_tonnes / one.teu,
        capital.price(instance, one).per_teu_hour, lateness.price(instance, one).per_teu_hour,
        unserved.price(instance, one).per_teu,
    )  # fmt: skip


@dataclass(frozen=True)
class Classes:
    """Services and transfers that admit the same shipments share a class.

    ``allowed`` has shape K; a transfer that everybody may take is of the class of anyone.
    """

    of_service: dict[str, int]
    of_transfer: dict[str, int]
    allowed: Masks


def classes_of(instance: Instance, pools: Pools) -> Classes:
    """Class of every service and transfer, and the classes that each commodity may use.

    Raises EngineError for more than 63 classes, which five modes, two needs and the owners' shared
    slots hardly make.
    """
    rights = [access_of(instance.shipments[i]) for i in pools.first]
    kinds = list(dict.fromkeys(rights))
    every = tuple(True for _ in kinds)
    services = {one.id: tuple(kind.rides(one) for kind in kinds) for one in instance.services}
    transfers = {
        one.id: tuple(kind.moves(asked_by(instance, one)) for kind in kinds)
        for one in instance.transfers
    }
    some = dict.fromkeys((*services.values(), *transfers.values()))
    patterns = {pattern: c for c, pattern in enumerate((p for p in some if p != every), 1)}
    if len(patterns) > MOST_CLASSES:
        raise EngineError(
            f"The services and transfers admit {len(patterns)} different sets of shipments, at "
            f"most {MOST_CLASSES} can be told apart. Give fewer combinations of mode, reefer, "
            "dangerous and open_to."
        )
    patterns[every] = ANYONE
    mask = {
        kind: sum(1 << c for pattern, c in patterns.items() if pattern[position] or c == ANYONE)
        for position, kind in enumerate(kinds)
    }
    allowed = np.array([mask[one] for one in rights], dtype=np.uint64)
    return Classes(
        {key: patterns[pattern] for key, pattern in services.items()},
        {key: patterns[pattern] for key, pattern in transfers.items()},
        allowed,
    )
