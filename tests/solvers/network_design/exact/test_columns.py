"""Column generation: bounds that never lie, optima that agree with the compact model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Ragged
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.exact.columns import ColumnGeneration
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options, Silent
from solvers.outcome import Outcome, SolverFailed, Stop
from tests.solvers.network_design.random_designs import random_design

EXACT = Options(gap=0.0, threads=1, time_limit_seconds=60.0)


def one_train(demand: float = 3.0, fixed: float = 10.0) -> NetworkDesign:
    """One commodity, one train of 5 units (fixed cost 10, unit cost 1), a road of unit cost 6."""
    nothing = np.zeros((0, 2))
    return NetworkDesign(
        nodes=2, tail=np.array([0, 0]), head=np.array([1, 1]), cost=np.array([1.0, 6.0]),
        attribute=nothing, rate=np.zeros((0, 1)), group=np.zeros(2, dtype=np.int64),
        design=np.array([0, -1]), demand=np.array([demand]), origin=np.array([0]),
        exits=Ragged.of([[0]]), exit_node=np.array([1]), exit_cost=np.zeros(1),
        unserved_cost=np.array([np.inf]), lot=np.zeros(1), allowed=np.array([ALL_GROUPS]),
        load=np.ones((1, 1)), fixed_cost=np.array([fixed]), y_min=np.zeros(1, dtype=np.int64),
        y_max=np.array([2]), row_arcs=Ragged.of([[0]]), row_dim=np.zeros(1, dtype=np.int64),
        row_limit=np.array([5.0]), row_design=np.zeros(1, dtype=np.int64),
        row_floor=np.zeros(1, dtype=np.bool_),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        (3.0, 13.0),  # one run: 10 + 3 · 1, the road would cost 3 · 6 = 18
        (1.0, 6.0),  # the road: 6, a run would cost 11
        (6.0, 21.0),  # one run for 5 and the road for 1: 10 + 5 + 6, two runs cost 26
        (8.0, 28.0),  # two runs: 20 + 8; one run and 3 by road cost 10 + 5 + 18 = 33
    ],
)
def test_runs_are_bought_only_when_they_pay(demand: float, expected: float) -> None:
    """The optimum of one train beside a road follows from four sums."""
    result = ColumnGeneration().solve(one_train(demand), EXACT)
    assert result.outcome is Outcome.OPTIMAL
    assert result.objective == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("lots", [False, True])
@pytest.mark.parametrize("acyclic", [True, False])
def test_proved_optima_agree_with_the_compact_model(seed: int, lots: bool, acyclic: bool) -> None:
    """Every outcome and optimal value is that of the arc model, to 1e-6.

    Minimum rows are left out on cyclic networks, where the arc model may send boxes in circles to
    reach a minimum and an itinerary may not.
    """
    problem = random_design(seed, acyclic=acyclic, lots=lots, floors=acyclic)
    compact = ArcFlow().solve(problem, EXACT)
    result = ColumnGeneration().solve(problem, EXACT)
    assert result.outcome is compact.outcome
    if compact.objective is not None:
        assert result.objective == pytest.approx(compact.objective, rel=1e-6)
        assert result.solution is not None
        assert verify(problem, result.solution).feasible


@pytest.mark.parametrize("seed", range(8))
def test_every_bound_on_the_way_is_below_the_optimum(seed: int) -> None:
    """An interrupted run proves something true: no streamed bound exceeds the optimal value."""
    problem = random_design(seed, lots=seed % 2 == 0)
    optimum = ArcFlow().solve(problem, EXACT).objective
    if optimum is None:
        pytest.skip("infeasible")
    bounds: list[float] = []

    class Ear(Silent):
        def bounded(self, bound: float) -> None:
            bounds.append(bound)

    ColumnGeneration().solve(problem, replace(EXACT, listener=Ear()))
    assert bounds == sorted(bounds)
    assert max(bounds) <= optimum + 1e-6 * abs(optimum)


@pytest.mark.parametrize("seed", range(6))
def test_the_strong_relaxation_lies_between_the_weak_one_and_the_optimum(seed: int) -> None:
    """The converged master equals its own Lagrangian bound."""
    relaxation = Relaxation(Network.of(random_design(seed)), Options())
    if len(relaxation.unreachable):
        pytest.skip("infeasible")
    relaxed = relaxation.converge(Clock(Options()))
    if not relaxed.converged or relaxed.point is None:
        pytest.skip("infeasible")
    assert relaxed.dual.bound == pytest.approx(relaxed.point.value, rel=1e-6)


def test_strong_inequalities_make_the_bound_of_one_small_shipment_exact() -> None:
    """Two units: y ≥ x/2 with x ≤ 2 gives 10 y + 2 = 12 at y = 1, the road costs 12 as well."""
    relaxation = Relaxation(Network.of(one_train(2.0)), Options())
    relaxed = relaxation.converge(Clock(Options()))
    assert relaxed.dual.bound == pytest.approx(12.0)


def test_unreachable_demand_is_infeasible() -> None:
    """A commodity that must be served and has no path makes the problem infeasible at once."""
    problem = replace(one_train(), tail=np.array([1, 1]), head=np.array([0, 0]))
    assert ColumnGeneration().solve(problem, EXACT).outcome is Outcome.INFEASIBLE


def test_too_little_capacity_is_infeasible() -> None:
    """Two runs carry 10; 11 units without a road cannot be served."""
    problem = replace(one_train(11.0), allowed=np.array([1], dtype=np.uint64),
                      group=np.array([0, 1]))  # fmt: skip
    assert ColumnGeneration().solve(problem, EXACT).outcome is Outcome.INFEASIBLE


def test_unserved_demand_is_paid_for() -> None:
    """Leaving three units at 2 each costs 6, less than any transport."""
    problem = replace(one_train(), unserved_cost=np.array([2.0]))
    result = ColumnGeneration().solve(problem, EXACT)
    assert result.objective == pytest.approx(6.0)


def test_an_unsound_statement_is_refused() -> None:
    """The message repeats the fault and says what to do."""
    problem = replace(one_train(), demand=np.array([-1.0]))
    with pytest.raises(SolverFailed, match=r"must not be negative\. Correct the arrays\.$"):
        ColumnGeneration().solve(problem, EXACT)


def test_a_cancelled_solve_keeps_what_it_has() -> None:
    """Cancelled before it begins, a solve reports an interruption and no invented values."""
    options = Options()
    options.cancel.set()
    result = ColumnGeneration().solve(one_train(), options)
    assert result.stop is Stop.INTERRUPTED
    assert result.objective is None


def test_the_same_seed_gives_the_same_answer() -> None:
    """Two solves of one problem without a time limit agree in every reported number."""
    options = Options(gap=0.0, threads=1)
    first, second = (ColumnGeneration().solve(random_design(4), options) for _ in range(2))
    assert (first.objective, first.bound) == (second.objective, second.bound)
    assert first.notes["paths"] == second.notes["paths"]
