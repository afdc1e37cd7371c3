"""RuinRecreate, narrowed networks and the volume bound: what large networks are solved by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Ragged
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.heuristics.matheuristic import large_networks as large
from solvers.network_design.heuristics.matheuristic import method as matheuristic
from solvers.network_design.heuristics.matheuristic.districts import Districts, Sent
from solvers.network_design.heuristics.matheuristic.method import Matheuristic
from solvers.network_design.heuristics.ruin_recreate import RuinRecreate
from solvers.network_design.pricing.near_paths import near_arcs
from solvers.network_design.pricing.pricer import Multipliers
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.relaxation.volume import Steps, volume
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options
from solvers.outcome import Outcome
from tests.solvers.network_design.heuristics.cases import single_runs
from tests.solvers.network_design.separation.cases import two_trains

FREE = Clock(Options())
EMPTY = np.zeros(0, dtype=np.int64)


def loaded(problem: NetworkDesign) -> RuinRecreate:
    """Everything loaded under no prices."""
    network = Network.of(problem)
    state = RuinRecreate(network, np.zeros(network.rows), 0)
    state.load(np.zeros(problem.designs))
    return state


@pytest.mark.parametrize("seed", range(25))
def test_the_cost_kept_move_by_move_is_the_cost_of_the_solution(seed: int) -> None:
    """After thousands of kept and undone moves the running cost is what the checker computes."""
    problem = single_runs(seed, lots=seed % 2 == 0)
    state = loaded(problem)
    for temperature in (20.0, 1.0):
        state.batch(temperature)
    sound = state.without_short()
    if sound is None:
        return
    state = sound
    solution = state.solution()
    checked = verify(problem, solution)
    committed = bool((problem.y_min > 0).any())
    if not committed:
        assert checked.feasible, [one.message for one in checked.violations]
    if checked.feasible:
        assert state.cost == pytest.approx(checked.objective, abs=1e-6)


def test_moves_find_the_optimum_of_small_cases() -> None:
    """On 20 random cases no cost is below the optimum, and most reach it to a tenth."""
    near = 0
    for seed in range(20):
        problem = single_runs(seed)
        best = ArcFlow().solve(problem, Options(gap=0.0))
        state = loaded(problem)
        for temperature in (20.0, 5.0, 1.0, 0.1):
            state.batch(temperature, strictness=20.0)
        sound = state.without_short()
        if best.objective is None or sound is None:
            continue
        if verify(problem, sound.solution()).feasible:
            assert sound.cost >= best.objective - 1e-6
            near += sound.cost <= 1.1 * best.objective
    assert near >= 14


def test_the_same_seed_gives_the_same_parts() -> None:
    """Two runs from one seed end in the same itineraries."""
    ends = []
    for _ in range(2):
        state = loaded(single_runs(3))
        state.batch(10.0)
        ends.append(state.solution())
    assert ends[0].path_arcs.values.tolist() == ends[1].path_arcs.values.tolist()
    assert ends[0].amount.tolist() == ends[1].amount.tolist()


def test_two_trains_fill_one_before_the_other() -> None:
    """Five shipments of 20 units fill one train of 100 units at 1,000."""
    state = loaded(two_trains(100.0))
    for temperature in (100.0, 1.0):
        state.batch(temperature)
    sound = state.without_short()
    assert sound is not None
    assert sound.cost == pytest.approx(1000.0)


@pytest.mark.parametrize("seed", range(12))
def test_narrowing_keeps_the_cheapest_itinerary(seed: int) -> None:
    """Without slack every commodity still prices at the same value, with much nothing is lost."""
    problem = single_runs(seed)
    network = Network.of(problem)
    price = np.where(network.row_floor, 0.0, np.random.default_rng(seed).random(network.rows))
    prices = Multipliers.of(price, EMPTY, EMPTY, np.zeros(0), problem.commodities)
    whole = Relaxation(network, Options())
    far = np.full(len(whole.asked), np.inf)
    value = whole.price(prices, far).value
    lean = near_arcs(network, price, np.full(problem.commodities, 1e-9))
    found = Relaxation(lean, Options()).price(prices, far)
    assert found.value == pytest.approx(value)
    assert len(lean.sub_arcs) <= sum(len(network.usable(k)) for k in range(problem.commodities))
    wide = near_arcs(network, price, np.full(problem.commodities, 1e9))
    reached = [k for k in range(problem.commodities) if np.isfinite(value[k])]
    for k in reached:
        assert sorted(wide.usable(k)) == sorted(network.usable(k))
    assert len(Itineraries(found.commodity, found.path_exit, found.arcs)) == len(reached)


def bounds_heard(problem: NetworkDesign, seconds: float) -> list[float]:
    """What the volume algorithm proves in so many seconds, in order."""
    heard: list[float] = []
    relaxation = Relaxation(Network.of(problem), Options())
    clock = Clock(Options(time_limit_seconds=seconds))
    volume(relaxation.by_volume(), clock, lambda bound, _, __: heard.append(bound))
    return heard


@pytest.mark.parametrize("seed", range(12))
def test_volume_bounds_lie_below_the_optimum_and_rise(seed: int) -> None:
    """Every bound heard is higher than the one before and none exceeds the optimum."""
    problem = single_runs(seed)
    best = ArcFlow().solve(problem, Options(gap=0.0))
    heard = bounds_heard(problem, 1.0)
    assert heard == sorted(heard)
    if best.objective is not None and heard:
        assert heard[-1] <= best.objective + 1e-6


def test_volume_comes_near_the_relaxation_of_the_master() -> None:
    """On two trains of 150 units its bound is within a tenth of the strong relaxation's."""
    problem = two_trains(150.0)
    exact = Relaxation(Network.of(problem), Options()).converge(FREE).dual.bound
    heard = bounds_heard(problem, 3.0)
    assert 0.9 * exact <= heard[-1] <= exact + 1e-6


def full_trains() -> NetworkDesign:
    """Five shipments of 10 units and two trains that run with 100 units or not at all."""
    return replace(
        two_trains(50.0), row_arcs=Ragged.of([[0], [1], [0], [1]]),
        row_dim=np.zeros(4, dtype=np.int64), row_limit=np.full(4, 100.0),
        row_design=np.array([0, 1, 0, 1]), row_floor=np.array([False, False, True, True]),
    )  # fmt: skip


def refined(relaxation: Relaxation, iterations: int) -> Steps:
    """The volume algorithm after so many iterations, with minimum rows priced."""
    steps = relaxation.by_volume()
    for i in range(iterations):
        steps.step()
        if i == 50:
            steps.refine()
    return steps


def test_volume_prices_minimum_rows() -> None:
    """Where trains may not run half empty, prices of their minimums raise the bound.

    Five shipments of 10 units, by road at 30 each 1,500. A train of 100 units at 1,000 must carry
    100: even the strong relaxation may not run it, since x ≤ 10 y for each of five shipments and
    Σ x ≥ 100 y leave y = 0. So bounds may rise to 1,500, and need prices ≤ 0 of the minimums.
    """
    relaxation = Relaxation(Network.of(full_trains()), Options())
    steps = refined(relaxation, 1000)
    assert (steps.best[2:] < 0.0).all()
    assert steps.best_bound <= 1500.0 + 1e-6
    best = steps.best_bound
    steps.price, steps.strong = np.maximum(steps.best, 0.0), steps.best_strong
    steps.evaluate()
    assert steps.bound < best - 1e-3


@pytest.mark.parametrize("threads", [1, 2])
def test_large_networks_are_solved_without_a_master(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every network counts as large, solutions pass the checker and bounds stay below."""
    monkeypatch.setattr(matheuristic, "LARGE", -1)
    for seed in range(4):
        problem = single_runs(seed)
        best = ArcFlow().solve(problem, Options(gap=0.0))
        made = Matheuristic().solve(problem, Options(time_limit_seconds=1.5, threads=threads))
        if made.solution is None:
            assert made.outcome in {Outcome.NO_SOLUTION, Outcome.INFEASIBLE}
            continue
        assert verify(problem, made.solution).feasible
        assert made.objective is not None
        assert best.objective is not None
        assert made.objective >= best.objective - 1e-6
        assert made.bound is None or made.bound <= best.objective + 1e-6


@pytest.mark.slow
def test_a_large_network_ends_with_districts(monkeypatch: pytest.MonkeyPatch) -> None:
    """After rerouting, districts are planned in other processes; the whole stays sound."""
    told = []

    class Watched(Districts):
        def update(self, sent: Sent, saved: float, left: float, seconds: float) -> None:
            told.append((saved, left))
            super().update(sent, saved, left, seconds)

    monkeypatch.setattr(matheuristic, "LARGE", -1)
    monkeypatch.setattr(large, "Districts", Watched)
    problem = single_runs(3)
    best = ArcFlow().solve(problem, Options(gap=0.0))
    made = Matheuristic().solve(problem, Options(time_limit_seconds=6.0, threads=2))
    assert best.objective is not None
    assert made.solution is not None
    assert verify(problem, made.solution).feasible
    assert made.objective is not None
    assert made.objective >= best.objective - 1e-6
    assert told
    assert all(saved >= 0.0 and left >= 0.0 for saved, left in told)


def test_a_large_network_without_choices_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every departure is settled there is no district to plan, and no waiting for one."""
    monkeypatch.setattr(matheuristic, "LARGE", -1)
    free = single_runs(1)
    problem = replace(free, y_min=free.y_max)
    made = Matheuristic().solve(problem, Options(time_limit_seconds=8.0, gap=0.0, threads=2))
    assert made.seconds < 6.0
