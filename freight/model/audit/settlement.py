"""Settlements between owners, derived from what they agreed to bear, itinerary by itinerary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from freight.domain.money import money, split, units
from freight.domain.plan import ChargeKind, Itinerary, Plan
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding
from freight.model.audit.lines import Key, place, stated_lines

KIND = ChargeKind.SETTLEMENT
RIGHT: Key = KIND, None, "owners", None
"""Where a settlement stands."""
APART = (ChargeKind.SETTLEMENT, ChargeKind.DRAYAGE)
"""Charges that come after the agreement, or are made by it."""
_ZERO = Decimal(0)


def settlement_findings(facts: Facts, plan: Plan) -> Iterator[Finding]:
    """Every settlement follows from the agreement; without one there is none.

    Plans of a study from before agreements were kept are held to what can be seen of them: an
    owner's settlement is spread over its itineraries by TEU, and all of them add up to 0.
    """
    stated = [stated_lines(itinerary, (KIND,)) for itinerary in plan.itineraries]
    yield from _line_findings(plan, stated)
    said = [sum(lines.get(RIGHT, ()), _ZERO) for lines in stated]
    if plan.agreement is not None:
        due = _agreed(plan, plan.agreement.shares)
        yield from _share_findings(plan, plan.agreement.shares)
    elif not any(stated):
        return
    elif plan.snapshot is not None or facts.instance.statement.policy is None:
        yield Finding("settlement", "plan", "owners settle without an agreement.")
        return
    else:
        due = _by_owner(plan, said)
    total = sum(due.values(), _ZERO)
    if total:
        message = f"settlements between owners add up to {total}, expected 0."
        yield Finding("settlement", "plan", message)
    yield from _spread_findings(plan, said, due)


def _line_findings(plan: Plan, stated: list[dict[Key, list[Decimal]]]) -> Iterator[Finding]:
    for i, (itinerary, lines) in enumerate(zip(plan.itineraries, stated, strict=True), 1):
        where = f"itinerary {i} of {itinerary.shipment}"
        for key, amounts in lines.items():
            if key != RIGHT:
                message = f"settlement with '{key[2]}' stands at {place(key)}, expected none."
                yield Finding("settlement", where, message)
            elif len(amounts) > 1:
                yield Finding("settlement", where, f"settles {len(amounts)} times, expected once.")


def _share_findings(plan: Plan, shares: Mapping[str, Decimal]) -> Iterator[Finding]:
    """Owners agree on all of the cost and penalty, and on nothing else."""
    total, whole = sum(shares.values(), _ZERO), sum(_borne(plan).values(), _ZERO)
    if total != whole:
        message = f"owners agree on {total} of a cost and penalty of {whole}."
        yield Finding("settlement", "agreement", message)


def _borne(plan: Plan) -> dict[str, Decimal]:
    """What owners bear before they settle: charges of their itineraries and their penalties."""
    amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for itinerary in plan.itineraries:
        own = (charge.amount for charge in itinerary.charges if charge.kind not in APART)
        amounts[itinerary.owner] += sum(own, _ZERO)
    for left in plan.unserved:
        amounts[left.owner] += left.penalty
    return amounts


def _agreed(plan: Plan, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What each owner has to settle so that it bears its share."""
    borne = _borne(plan)
    return {
        owner: shares.get(owner, _ZERO) - borne.get(owner, _ZERO)
        for owner in sorted(shares.keys() | borne.keys())
    }


def _by_owner(plan: Plan, said: list[Decimal]) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for itinerary, amount in zip(plan.itineraries, said, strict=True):
        sums[itinerary.owner] += amount
    return sums


def _spread_findings(
    plan: Plan, said: list[Decimal], due: Mapping[str, Decimal]
) -> Iterator[Finding]:
    own: defaultdict[str, list[int]] = defaultdict(list)
    for i, itinerary in enumerate(plan.itineraries):
        own[itinerary.owner].append(i)
    for owner, amount in due.items():
        if amount and not own[owner]:
            message = f"{owner} has to settle {amount} but moves nothing."
            yield Finding("settlement", "agreement", message)
            continue
        parts = _spread(plan, [plan.itineraries[i] for i in own[owner]], amount)
        for i, right in zip(own[owner], parts, strict=True):
            if said[i] != right:
                where = f"itinerary {i + 1} of {plan.itineraries[i].shipment}"
                message = f"settles {said[i]}, expected {right}."
                yield Finding("settlement", where, message)


def _spread(plan: Plan, itineraries: list[Itinerary], amount: Decimal) -> list[Decimal]:
    """An amount over itineraries by TEU, exactly."""
    weights = [max(0, itinerary.teu) for itinerary in itineraries]
    parts = split(units(amount, plan.currency), weights)
    return [money(part, plan.currency) for part in parts]
