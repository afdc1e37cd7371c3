"""Rows that several designs share: valid for every solution, violated where they are stated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Ragged
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.master.cuts import Cut, Cuts
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.separation.flow_cover import SharedRows
from solvers.network_design.separation.residual_capacity import residual_capacity
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign
from solvers.options import Clock, Options
from tests.solvers.network_design.separation.cases import slack

EXACT = Options(gap=1e-9, threads=1, time_limit_seconds=30.0)


def border(limit: float, least: float, trains: int = 2, seed: int | None = None) -> NetworkDesign:
    """Trains of 100 for 1,000 each that load, cross one border and arrive; a road at 30 a unit.

    Every train has its own loading arc (minimum ``least``), border arc and arrival; ``limit`` units
    cross the border by train. Ten shipments of 30 units; a seed makes all of it random.
    """
    many, start = 10, 1
    loads = [(0, start + 2 * i) for i in range(trains)]
    crossing = [(start + 2 * i, start + 2 * i + 1) for i in range(trains)]
    end = start + 2 * trains
    arrivals = [(start + 2 * i + 1, end) for i in range(trains)]
    arcs = [*loads, *crossing, *arrivals, (0, end)]
    each = np.arange(trains)
    random = np.random.default_rng(seed)
    demand = np.full(many, 30.0)
    fixed, size = np.full(trains, 1000.0), np.full(trains, 100.0)
    lowest, weight = np.full(trains, least), np.ones((1, many))
    if seed is not None:
        demand = random.integers(5, 60, many).astype(np.float64)
        fixed, size = random.uniform(500, 1500, trains), random.choice([60.0, 80.0, 100.0], trains)
        lowest, weight = size * random.uniform(0.0, 0.9, trains), random.uniform(0.5, 2, (1, many))
        limit = float(random.uniform(0.8, 3.0) * size.mean())
    crossed = [trains + i for i in range(trains)]
    rows = [[trains + i] for i in each] + [[int(i)] for i in each] + [crossed]
    return NetworkDesign(
        nodes=end + 1, tail=np.array([a for a, _ in arcs]), head=np.array([b for _, b in arcs]),
        cost=np.append(np.zeros(3 * trains), 30.0), attribute=np.zeros((0, len(arcs))),
        rate=np.zeros((0, many)), group=np.zeros(len(arcs), dtype=np.int64),
        design=np.concatenate([np.tile(each, 3), [-1]]), demand=demand,
        origin=np.zeros(many, dtype=np.int64), exits=Ragged.of([[k] for k in range(many)]),
        exit_node=np.full(many, end), exit_cost=np.zeros(many),
        unserved_cost=np.full(many, np.inf), lot=np.zeros(many),
        allowed=np.full(many, ALL_GROUPS), load=weight, fixed_cost=fixed,
        y_min=np.zeros(trains, dtype=np.int64), y_max=np.ones(trains, dtype=np.int64),
        row_arcs=Ragged.of(rows), row_dim=np.zeros(len(rows), dtype=np.int64),
        row_limit=np.concatenate([size, lowest, [limit]]),
        row_design=np.concatenate([each, each, [-1]]),
        row_floor=np.concatenate([np.zeros(trains), np.ones(trains), [0]]).astype(np.bool_),
    )  # fmt: skip


def cuts_at(problem: NetworkDesign) -> tuple[list[Cut], Relaxation]:
    """Cuts of shared rows at the point of the strong relaxation."""
    relaxation = Relaxation(Network.of(problem), Options())
    relaxed = relaxation.converge(Clock(EXACT))
    if relaxed.point is None or not relaxed.converged:
        return [], relaxation
    return SharedRows(relaxation.network).violated(relaxation.master, relaxed.point), relaxation


def test_minimum_loads_say_how_many_trains_fit_through_a_border() -> None:
    """125 units cross and a train carries 80 at least: one train runs, not 1.25.

    One train full, 200 units by road: 1,000 + 200 · 30 = 7,000. The relaxation runs a quarter of
    the second train for 25 units: 1,250 + 175 · 30 = 6,500.
    """
    problem = border(125.0, 80.0)
    relaxation = Relaxation(Network.of(problem), Options())
    assert relaxation.converge(Clock(EXACT)).dual.bound == pytest.approx(6500.0)
    assert relaxation.converge(Clock(EXACT), cut_rounds=5).dual.bound == pytest.approx(7000.0)


def test_without_minimum_loads_the_cover_of_the_border_prices_the_second_train() -> None:
    """150 units cross: two trains cost 2,000 + 150 · 30 = 6,500, one 1,000 + 200 · 30 = 7,000.

    Relaxed, 1.5 trains: 1,500 + 4,500 = 6,000. With f = 0.5 a unit of train capacity left unused
    counts 1/50, which makes the bound exact.
    """
    problem = border(150.0, 0.0)
    relaxation = Relaxation(Network.of(problem), Options())
    assert relaxation.converge(Clock(EXACT)).dual.bound == pytest.approx(6000.0)
    assert relaxation.converge(Clock(EXACT), cut_rounds=5).dual.bound == pytest.approx(6500.0)


def test_capacity_is_not_taken_from_a_row_that_other_paths_pass_by() -> None:
    """A train that is also boarded behind the border need not fill its minimum before it."""
    problem = border(125.0, 80.0)
    behind = replace(
        problem, tail=np.append(problem.tail, 0), head=np.append(problem.head, 2),
        cost=np.append(problem.cost, 1.0), attribute=np.zeros((0, problem.arcs + 1)),
        group=np.append(problem.group, 0), design=np.append(problem.design, 0),
        row_arcs=Ragged.of([[2], [3], [0, 7], [1], [2, 3]]),
    )  # fmt: skip
    shared = SharedRows(Network.of(behind))._study(4)
    assert shared is not None
    assert shared.least.tolist() == [0.0, 80.0]
    assert shared.most.tolist() == [100.0, 100.0]


@pytest.mark.parametrize("seed", range(40))
def test_optimal_solutions_keep_every_cut(seed: int) -> None:
    """Random trains over one border: the optimum keeps each cut, and bounds stay below it."""
    problem = border(0.0, 0.0, trains=5, seed=seed)
    exact = ArcFlow().solve(problem, EXACT)
    assert exact.solution is not None
    assert exact.objective is not None
    cuts, relaxation = cuts_at(problem)
    relaxed = relaxation.converge(Clock(EXACT))
    assert relaxed.point is not None
    for cut in [*cuts, *residual_capacity(relaxation.master, relaxed.point, Clock(EXACT))]:
        assert slack(cut, problem, exact.solution) >= -1e-6
    bound = relaxation.converge(Clock(EXACT), cut_rounds=20).dual.bound
    assert bound <= exact.objective + 1e-6 * abs(exact.objective)


def test_random_borders_do_have_cuts() -> None:
    """The property above is about something: most random borders are cut."""
    assert sum(len(cuts_at(border(0.0, 0.0, trains=5, seed=seed))[0]) > 0 for seed in range(10)) > 4


def test_cuts_forbid_designs_by_propagation_and_say_what_nothing_meets() -> None:
    """``-y0 - y1 ≥ -1``: with y0 running y1 may not; with both running nothing meets it."""
    none = np.zeros(0, dtype=np.int64)
    cuts = Cuts(arcs=1)
    cuts.add([Cut(np.array([0, 1]), np.array([-1.0, -1.0]), none, none, np.zeros(0), -1.0)])
    low, high = cuts.propagated(np.array([1.0, 0.0]), np.array([1.0, 1.0]))
    assert (low.tolist(), high.tolist()) == ([1.0, 0.0], [1.0, 0.0])
    assert cuts.unmet(np.ones(2), np.ones(2)).tolist() == [True]
    assert cuts.unmet(np.zeros(2), np.ones(2)).tolist() == [False]


def test_a_master_with_an_unmet_cut_still_has_a_point() -> None:
    """Both trains obliged to run though one fits: minima fall short at a price, and back again."""
    relaxation = Relaxation(Network.of(border(125.0, 80.0)), Options())
    before = relaxation.converge(Clock(EXACT), cut_rounds=5)
    relaxation.restrict(np.ones(2), np.ones(2))
    forced = relaxation.converge(Clock(EXACT))
    assert forced.point is not None
    assert forced.point.penalty > 0.0
    relaxation.restrict(np.zeros(2), np.ones(2))
    again = relaxation.converge(Clock(EXACT))
    assert again.dual.bound == pytest.approx(before.dual.bound)
