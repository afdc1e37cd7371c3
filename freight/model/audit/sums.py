"""Head, totals and proof of a plan against its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from freight.domain.money import unit_of
from freight.domain.plan import ChargeKind, Plan, Proof
from freight.domain.service import Mode
from freight.domain.snapshot import InstanceSnapshot
from freight.model.audit.facts import Facts, near
from freight.model.audit.finding import Finding

OUTCOMES = ("optimal", "feasible")
MOST_OPTIMAL_GAP = 0.05
"""Of a plan that does not say which gap was asked for."""
NO_MODE, UNALLOCATED = "terminal", "unallocated"
KEYS = frozenset({*map(str, ChargeKind), *map(str, Mode), NO_MODE, UNALLOCATED})


def head_findings(facts: Facts, plan: Plan) -> Iterator[Finding]:
    """The plan is one of this instance, unchanged."""
    statement = facts.instance.statement
    for word, said, expected in (
        ("instance", plan.instance, statement.name),
        ("instance_digest", plan.instance_digest, facts.instance.digest),
        ("currency", plan.currency, statement.currency),
        ("time_zone", plan.time_zone, statement.time_zone),
    ):
        if said != expected:
            yield Finding("instance", "plan", f"{word} is '{said}', expected '{expected}'.")
    if plan.snapshot is not None:
        yield from _snapshot_findings(plan.instance_digest, plan.snapshot)


def _snapshot_findings(digest: str, snapshot: InstanceSnapshot) -> Iterator[Finding]:
    """The instance that the plan carries is the one that it was made for."""
    try:
        carried = snapshot.digest()
    except ValueError as error:
        yield Finding("snapshot", "plan", f"the instance in it {error}.")
        return
    if carried != digest:
        message = f"the instance in it has the digest '{carried}', expected '{digest}'."
        yield Finding("snapshot", "plan", message)


def total_findings(facts: Facts, plan: Plan) -> Iterator[Finding]:
    """Cost, penalty and every total."""
    sums = _sums(plan)
    cost = sum(sums["by_charge"].values(), Decimal(0))
    penalty = sum((one.penalty for one in plan.unserved), Decimal(0))
    for word, said, exact in (
        ("cost", plan.cost, cost),
        ("unserved_penalty", plan.unserved_penalty, penalty),
    ):
        if said != exact:
            yield Finding("total", "plan", f"{word} is {said}, its parts add up to {exact}.")
    for name, parts in sums.items():
        yield from _table(name, getattr(plan.totals, name), parts, plan)
    yield from _unit_findings(plan)
    yield from _counts(facts, plan)


def _unit_findings(plan: Plan) -> Iterator[Finding]:
    """No amount has more decimals than its currency (ISO 4217)."""
    amounts = [("plan", plan.cost), ("plan", plan.unserved_penalty), ("plan", plan.unallocated)]
    amounts += [(f"departure {one.departure}", one.fixed_cost) for one in plan.departures]
    amounts += [(f"unserved {one.shipment}", one.penalty) for one in plan.unserved]
    amounts += [
        (f"itinerary {i} of {one.shipment}", charge.amount)
        for i, one in enumerate(plan.itineraries, 1)
        for charge in one.charges
    ]
    unit = unit_of(plan.currency)
    for where, amount in amounts:
        if amount % unit:
            message = f"{amount} is no whole number of {unit} {plan.currency}."
            yield Finding("money", where, message)


def _sums(plan: Plan) -> dict[str, dict[str, Decimal]]:
    """Cost by charge, mode and owner.

    Without any itinerary the departures that run are borne by nobody.
    """
    by_charge: dict[str, Decimal] = defaultdict(Decimal)
    by_mode: dict[str, Decimal] = defaultdict(Decimal)
    by_owner: dict[str, Decimal] = defaultdict(Decimal)
    lines = [
        (charge.kind.value, charge.mode.value if charge.mode else NO_MODE, one.owner, charge.amount)
        for one in plan.itineraries
        for charge in one.charges
    ]
    lines += [
        (UNALLOCATED, run.mode.value, run.owner, run.fixed_cost)
        for run in (() if plan.itineraries else plan.departures)
    ]
    for charge, mode, owner, amount in lines:
        by_charge[charge] += amount
        by_mode[mode] += amount
        by_owner[owner] += amount
    return {"by_charge": by_charge, "by_mode": by_mode, "by_owner": by_owner}


def _table(
    name: str, said: Mapping[str, Decimal], parts: Mapping[str, Decimal], plan: Plan
) -> Iterator[Finding]:
    """Sums by key; one of nothing may be left out or stated."""
    where = f"totals {name}"
    known = {run.owner for run in plan.departures} if name == "by_owner" else KEYS
    total = sum(said.values(), Decimal(0))
    if total != plan.cost:
        yield Finding("total", where, f"adds up to {total}, expected {plan.cost}.")
    for key in sorted(said.keys() | parts.keys()):
        amount, exact = said.get(key, Decimal(0)), parts.get(key, Decimal(0))
        if amount != exact:
            yield Finding("total", where, f"{key} is {amount}, expected {exact}.")
        elif key not in parts and key not in known:
            yield Finding("total", where, f"'{key}' is unknown.")


def _counts(facts: Facts, plan: Plan) -> Iterator[Finding]:
    shipments = facts.instance.shipments
    late = {one.shipment for one in plan.itineraries if one.late_hours > 0}
    late |= {one.shipment for one in plan.unserved}
    teu = sum(one.teu for one in shipments)
    on_time = sum(one.teu for one in plan.itineraries if one.late_hours == 0)
    for word, expected in (
        ("shipments", len(shipments)), ("shipments_on_time", len(shipments) - len(late)),
        ("on_time_share", on_time / teu if teu else 1.0), ("teu", teu),
        ("teu_unserved", sum(one.teu for one in plan.unserved)),
        ("co2e_kg", sum(one.co2e_kg for one in plan.itineraries)),
    ):  # fmt: skip
        said = float(getattr(plan.totals, word))
        if not near(said, expected):
            yield Finding("total", "totals", f"{word} is {said:g}, expected {expected:g}.")


def proof_findings(plan: Plan) -> Iterator[Finding]:
    """What the plan claims to be proved does not contradict itself."""
    proof = plan.proof
    # Trucks are planned after the proof and are no part of it.
    objective = float(plan.cost - plan.drayage_cost + plan.unserved_penalty)
    if not near(proof.objective, objective, 1e-9):
        message = f"objective is {proof.objective:.2f}, cost and penalty are {objective:.2f}."
        yield Finding("proof", "proof", message)
    if proof.bound is not None and proof.bound > objective + float(unit_of(plan.currency)) / 2:
        message = f"bound {proof.bound:.2f} lies above the objective {objective:.2f}."
        yield Finding("proof", "proof", message)
    gap = None
    if proof.bound is not None:
        gap = max(0.0, objective - proof.bound) / max(abs(objective), 1e-9)
    if (gap is None) != (proof.gap is None) or abs((gap or 0.0) - (proof.gap or 0.0)) > 1e-9:
        yield Finding("proof", "proof", f"gap is {proof.gap}, expected {gap}.")
    yield from _outcome_findings(proof, objective, gap)


def _outcome_findings(proof: Proof, objective: float, gap: float | None) -> Iterator[Finding]:
    """A plan is optimal where its bound lies within the gap that was asked for."""
    if proof.outcome not in OUTCOMES:
        message = f"outcome is '{proof.outcome}', expected {' or '.join(OUTCOMES)}."
        yield Finding("proof", "proof", message)
    if proof.outcome == "optimal" and (proof.bound is None or proof.stop is not None):
        yield Finding("proof", "proof", "says optimal without a bound or with an early stop.")
    asked = MOST_OPTIMAL_GAP if proof.asked_gap is None else proof.asked_gap
    rounding = 2.0 / max(abs(objective), 1.0) + 2e-6
    if proof.outcome == "optimal" and gap is not None and gap > asked + rounding:
        message = f"says optimal with a gap of {gap:.4g}, asked was {asked:.4g}."
        yield Finding("proof", "proof", message)
