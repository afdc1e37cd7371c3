"""A committed weekly pattern: the same timetable every week, because customers buy regularity.

A *slot* of the pattern is a trunk train on one weekday at one local time. Its departures of all
weeks run equally often, ``y[d] = ȳ[slot(d)]`` (see
:mod:`solvers.network_design.transform.equal_runs`), and run whether full or not; the minimum load,
a rule for trains called off at will, does not apply to them. The plan is made in two steps: the
pattern on the tied problem, with its bound; then the flow on the instance in which the chosen
departures are committed and the others are gone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

import numpy as np

from freight.consolidation.trunk import rebuilt
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.service import Departure, Service
from freight.errors import AuditError
from freight.model.compile import Compiled
from freight.planning import choose, method_of, plan, solve
from solvers.arrays import Ints
from solvers.network_design.statement.incumbent import contradiction
from solvers.network_design.statement.method import Method, Traits
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result
from solvers.network_design.transform.equal_runs import tied, untied
from solvers.network_design.warm_start import Started
from solvers.options import Options
from solvers.outcome import relative_gap

Slot = tuple[str, str, str]
"""Service, weekday and clock time at the first stop."""


@dataclass(frozen=True)
class WeeklyPlan:
    """The plan, the instance of its pattern, and the slots that run: (service, weekday, time)."""

    plan: Plan
    instance: Instance
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class TiedMethod:
    """A method that solves with designs of equal label tied."""

    inner: Method
    label: Ints

    name: ClassVar[str] = "tied"
    traits: ClassVar[Traits] = Traits(
        exact=True, gives_bound=True, lots=True, floors=True, largest=2_000_000_000,
        summary="Another method on the problem with tied designs.",
    )  # fmt: skip

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve the tied problem; the solution is given in the designs of ``problem``."""
        found = self.inner.solve(tied(problem, self.label), options)
        if found.solution is None:
            return found
        return replace(found, solution=untied(found.solution, self.label))


def plan_weekly(instance: Instance, trunk: Collection[str], options: Options) -> WeeklyPlan:
    """Choose the pattern of the trunk services (by id) and plan with it; raises as planning does.

    ``options`` are those of the pattern and once more of the flow. Where no pattern is found in
    time, no trunk train runs.
    """
    free = _without_minimum(instance, trunk)
    choice = choose(free)
    label = slot_labels(choice.compiled, trunk)
    pattern = Started(TiedMethod(method_of(choice), label))
    first = solve(replace(choice, engine=pattern), options)
    runs = np.zeros(choice.compiled.problem.designs) if first.solution is None else first.solution.y
    running = {
        one.id: int(count)
        for one, count in zip(choice.compiled.network.calls.departures, runs, strict=True)
    }
    home = _committed(free, choice.compiled, trunk, running)
    flow = choose(home)
    found = plan(home, replace(flow, engine=Started(method_of(flow))), options=options)
    return WeeklyPlan(_proved(found, first), home, _slots(choice.compiled, trunk, running))


def slot_labels(compiled: Compiled, trunk: Collection[str]) -> Ints:
    """Label of every departure (shape S): one per slot of trunk services, one each for others."""
    slots = slots_of(compiled, trunk)
    keys: dict[object, int] = {}
    found = []
    for d, one in enumerate(compiled.network.calls.departures):
        found.append(keys.setdefault(slots.get(one.id, d), len(keys)))
    return np.array(found, dtype=np.int64)


def slots_of(compiled: Compiled, trunk: Collection[str]) -> dict[str, Slot]:
    """Slot of every trunk departure by its id.

    Where clocks go back and a service leaves twice at one clock time, the second train is a slot of
    its own: with the first it would make two trains of one slot in one week.
    """
    found: dict[str, Slot] = {}
    taken: set[tuple[str, datetime]] = set()
    for dated in compiled.network.calls.departures:
        if dated.service not in trunk:
            continue
        here = dated.departs_at.replace(tzinfo=None)
        clock = here.time().isoformat("auto" if here.second or here.microsecond else "minutes")
        if (dated.service, here) in taken:
            clock += f"{dated.departs_at:%z}"
        taken.add((dated.service, here))
        found[dated.id] = dated.service, f"{here:%a}".lower(), clock
    return found


def _slots(compiled: Compiled, trunk: Collection[str], running: dict[str, int]) -> tuple[Slot, ...]:
    slots = slots_of(compiled, trunk)
    return tuple(sorted({slot for key, slot in slots.items() if running[key]}))


def _without_minimum(instance: Instance, trunk: Collection[str]) -> Instance:
    services = tuple(_ruled(one, trunk, {"minimum_load_teu": 0.0}) for one in instance.services)
    return rebuilt(instance, services=services)


def _ruled(service: Service, trunk: Collection[str], change: dict[str, object]) -> Service:
    return service.model_copy(update=change) if service.id in trunk else service


def _committed(
    instance: Instance, compiled: Compiled, trunk: Collection[str], running: dict[str, int]
) -> Instance:
    """The instance with the chosen departures committed and the others of trunk services gone."""
    chosen = [
        Departure(service=one.service, departs_at=one.departs_at, most_runs=running[one.id])
        for one in compiled.network.calls.departures
        if one.service in trunk and running[one.id]
    ]
    kept = {one.service for one in chosen}
    services = [
        _ruled(one, trunk, {"committed": True})
        for one in instance.services
        if one.id not in trunk or one.id in kept
    ]
    names = {one.id for one in services}
    others = (one for one in instance.departures if one.service not in trunk)
    return rebuilt(
        instance,
        services=tuple(services),
        stops=tuple(one for one in instance.stops if one.service in names),
        departures=(*others, *chosen),
    )


def _proved(plan_: Plan, pattern: Result) -> Plan:
    """The plan with the bound of the pattern's problem: its own holds for this pattern only."""
    objective = plan_.proof.objective
    defect = None if pattern.bound is None else contradiction(pattern.bound, objective)
    if defect is not None:
        raise AuditError(
            f"The bound of the weekly pattern is wrong: {defect} This is a defect of the program. "
            "Please report it with the instance."
        )
    bound = None if pattern.bound is None else min(pattern.bound, objective)
    gap = relative_gap(objective, bound)
    proof = plan_.proof.model_copy(
        update={
            "bound": bound, "gap": gap, "method": f"{plan_.proof.method}, weekly pattern",
            "outcome": "feasible" if gap is None or gap > 1e-6 else plan_.proof.outcome,
            "stop": plan_.proof.stop or ("converged" if gap is None or gap > 1e-6 else None),
            "seconds": plan_.proof.seconds + pattern.seconds,
        }
    )  # fmt: skip
    return plan_.model_copy(update={"proof": proof})
