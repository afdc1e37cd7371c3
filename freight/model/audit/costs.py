"""Every charge recomputed from the price list, every sum added up again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from freight.domain.charges import (
    border,
    capital,
    customs,
    handling,
    lateness,
    leg,
    storage,
    transfer,
)
from freight.domain.money import rounded
from freight.domain.plan import ChargeKind, Dwell, Itinerary, Move, Ride
from freight.domain.transfer import Transfer
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding
from freight.model.audit.journeys import Journey

Key = tuple[ChargeKind, int | None, str]
SHARED = (ChargeKind.FIXED, ChargeKind.NETWORK)
ELSEWHERE = (*SHARED, ChargeKind.DRAYAGE)
"""Kinds that are checked apart from the price list of steps."""
HOUR = timedelta(hours=1)


def expected_charges(facts: Facts, journey: Journey) -> dict[Key, float]:
    """What an itinerary pays besides its shares in fixed costs, by kind, step and reference."""
    plan, stated = journey.itinerary, journey.shipment
    tonnes = stated.gross_tonnes * plan.teu / stated.teu
    found: dict[Key, float] = defaultdict(float)
    free = stated.ready
    for step, one in enumerate(plan.steps):
        if isinstance(one, Ride):
            _ride(facts, one, step, (plan.teu, tonnes), found)
        elif isinstance(one, Move):
            passed = facts.instance.transfer[one.transfer]
            _transfer(facts, passed, step, (plan.teu, tonnes), found)
        else:
            price = storage.price(facts.instance, facts.instance.terminal[one.terminal])
            hours = (one.departs - free) / HOUR
            found[ChargeKind.STORAGE, step, one.terminal] += price.amount(plan.teu, hours)
        if not isinstance(one, Dwell):
            free = journey.available(one)
    held = (free - stated.ready) / HOUR
    found[ChargeKind.CAPITAL, None, stated.id] += capital.price(facts.instance, stated).amount(
        plan.teu, held
    )
    found[ChargeKind.LATENESS, None, stated.id] += lateness.price(facts.instance, stated).amount(
        plan.teu, stated.late_hours(free)
    )
    return found


def _ride(
    facts: Facts, one: Ride, step: int, load: tuple[float, float], found: dict[Key, float]
) -> None:
    for before, here in facts.legs(one):
        found[ChargeKind.LEG, step, one.departure] += leg.price(facts.instance, here).amount(*load)
        passed = facts.crossing(before, here)
        if passed:
            _transfer(facts, passed, step, load, found)
    for place in (one.from_terminal, one.to_terminal):
        lift = handling.price(facts.instance, facts.instance.terminal[place])
        found[ChargeKind.HANDLING, step, place] += lift.amount(*load)


def _transfer(
    facts: Facts, one: Transfer, step: int, load: tuple[float, float], found: dict[Key, float]
) -> None:
    for kind, price in (
        (ChargeKind.TRANSFER, transfer.price(facts.instance, one)),
        (ChargeKind.BORDER, border.price(facts.instance, one)),
        (ChargeKind.CUSTOMS, customs.price(facts.instance, one)),
    ):
        found[kind, step, one.id] += price.amount(*load)


def charge_findings(facts: Facts, journeys: list[Journey]) -> Iterator[Finding]:
    """Charges of every itinerary against the price list, each to the cent."""
    settled = Decimal(0)
    for journey in journeys:
        expected = expected_charges(facts, journey)
        stated: dict[Key, Decimal] = defaultdict(Decimal)
        for one in journey.itinerary.charges:
            if one.kind is ChargeKind.SETTLEMENT:
                settled += one.amount
            elif one.kind not in ELSEWHERE:
                stated[one.kind, one.step, one.reference] += one.amount
        for key in sorted(stated.keys() | expected.keys(), key=str):
            kind, _, reference = key
            said, exact = stated.get(key, Decimal(0)), expected.get(key, 0.0)
            if abs(float(said) - exact) > slack(exact, facts.unit):
                yield Finding(
                    "charge", journey.where,
                    f"{kind.value} of {reference or 'nothing'} is {said}, "
                    f"expected {rounded(exact, facts.instance.statement.currency)}.",
                )  # fmt: skip
        yield from _mode_findings(journey)
    if settled:
        yield Finding(
            "settlement", "plan", f"settlements between owners add up to {settled}, expected 0."
        )


def slack(exact: float, unit: float) -> float:
    """Smallest units, for lines of one kind rounded apart, and the noise of large floats."""
    return 2 * unit + 1e-12 * abs(exact)


def _mode_findings(journey: Journey) -> Iterator[Finding]:
    """A charge of a step that moves boxes names the step's mode where it names one."""
    steps = journey.itinerary.steps
    for one in journey.itinerary.charges:
        if one.step is None:
            continue
        if not 0 <= one.step < len(steps):
            message = f"{one.kind.value} names step {one.step} of {len(steps)}."
            yield Finding("charge", journey.where, message)
            continue
        step = steps[one.step]
        if one.mode and not isinstance(step, Dwell) and one.mode != step.mode:
            message = f"{one.kind.value} has mode {one.mode.value}, its step {step.mode.value}."
            yield Finding("charge", journey.where, message)


def itinerary_totals(some: tuple[Itinerary, ...]) -> dict[str, dict[str, Decimal]]:
    """Charges of all itineraries by charge, mode and owner."""
    sums: dict[str, dict[str, Decimal]] = {
        "by_charge": defaultdict(Decimal), "by_mode": defaultdict(Decimal),
        "by_owner": defaultdict(Decimal),
    }  # fmt: skip
    for itinerary in some:
        for one in itinerary.charges:
            sums["by_charge"][one.kind.value] += one.amount
            sums["by_mode"][one.mode.value if one.mode else "terminal"] += one.amount
            sums["by_owner"][itinerary.owner] += one.amount
    return sums
