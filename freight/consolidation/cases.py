"""One problem of a study, solved in a worker: a policy for everybody, or for some owners alone.

All cases of a study are stated on the arrays of one candidate network, so that itineraries and
whole solutions of one are itineraries and, often, solutions of another. A case is handed what is
known: the pool, starts, a bound; it hands back its own.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

import numpy as np

from freight.consolidation.coalitions import Players, coalition_problem, without
from freight.consolidation.engines import flag
from freight.consolidation.weekly import plan_weekly
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import NoSolution
from freight.model.compile import Compiled
from freight.model.reasons import explained
from freight.planning import Choice, choose, method_of, planned, solve
from solvers.network_design.relaxation.column_pool import Pool
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.network_design.warm_start import Start, Started, united
from solvers.options import Options

WARM_COMMODITIES = 2
WARM_SECONDS = 60.0
BY_OWNER = "owners side by side"
"""Label of a plan put together from those of single owners."""


@dataclass(frozen=True)
class Effort:
    """How long and how exactly to solve; ``seconds`` per solve."""

    seconds: float = 60.0
    gap: float = 0.002
    seed: int = 0
    threads: int = 1

    def options(self) -> Options:
        """The same as options of a solve."""
        return Options(
            time_limit_seconds=self.seconds, gap=self.gap, seed=self.seed, threads=self.threads,
            cancel=flag(),
        )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What to solve: a policy's law, trains shut by it, and whose shipments travel.

    ``mask`` selects players; None: everybody, and a plan of the instance ``home`` is made.
    """

    key: Hashable
    name: str
    law: Instance
    players: Players
    mask: int | None = None
    home: Instance | None = None
    weekly_trunk: tuple[str, ...] = ()
    """Trunk services that run a weekly pattern; empty: as the policy likes."""


@dataclass(frozen=True)
class Known:
    """What others found: paths, solutions (each in parts to be put together), their bound.

    ``parts_bound`` is the sum of proved costs of all players alone, where that bounds the case.
    ``enough``: an accepted start needs no search.
    """

    pool: Pool = field(default_factory=Pool)
    starts: tuple[tuple[str, tuple[Solution, ...]], ...] = ()
    parts_bound: float | None = None
    enough: bool = False


@dataclass(frozen=True)
class Worked:
    """What became of a case.

    ``lower`` and ``upper`` enclose its cost; ``start`` names the known solution that nothing beat,
    empty for a solution of its own. Without a solution, ``reason`` says why.
    """

    key: Hashable
    name: str
    lower: float | None
    upper: float | None
    solution: Solution | None
    seconds: float
    start: str = ""
    reason: str = ""
    market: float = 0.0
    """Fixed cost of committed departures of owners that bring no shipments."""
    plan: Plan | None = None
    home: Instance | None = None
    pool: Pool = field(default_factory=Pool)


Task = tuple[Case, Known]


def work(case: Case, known: Known, effort: Effort) -> Worked:
    """Solve one case; runs in a worker. Raises EngineError and AuditError as planning does."""
    return work_all(((case, known),), effort)[0]


def work_all(tasks: tuple[Task, ...], effort: Effort) -> tuple[Worked, ...]:
    """Solve cases of one law one after the other; ``effort`` is for each of them."""
    if tasks[0][0].weekly_trunk:
        return tuple(_weekly(case, effort) for case, _ in tasks)
    choice = choose(tasks[0][0].law)
    return tuple(_worked(choice, case, known, effort) for case, known in tasks)


def _worked(choice: Choice, case: Case, known: Known, effort: Effort) -> Worked:
    base = without(choice.compiled, case.players.closed)
    market = market_cost(base, case.players)
    problem = base.problem
    if case.mask is not None:
        problem = coalition_problem(base, case.players, case.mask)
    compiled = replace(base, problem=problem)
    starts = tuple(Start(label, united(problem, parts)) for label, parts in known.starts)
    bound = None if known.parts_bound is None else known.parts_bound + market
    engine = Started(method_of(choice), starts, bound, known.pool, known.enough)
    own = replace(choice, compiled=compiled, engine=engine)
    try:
        result = _solved(own, engine, effort)
    except NoSolution as error:
        empty = Worked(case.key, case.name, bound, None, None, effort.seconds, reason=str(error))
        return replace(empty, market=market, home=case.home, pool=known.pool)
    plan = None
    if case.home is not None:
        whole = replace(own, compiled=base)
        plan = at_home(planned(case.law, whole, result, (result.seconds, effort.gap)), case.home)
    upper = result.objective if plan is None else plan.proof.objective
    lower = result.bound if plan is None else plan.proof.bound
    if lower is None and not bottomless(problem):
        lower = 0.0
    return Worked(
        case.key, case.name, lower, upper, result.solution, result.seconds,
        start=str(result.notes.get("start", "")), market=market, plan=plan, home=case.home,
        pool=known.pool,
    )  # fmt: skip


def _weekly(case: Case, effort: Effort) -> Worked:
    """A policy with the same timetable each week; half of the time chooses it, half fills it."""
    if case.home is None:
        raise ValueError(f"Case {case.name} has a weekly pattern but no instance to plan.")
    half = replace(effort, seconds=effort.seconds / 2)
    try:
        found = plan_weekly(case.home, case.weekly_trunk, half.options())
    except NoSolution as error:
        return Worked(case.key, case.name, None, None, None, effort.seconds, reason=str(error),
                      home=case.home)  # fmt: skip
    proof = found.plan.proof
    return Worked(case.key, case.name, proof.bound, proof.objective, None, proof.seconds,
                  plan=found.plan, home=found.instance)  # fmt: skip


def _solved(choice: Choice, engine: Started, effort: Effort) -> Result:
    """A result; the best start where the search leads to none."""
    try:
        return solve(choice, effort.options())
    except NoSolution:
        return solve(replace(choice, engine=replace(engine, inner=None)), effort.options())


def warm(case: Case) -> None:
    """Solve for a few commodities, so that what is compiled on first use is at hand."""
    choice = choose(case.law)
    if choice.name == "arc-mip":
        return
    problem = choice.compiled.problem
    few = np.where(np.arange(problem.commodities) < WARM_COMMODITIES, problem.demand, 0.0)
    method_of(choice).solve(
        replace(problem, demand=few),
        Options(time_limit_seconds=WARM_SECONDS, gap=1.0, threads=1, cancel=flag()),
    )


def bottomless(problem: NetworkDesign) -> bool:
    """Whether some price is negative, so that costs are not known to be at least 0."""
    prices = (problem.cost, problem.fixed_cost, problem.exit_cost, problem.attribute)
    return any(float(one.min(initial=0.0)) < 0.0 for one in prices)


def market_cost(compiled: Compiled, players: Players) -> float:
    """Fixed cost of committed departures whose owner is no player."""
    instance, problem = compiled.instance, compiled.problem
    departures = compiled.network.calls.departures
    theirs = np.array([instance.service[one.service].owner not in players.owners
                       for one in departures], dtype=np.bool_)  # fmt: skip
    return float(problem.fixed_cost[theirs] @ problem.y_min[theirs])


def at_home(found: Plan, home: Instance) -> Plan:
    """A plan of the whole candidate network as one of the trains that may run."""
    return explained(home, found.with_instance(home))
