"""The matheuristic: feasible, near the optimum, bounded, repeatable, and it stops when told."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from solvers.arrays import Ragged
from solvers.linear.branch_and_bound import branch_and_bound
from solvers.linear.model import LinearModel
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.heuristics.matheuristic import Matheuristic
from solvers.network_design.heuristics.matheuristic.integral_lots import made_whole
from solvers.network_design.heuristics.matheuristic.population import Population
from solvers.network_design.heuristics.matheuristic.search import Search
from solvers.network_design.heuristics.matheuristic.slope_scaling import slope_scaled
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options, Silent
from solvers.outcome import Outcome, Stop
from tests.solvers.network_design.random_designs import random_design

ALONE = Options(gap=1e-9, threads=1, time_limit_seconds=20.0)


def fixed_charge(
    seed: int, nodes: int = 10, arcs: int = 50, commodities: int = 20
) -> NetworkDesign:
    """A random instance like the public ones: one design and row per arc, all must be served."""
    rng = np.random.default_rng(seed)
    pairs = [(i, j) for i in range(nodes) for j in range(nodes) if i != j]
    ring = [(i, (i + 1) % nodes) for i in range(nodes)]
    extra = [pairs[i] for i in rng.permutation(len(pairs)) if pairs[i] not in ring]
    ends = np.array(ring + extra[: arcs - nodes])
    demand = rng.integers(5, 40, commodities).astype(np.float64)
    origin = rng.integers(0, nodes, commodities)
    target = (origin + rng.integers(1, nodes, commodities)) % nodes
    limit = rng.uniform(0.15, 0.6, arcs) * demand.sum()
    limit[:nodes] = demand.sum()
    each = np.arange(arcs)
    return NetworkDesign(
        nodes=nodes, tail=ends[:, 0].copy(), head=ends[:, 1].copy(),
        cost=rng.integers(1, 20, arcs).astype(np.float64), attribute=np.zeros((0, arcs)),
        rate=np.zeros((0, commodities)), group=np.zeros(arcs, dtype=np.int64), design=each,
        demand=demand, origin=origin, exits=Ragged.of([[k] for k in range(commodities)]),
        exit_node=target, exit_cost=np.zeros(commodities),
        unserved_cost=np.full(commodities, np.inf), lot=np.zeros(commodities),
        allowed=np.full(commodities, ALL_GROUPS), load=np.ones((1, commodities)),
        fixed_cost=rng.integers(100, 900, arcs).astype(np.float64),
        y_min=np.zeros(arcs, dtype=np.int64), y_max=np.ones(arcs, dtype=np.int64),
        row_arcs=Ragged.of([[a] for a in range(arcs)]), row_dim=np.zeros(arcs, dtype=np.int64),
        row_limit=limit, row_design=each, row_floor=np.zeros(arcs, dtype=np.bool_),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_small_instances_are_closed_at_the_value_of_the_compact_model(seed: int) -> None:
    """Search and tree together prove what the arc model proves."""
    problem = fixed_charge(seed)
    exact = ArcFlow().solve(problem, ALONE)
    result = Matheuristic().solve(problem, replace(ALONE, gap=1e-6))
    assert result.outcome is Outcome.OPTIMAL
    assert result.objective == pytest.approx(exact.objective, rel=1e-5)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("lots", [False, True])
def test_solutions_keep_every_constraint_and_bounds_stay_below(seed: int, lots: bool) -> None:
    """Multi-leg designs, several dimensions, minimum rows and lots: feasible and truly bounded."""
    problem = random_design(seed, lots=lots)
    exact = ArcFlow().solve(problem, ALONE)
    result = Matheuristic().solve(problem, replace(ALONE, time_limit_seconds=3.0))
    if exact.objective is None:
        assert result.solution is None
        return
    assert result.solution is not None
    assert verify(problem, result.solution).feasible
    assert result.objective is not None
    assert result.bound is not None
    assert result.bound <= exact.objective + 1e-6 * abs(exact.objective)
    assert result.objective >= exact.objective - 1e-6 * abs(exact.objective)


def test_a_second_process_proves_while_the_first_searches() -> None:
    """With two threads the tree of the second process closes a small instance."""
    result = Matheuristic().solve(
        fixed_charge(1), Options(gap=1e-6, threads=2, time_limit_seconds=60.0)
    )
    assert result.outcome is Outcome.OPTIMAL


def test_the_time_limit_is_kept() -> None:
    """A limit of two seconds ends within two more."""
    began = time.perf_counter()
    problem = fixed_charge(5, 25, 300, 250)
    dear = replace(problem, fixed_cost=8.0 * problem.fixed_cost)
    result = Matheuristic().solve(dear, Options(gap=0.0, threads=1, time_limit_seconds=2.0))
    assert time.perf_counter() - began < 4.0
    assert result.stop is Stop.TIME


def test_a_cancelled_search_keeps_its_best() -> None:
    """Raising the flag at the first improvement ends the solve with that solution."""
    options = Options(gap=0.0, threads=1)

    class Ear(Silent):
        def improved(self, objective: float) -> None:  # noqa: ARG002
            options.cancel.set()

    result = Matheuristic().solve(fixed_charge(2), replace(options, listener=Ear()))
    assert result.stop is Stop.INTERRUPTED
    assert result.solution is not None


def test_improvements_and_bounds_are_streamed_in_order() -> None:
    """Objectives fall, bounds rise, and the last of each is what the result reports."""
    objectives: list[float] = []
    bounds: list[float] = []

    class Ear(Silent):
        def improved(self, objective: float) -> None:
            objectives.append(objective)

        def bounded(self, bound: float) -> None:
            bounds.append(bound)

    result = Matheuristic().solve(fixed_charge(3), replace(ALONE, gap=1e-6, listener=Ear()))
    assert objectives == sorted(objectives, reverse=True)
    assert bounds == sorted(bounds)
    assert (objectives[-1], bounds[-1]) == (result.objective, result.bound)


def test_one_seed_gives_one_answer() -> None:
    """Without a time limit two runs take the same steps."""
    options = Options(gap=0.0, threads=1, seed=7)
    method = Matheuristic(patience=4)
    first, second = (method.solve(random_design(4, floors=False), options) for _ in range(2))
    assert first.objective == second.objective
    assert first.notes["search_rounds"] == second.notes["search_rounds"]


def test_an_infeasible_problem_is_recognised() -> None:
    """A commodity whose only way out of its origin is too narrow cannot be served."""
    problem = fixed_charge(0)
    narrow = replace(problem, row_limit=np.full(problem.rows, 0.1))
    assert Matheuristic().solve(narrow, ALONE).outcome is Outcome.INFEASIBLE


def test_slope_scaling_improves_on_its_first_round() -> None:
    """The best of ten rounds is no worse than the first, and every round is feasible."""
    problem = fixed_charge(6, 15, 120, 60)
    options = Options()
    progress = Progress(problem, Clock(options), options.listener)
    costs = []
    for solution in slope_scaled(Network.of(problem), options, Clock(options), 10):
        costs.append(verify(problem, solution).objective)
        progress.offer(solution)
    assert progress.refused == 0
    assert progress.objective <= min(costs) <= costs[0]


def test_a_population_keeps_the_cheapest_different_members() -> None:
    """Equal designs are one member; beyond its size the dearest leaves."""
    population = Population(2)
    for objective, runs in [(3.0, [1, 0]), (2.0, [0, 1]), (2.0, [0, 1]), (1.0, [1, 1])]:
        population.add(objective, np.array(runs))
    assert [member.objective for member in population.members] == [1.0, 2.0]


def test_a_search_apart_from_a_known_solution_takes_it_in_when_it_cannot_beat_it() -> None:
    """The optimum is held at first, counts as the best at once, and is a member in the end."""
    problem = fixed_charge(1)
    best = ArcFlow().solve(problem, ALONE)
    assert best.solution is not None
    relaxation = Relaxation(Network.of(problem), Options())
    search = Search(relaxation, Progress(problem, Clock(Options()), Silent()), Options())
    search.set_aside(best.solution)
    assert search.progress.objective == pytest.approx(best.objective)
    assert len(search.population) == 0
    root = relaxation.root(Clock(Options()))
    assert root.point is not None
    search.relaxed = root.point.y
    search.dive_once(0.3, 0.0)
    for _ in range(8):
        search.round()
    assert search.population.best.objective == pytest.approx(best.objective)
    assert search.progress.objective == pytest.approx(best.objective)


@pytest.mark.parametrize("seed", range(3))
def test_whole_lots_cost_a_small_part_of_the_gap_asked_for(seed: int) -> None:
    """A solve that may stop 40 % off does not lose 40 % once more where flows are made whole."""
    problem = fixed_charge(seed, commodities=30)
    problem = replace(problem, lot=problem.demand)
    relaxation = Relaxation(Network.of(problem), Options())
    relaxation.root(Clock(Options()))
    every = np.ones(problem.designs)
    exact = made_whole(relaxation, 0.0 * every, every, Options(gap=1e-6))
    rough = made_whole(relaxation, 0.0 * every, every, Options(gap=0.4))
    assert exact is not None
    assert rough is not None
    assert relaxation.cost(rough) <= (1.0 + 0.05 * 0.4 / 0.98) * relaxation.cost(exact)


def _knapsack() -> LinearModel:
    """Min 5a + 4b + 3c with 2a + 3b + c ≥ 4, binary: {a, b} costs 9 (5 ≥ 4), {b, c} costs 7."""
    return LinearModel(
        np.array([5.0, 4.0, 3.0]), csc_array(np.array([[2.0, 3.0, 1.0]])), np.array([4.0]),
        np.array([np.inf]), np.zeros(3), np.ones(3), np.ones(3, dtype=np.bool_),
    )  # fmt: skip


def test_plunging_solves_a_covering_knapsack() -> None:
    """{b, c} weighs 4 and costs 7; every other cover costs more."""
    done = branch_and_bound(_knapsack(), Clock(Options()), cutoff=100.0)
    assert done.objective == pytest.approx(7.0)
    assert done.values == pytest.approx([0.0, 1.0, 1.0])


def test_plunging_finds_nothing_below_the_optimum() -> None:
    """With a cutoff at the optimum there is nothing to find."""
    done = branch_and_bound(_knapsack(), Clock(Options()), cutoff=7.0)
    assert done.values is None
    assert done.bound == pytest.approx(7.0)
