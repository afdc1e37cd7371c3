"""Flow decomposition and the trimming of runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.arrays import Ragged
from solvers.network_design.instances.random import Shape, random_design
from solvers.network_design.statement.flows import (
    ArcFlows,
    PathFlow,
    decompose,
    objective_of,
    pack,
    trim_runs,
)
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.outcome import SolverFailed
from tests.solvers.network_design.checks import two_routes

Y = np.array([1, 1, 1])


def flows(arc: list[int], flow: list[float], left: float, unserved: float = 0.0) -> ArcFlows:
    """Flows of the only commodity of ``two_routes``."""
    return ArcFlows(
        np.zeros(len(arc), dtype=np.int64), np.array(arc, dtype=np.int64), np.array(flow),
        np.array([0]), np.array([0]), np.array([left]), np.array([unserved]),
    )  # fmt: skip


def test_paths_follow_the_largest_flow_first() -> None:
    """Six over node 1, then four direct."""
    found = decompose(two_routes(), flows([0, 1, 2], [4.0, 6.0, 6.0], 10.0), Y)
    assert found.path_arcs[0].tolist() == [1, 2]
    assert found.path_arcs[1].tolist() == [0]
    assert found.amount.tolist() == [6.0, 4.0]
    assert objective_of(two_routes(), found) == 82.0


def test_a_cycle_is_cancelled() -> None:
    """Two units that circulate between nodes 1 and 2 vanish; ten still arrive."""
    base = two_routes()
    problem = replace(
        base, tail=np.array([0, 0, 1, 2]), head=np.array([2, 1, 2, 1]), cost=np.ones(4),
        design=np.array([0, 1, 2, -1]), group=np.zeros(4, dtype=np.int64),
        attribute=np.zeros((0, 4)),
    )  # fmt: skip
    found = decompose(problem, flows([0, 1, 2, 3], [4.0, 6.0, 8.0, 2.0], 10.0), Y)
    assert {tuple(found.path_arcs[i].tolist()) for i in range(2)} == {(1, 2), (0,)}
    assert found.amount.sum() == 10.0


def test_noise_is_scaled_away() -> None:
    """Flows that are short by 1e-7 still add up to the demand."""
    found = decompose(two_routes(), flows([0, 1, 2], [4.0, 6.0 - 1e-6, 6.0], 10.0), Y)
    assert found.amount.sum() == pytest.approx(10.0, abs=1e-12)


def test_flows_that_do_not_balance_are_refused() -> None:
    """Six units cannot be ten."""
    with pytest.raises(SolverFailed, match="Commodity 0: paths carry 6 of 10 units"):
        decompose(two_routes(), flows([1, 2], [6.0, 6.0], 10.0), Y)


def test_a_dead_end_is_left_again() -> None:
    """Flow into node 1 that does not leave it is no path."""
    found = decompose(
        two_routes(unserved=1.0), flows([0, 1, 2], [4.0, 6.0, 0.0], 10.0, unserved=6.0), Y
    )
    assert found.path_arcs[0].tolist() == [0]
    assert found.amount.tolist() == [4.0]


def test_a_commodity_at_its_exit_needs_no_arc() -> None:
    """Origin and exit in one node: a path without arcs."""
    problem = replace(two_routes(), exit_node=np.array([0]))
    found = decompose(problem, flows([], [], 10.0), np.zeros(3, dtype=np.int64))
    assert len(found.path_arcs[0]) == 0
    assert verify(problem, found).feasible


def test_runs_that_carry_nothing_are_dropped() -> None:
    """Direct only: designs 1 and 2 carry nothing, but 2 is committed and stays."""
    problem = replace(two_routes(demand=8.0), y_min=np.array([0, 0, 1]))
    solution = pack([PathFlow(0, (0,), 0, 8.0)], Y, np.zeros(1))
    assert trim_runs(problem, solution).y.tolist() == [1, 0, 1]


def test_as_many_runs_stay_as_the_load_needs() -> None:
    """Seventeen units at eight a run need three of five runs; a run that earns money stays."""
    problem = replace(two_routes(demand=17.0), y_max=np.array([5, 1, 1]))
    solution = pack([PathFlow(0, (0,), 0, 17.0)], np.array([5, 1, 0]), np.zeros(1))
    assert trim_runs(problem, solution).y.tolist() == [3, 0, 0]
    paid = replace(problem, fixed_cost=np.array([-1.0, 15.0, 15.0]))
    assert trim_runs(paid, solution).y.tolist() == [5, 0, 0]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), lots=st.sampled_from(["none", "unit"]))
def test_random_paths_survive_the_way_through_arcs(seed: int, lots: str) -> None:
    """Paths summed to arc flows and decomposed again keep balance, lots and never cost more."""
    problem = random_design(seed, Shape(nodes=8, designs=10, acyclic=True, lots=lots, legs=2))
    rng = np.random.default_rng(seed)
    paths = _random_paths(problem, rng)
    given_ = pack(paths, problem.y_max, problem.demand - _moved(problem, paths))
    step = given_.path_arcs.owners()
    again = decompose(problem, ArcFlows(
        given_.commodity[step], given_.path_arcs.values, given_.amount[step],
        given_.commodity, given_.path_exit, given_.amount, given_.unserved,
    ), problem.y_max)  # fmt: skip
    kinds = {one.kind for one in verify(problem, again).violations}
    assert kinds <= {"capacity"}
    assert objective_of(problem, again) <= objective_of(problem, given_) + 1e-9


def _random_paths(problem: NetworkDesign, rng: np.random.Generator) -> list[PathFlow]:
    """One random walk along allowed arcs per commodity that meets an exit."""
    paths = []
    for k in range(problem.commodities):
        node, arcs = int(problem.origin[k]), []
        goals = {int(problem.exit_node[i]): int(i) for i in problem.exits[k]}
        while node not in goals:
            out = np.flatnonzero((problem.tail == node) & problem.may_use(k))
            if not len(out):
                break
            arcs.append(int(rng.choice(out)))
            node = int(problem.head[arcs[-1]])
        if node in goals:
            paths.append(PathFlow(k, tuple(arcs), goals[node], float(problem.demand[k])))
    return paths


def _moved(problem: NetworkDesign, paths: list[PathFlow]) -> np.ndarray:
    moved = np.zeros(problem.commodities)
    for path in paths:
        moved[path.commodity] += path.amount
    return moved


def test_lists_can_be_ragged() -> None:
    """Packing keeps empty lists."""
    packed = Ragged.of([[1, 2], [], [3]])
    assert [packed[i].tolist() for i in range(len(packed))] == [[1, 2], [], [3]]
    assert packed.owners().tolist() == [0, 0, 2]
