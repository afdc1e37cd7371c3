"""Proofs on small statements that are easy to get wrong: each optimum follows from a few sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.exact.columns import ColumnGeneration
from solvers.network_design.heuristics.matheuristic import Matheuristic
from solvers.network_design.registry import method_class
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.incumbent import DEFECT, Progress
from solvers.network_design.statement.method import Method
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.network_design.warm_start import Started
from solvers.options import Clock, Options, Silent
from solvers.outcome import Outcome, SolverFailed
from tests.solvers.network_design.cases import FREE, Arc, Row, carried, stated
from tests.solvers.network_design.checks import two_routes
from tests.solvers.network_design.random_designs import random_design

EXACT = Options(gap=0.0, threads=1, time_limit_seconds=30.0)
METHODS = [ColumnGeneration(), Matheuristic()]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("back", [[], [Arc(1, 0, 1.0)]])
@pytest.mark.parametrize("owner", [FREE, 1])
def test_an_arc_in_two_rows_of_a_set_counts_once(
    method: Method, back: list[Arc], owner: int
) -> None:
    """13 units over arc 0 (a train of 10 for 10, with arc 1 no more than 12) and roads.

    Arc 1 takes 6. At best 7 by train and 6 over arc 1 need a row of 13 > 12; so 12 over both and
    1 at 100: 10 + 100 = 110. Where arc 1 and the shared rows belong to a second train: + 30 = 140.
    """
    problem = stated(
        [Arc(0, 1, 0.0, 0), Arc(0, 1, 0.0, owner), Arc(0, 1, 100.0), *back],
        [(0, 1, 13.0)],
        [(10.0, 1), (30.0, 1)],
        [Row([0], 10.0, 0), Row([0, 1], 12.0, owner), Row([1], 6.0, owner)],
    )
    result = method.solve(problem, EXACT)
    assert result.objective == pytest.approx(110.0 if owner == FREE else 140.0)
    assert result.bound is not None
    assert result.bound <= result.objective * (1.0 + 1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_bounds_with_cuts_hold_where_rows_overlap_on_cycles(seed: int) -> None:
    """Random networks with cycles whose rows share arcs: the root stays below the optimum."""
    problem = random_design(seed, acyclic=False, floors=False)
    exact = ArcFlow().solve(problem, EXACT)
    if exact.objective is None:
        return
    root = Relaxation(Network.of(problem), Options()).root(Clock(EXACT))
    assert root.dual.bound <= exact.objective + 1e-6 * abs(exact.objective)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("detour", [1e3, 1e6, 1e8])
def test_a_detour_however_dear_is_found(method: Method, detour: float) -> None:
    """15 units; a train of 8 to 10 a run: one run takes 10, two want 16 > 15, so 5 go around."""
    problem = stated(
        [Arc(0, 1, 1.0, 0), Arc(0, 1, detour), Arc(0, 1, 2.0 * detour)],
        [(0, 1, 15.0)],
        [(10.0, 3)],
        [Row([0], 10.0, 0), Row([0], 8.0, 0, floor=True)],
    )
    result = method.solve(problem, EXACT)
    assert result.outcome is Outcome.OPTIMAL
    assert result.objective == pytest.approx(10.0 + 10.0 + 5.0 * detour)


def test_a_dear_start_does_not_pass_for_the_optimum() -> None:
    """The same with a solution by the dearer detour at hand."""
    problem = stated(
        [Arc(0, 1, 1.0, 0), Arc(0, 1, 1e6), Arc(0, 1, 2e6)],
        [(0, 1, 15.0)],
        [(10.0, 3)],
        [Row([0], 10.0, 0), Row([0], 8.0, 0, floor=True)],
    )
    start = carried([(0, [2], 15.0)], [0], 1)
    assert verify(problem, start).feasible
    assert ColumnGeneration(start=start).solve(problem, EXACT).objective == pytest.approx(5_000_020)


def test_runs_that_no_flow_can_fill_are_infeasible_without_a_detour() -> None:
    """15 units, a train of 8 to 10 a run and nothing else: neither one run nor two."""
    problem = stated(
        [Arc(0, 1, 1.0, 0)],
        [(0, 1, 15.0)],
        [(10.0, 3)],
        [Row([0], 10.0, 0), Row([0], 8.0, 0, floor=True)],
    )
    assert ColumnGeneration().solve(problem, EXACT).outcome is Outcome.INFEASIBLE


def test_what_follows_the_tree_is_not_shut_into_its_last_branch() -> None:
    """A minimum on a network with a cycle, where leaves of the tree have no sure bound.

    Order 0 → 2: road at 1, but 5 must run 1 → 2 at 1, reached at 50 or by 3 at 40: 5 · 1 + 5 · 41.
    Order 4 → 5: one run of 8 at 60 and 2 by road at 9, 78; by road alone 90, two runs 120.
    """
    problem = stated(
        [Arc(0, 2, 1.0), Arc(0, 1, 50.0), Arc(1, 2, 1.0, 0), Arc(2, 1, 1.0), Arc(4, 5, 0.0, 1),
         Arc(4, 5, 9.0), Arc(0, 3, 20.0), Arc(3, 1, 20.0)],
        [(0, 2, 10.0), (4, 5, 10.0)],
        [(0.0, 1), (60.0, 2)],
        [Row([2], 10.0, 0), Row([2], 5.0, 0, floor=True), Row([4], 8.0, 1)],
    )  # fmt: skip
    problem = replace(problem, y_min=np.array([1, 0]))
    start = carried([(0, [0], 5.0), (0, [1, 2], 5.0), (1, [5], 10.0)], [1, 0], 2)
    assert verify(problem, start).objective == pytest.approx(5.0 + 255.0 + 90.0)
    result = ColumnGeneration(start=start).solve(problem, EXACT)
    assert result.objective == pytest.approx(210.0 + 78.0)
    assert result.bound == pytest.approx(288.0)


@pytest.mark.parametrize("method", METHODS)
def test_a_cycle_that_pays_is_refused_with_a_reason(method: Method) -> None:
    """0 → 1 at 5, then round and round 1 → 2 → 1 at -20 a turn."""
    problem = stated(
        [Arc(0, 1, 5.0), Arc(1, 2, -10.0, 0), Arc(2, 1, -10.0, 1)],
        [(0, 1, 1.0)],
        [(1.0, 50), (1.0, 50)],
        [Row([1], 1.0, 0), Row([2], 1.0, 1)],
    )
    with pytest.raises(SolverFailed, match="cycle of arcs costs a commodity less than nothing"):
        method.solve(problem, EXACT)


def test_a_path_that_passes_a_node_twice_is_no_path() -> None:
    """0 → 1 → 0 → 1 meets node 0 and node 1 twice."""
    problem = stated([Arc(0, 1, 1.0), Arc(1, 0, 1.0)], [(0, 1, 2.0)], [], [])
    assert verify(problem, carried([(0, [0], 2.0)], [], 1)).feasible
    found = verify(problem, carried([(0, [0, 1, 0], 2.0)], [], 1))
    assert [one.message for one in found.violations] == [
        "path 0 of commodity 0 passes a node twice."
    ]


def heard_by_nobody(problem: NetworkDesign) -> Progress:
    """Progress of a solve that nobody listens to."""
    return Progress(problem, Clock(Options()), Silent())


def test_a_bound_above_a_solution_is_remembered_and_not_clipped_away() -> None:
    """82 is the optimum: a bound of 90 is told before and after the solution is found."""
    problem = two_routes()
    best = method_class("columns")().solve(problem, Options(gap=0.0)).solution
    assert best is not None
    for first in (True, False):
        progress = heard_by_nobody(problem)
        if first:
            progress.offer(best)
        progress.prove(90.0)
        progress.offer(best)
        told = progress.result("x", Options(), {}).notes[DEFECT]
        assert told == "no solution is said to cost less than 90.000000, one costs 82.000000."


def test_a_bound_of_all_other_solutions_may_lie_above_the_one_known() -> None:
    """A tree that has nothing left but what costs more proves the solution known."""
    problem = two_routes()
    best = method_class("columns")().solve(problem, Options(gap=0.0)).solution
    assert best is not None
    progress = heard_by_nobody(problem)
    progress.offer(best)
    progress.leave(90.0)
    ended = progress.result("x", Options(), {})
    assert DEFECT not in ended.notes
    assert (ended.outcome, ended.bound) == (Outcome.OPTIMAL, pytest.approx(82.0))


def test_a_bound_from_elsewhere_above_the_solution_is_told() -> None:
    """Parts that are said to cost 90 together cannot bound a whole that costs 82."""
    inner = method_class("columns")()
    found = Started(inner, bound=90.0).solve(two_routes(), Options(gap=0.0))
    assert str(found.notes[DEFECT]).startswith("no solution is said to cost less than 90.0")
    assert DEFECT not in Started(inner, bound=80.0).solve(two_routes(), Options(gap=0.0)).notes
