"""What changes from one plan to another: money by charge, departures added or cancelled, routes.

A shipment's *route* is where its boxes go and by what: the chain of modes and terminals of each
itinerary with its TEU. Its *departures* are the dated services it takes. A shipment keeps its route
and changes its departures when only the days differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from freight.domain.base import Frozen
from freight.domain.money import Cents
from freight.domain.plan import Dwell, Itinerary, Plan, Ride
from freight.domain.wording import legible
from freight.errors import Fault, InstanceError


class MoveKind(StrEnum):
    """How a shipment's journey differs between two plans."""

    MODE = "mode"  # other modes
    ROUTE = "route"  # same modes, other terminals
    DEPARTURE = "departure"  # same route, other days or services
    DROPPED = "dropped"  # more boxes left behind
    TAKEN = "taken"  # fewer boxes left behind
    ABSENT = "absent"  # in one plan only


class RunChange(Frozen):
    """One departure that runs more or less often than in the first plan."""

    departure: str
    service: str
    owner: str
    runs_before: int
    runs_after: int
    load_before: float
    load_after: float


class ShipmentChange(Frozen):
    """One shipment whose journey differs from the first plan."""

    shipment: str
    owner: str
    kind: MoveKind
    teu: int
    """TEU that travel otherwise or are concerned."""
    route_before: str
    route_after: str
    cost_before: Cents
    cost_after: Cents


class Side(Frozen):
    """One of the two plans that are compared, in the figures of the comparison."""

    cost: Cents
    unserved_penalty: Cents
    by_charge: dict[str, Cents]
    """Adds up to ``cost``."""
    on_time_share: float
    co2e_kg: float
    teu_unserved: int
    slack: float | None
    """Objective less proved bound: what a longer search may still save; None without a bound."""

    @property
    def objective(self) -> Decimal:
        """Cost and penalty."""
        return self.cost + self.unserved_penalty


class Difference(Frozen):
    """One plan against the first one."""

    name: str
    before: Side
    """The first plan."""
    after: Side
    """The later one."""
    cost: Cents
    """Of the later plan less that of the first."""
    unserved_penalty: Cents
    by_charge: dict[str, Cents]
    """Adds up to ``cost``."""
    by_owner: dict[str, Cents]
    co2e_kg: float
    on_time_share: float
    appear: tuple[RunChange, ...]
    vanish: tuple[RunChange, ...]
    other_runs: tuple[RunChange, ...]
    """Run in both plans, not equally often."""
    shipments: tuple[ShipmentChange, ...]

    @property
    def within_slack(self) -> bool:
        """Whether a longer search for the dearer plan might make up the whole difference."""
        more = float(self.after.objective - self.before.objective)
        slack = self.after.slack if more > 0 else self.before.slack
        return more != 0.0 and (slack is None or abs(more) <= slack)


class Comparison(Frozen):
    """Several plans against the first of them."""

    base: str
    currency: str
    differences: tuple[Difference, ...]


def compare(plans: Mapping[str, Plan]) -> Comparison:
    """Compare named plans with the first one.

    Raises InstanceError for fewer than two plans or plans in different currencies.
    """
    names = list(plans)
    if len(names) < 2:
        what = f"{len(names)} plan given."
        raise InstanceError([Fault("compare", None, None, what, "Name two or more plans.")])
    first = plans[names[0]]
    faults = [
        Fault(name, None, "currency", f"It is in {plans[name].currency}, {names[0]} in "
              f"{first.currency}.", "Compare plans in one currency.")
        for name in names[1:]
        if plans[name].currency != first.currency
    ]  # fmt: skip
    if faults:
        raise InstanceError(faults)
    return Comparison(
        base=names[0],
        currency=first.currency,
        differences=tuple(_difference(name, first, plans[name]) for name in names[1:]),
    )


def _difference(name: str, one: Plan, two: Plan) -> Difference:
    runs = _run_changes(one, two)
    return Difference(
        name=name,
        before=_side(one),
        after=_side(two),
        cost=two.cost - one.cost,
        unserved_penalty=two.unserved_penalty - one.unserved_penalty,
        by_charge=_less(two.totals.by_charge, one.totals.by_charge),
        by_owner=_less(two.totals.by_owner, one.totals.by_owner),
        co2e_kg=two.totals.co2e_kg - one.totals.co2e_kg,
        on_time_share=two.totals.on_time_share - one.totals.on_time_share,
        appear=tuple(run for run in runs if not run.runs_before),
        vanish=tuple(run for run in runs if not run.runs_after),
        other_runs=tuple(run for run in runs if run.runs_before and run.runs_after),
        shipments=tuple(_shipment_changes(one, two)),
    )


def _side(plan: Plan) -> Side:
    bound = plan.proof.bound
    return Side(
        cost=plan.cost,
        unserved_penalty=plan.unserved_penalty,
        by_charge=plan.totals.by_charge,
        on_time_share=plan.totals.on_time_share,
        co2e_kg=plan.totals.co2e_kg,
        teu_unserved=plan.totals.teu_unserved,
        slack=None if bound is None else plan.proof.objective - bound,
    )


def _less(two: Mapping[str, Decimal], one: Mapping[str, Decimal]) -> dict[str, Decimal]:
    nothing = Decimal(0)
    return {key: two.get(key, nothing) - one.get(key, nothing) for key in sorted({*one, *two})}


def _run_changes(one: Plan, two: Plan) -> list[RunChange]:
    before = {run.departure: run for run in one.departures}
    after = {run.departure: run for run in two.departures}
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        either = new or old
        if either is None or (old and new and old.runs == new.runs):
            continue
        found.append(
            RunChange(
                departure=key,
                service=either.service,
                owner=either.owner,
                runs_before=old.runs if old else 0,
                runs_after=new.runs if new else 0,
                load_before=old.load_factor if old else 0.0,
                load_after=new.load_factor if new else 0.0,
            )
        )
    return found


def _shipment_changes(one: Plan, two: Plan) -> Sequence[ShipmentChange]:
    before, after = _journeys(one), _journeys(two)
    left = [{some.shipment: some.teu for some in plan.unserved} for plan in (one, two)]
    found = []
    for key in sorted({*before, *after, *left[0], *left[1]}):
        old, new = before.get(key, []), after.get(key, [])
        kind = _kind(old, new, left[0].get(key, 0), left[1].get(key, 0))
        if kind is None:
            continue
        owners = {some.owner for some in (*old, *new)}
        found.append(
            ShipmentChange(
                shipment=key,
                owner=min(owners) if owners else "",
                kind=kind,
                teu=_moved(old, new, left[1].get(key, 0) - left[0].get(key, 0)),
                route_before=_words(old),
                route_after=_words(new),
                cost_before=sum((some.cost for some in old), Decimal(0)),
                cost_after=sum((some.cost for some in new), Decimal(0)),
            )
        )
    return found


def _journeys(plan: Plan) -> dict[str, list[Itinerary]]:
    found: dict[str, list[Itinerary]] = {}
    for one in plan.itineraries:
        found.setdefault(one.shipment, []).append(one)
    return found


def _kind(
    old: list[Itinerary], new: list[Itinerary], left_before: int, left_after: int
) -> MoveKind | None:
    if left_before != left_after:
        known = (old or left_before) and (new or left_after)
        if not known:
            return MoveKind.ABSENT
        return MoveKind.DROPPED if left_after > left_before else MoveKind.TAKEN
    if bool(old) != bool(new):
        return MoveKind.ABSENT
    for kind, measure in (
        (MoveKind.MODE, _modes), (MoveKind.ROUTE, route), (MoveKind.DEPARTURE, _departures)
    ):  # fmt: skip
        if _tally(old, measure) != _tally(new, measure):
            return kind
    return None


def _tally(some: list[Itinerary], measure: object) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in some:
        found[measure(one)] += one.teu  # type: ignore[operator]
    return found


def _moved(old: list[Itinerary], new: list[Itinerary], more_left: int) -> int:
    """TEU that take other departures, at least those left behind or taken along."""
    gone = _tally(old, _departures) - _tally(new, _departures)
    come = _tally(new, _departures) - _tally(old, _departures)
    return max(gone.total(), come.total(), abs(more_left))


def route(itinerary: Itinerary) -> str:
    """Terminals and modes of an itinerary: ``wuhan-rail ~rail~ duisburg-rail``."""
    steps = [step for step in itinerary.steps if not isinstance(step, Dwell)]
    if not steps:
        return ""
    legs = (f" ~{step.mode}~ {step.to_terminal}" for step in steps)
    return steps[0].from_terminal + "".join(legs)


def _modes(itinerary: Itinerary) -> str:
    return "+".join(
        str(step.mode) for step in itinerary.steps if isinstance(step, Ride)
    ) or "+".join(str(step.mode) for step in itinerary.steps if not isinstance(step, Dwell))


def _departures(itinerary: Itinerary) -> str:
    return " ".join(
        step.departure if isinstance(step, Ride) else f"{step.transfer}@{step.departs.isoformat()}"
        for step in itinerary.steps
        if not isinstance(step, Dwell)
    )


def _words(some: list[Itinerary]) -> str:
    tally = _tally(some, route)
    return "; ".join(f"{teu} TEU {way}" for way, teu in sorted(tally.items()))


def labels(paths: Sequence[Path]) -> list[str]:
    """Names for plans in files: short ones where they differ, else whole paths.

    A path that comes again is numbered.
    """
    short = [legible(one.name).removesuffix(".json").removesuffix(".plan") for one in paths]
    if len(set(short)) == len(short):
        return short
    long = [legible(str(one)) for one in paths]
    before = [long[:i].count(one) for i, one in enumerate(long)]
    return [f"{one} ({n + 1})" if n else one for one, n in zip(long, before, strict=True)]
