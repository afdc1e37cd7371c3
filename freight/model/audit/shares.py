"""Fixed costs of departures: fully borne, by what is on board or by the owners of the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from freight.domain.charges import fixed, network
from freight.domain.money import rounded
from freight.domain.plan import ChargeKind, Plan, Ride, Run
from freight.model.audit.costs import SHARED, slack
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding
from freight.model.audit.journeys import Journey

Key = tuple[ChargeKind, str, str]
"""Kind, reference (a departure, or the owner of empty ones) and, for empty ones, mode."""
Stated = dict[Key, dict[int, Decimal]]


def share_findings(facts: Facts, plan: Plan, journeys: list[Journey]) -> Iterator[Finding]:
    """Shares of every itinerary in the departures it rides and in those that run empty."""
    weights = _weights(facts, journeys)
    stated = _stated(journeys)
    empty: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for run in plan.departures:
        due = weights.get(run.departure)
        if not due:
            empty[run.owner, run.mode.value].append(run)
            continue
        said = stated.pop((ChargeKind.FIXED, run.departure, ""), {})
        where = f"departure {run.departure}"
        yield from _named(where, journeys, _share(facts, ("fixed", run.fixed_cost), due, said))
    yield from _empty_findings(facts, plan, journeys, (empty, stated))
    for (kind, reference, _), some in stated.items():
        total = sum(some.values(), Decimal(0))
        message = f"{kind.value} charges of {total} pay for no run."
        yield Finding("share", f"departure {reference}", message)


def _empty_findings(
    facts: Facts,
    plan: Plan,
    journeys: list[Journey],
    what: tuple[Mapping[tuple[str, str], list[Run]], Stated],
) -> Iterator[Finding]:
    """Empty departures of one owner and mode are borne together."""
    empty, stated = what
    bearers = {
        i: (journey.itinerary.owner, float(journey.itinerary.teu))
        for i, journey in enumerate(journeys)
    }
    unborne = Decimal(0)
    for (owner, mode), runs in empty.items():
        cost = sum((one.fixed_cost for one in runs), Decimal(0))
        due = network.shares(owner, bearers)
        if not due:
            unborne += cost
            continue
        said = stated.pop((ChargeKind.NETWORK, owner, mode), {})
        where = f"empty {mode} departures of {owner}"
        yield from _named(where, journeys, _share(facts, ("network", cost), due, said))
    if unborne != plan.unallocated:
        yield Finding("total", "plan", f"unallocated is {plan.unallocated}, expected {unborne}.")


def _stated(journeys: list[Journey]) -> Stated:
    found: Stated = defaultdict(lambda: defaultdict(Decimal))
    for i, journey in enumerate(journeys):
        for one in journey.itinerary.charges:
            if one.kind in SHARED:
                mode = one.mode.value if one.mode and one.kind is ChargeKind.NETWORK else ""
                found[one.kind, one.reference, mode][i] += one.amount
    return found


def _share(
    facts: Facts,
    named: tuple[str, Decimal],
    due: Mapping[int, float],
    said: Mapping[int, Decimal],
) -> Iterator[tuple[int | None, str]]:
    """(itinerary or None for all, message) of what does not add up or is not in proportion."""
    word, cost = named
    currency = facts.instance.statement.currency
    total = sum(said.values(), Decimal(0))
    if total != cost:
        yield None, f"{word} charges add up to {total}, its fixed cost is {cost}."
    whole = sum(due.values())
    for i in sorted(due.keys() | said.keys()):
        amount = said.get(i, Decimal(0))
        exact = float(cost) * due.get(i, 0.0) / whole if whole else 0.0
        if abs(float(amount) - exact) > slack(exact, facts.unit):
            yield i, f"{word} share is {amount}, expected {rounded(exact, currency)}."


def _named(
    where: str, journeys: list[Journey], said: Iterator[tuple[int | None, str]]
) -> Iterator[Finding]:
    for i, message in said:
        yield Finding("share", where if i is None else f"{journeys[i].where}, {where}", message)


def _weights(facts: Facts, journeys: list[Journey]) -> dict[str, dict[int, float]]:
    """TEU-kilometres (TEU where all distances are 0) by departure and journey."""
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    plain: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for i, journey in enumerate(journeys):
        for one in journey.carriages:
            if isinstance(one, Ride):
                km = sum(here.distance_km for _, here in facts.legs(one))
                found[one.departure][i] += fixed.weight(journey.itinerary.teu, km)
                plain[one.departure][i] += journey.itinerary.teu
    return {key: some if any(some.values()) else plain[key] for key, some in found.items()}
