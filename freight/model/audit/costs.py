"""Every charge recomputed from the price list, every sum added up again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from math import fsum

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
from freight.domain.plan import ChargeKind, Dwell, Move, Ride
from freight.domain.service import Mode
from freight.domain.transfer import Transfer
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding
from freight.model.audit.journeys import Journey
from freight.model.audit.lines import Key, beyond, misplaced, place, stated_lines

PRICED = frozenset({
    ChargeKind.LEG, ChargeKind.HANDLING, ChargeKind.TRANSFER, ChargeKind.BORDER,
    ChargeKind.CUSTOMS, ChargeKind.STORAGE, ChargeKind.CAPITAL, ChargeKind.LATENESS,
})  # fmt: skip
"""Kinds with a price of their own; the others are shares of something."""
HOUR = timedelta(hours=1)
Lines = defaultdict[Key, list[float]]


def expected_charges(facts: Facts, journey: Journey) -> Lines:
    """What an itinerary pays by the price list: amounts by where they must stand."""
    plan, stated = journey.itinerary, journey.shipment
    load = plan.teu, stated.gross_tonnes * plan.teu / stated.teu
    lines: Lines = defaultdict(list)
    free = stated.ready
    for step, one in enumerate(plan.steps):
        if isinstance(one, Ride):
            _ride(facts, (one, step), load, lines)
        elif isinstance(one, Move):
            passed = facts.instance.transfer[one.transfer]
            _transfer(facts, passed, (step, passed.mode), load, lines)
        else:
            price = storage.price(facts.instance, facts.instance.terminal[one.terminal])
            hours = (one.departs - free) / HOUR
            key = ChargeKind.STORAGE, step, one.terminal, None
            lines[key].append(price.amount(plan.teu, hours))
        if not isinstance(one, Dwell):
            free = journey.available(one)
    held = (free - stated.ready) / HOUR
    for kind, amount in (
        (ChargeKind.CAPITAL, capital.price(facts.instance, stated).amount(plan.teu, held)),
        (ChargeKind.LATENESS, lateness.price(facts.instance, stated).amount(
            plan.teu, stated.late_hours(free))),
    ):  # fmt: skip
        lines[kind, None, stated.id, None].append(amount)
    return lines


def _ride(facts: Facts, ride: tuple[Ride, int], load: tuple[float, float], lines: Lines) -> None:
    one, step = ride
    mode = facts.instance.service[one.service].mode
    carried = 0.0
    for before, here in facts.legs(one):
        carried += leg.price(facts.instance, here).amount(*load)
        passed = facts.crossing(before, here)
        if passed:
            _transfer(facts, passed, (step, mode), load, lines)
    lines[ChargeKind.LEG, step, one.departure, mode].append(carried)
    for terminal in (one.from_terminal, one.to_terminal):
        lift = handling.price(facts.instance, facts.instance.terminal[terminal])
        lines[ChargeKind.HANDLING, step, terminal, None].append(lift.amount(*load))


def _transfer(
    facts: Facts, one: Transfer, at: tuple[int, Mode], load: tuple[float, float], lines: Lines
) -> None:
    step, mode = at
    for kind, price in (
        (ChargeKind.TRANSFER, transfer.price(facts.instance, one)),
        (ChargeKind.BORDER, border.price(facts.instance, one)),
        (ChargeKind.CUSTOMS, customs.price(facts.instance, one)),
    ):
        lines[kind, step, one.id, mode].append(price.amount(*load))


def charge_findings(facts: Facts, journeys: list[Journey]) -> Iterator[Finding]:
    """Charges of every itinerary against the price list: each line, and all of them together."""
    exact: list[float] = []
    total = Decimal(0)
    sound = True
    for journey in journeys:
        expected = expected_charges(facts, journey)
        stated = stated_lines(journey.itinerary, PRICED)
        exact += [amount for amounts in expected.values() for amount in amounts]
        total += sum((amount for amounts in stated.values() for amount in amounts), Decimal(0))
        for message in (*_step_messages(journey), *_line_messages(facts, stated, expected)):
            sound = False
            yield Finding("charge", journey.where, message)
    whole = fsum(exact)
    noise = 1e-12 * fsum(abs(amount) for amount in exact)
    if sound and abs(float(total) - whole) > facts.unit + noise:
        currency = facts.instance.statement.currency
        message = (
            f"charges by the price list add up to {total}, expected {rounded(whole, currency)}."
        )
        yield Finding("charge", "plan", message)


def _line_messages(
    facts: Facts, stated: dict[Key, list[Decimal]], expected: Lines
) -> Iterator[str]:
    """Lines that stand elsewhere, too often, or with another amount than they should."""
    due = [key for key, amounts in expected.items() if any(amounts)]
    moved = dict(misplaced(stated, due))
    for key, right in moved.items():
        yield f"{_name(key)} stands at {place(key)}, expected {place(right)}."
    told = moved.keys() | (set(moved.values()) - stated.keys())
    for key in dict.fromkeys([*stated, *expected]):
        if key in told:
            continue
        said, exact = sorted(stated.get(key, [])), sorted(expected.get(key, []))
        if len(said) > len(exact) > 0:
            yield f"{_name(key)} is charged {len(said)} times, expected {len(exact)}."
        elif not exact or _differ(said, exact, facts.unit):
            due_amount = rounded(sum(exact), facts.instance.statement.currency)
            yield f"{_name(key)} is {sum(said, Decimal(0))}, expected {due_amount}."


def _differ(said: list[Decimal], exact: list[float], unit: float) -> bool:
    """Whether amounts, both in order of size, are not those of the price list."""
    if len(said) < len(exact):
        return beyond(sum(said, Decimal(0)), sum(exact), unit)
    return any(beyond(one, right, unit) for one, right in zip(said, exact, strict=True))


def _name(key: Key) -> str:
    return f"{key[0].value} of {key[2] or 'nothing'}"


def _step_messages(journey: Journey) -> Iterator[str]:
    """A charge of a step that moves boxes names the step's mode where it names one."""
    steps = journey.itinerary.steps
    for charge in journey.itinerary.charges:
        if charge.step is None:
            continue
        if not 0 <= charge.step < len(steps):
            yield f"{charge.kind.value} names step {charge.step} of {len(steps)}."
            continue
        step = steps[charge.step]
        if charge.mode and not isinstance(step, Dwell) and charge.mode != step.mode:
            mode = charge.mode.value
            yield f"{charge.kind.value} has mode {mode}, its step {step.mode.value}."
