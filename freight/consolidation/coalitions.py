"""What every coalition of owners would pay alone: one solve each, on shared itineraries.

All coalitions are solved on the arrays of one policy. For coalition ``S``

    ``q_S[k]``     demand of shipments of members, 0 of others
    ``y_max_S[s]`` 0 for trunk trains that no member can run
    ``f_S[s]``     0 for committed departures of outsiders, which run at their owners' expense

and everything else stays: terminals, borders and market slots are there for every coalition in
full. Itineraries therefore carry over from one coalition to the next (see :mod:`solvers.pool`).
Each solve keeps its proved bound, so that ``c(S)`` is known as an interval.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from freight.consolidation.candidates import Train
from freight.domain.instance import Instance
from freight.errors import NoSolution
from freight.model.compile import Compiled
from freight.planning import Choice, choose, solve
from solvers.column_generation import ColumnGeneration
from solvers.games import members
from solvers.method import Method, Traits
from solvers.options import Options
from solvers.pool import Pool
from solvers.problem import NetworkDesign
from solvers.result import Result


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how exactly to solve; ``seconds`` per solve."""

    seconds: float = 60.0
    gap: float = 0.004
    seed: int = 0
    threads: int = 1

    def options(self) -> Options:
        """The same as options of a solve."""
        return Options(
            time_limit_seconds=self.seconds, gap=self.gap, seed=self.seed, threads=self.threads
        )


@dataclass(frozen=True, slots=True)
class CoalitionCost:
    """Interval of one coalition's cost, its mask over the players, and the seconds it took."""

    mask: int
    lower: float
    upper: float
    seconds: float


@dataclass(frozen=True)
class Players:
    """The owners that bring shipments, the trains that they can run, and those that may not run."""

    owners: tuple[str, ...]
    trains: Mapping[str, Train]
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Paced:
    """A method that takes a share of the time it is given, so that a repair has the rest.

    Planning solves again where itineraries return to a terminal; on shared itineraries that is
    quick.
    """

    inner: Method
    share: float = 0.7

    name: ClassVar[str] = "columns"
    traits: ClassVar[Traits] = ColumnGeneration.traits

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve within the share."""
        limit = options.time_limit_seconds
        own = options if limit is None else replace(options, time_limit_seconds=self.share * limit)
        return self.inner.solve(problem, own)


def with_pool(choice: Choice, pool: Pool) -> Choice:
    """The choice solved on shared itineraries, unless it is small enough for the compact model."""
    if choice.name == "arc-mip":
        return choice
    engine = Paced(ColumnGeneration(pool=pool))
    return replace(choice, name=engine.name, engine=engine)


def without(compiled: Compiled, closed: Collection[str]) -> Compiled:
    """The compiled instance with the departures of some optional services shut."""
    departures = compiled.network.calls.departures
    shut = np.array([one.service in closed for one in departures], dtype=np.bool_)
    problem = compiled.problem
    most = np.where(shut & (problem.y_min == 0), 0, problem.y_max)
    return replace(compiled, problem=replace(problem, y_max=most))


def coalition_problem(compiled: Compiled, players: Players, mask: int) -> NetworkDesign:
    """The joint problem left to one coalition (symbols: see above)."""
    inside = {players.owners[i] for i in members(mask)}
    instance, problem = compiled.instance, compiled.problem
    owner = np.array([instance.shipments[i].owner for i in compiled.pools.first])
    calls = compiled.network.calls
    trains = [players.trains.get(one.service) for one in calls.departures]
    shut = np.array([t is not None and not t.backers & inside for t in trains], dtype=np.bool_)
    theirs = np.array(
        [instance.service[one.service].owner not in inside for one in calls.departures],
        dtype=np.bool_,
    )
    always = problem.y_min > 0
    return replace(
        problem,
        demand=np.where(np.isin(owner, sorted(inside)), problem.demand, 0.0),
        y_max=np.where(shut & ~always, 0, problem.y_max),
        fixed_cost=np.where(theirs & always, 0.0, problem.fixed_cost),
    )


def solve_coalitions(
    instance: Instance, players: Players, masks: Sequence[int], pool: Pool, effort: Effort
) -> list[CoalitionCost]:
    """Costs of the given coalitions, one after the other in this process; the pool grows."""
    choice = choose(instance)
    base = without(choice.compiled, players.closed)
    found = []
    for mask in masks:
        problem = coalition_problem(base, players, mask)
        case = replace(choice, compiled=replace(choice.compiled, problem=problem))
        found.append(_cost(mask, with_pool(case, pool), effort))
    return found


def _cost(mask: int, case: Choice, effort: Effort) -> CoalitionCost:
    """Interval of one coalition; what it costs to leave everything behind where time ran out.

    Raises NoSolution where shipments must not be left behind or a cost is negative, so that no such
    interval is known.
    """
    problem = case.compiled.problem
    try:
        result = solve(case, effort.options())
    except NoSolution:
        idle = float(problem.fixed_cost @ problem.y_min + problem.unserved_cost @ problem.demand)
        least = min(problem.cost.min(initial=0.0), problem.fixed_cost.min(initial=0.0))
        if not np.isfinite(idle) or least < 0.0:
            raise
        return CoalitionCost(mask, 0.0, idle, effort.seconds)
    objective = 0.0 if result.objective is None else result.objective
    bound = 0.0 if result.bound is None else result.bound
    return CoalitionCost(mask, min(bound, objective), objective, result.seconds)


def coalition_costs(
    instance: Instance,
    players: Players,
    masks: Sequence[int],
    pool: Pool,
    effort: Effort,
    executor: tuple[Executor, int],
) -> list[CoalitionCost]:
    """The same on an executor with so many workers, by mask; large coalitions go first."""
    engine, workers = executor
    order = sorted(masks, key=lambda mask: (-mask.bit_count(), mask))
    batches = [order[i :: max(1, workers)] for i in range(max(1, workers))]
    tasks = [
        engine.submit(solve_coalitions, instance, players, batch, pool, effort)
        for batch in batches
        if batch
    ]
    costs = [cost for task in tasks for cost in task.result()]
    return sorted(costs, key=lambda one: one.mask)
