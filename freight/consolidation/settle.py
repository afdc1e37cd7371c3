"""Bills follow the allocation: owners settle so that each bears its agreed share of the cost.

An owner's itineraries carry the charges they cause. Where an allocation gives owner ``i`` the share
``x_i`` of cost and penalty, its itineraries together get a settlement of

``x_i - penalty_i - Σ charges of i's itineraries``

spread over them by TEU, positive or negative. Settlements add up to 0, so the plan's cost stays
what it is and bills still add up to it, to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from freight.consolidation.allocate import penalties
from freight.domain.money import money, rounded, split, units
from freight.domain.plan import Agreement, Charge, ChargeKind, Itinerary, Plan
from freight.errors import Fault, InstanceError
from freight.model.totals import recharged


def borne(plan: Plan) -> dict[str, Decimal]:
    """What every owner bears before settlement: charges of its itineraries and its penalties."""
    found: dict[str, Decimal] = {}
    for one in plan.itineraries:
        found[one.owner] = found.get(one.owner, Decimal(0)) + one.cost
    for owner, penalty in penalties(plan).items():
        found[owner] = found.get(owner, Decimal(0)) + penalty
    return found


def settled(plan: Plan, shares: Mapping[str, Decimal], rule: str) -> Plan:
    """The plan with settlements, so that every owner bears its share by a rule to the cent.

    Raises InstanceError when shares do not add up to what the owners bear, or when an owner that
    has no itinerary would have to settle: there is no bill to put it on.
    """
    own = borne(plan)
    nothing = Decimal(0)
    faults = []
    if sum(shares.values(), nothing) != sum(own.values(), nothing):
        total = rounded(sum(shares.values(), nothing), plan.currency)
        want = rounded(sum(own.values(), nothing), plan.currency)
        faults.append(
            Fault("allocation", None, None, f"Shares add up to {total}, owners bear {want}.",
                  "Share exactly the plan's cost and penalty.")
        )  # fmt: skip
    due = {owner: shares.get(owner, nothing) - own.get(owner, nothing) for owner in {*shares, *own}}
    travelling = {one.owner for one in plan.itineraries}
    faults += [
        Fault("allocation", None, owner, f"It must settle {amount} but moves nothing.",
              "Choose a rule that leaves it what it bears.")
        for owner, amount in sorted(due.items())
        if amount and owner not in travelling
    ]  # fmt: skip
    if faults:
        raise InstanceError(faults)
    agreement = Agreement(rule=rule, shares=dict(shares))
    return _with_settlements(plan, due).model_copy(update={"agreement": agreement})


def _with_settlements(plan: Plan, due: Mapping[str, Decimal]) -> Plan:
    amounts: dict[int, Decimal] = {}
    for owner, amount in due.items():
        places = [i for i, one in enumerate(plan.itineraries) if one.owner == owner]
        parts = split(units(amount, plan.currency), [plan.itineraries[i].teu for i in places])
        amounts |= {
            i: money(part, plan.currency) for i, part in zip(places, parts, strict=True) if part
        }
    itineraries = tuple(
        _charged(one, amounts[i], "owners") if i in amounts else one
        for i, one in enumerate(plan.itineraries)
    )
    return recharged(plan, itineraries, plan.drayage)


def _charged(itinerary: Itinerary, amount: Decimal, reference: str) -> Itinerary:
    line = Charge(kind=ChargeKind.SETTLEMENT, amount=amount, reference=reference)
    return itinerary.model_copy(update={"charges": (*itinerary.charges, line)})
