"""Drayage in a plan: charges on the itineraries of its boxes, in every total, to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from freight.domain.charges.truck_shares import Bearer, shares
from freight.domain.drayage import DoorEnd, Drayage
from freight.domain.instance import Instance
from freight.domain.plan import Charge, ChargeKind, Plan
from freight.domain.service import Mode
from freight.model.totals import recharged


def with_drayage(instance: Instance, plan: Plan, found: Drayage) -> Plan:
    """The plan with its trucks: their cost is borne by the boxes they move.

    Trucks planned before are replaced. What is proved about the plan stays as it was: it is about
    the network between terminals.
    """
    bare = without_drayage(plan)
    due = shares(found.routes, plan.currency)
    parts: defaultdict[str, int] = defaultdict(int)
    itineraries = []
    for one in bare.itineraries:
        parts[one.shipment] += 1
        added = tuple(_charges(instance, one.shipment, parts[one.shipment], due))
        itineraries.append(one.model_copy(update={"charges": (*one.charges, *added)}))
    return recharged(bare, tuple(itineraries), found)


def without_drayage(plan: Plan) -> Plan:
    """The plan between terminals alone."""
    if plan.drayage is None:
        return plan
    itineraries = tuple(
        one.model_copy(update={
            "charges": tuple(c for c in one.charges if c.kind is not ChargeKind.DRAYAGE)
        })
        for one in plan.itineraries
    )  # fmt: skip
    return recharged(plan, itineraries, None)


def _charges(
    instance: Instance, shipment: str, part: int, due: dict[Bearer, Decimal]
) -> Iterable[Charge]:
    for end in DoorEnd:
        amount = due.get((shipment, part, end))
        if amount:
            stated = instance.shipment[shipment]
            place = stated.origin if end is DoorEnd.ORIGIN else stated.destination
            yield Charge(kind=ChargeKind.DRAYAGE, amount=amount, reference=place, mode=Mode.ROAD)
