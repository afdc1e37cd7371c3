"""Parts of a solution as problems of their own, alone and side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.heuristics.matheuristic.districts import Districts, Sent, Size
from solvers.network_design.heuristics.matheuristic.worker_pool import District, WorkerPool
from solvers.network_design.heuristics.regret import regret, riders
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.network_design.statement.verify import verify
from solvers.network_design.transform.subproblem import Subproblem, subproblem
from solvers.options import Options
from tests.solvers.network_design.random_designs import random_design

EXACT = Options(gap=1e-9, threads=1, time_limit_seconds=20.0)
SEEDS = range(24)


def some_solution(problem: NetworkDesign, seed: int) -> Solution | None:
    """A feasible solution that is rarely the best: the optimum under other costs."""
    rng = np.random.default_rng(seed)
    other = replace(
        problem,
        cost=rng.uniform(1.0, 10.0, problem.arcs),
        fixed_cost=rng.uniform(1.0, 60.0, problem.designs),
    )
    return ArcFlow().solve(other, EXACT).solution


def optimum(part: Subproblem) -> tuple[Solution, float]:
    """The best solution of a part, and what it saves."""
    found = ArcFlow().solve(part.problem, EXACT)
    assert found.solution is not None
    assert found.objective is not None
    return found.solution, verify(part.problem, part.start).objective - found.objective


@pytest.mark.parametrize("lots", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_part_saves_is_saved_in_the_whole(seed: int, lots: bool) -> None:
    """What is done now is feasible in the part, and its optimum put back is feasible again."""
    problem = random_design(seed, lots=lots)
    whole = some_solution(problem, seed)
    if whole is None:
        pytest.skip("infeasible")
    before = verify(problem, whole)
    part = subproblem(Network.of(problem), whole, np.array([0, 2]))
    assert verify(part.problem, part.start).feasible
    assert verify(problem, part.put_back(whole, part.start)).objective == pytest.approx(
        before.objective
    )
    best, saved = optimum(part)
    after = verify(problem, part.put_back(whole, best))
    assert saved >= -1e-6
    assert after.feasible
    assert after.objective == pytest.approx(before.objective - saved)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_parts_planned_at_the_same_time_fit_together(seed: int, first: int) -> None:
    """Each is solved as if the other did nothing; whichever is put back first, both hold."""
    problem = random_design(seed)
    whole = some_solution(problem, seed)
    if whole is None:
        pytest.skip("infeasible")
    net = Network.of(problem)
    one = subproblem(net, whole, np.array([0, 1]))
    two = subproblem(net, whole, np.array([2, 3]), [one])
    found = [(part, *optimum(part)) for part in (one, two)]
    now = whole
    for part, best, _ in (found[first], found[1 - first]):
        now = part.put_back(now, best)
    checked = verify(problem, now)
    assert checked.feasible
    total = sum(saved for _, _, saved in found)
    # A design that neither uses any more is paid for until the whole is trimmed.
    assert checked.objective == pytest.approx(verify(problem, whole).objective - total)


def test_some_parts_save_something() -> None:
    """The comparison above is not one of nothing with nothing."""
    saved = []
    for seed in SEEDS:
        problem = random_design(seed)
        whole = some_solution(problem, seed)
        if whole is not None:
            saved.append(optimum(subproblem(Network.of(problem), whole, np.array([0, 2])))[1])
    assert sum(one > 1.0 for one in saved) >= 5


def test_districts_reach_every_commodity_and_leave_busy_ones_alone() -> None:
    """Chosen again and again, districts cover all; none takes what another plans at the time."""
    problem = random_design(4)
    whole = some_solution(problem, 4)
    assert whole is not None
    size = Size(2, 1.0)
    districts = Districts(Network.of(problem), np.ones(problem.commodities), 0, (size,))
    seen: set[int] = set()
    for _ in range(20):
        one = districts.next(whole, (), size)
        assert one is not None
        two = districts.next(whole, (one,), size)
        if two is not None:
            assert not set(one.commodity.tolist()) & set(two.commodity.tolist())
        seen.update(one.commodity.tolist())
    step = problem.design[whole.path_arcs.values]
    free = problem.y_min < problem.y_max
    rides = whole.commodity[whole.path_arcs.owners()][(step >= 0) & free[step]]
    assert len(rides)
    assert set(rides.tolist()) <= seen


def test_districts_grow_when_small_ones_save_less_and_time_allows() -> None:
    """Small ones while they pay, a larger one when they do not, then whichever pays more."""
    problem = random_design(4)
    whole = some_solution(problem, 4)
    assert whole is not None
    small, large = Size(2, 1.0), Size(4, 5.0)
    districts = Districts(Network.of(problem), np.ones(problem.commodities), 0, (small, large))

    def plan(size: Size, saved: float) -> None:
        assert districts.size(100.0) == size
        part = districts.next(whole, (), size)
        assert part is not None
        districts.update(Sent(part, size, 0.0), saved, 1.0, size.seconds)

    for saved in [10.0] * 3 + [0.0] * 4:
        plan(small, saved)
    while districts.size(100.0) == small:
        plan(small, 0.0)
    assert districts.size(4.0) == small
    plan(large, 100.0)
    while districts.size(100.0) == large:
        plan(large, 0.0)
    plan(small, 10.0)


def test_districts_go_where_most_is_promised_and_turn_away_from_what_is_proved() -> None:
    """One commodity promises all: it comes first, but not always once its district is proved."""
    problem = random_design(4)
    whole = some_solution(problem, 4)
    assert whole is not None
    on = riders(problem, whole)
    movable = np.flatnonzero((np.diff(on.start) > 0) & (problem.y_min < problem.y_max))
    rider = int(on[movable[0]][0])
    promise = np.where(np.arange(problem.commodities) == rider, 1e9, 0.0)
    size = Size(1, 1.0)
    districts = Districts(Network.of(problem), promise, 0, (size,))
    first = districts.next(whole, (), size)
    assert first is not None
    assert rider in first.commodity
    districts.update(Sent(first, size, 0.0), 0.0, 0.0, 1.0)
    later = [districts.next(whole, (), size) for _ in range(20)]
    assert any(part is not None and rider not in part.commodity for part in later)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_commodities_cost_above_no_price_adds_up_to_the_objective(seed: int) -> None:
    """At price 0 the objective is Σ d_k c*_k, plus the excess, plus designs that nobody rides."""
    problem = random_design(seed)
    whole = some_solution(problem, seed)
    if whole is None:
        pytest.skip("infeasible")
    network = Network.of(problem)
    asked = np.flatnonzero(problem.demand > 0.0)
    none = np.zeros(0, dtype=np.int64)
    free = Multipliers.of(np.zeros(network.rows), none, none, np.zeros(0), problem.commodities)
    least = Pricer(network).price(free, asked, np.full(len(asked), np.inf)).value
    base = float(np.minimum(least, problem.unserved_cost[asked]) @ problem.demand[asked])
    idle = np.diff(riders(problem, whole).start) == 0
    unused = float(problem.fixed_cost[idle] @ whole.y[idle])
    above = regret(network, np.zeros(network.rows), whole)
    assert above.shape == (problem.commodities,)
    objective = verify(problem, whole).objective
    assert base + float(above.sum()) + unused == pytest.approx(objective)


def test_a_crew_plans_districts_in_other_processes() -> None:
    """The answer of a process is a checked solution, no dearer than what was done before."""
    problem = random_design(5)
    whole = some_solution(problem, 5)
    assert whole is not None
    part = subproblem(Network.of(problem), whole, np.arange(problem.commodities))
    crew = WorkerPool(1)
    try:
        found = crew.submit(District(part.problem, part.start, 5.0, 1e-6, 0)).result(timeout=60)
    finally:
        crew.stop()
    assert found is not None
    assert found.solution is not None
    after = verify(problem, part.put_back(whole, found.solution))
    assert after.feasible
    assert after.objective <= verify(problem, whole).objective + 1e-6
