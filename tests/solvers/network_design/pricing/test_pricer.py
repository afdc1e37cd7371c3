"""Pricing finds the cheapest itinerary of every commodity, whatever the shape of the network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Ragged
from solvers.network_design.pricing.pricer import Multipliers, Priced, Pricer
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from tests.solvers.network_design.costs import unit_costs
from tests.solvers.network_design.random_designs import random_design


def _random_prices(problem: NetworkDesign, network: Network, seed: int) -> Multipliers:
    rng = np.random.default_rng(seed)
    pairs = rng.choice(problem.arcs * problem.commodities, size=6, replace=False)
    return Multipliers.of(
        rng.random(network.rows) * np.where(network.row_floor, 0.0, 3.0),
        pairs // problem.arcs, pairs % problem.arcs, rng.random(6) * 5.0, problem.commodities,
    )  # fmt: skip


def _dense_price(network: Network, prices: Multipliers, k: int) -> np.ndarray:
    problem = network.problem
    price = unit_costs(problem, k) + network.load[:, k] @ network.arc_prices(prices.row)
    span = slice(prices.strong_start[k], prices.strong_start[k + 1])
    price[prices.strong_arc[span]] += prices.strong_price[span]
    closed = (problem.design >= 0) & (problem.y_max[np.maximum(problem.design, 0)] == 0)
    return np.where(closed, np.inf, price)


def _reference(network: Network, prices: Multipliers, k: int) -> float:
    """Cheapest priced unit cost by as many passes over all arcs as there are nodes."""
    problem = network.problem
    price = _dense_price(network, prices, k)
    away = np.full(problem.nodes, np.inf)
    away[problem.origin[k]] = 0.0
    for _ in range(problem.nodes):
        np.minimum.at(away, problem.head, away[problem.tail] + price)
    exits = problem.exits[k]
    return float((away[problem.exit_node[exits]] + problem.exit_cost[exits]).min())


def _price(
    problem: NetworkDesign, seed: int, threads: int = 1
) -> tuple[Network, Multipliers, Priced]:
    network = Network.of(problem)
    prices = _random_prices(problem, network, seed)
    everyone = np.arange(problem.commodities)
    return (
        network,
        prices,
        Pricer(network, threads).price(prices, everyone, np.full(problem.commodities, np.inf)),
    )


@pytest.mark.parametrize("acyclic", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_values_agree_with_a_textbook_shortest_path(seed: int, acyclic: bool) -> None:
    """Both regimes return the least priced cost of a plain Bellman–Ford."""
    network, prices, priced = _price(random_design(seed, acyclic=acyclic), seed)
    expected = [_reference(network, prices, k) for k in range(network.problem.commodities)]
    assert network.acyclic is acyclic
    assert priced.value == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(6))
def test_a_path_costs_what_its_value_says(seed: int) -> None:
    """Adding up the priced arcs of a returned path and its exit gives the returned value."""
    network, prices, priced = _price(random_design(seed), seed)
    problem = network.problem
    for i, k in enumerate(priced.commodity):
        arcs = priced.arcs[i]
        total = _dense_price(network, prices, int(k))[arcs].sum()
        assert total + problem.exit_cost[priced.path_exit[i]] == pytest.approx(priced.value[k])
        ends = np.append(problem.tail[arcs], problem.exit_node[priced.path_exit[i]])
        assert ends[0] == problem.origin[k]
        assert (problem.head[arcs] == ends[1:]).all()


def test_only_paths_below_the_cutoff_are_written() -> None:
    """A cutoff of minus infinity asks for values alone."""
    problem = random_design(1)
    network = Network.of(problem)
    prices = _random_prices(problem, network, 1)
    everyone = np.arange(problem.commodities)
    priced = Pricer(network).price(prices, everyone, np.full(problem.commodities, -np.inf))
    assert len(priced.commodity) == 0


def test_threads_do_not_change_the_answer() -> None:
    """Many commodities priced by two threads give the same values and paths as by one."""
    small = random_design(3)
    problem = _repeated(small, 60)
    _, _, one = _price(problem, 5)
    _, _, two = _price(problem, 5, threads=2)
    assert (one.value == two.value).all()
    assert (one.arcs.values == two.arcs.values).all()


def _repeated(problem: NetworkDesign, times: int) -> NetworkDesign:
    lists = [problem.exits[k] for k in range(problem.commodities)] * times
    return replace(
        problem, demand=np.tile(problem.demand, times), origin=np.tile(problem.origin, times),
        exits=Ragged.of(lists), unserved_cost=np.tile(problem.unserved_cost, times),
        lot=np.tile(problem.lot, times), allowed=np.tile(problem.allowed, times),
        load=np.tile(problem.load, (1, times)), rate=np.tile(problem.rate, (1, times)),
    )  # fmt: skip


def test_a_negative_cycle_is_reported() -> None:
    """A price that makes a cycle pay is answered with ``cyclic`` instead of an endless search."""
    problem = random_design(2, acyclic=False)
    network = Network.of(problem)
    row = np.full(network.rows, -100.0)
    empty = np.zeros(0, dtype=np.int64)
    prices = Multipliers.of(row, empty, empty, np.zeros(0), problem.commodities)
    everyone = np.arange(problem.commodities)
    priced = Pricer(network).price(prices, everyone, np.full(problem.commodities, np.inf))
    assert priced.cyclic
