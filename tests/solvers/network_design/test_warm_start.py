"""Starting from known solutions: never worse, never a bound too high, parts put side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.exact.columns import ColumnGeneration
from solvers.network_design.relaxation.column_pool import Pool
from solvers.network_design.statement.incumbent import idle
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.network_design.statement.verify import verify
from solvers.network_design.warm_start import IDLE, Start, Started, equipped, united
from solvers.options import Options
from solvers.outcome import Outcome, Stop
from tests.solvers.network_design.random_designs import random_design

EXACT = Options(gap=0.0, threads=1)


@dataclass(frozen=True)
class Finds:
    """A method that finds one solution, or nothing."""

    solution: Solution | None = None
    bound: float | None = None

    name: ClassVar[str] = "finds"
    traits: ClassVar[Traits] = ArcFlow.traits

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """What it was given."""
        known = self.solution
        objective = None if known is None else verify(problem, known).objective
        return Result(
            outcome=Outcome.NO_SOLUTION if known is None else Outcome.FEASIBLE, stop=Stop.TIME,
            objective=objective, bound=self.bound, solution=known, seconds=0.0,
            method=self.name, backend="highs", seed=options.seed,
        )  # fmt: skip


def lenient(seed: int) -> NetworkDesign:
    """A random problem in which everything may stay unserved and nothing must be filled."""
    found = random_design(seed, floors=False)
    cost = np.where(np.isfinite(found.unserved_cost), found.unserved_cost, 50.0)
    return replace(found, unserved_cost=cost)


def best(problem: NetworkDesign) -> Result:
    """Its optimum."""
    return ArcFlow().solve(problem, EXACT)


@pytest.mark.parametrize("seed", range(8))
def test_the_answer_is_the_better_of_start_and_search(seed: int) -> None:
    """The optimum as a start beats idling, idling stands where nothing is found."""
    problem = lenient(seed)
    optimum = best(problem)
    assert optimum.solution is not None
    assert optimum.objective is not None
    start = Start("best", optimum.solution)
    nothing = Started(Finds()).solve(problem, EXACT)
    assert nothing.notes["start"] == IDLE
    unserved = problem.fixed_cost @ problem.y_min + problem.unserved_cost @ problem.demand
    assert nothing.objective == pytest.approx(unserved)
    for inner in (Finds(), Finds(idle(problem)), None):
        found = Started(inner, (start,)).solve(problem, EXACT)
        assert found.objective == pytest.approx(optimum.objective)
        assert found.notes["start"] == "best"
    own = Started(Finds(optimum.solution)).solve(problem, EXACT)
    assert own.objective == pytest.approx(optimum.objective)


@pytest.mark.parametrize("seed", range(4))
def test_bounds_join_and_stay_below_the_objective(seed: int) -> None:
    """The better of two bounds counts; an exact one makes the start optimal."""
    problem = lenient(seed)
    optimum = best(problem)
    assert optimum.solution is not None
    assert optimum.objective is not None
    start = (Start("best", optimum.solution),)
    low = Started(Finds(bound=1.0), start, bound=2.0).solve(problem, EXACT)
    assert low.bound == pytest.approx(min(2.0, optimum.objective))
    proved = Started(Finds(), start, bound=optimum.objective + 1e-9).solve(problem, EXACT)
    assert proved.outcome is Outcome.OPTIMAL
    assert proved.stop is None


def test_an_accepted_start_may_be_enough() -> None:
    """With ``enough`` the inner method does not run; a start that does not fit does not count."""
    problem = lenient(1)
    optimum = best(problem)
    assert optimum.solution is not None
    start = Start("best", optimum.solution)
    found = Started(Finds(bound=0.5), (start,), enough=True).solve(problem, EXACT)
    assert found.bound is None
    shut = replace(problem, y_max=problem.y_min)
    if (optimum.solution.y > problem.y_min).any():
        other = Started(Finds(bound=0.5), (start,), enough=True).solve(shut, EXACT)
        assert other.notes["start"] == IDLE
        assert other.bound == 0.5


@pytest.mark.parametrize("seed", range(6))
def test_parts_side_by_side_cost_what_they_cost_alone(seed: int) -> None:
    """Halves of the demand with designs of their own add up, committed designs counted once."""
    problem = lenient(seed)
    problem = replace(problem, y_max=problem.y_max * 2, row_limit=problem.row_limit * 10)
    half = np.arange(problem.commodities) % 2 == 0
    parts, total = [], 0.0
    for mine in (half, ~half):
        own = replace(problem, demand=np.where(mine, problem.demand, 0.0))
        found = best(own)
        assert found.solution is not None
        parts.append(replace(found.solution, y=np.minimum(found.solution.y, problem.y_max)))
        total += found.objective or 0.0
    whole = verify(problem, united(problem, parts))
    always = float(problem.fixed_cost @ problem.y_min)
    if whole.feasible:
        assert whole.objective == pytest.approx(total - always)


def test_methods_are_given_what_they_have_fields_for() -> None:
    """Column generation takes both, the arc model neither."""
    problem = lenient(2)
    pool, start = Pool(), idle(problem)
    given = equipped(ColumnGeneration(), start, pool)
    assert isinstance(given, ColumnGeneration)
    assert given.pool is pool
    assert given.start is start
    assert equipped(ArcFlow(), start, pool) == ArcFlow()


@pytest.mark.parametrize("seed", range(6))
def test_column_generation_is_never_worse_than_its_start(seed: int) -> None:
    """Nor is its bound above the optimum; the pool keeps the paths of what it found."""
    problem = lenient(seed)
    optimum = best(problem)
    assert optimum.solution is not None
    assert optimum.objective is not None
    pool = Pool()
    engine = Started(ColumnGeneration(), (Start("best", optimum.solution),), pool=pool)
    found = engine.solve(problem, EXACT)
    assert found.objective == pytest.approx(optimum.objective)
    assert found.bound is not None
    assert found.bound <= optimum.objective + 1e-6
    assert found.solution is not None
    assert len(pool.paths) >= len(set(found.solution.commodity.tolist()))
