"""The rule that a path comes to no place twice, in every part that finds paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from freight.model.compile import compile_instance
from solvers.arrays import Ragged
from solvers.network_design.compact.pairs import pairs_of
from solvers.network_design.heuristics.ruin_recreate import RuinRecreate
from solvers.network_design.loading.greedy import greedy
from solvers.network_design.pricing.contracted import ContractedPricer
from solvers.network_design.pricing.enumeration import all_itineraries
from solvers.network_design.pricing.once import once
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.registry import method_class
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.places import places_met_again, returning
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options
from tests.freight.circling import circling
from tests.solvers.network_design.checks import two_routes

SEEDS = pytest.mark.parametrize("seed", [1, 9, 12, 20, 30, 41, 56])


def problem_of(seed: int) -> NetworkDesign:
    """The statement of a small instance in which boxes would gain by coming back."""
    return compile_instance(circling(seed)).problem


def prices(network: Network, seed: int) -> Multipliers:
    """Random prices of rows, those of minimum rows below 0."""
    rng = np.random.default_rng(seed)
    row = rng.choice([0.0, 0.0, 3.0, 30.0], network.rows)
    row = np.where(network.row_floor, -row, row)
    none = np.zeros(0, dtype=np.int64)
    return Multipliers.of(row, none, none, np.zeros(0), network.problem.commodities)


def walks(problem: NetworkDesign, k: int) -> Iterator[list[int]]:
    """Every path of a commodity that comes to no place twice, arc by arc."""
    ends = set(problem.exit_node[problem.exits[k]].tolist())
    may = problem.may_use(k)
    waiting: list[tuple[int, list[int], set[int]]] = []
    waiting.append((int(problem.origin[k]), [], {int(problem.home[k])}))
    while waiting:
        node, arcs, been = waiting.pop()
        if node in ends:
            yield arcs
        for a in np.flatnonzero((problem.tail == node) & may).tolist():
            place = int(problem.arrives[a])
            if place < 0 or place not in been:
                waiting.append((int(problem.head[a]), [*arcs, a], been | {place}))


def cheapest(network: Network, at: Multipliers, k: int) -> float:
    """Least priced cost of a path of ``k``, by trying all."""
    problem = network.problem
    rho = network.load[:, k] @ network.arc_prices(at.row)
    unit = problem.cost + problem.rate[:, k] @ problem.attribute + rho
    leave = dict.fromkeys(problem.exit_node[problem.exits[k]].tolist(), np.inf)
    for i in problem.exits[k].tolist():
        node = int(problem.exit_node[i])
        leave[node] = min(leave[node], float(problem.exit_cost[i]))
    open_ = set(network.usable(k).tolist())
    totals = [
        unit[arcs].sum() + leave[int(problem.head[arcs[-1]])]
        for arcs in walks(problem, k)
        if arcs and open_.issuperset(arcs)
    ]
    return float(min(totals, default=np.inf))


@SEEDS
@pytest.mark.parametrize("kind", [Pricer, ContractedPricer])
def test_prices_are_those_of_the_cheapest_path_that_does_not_come_back(seed, kind):
    """Whichever pricer is mended, value and path are what trying every path gives."""
    network = Network.of(problem_of(seed))
    many = network.problem.commodities
    at = prices(network, seed)
    found = once(network, kind(network)).price(at, np.arange(many), np.full(many, np.inf))
    assert not returning(network.problem, found.commodity, found.arcs).any()
    for k in range(many):
        assert found.value[k] == pytest.approx(cheapest(network, at, k))
    assert set(found.commodity.tolist()) == set(np.flatnonzero(np.isfinite(found.value)).tolist())


def test_the_plain_price_would_come_back_somewhere():
    """The cases are about the rule: without it some cheapest paths come to a place twice."""
    back = 0
    for seed in (1, 9, 12, 20, 30, 41, 56):
        network = Network.of(problem_of(seed))
        many = network.problem.commodities
        found = Pricer(network).price(prices(network, seed), np.arange(many), np.full(many, np.inf))
        back += int(returning(network.problem, found.commodity, found.arcs).sum())
    assert back >= 5


@SEEDS
def test_loading_and_rerouting_never_come_back(seed):
    """Every solution of the searches for large networks keeps the rule, whatever moves they try."""
    problem = problem_of(seed)
    network = Network.of(problem)
    loaded = trim_runs(problem, greedy(network, Clock(Options())))
    assert verify(problem, loaded).feasible
    state = RuinRecreate(network, prices(network, seed).row.clip(0.0), seed)
    state.load(np.zeros(problem.designs))
    for _ in range(3):
        state.batch(20.0)
        paths = state.solution()
        assert not returning(problem, paths.commodity, paths.path_arcs).any()


@SEEDS
def test_the_list_of_all_itineraries_holds_those_and_no_others(seed):
    """Listed without a limit are exactly the paths that trying finds."""
    problem = problem_of(seed)
    network = Network.of(problem)
    none = np.zeros(0, dtype=np.int64)
    free = Multipliers.of(np.zeros(network.rows), none, none, np.zeros(0), problem.commodities)
    found = all_itineraries(network, free, np.zeros(problem.commodities), np.inf, 5000)
    assert found is not None
    for k in range(problem.commodities):
        open_ = set(network.usable(k).tolist())
        listed = {tuple(found.arcs[i]) for i in np.flatnonzero(found.commodity == k).tolist()}
        tried = {tuple(arcs) for arcs in walks(problem, k) if open_.issuperset(arcs)}
        assert listed == tried


@SEEDS
def test_states_have_exactly_the_paths_that_do_not_come_back(seed):
    """With every place critical the unfolded arcs hold each allowed path once and nothing more."""
    problem = problem_of(seed)
    every = tuple(range(int(problem.arrives.max()) + 1))
    made = pairs_of(problem, dict.fromkeys(range(problem.commodities), every))
    for k in range(problem.commodities):
        mine = np.flatnonzero(made.commodity == k)
        leaving: dict[int, list[int]] = {}
        for i in mine.tolist():
            leaving.setdefault(int(made.tail[i]), []).append(i)
        ends = set(made.exit_at[made.exit_commodity == k].tolist())
        found, waiting = [], [(int(made.origin[k]), ())]
        while waiting:
            state, arcs = waiting.pop()
            if state in ends:
                found.append(arcs)
            waiting += [
                (int(made.head[i]), (*arcs, int(made.arc[i]))) for i in leaving.get(state, [])
            ]
        assert len(found) == len(set(found))
        assert set(found) == {tuple(arcs) for arcs in walks(problem, k)}


def test_a_path_comes_back_to_its_home_too():
    """Two ways from place 0 to place 2, one over an arc that arrives at 0: that one comes back."""
    problem = replace(two_routes(), arrives=np.array([2, 0, 2]), home=np.array([0]))
    paths = Ragged.of([[0], [1, 2]])
    assert returning(problem, np.zeros(2, dtype=np.int64), paths).tolist() == [False, True]
    assert places_met_again(problem, 0, paths[1]) == (0,)
    # The direct way takes eight at 20 + 8 · 5, two of ten stay behind at 100 each.
    for method in ("arc-mip", "columns"):
        assert method_class(method)().solve(problem, Options(gap=0.0)).objective == pytest.approx(
            260.0
        )


def test_the_rule_without_places_is_none():
    """Without places both ways are taken: 50 for runs, 6 · 2 and 4 · 5."""
    assert not two_routes().once
    assert method_class("columns")().solve(
        two_routes(), Options(gap=0.0)
    ).objective == pytest.approx(82.0)


def test_the_length_of_places_is_checked():
    """An arc without a place of arrival is a fault of the statement."""
    problem = replace(two_routes(), arrives=np.array([2, 0]), home=np.array([0]))
    assert problem.check() == ["arrives has shape (2,), expected (3,)."]
