"""The compact model: its rows, its pruning and its answers on cases worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.arrays import Ragged
from solvers.linear.backends import backend
from solvers.network_design.compact.model import build
from solvers.network_design.compact.pairs import pairs
from solvers.network_design.exact import arc_mip
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.instances.random import Shape, random_design
from solvers.network_design.statement.problem import NetworkDesign
from solvers.options import Options
from solvers.outcome import Outcome, SolverFailed, SolverUnavailable, Stop
from tests.solvers.network_design.checks import SHAPES, sizeable, two_routes

EXACT = Options(gap=0.0)


def relaxed(problem: NetworkDesign, *, strong: bool) -> float:
    """Optimum of the linear relaxation."""
    model = build(problem, strong).model
    found = backend("highs").solve(
        replace(model, integral=np.zeros(model.columns, dtype=bool)), EXACT
    )
    assert found.objective is not None
    return found.objective


def test_strong_relaxation_by_hand() -> None:
    """Demand 5: weak 4.5 over node 1 per unit, strong pays whole runs in part: 5·2 + 2·12.5."""
    # A unit over node 1 costs 2 + 15/6 + 15/6 = 7 and direct 5 + 20/8 = 7.5 in the weak model:
    # 5·7 = 35. The strong rows x ≤ 5 y ask 15/5 per unit and arc: 2 + 6 = 8, direct 5 + 4 = 9: 40.
    problem = two_routes(demand=5.0)
    assert relaxed(problem, strong=False) == pytest.approx(35.0)
    assert relaxed(problem, strong=True) == pytest.approx(40.0)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), shape=st.sampled_from(sorted(SHAPES)))
def test_strong_rows_cut_no_solution(seed: int, shape: str) -> None:
    """Weak and strong models have the same optimum, and the strong relaxation is no lower."""
    problem = random_design(seed, SHAPES[shape])
    weak, strong = (ArcFlow(strong=s).solve(problem, EXACT) for s in (False, True))
    assert weak.outcome is strong.outcome
    if weak.objective is None:
        return
    assert weak.objective == pytest.approx(strong.objective, rel=1e-6)
    low, high = relaxed(problem, strong=False), relaxed(problem, strong=True)
    assert low <= high + 1e-6 * max(1.0, abs(high))
    assert high <= weak.objective + 1e-6 * max(1.0, abs(weak.objective))


def test_weak_model_links_arcs_that_no_capacity_row_holds() -> None:
    """Arc 0 has a design and no row: without a run it must stay empty even in the weak model."""
    problem = replace(
        two_routes(), row_arcs=Ragged.of([[1], [2]]), row_dim=np.zeros(2, dtype=np.int64),
        row_limit=np.array([6.0, 6.0]), row_design=np.array([1, 2]),
        row_floor=np.zeros(2, dtype=bool),
    )  # fmt: skip
    # Free of capacity the direct arc takes all ten: 20 + 50 = 70.
    assert ArcFlow(strong=False).solve(problem, EXACT).objective == pytest.approx(70.0)


def test_pairs_lie_between_origin_and_exit() -> None:
    """Arcs that the origin cannot reach, that lead nowhere, are closed or forbidden drop out."""
    base = two_routes()
    problem = replace(
        base, nodes=5, tail=np.array([0, 0, 1, 3, 1, 0]), head=np.array([2, 1, 2, 2, 4, 2]),
        cost=np.ones(6), design=np.array([0, 1, 2, -1, -1, -1]), attribute=np.zeros((0, 6)),
        group=np.array([0, 0, 0, 0, 0, 5]), allowed=np.array([1], dtype=np.uint64),
    )  # fmt: skip
    # 3→2 starts off the way, 1→4 ends nowhere, the second 0→2 is of a class not allowed.
    assert pairs(problem)[1].tolist() == [0, 1, 2]
    closed = replace(problem, y_max=np.array([1, 0, 1]))
    assert pairs(closed)[1].tolist() == [0]
    assert len(pairs(replace(problem, demand=np.zeros(1)))[1]) == 0


def test_lots_travel_whole_or_in_multiples() -> None:
    """Ten whole units fit no route: unserved at 100 each. In fives both routes carry one: 92."""
    # Fives: 50 for runs, 5·2 over node 1, 5·5 direct, sum 85.
    assert ArcFlow().solve(two_routes(lot=10.0), EXACT).objective == pytest.approx(1000.0)
    fives = ArcFlow().solve(two_routes(lot=5.0), EXACT)
    assert fives.objective == pytest.approx(85.0)
    assert fives.solution is not None
    assert fives.solution.amount.tolist() == [5.0, 5.0]


def test_a_demand_that_is_no_multiple_of_its_lot_has_no_solution() -> None:
    """Ten units in lots of three: neither moved nor left can be whole lots."""
    assert ArcFlow().solve(two_routes(lot=3.0), EXACT).outcome is Outcome.INFEASIBLE


def test_minimum_rows_are_met_or_the_design_stays_closed() -> None:
    """The direct run needs at least seven of ten units; four fit beside the cheap six: unserved."""
    # Direct 8 and 2 over node 1: 50 + 40 + 4 = 94; 7 and 3: 50 + 35 + 6 = 91, the optimum.
    problem = replace(
        two_routes(), row_arcs=Ragged.of([[0], [1], [2], [0]]), row_dim=np.zeros(4, dtype=np.int64),
        row_limit=np.array([8.0, 6.0, 6.0, 7.0]), row_design=np.array([0, 1, 2, 0]),
        row_floor=np.array([False, False, False, True]),
    )  # fmt: skip
    result = ArcFlow().solve(problem, EXACT)
    assert result.objective == pytest.approx(91.0)


def test_a_floor_that_only_circulation_meets_is_refused() -> None:
    """Nodes 1 and 3 form a free loop whose row asks for five units while nobody passes."""
    problem = replace(
        two_routes(), nodes=4, tail=np.array([0, 1, 3]), head=np.array([2, 3, 1]),
        cost=np.zeros(3), design=np.array([-1, -1, -1]), row_arcs=Ragged.of([[1]]),
        row_dim=np.array([0]), row_limit=np.array([5.0]), row_design=np.array([-1]),
        row_floor=np.array([True]),
    )  # fmt: skip
    # Pruned away: nothing leads into the loop, so the floor rules every solution out.
    assert ArcFlow().solve(problem, EXACT).outcome is Outcome.INFEASIBLE
    open_ = replace(
        problem, tail=np.array([0, 1, 2]), head=np.array([2, 2, 1]),
        row_arcs=Ragged.of([[1]]),
    )  # fmt: skip
    with pytest.raises(SolverFailed, match="met only by flow that circulates"):
        ArcFlow().solve(open_, EXACT)


def test_integer_designs_run_as_often_as_needed() -> None:
    """Thirty units over a direct arc of eight a run: four runs, 80 + 150."""
    problem = replace(
        two_routes(demand=30.0), y_max=np.array([9, 0, 0]), unserved_cost=np.array([np.inf])
    )
    result = ArcFlow().solve(problem, EXACT)
    assert result.objective == pytest.approx(230.0)
    assert result.solution is not None
    assert result.solution.y.tolist() == [4, 0, 0]


def test_committed_runs_are_paid_even_when_empty() -> None:
    """Nothing is worth moving, but design 0 must run: 20 + 30 unserved."""
    problem = replace(two_routes(unserved=3.0), y_min=np.array([1, 0, 0]))
    assert ArcFlow().solve(problem, EXACT).objective == pytest.approx(50.0)


def test_backends_without_the_trait_are_refused() -> None:
    """CP-SAT cannot take continuous flows and the message says what can."""
    with pytest.raises(SolverUnavailable, match=r"column x_0_0 is continuous.*Use highs, scip"):
        ArcFlow("cp-sat").solve(two_routes(), EXACT)
    with pytest.raises(SolverUnavailable, match="Backend 'cplex' is unknown"):
        ArcFlow("cplex").solve(two_routes(), EXACT)


def test_no_time_is_no_solution_or_a_feasible_one() -> None:
    """A limit of a hundredth of a second leaves nothing proved."""
    result = ArcFlow().solve(sizeable(), Options(time_limit_seconds=0.01))
    assert result.outcome in (Outcome.NO_SOLUTION, Outcome.FEASIBLE)
    assert result.stop is Stop.TIME


def test_empty_problems_cost_their_committed_runs() -> None:
    """No commodities at all."""
    problem = random_design(0)
    none = replace(
        problem, demand=np.zeros(0), origin=np.zeros(0, dtype=np.int64), lot=np.zeros(0),
        exits=Ragged.of([]), unserved_cost=np.zeros(0), allowed=np.zeros(0, dtype=np.uint64),
        load=np.zeros((1, 0)), rate=np.zeros((0, 0)), y_min=np.ones(problem.designs, dtype=int),
    )  # fmt: skip
    result = ArcFlow().solve(none, EXACT)
    assert result.objective == pytest.approx(problem.fixed_cost.sum())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"floors": True}, "floors need acyclic=True"),
        ({"lots": "half"}, "lots 'half' unknown. Use none, unit or whole."),
        ({"nodes": 3}, "at least 4 nodes"),
    ],
)
def test_shapes_that_do_not_go_together(changes: dict[str, Any], message: str) -> None:
    """The generator refuses what it cannot draw."""
    with pytest.raises(ValueError, match=message):
        Shape(**changes)


def test_a_model_that_cannot_be_solved_in_the_time_is_not_stated(monkeypatch: Any) -> None:
    """A million seconds a pair and a limit of one: nothing is served, at a bound of at least 0."""
    monkeypatch.setattr(arc_mip, "_MANY", 0)
    monkeypatch.setattr(arc_mip, "_PER_PAIR", 1e6)
    found = ArcFlow().solve(two_routes(), Options(time_limit_seconds=1.0))
    assert (found.outcome, found.stop) == (Outcome.FEASIBLE, Stop.TIME)
    assert found.objective == pytest.approx(1000.0)
    assert found.bound is not None
    # Each unit pays at least 20/8 + 5 direct: more than 1 + 1 + 15/6 + 15/6 over node 1.
    assert found.bound == pytest.approx(70.0)
    assert found.seconds < 1.0


def test_without_a_limit_any_model_is_stated(monkeypatch: Any) -> None:
    """The same without a limit is solved to its end."""
    monkeypatch.setattr(arc_mip, "_PER_PAIR", 1e6)
    monkeypatch.setattr(arc_mip, "_MANY", 0)
    assert ArcFlow().solve(two_routes(), EXACT).outcome is Outcome.OPTIMAL
