"""Why boxes are left behind, found by asking for the cheapest itinerary under looser rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from freight.domain.charges import unserved
from freight.domain.instance import Instance
from freight.domain.shipment import Shipment
from freight.model.compile import compile_instance
from solvers.network import Network
from solvers.pricing import Multipliers, Pricer

FOR_EVER_DAYS = 3650.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a shipment is left behind; ``possible`` says that it has an itinerary at all."""

    possible: bool
    words: str


def reasons_of(instance: Instance, shipments: Sequence[str]) -> dict[str, Reason]:
    """Reasons by shipment, for those named."""
    some = [instance.shipment[one] for one in dict.fromkeys(shipments)]
    cheapest = _cheapest(instance, some, late=False)
    stuck = [one for one in some if one.id not in cheapest]
    freed = [_freed(one) for one in stuck]
    open_to_all = _open_to_all(instance)
    by_needs = _cheapest(open_to_all, freed, late=False)
    later = _cheapest(instance, stuck, late=True)
    both = _cheapest(open_to_all, freed, late=True)
    return {
        one.id: _priced(instance, one, cheapest[one.id])
        if one.id in cheapest
        else Reason(False, _stuck(instance, one, (by_needs, later, both)))
        for one in some
    }


def _cheapest(instance: Instance, some: Sequence[Shipment], late: bool) -> dict[str, float]:
    """Cheapest cost per TEU without fixed costs and capacities, by shipment that has a way."""
    if not some:
        return {}
    problem = compile_instance(_asking(instance, some, late))
    network = Network.of(problem.problem)
    count = problem.problem.commodities
    none = Multipliers(
        np.zeros(network.rows), np.zeros(count + 1, dtype=np.int64),
        np.zeros(0, dtype=np.int64), np.zeros(0),
    )  # fmt: skip
    found = Pricer(network).price(none, np.arange(count), np.full(count, -np.inf)).value
    return {
        problem.instance.shipments[i].id: float(found[k])
        for k, members in enumerate(problem.pools.members)
        if np.isfinite(found[k])
        for i in members
    }


def _open_to_all(instance: Instance) -> Instance:
    services = tuple(one.model_copy(update={"open_to": ()}) for one in instance.services)
    tables = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance.model_construct(**tables | {"services": services})


def _asking(instance: Instance, some: Sequence[Shipment], late: bool) -> Instance:
    """The same instance for some shipments only, with all the time in the world if ``late``."""
    statement = instance.statement
    if late:
        defaults = statement.defaults.model_copy(update={"most_late_days": FOR_EVER_DAYS})
        statement = statement.model_copy(update={"defaults": defaults})
    tables = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance.model_construct(**tables | {"statement": statement, "shipments": tuple(some)})


def _freed(one: Shipment) -> Shipment:
    """The shipment without limits on modes, reefer or dangerous goods."""
    return one.model_copy(update={"modes": (), "reefer": False, "dangerous": None})


def _priced(instance: Instance, one: Shipment, cost: float) -> Reason:
    money = instance.statement.currency
    penalty = unserved.price(instance, one).per_teu
    if cost >= penalty:
        words = (
            f"Dearer than the penalty: its cheapest itinerary costs {cost:,.2f} {money} per TEU "
            f"before fixed costs, leaving it {penalty:,.2f}."
        )
    else:
        words = (
            f"Capacity or fixed cost: an itinerary at {cost:,.2f} {money} per TEU exists, but its "
            f"departures are full, too empty to run, or cost more than the penalty of "
            f"{penalty:,.2f} per TEU saves."
        )
    return Reason(True, words)


def _stuck(instance: Instance, one: Shipment, ways: tuple[dict[str, float], ...]) -> str:
    by_needs, later, both = (one.id in way for way in ways)
    days = f"{instance.statement.defaults.most_late_days:g} days"
    needs = _needs(one)
    if by_needs:
        return f"No itinerary by {needs}; without that limit there is one."
    if later:
        return f"Every itinerary arrives more than {days} after the due time {one.due:%Y-%m-%d}."
    if both:
        return f"No itinerary by {needs}, and any other arrives more than {days} late."
    return (
        f"No itinerary: no departures and transfers lead from {one.origin} to {one.destination} "
        f"after it is ready on {one.ready:%Y-%m-%d}."
    )


def _needs(one: Shipment) -> str:
    parts = [f"the allowed modes ({', '.join(m.value for m in one.modes)})"] if one.modes else []
    parts += ["services that take reefers"] if one.reefer else []
    parts += [f"services that take dangerous goods ({one.dangerous})"] if one.dangerous else []
    return " and ".join(parts) or "services open to its owner"
