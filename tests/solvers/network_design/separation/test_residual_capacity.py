"""Residual capacity inequalities: valid for every solution, violated where they are stated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Floats, Ragged
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.exact.columns import ColumnGeneration
from solvers.network_design.heuristics.matheuristic import Matheuristic
from solvers.network_design.master.cuts import Cut
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.separation.residual_capacity import residual_capacity
from solvers.network_design.statement.method import Method
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.options import Clock, Options
from tests.solvers.network_design.random_designs import random_design
from tests.solvers.network_design.separation.cases import EXACT, parallel_trains, slack, two_trains


def cuts_of(problem: NetworkDesign) -> tuple[list[Cut], Relaxation, Floats]:
    """Cuts at the point of the strong relaxation."""
    relaxation = Relaxation(Network.of(problem), Options())
    relaxed = relaxation.converge(Clock(EXACT))
    if relaxed.point is None or not relaxed.converged:
        return [], relaxation, np.zeros(problem.designs)
    return (
        residual_capacity(relaxation.master, relaxed.point, Clock(EXACT)),
        relaxation,
        relaxed.point.y,
    )


def test_what_fills_one_train_and_a_half_pays_two_or_the_road() -> None:
    """150 units: relaxed 1.5 runs cost 1,500; true optimum min(2,000; 1,000 + 50·30 = 2,500)."""
    problem = two_trains(150.0)
    relaxation = Relaxation(Network.of(problem), Options())
    plain = relaxation.converge(Clock(EXACT))
    cut = relaxation.converge(Clock(EXACT), cut_rounds=10)
    assert plain.dual.bound == pytest.approx(1500.0)
    # Rounding with f = 0.5: y1 + y2 + w / 50 ≥ 2, so a unit by road saves at most 1,000 / 50 = 20.
    assert cut.dual.bound == pytest.approx(2000.0)


def test_a_cut_that_the_present_ranges_cannot_meet_waits_for_others() -> None:
    """Both trains closed, all 150 by road: 4,500; opened again, the cut asks for both: 2,000."""
    relaxation = Relaxation(Network.of(two_trains(150.0)), Options())
    shut, none = np.zeros(2), np.zeros(0, dtype=np.int64)
    relaxation.restrict(shut, shut)
    both = Cut(np.arange(2), np.ones(2), none, none, np.zeros(0), 2.0)
    relaxation.master.add_cuts([both])
    assert relaxation.converge(Clock(EXACT)).dual.bound == pytest.approx(4500.0)
    relaxation.restrict(shut, np.ones(2))
    assert relaxation.converge(Clock(EXACT)).dual.bound == pytest.approx(2000.0)


@pytest.mark.parametrize("method", [ColumnGeneration(), Matheuristic()])
@pytest.mark.parametrize("limited", [False, True])
def test_a_network_without_designs_is_solved(method: Method, limited: bool) -> None:
    """Roads alone, with a throughput row or without any: 150 units at 30 each cost 4,500."""
    base = two_trains(150.0)
    rows = Ragged.of([[0]]) if limited else Ragged.of([])
    count = 1 if limited else 0
    none = np.zeros(0, dtype=np.int64)
    problem = replace(
        base, tail=base.tail[2:], head=base.head[2:], cost=base.cost[2:],
        attribute=np.zeros((0, 1)), group=base.group[2:], design=base.design[2:],
        fixed_cost=np.zeros(0), y_min=none, y_max=none, row_arcs=rows,
        row_dim=np.zeros(count, dtype=np.int64), row_limit=np.full(count, 1000.0),
        row_design=np.full(count, -1), row_floor=np.zeros(count, dtype=np.bool_),
    )  # fmt: skip
    for lot in (0.0, 10.0):
        result = method.solve(replace(problem, lot=np.full(5, lot)), EXACT)
        assert result.objective == pytest.approx(4500.0)
        assert result.bound == pytest.approx(4500.0)


def test_the_cut_leaves_the_road_as_dear_as_it_is() -> None:
    """110 units: one train and 10 by road cost 1,300, and the cut bound says so exactly."""
    relaxation = Relaxation(Network.of(two_trains(110.0)), Options())
    cut = relaxation.converge(Clock(EXACT), cut_rounds=10)
    assert cut.dual.bound == pytest.approx(1300.0)


@pytest.mark.parametrize("seed", range(40))
def test_optimal_solutions_keep_every_cut(seed: int) -> None:
    """Random acyclic networks: no cut removes the optimum, and bounds with cuts stay below it."""
    problem = random_design(seed)
    exact = ArcFlow().solve(problem, EXACT)
    if exact.solution is None or exact.objective is None:
        return
    cuts, relaxation, _ = cuts_of(problem)
    for cut in cuts:
        assert slack(cut, problem, exact.solution) >= -1e-6
    bound = relaxation.converge(Clock(EXACT), cut_rounds=10).dual.bound
    assert bound <= exact.objective + 1e-6 * abs(exact.objective)


@pytest.mark.parametrize("seed", range(30))
def test_parallel_trains_keep_every_cut(seed: int) -> None:
    """Several parallel trains of different size and cost: cuts are found, and the optimum kept."""
    problem = parallel_trains(seed)
    exact = ArcFlow().solve(problem, EXACT)
    assert exact.solution is not None
    assert exact.objective is not None
    cuts, relaxation, y = cuts_of(problem)
    assert cuts or np.allclose(y, np.round(y), atol=1e-5) or seed != 0
    for cut in cuts:
        assert slack(cut, problem, exact.solution) >= -1e-6
    bound = relaxation.converge(Clock(EXACT), cut_rounds=20).dual.bound
    assert bound <= exact.objective + 1e-6 * abs(exact.objective)
