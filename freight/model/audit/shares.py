"""Fixed costs of departures: fully borne, by what is on board or by the owners of the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from freight.domain.charges import fixed, network
from freight.domain.money import rounded
from freight.domain.plan import ChargeKind, Plan, Ride, Run
from freight.domain.service import Mode
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding
from freight.model.audit.journeys import Journey
from freight.model.audit.lines import beyond, stated_lines

Bearer = tuple[int, int | None]
"""Journey, and step of it that rides."""
Pool = tuple[ChargeKind, str, Mode | None]
"""Kind, reference (a departure, or the owner of empty ones) and mode: what is shared."""
Stated = dict[Pool, dict[Bearer, list[Decimal]]]


def share_findings(facts: Facts, plan: Plan, journeys: list[Journey]) -> Iterator[Finding]:
    """Shares of every itinerary in the departures it rides and in those that run empty."""
    weights = _weights(facts, journeys)
    stated = _stated(journeys)
    empty: dict[tuple[str, Mode], list[Run]] = defaultdict(list)
    for run in plan.departures:
        due = weights.get(run.departure)
        if not due:
            empty[run.owner, run.mode].append(run)
            continue
        said = stated.pop((ChargeKind.FIXED, run.departure, run.mode), {})
        where = f"departure {run.departure}"
        yield from _named(where, journeys, _share(facts, ("fixed", run.fixed_cost), due, said))
    yield from _empty_findings(facts, plan, journeys, (empty, stated))
    for (kind, reference, _), lines in stated.items():
        total = sum((amount for amounts in lines.values() for amount in amounts), Decimal(0))
        message = f"{kind.value} charges of {total} pay for no run."
        yield Finding("share", f"departure {reference}", message)


def _empty_findings(
    facts: Facts,
    plan: Plan,
    journeys: list[Journey],
    what: tuple[Mapping[tuple[str, Mode], list[Run]], Stated],
) -> Iterator[Finding]:
    """Empty departures of one owner and mode are borne together."""
    empty, stated = what
    bearers = {
        i: (journey.itinerary.owner, float(journey.itinerary.teu))
        for i, journey in enumerate(journeys)
    }
    unborne = Decimal(0)
    for (owner, mode), runs in empty.items():
        cost = sum((run.fixed_cost for run in runs), Decimal(0))
        due: dict[Bearer, float] = {
            (i, None): weight for i, weight in network.shares(owner, bearers).items()
        }
        if not due:
            unborne += cost
            continue
        said = stated.pop((ChargeKind.NETWORK, owner, mode), {})
        where = f"empty {mode.value} departures of {owner}"
        yield from _named(where, journeys, _share(facts, ("network", cost), due, said))
    if unborne != plan.unallocated:
        yield Finding("total", "plan", f"unallocated is {plan.unallocated}, expected {unborne}.")


def _stated(journeys: list[Journey]) -> Stated:
    pools: Stated = defaultdict(dict)
    for i, journey in enumerate(journeys):
        lines = stated_lines(journey.itinerary, (ChargeKind.FIXED, ChargeKind.NETWORK))
        for (kind, step, reference, mode), amounts in lines.items():
            pools[kind, reference, mode][i, step] = amounts
    return pools


def _share(
    facts: Facts,
    named: tuple[str, Decimal],
    due: Mapping[Bearer, float],
    said: Mapping[Bearer, Sequence[Decimal]],
) -> Iterator[tuple[Bearer | None, str]]:
    """(bearer or None for all, message) of what does not add up or is not in proportion."""
    word, cost = named
    currency = facts.instance.statement.currency
    total = sum((amount for amounts in said.values() for amount in amounts), Decimal(0))
    if total != cost:
        yield None, f"{word} charges add up to {total}, its fixed cost is {cost}."
    whole = sum(due.values())
    for bearer in dict.fromkeys([*due, *said]):
        amounts = said.get(bearer, ())
        exact = float(cost) * due.get(bearer, 0.0) / whole if whole else 0.0
        if len(amounts) > 1:
            yield bearer, f"{word} share is charged {len(amounts)} times."
        amount = sum(amounts, Decimal(0))
        if (amounts and bearer not in due) or beyond(amount, exact, facts.unit):
            yield bearer, f"{word} share is {amount}, expected {rounded(exact, currency)}."


def _named(
    where: str, journeys: list[Journey], said: Iterator[tuple[Bearer | None, str]]
) -> Iterator[Finding]:
    for bearer, message in said:
        place = where
        if bearer is not None:
            i, step = bearer
            place = f"{journeys[i].where}{'' if step is None else f', step {step}'}, {where}"
        yield Finding("share", place, message)


def _weights(facts: Facts, journeys: list[Journey]) -> dict[str, dict[Bearer, float]]:
    """TEU-kilometres (TEU where all distances are 0) by departure and bearer."""
    weights: dict[str, dict[Bearer, float]] = defaultdict(dict)
    plain: dict[str, dict[Bearer, float]] = defaultdict(dict)
    for i, journey in enumerate(journeys):
        for step, ride in enumerate(journey.itinerary.steps):
            if isinstance(ride, Ride):
                km = sum(here.distance_km for _, here in facts.legs(ride))
                weights[ride.departure][i, step] = fixed.weight(journey.itinerary.teu, km)
                plain[ride.departure][i, step] = float(journey.itinerary.teu)
    return {key: some if any(some.values()) else plain[key] for key, some in weights.items()}
