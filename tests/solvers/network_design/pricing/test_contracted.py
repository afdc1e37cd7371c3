"""Chains of arcs are scanned as one, and price as the arcs one by one do."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Ragged
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.heuristics.matheuristic.bound_worker import BoundWorker
from solvers.network_design.master.lagrangian import Stated, aggregated_duals
from solvers.network_design.master.point import Prices
from solvers.network_design.pricing.contracted import ContractedPricer
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.options import Cancel, Clock, Options
from tests.solvers.network_design.costs import unit_costs
from tests.solvers.network_design.heuristics.cases import single_runs
from tests.solvers.network_design.random_designs import random_design


def drawn_out(problem: NetworkDesign, times: int) -> NetworkDesign:
    """The same problem with every arc cut into so many; the first keeps its costs, all their rows.

    Arc ``a`` becomes ``times·a … times·a + times - 1``, through nodes of its own.
    """
    arcs, inner = problem.arcs, problem.nodes + np.arange(problem.arcs * (times - 1))
    inside = inner.reshape(arcs, times - 1)
    pieces = np.arange(arcs * times).reshape(arcs, times)
    first = np.tile(np.arange(times) == 0, arcs)
    rows = [pieces[problem.row_arcs[r]].ravel() for r in range(problem.rows)]
    return replace(
        problem, nodes=problem.nodes + len(inner),
        tail=np.column_stack([problem.tail, inside]).ravel(),
        head=np.column_stack([inside, problem.head]).ravel(),
        cost=np.where(first, np.repeat(problem.cost, times), 0.0),
        attribute=np.where(first, np.repeat(problem.attribute, times, axis=1), 0.0),
        group=np.repeat(problem.group, times), design=np.repeat(problem.design, times),
        row_arcs=Ragged.of(rows), names={},
    )  # fmt: skip


def drawn_prices(network: Network, seed: int) -> Multipliers:
    """Random prices of rows and of some pairs of commodity and arc."""
    rng, problem = np.random.default_rng(seed), network.problem
    pairs = rng.choice(problem.arcs * problem.commodities, size=20, replace=False)
    sign = np.where(network.row_floor, -0.2, 3.0)
    return Multipliers.of(
        rng.random(network.rows) * sign, pairs // problem.arcs, pairs % problem.arcs,
        rng.random(20) * 5.0, problem.commodities,
    )  # fmt: skip


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("seed", range(12))
def test_chains_price_as_single_arcs_do(seed: int, times: int) -> None:
    """Values, and paths that cost them, again and again under changing prices."""
    network = Network.of(drawn_out(random_design(seed), times))
    problem = network.problem
    plain, quick = Pricer(network), ContractedPricer(network)
    everyone = np.flatnonzero(problem.demand > 0.0)[::-1]
    for turn in range(3):
        prices = drawn_prices(network, 10 * seed + turn)
        far = np.full(len(everyone), np.inf)
        expected, found = plain.price(prices, everyone, far), quick.price(prices, everyone, far)
        assert found.value == pytest.approx(expected.value)
        assert found.commodity.tolist() == expected.commodity.tolist()
        arc_price = network.arc_prices(prices.row)
        for i, k in enumerate(found.commodity.tolist()):
            arcs = found.arcs[i]
            cost = (unit_costs(problem, k) + network.load[:, k] @ arc_price)[arcs].sum()
            span = slice(prices.strong_start[k], prices.strong_start[k + 1])
            on = np.isin(prices.strong_arc[span], arcs)
            cost += prices.strong_price[span][on].sum() + problem.exit_cost[found.path_exit[i]]
            assert cost == pytest.approx(found.value[everyone.tolist().index(k)])
            nodes = [problem.origin[k], *problem.head[arcs]]
            assert problem.tail[arcs].tolist() == nodes[:-1]
            assert nodes[-1] == problem.exit_node[found.path_exit[i]]


@pytest.mark.parametrize("seed", range(6))
def test_only_paths_below_the_cutoff_are_given(seed: int) -> None:
    """Commodities whose value reaches the cutoff have a value and no path."""
    network = Network.of(random_design(seed))
    everyone = np.arange(network.problem.commodities)
    prices, quick = drawn_prices(network, seed), ContractedPricer(network)
    value = quick.price(prices, everyone, np.full(len(everyone), np.inf)).value
    cutoff = np.where(everyone % 2 == 0, value, value + 1.0)
    found = quick.price(prices, everyone, cutoff)
    assert found.value == pytest.approx(value)
    reached = [k for k in everyone.tolist() if k % 2 and np.isfinite(value[k])]
    assert found.commodity.tolist() == reached
    assert len(found.arcs) == len(reached)


def test_arcs_without_a_choice_become_one_chain() -> None:
    """Cut into three, no arc adds a chain; node and arc counts of the commodities stay small."""
    problem = random_design(3)
    short, long = (ContractedPricer(Network.of(drawn_out(problem, times))) for times in (1, 3))
    assert len(long.contracted.cost) == len(short.contracted.cost)
    assert len(long.contracted.steps) == 3 * len(short.contracted.steps)
    assert long.contracted.nodes.tolist() == short.contracted.nodes.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_folding_takes_from_every_design_what_its_prices_did(seed: int) -> None:
    """Σ_r β'[r] limit[r] = Σ_r β[r] limit[r] + Σ α[k,a] b[k,a] over rows and pairs of a design."""
    problem, rng = random_design(seed), np.random.default_rng(seed)
    network = Network.of(problem)
    owned = np.flatnonzero(problem.design >= 0)
    arc = rng.choice(owned, 30)
    commodity = rng.integers(problem.commodities, size=30)
    weight = network.strong(commodity, arc)
    stated = Stated(network, problem.fixed_cost, commodity, arc, weight)
    row, strong = rng.random(network.rows), rng.random(25)
    none = np.zeros(0)
    after = aggregated_duals(stated, Prices(row, strong, none, none))
    mine = network.row_design >= 0
    expected = np.bincount(problem.design[arc[:25]], strong * weight[:25], problem.designs)
    gained = np.bincount(
        network.row_design[mine], ((after - row) * network.row_limit)[mine], problem.designs
    )
    known = np.zeros(problem.designs, dtype=bool)
    known[network.row_design[network.own_row[owned][network.own_row[owned] >= 0]]] = True
    assert known.any()
    assert gained[known] == pytest.approx(expected[known])


@pytest.mark.parametrize("seed", range(6))
def test_a_master_goes_on_from_the_volume_algorithm(seed: int) -> None:
    """Given time, a large network's bound is at least the strong one, and never too high."""
    problem = single_runs(seed)
    network = Network.of(problem)
    guide = BoundWorker(Relaxation(network, Options()), Options())
    guide.run()
    tight = Relaxation(network, Options()).converge(Clock(Options()))
    assert guide.news.exact
    assert guide.news.bound >= tight.dual.bound - 1e-4 * abs(tight.dual.bound)
    best = ArcFlow().solve(problem, Options(gap=0.0))
    assert best.objective is not None
    assert guide.news.bound <= best.objective + 1e-6


def test_without_time_for_a_master_the_bound_of_the_volume_algorithm_stays() -> None:
    """A cancelled guide ends at once and keeps what it knew."""
    cancel = Cancel()
    cancel.set()
    problem = single_runs(1)
    guide = BoundWorker(Relaxation(Network.of(problem), Options()), Options(cancel=cancel))
    guide.run()
    assert not guide.news.exact
    assert np.isfinite(guide.news.bound)


def test_cuts_wait_while_a_search_runs_beside() -> None:
    """With a limit, a guide beside a search is idle until most of the time is over."""
    problem = single_runs(2)
    guide = BoundWorker(
        Relaxation(Network.of(problem), Options()), Options(time_limit_seconds=4.0), beside=True
    )
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(guide.run)
        while not guide.news.exact and time.perf_counter() < began + 2.0:
            time.sleep(0.01)
        time.sleep(0.1)
        assert guide.news.exact
        assert not guide.busy
        future.result()
    assert 2.4 <= time.perf_counter() - began < 6.0
