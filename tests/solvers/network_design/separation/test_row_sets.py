"""Sets of rows: the most violated inequality of a set, and sets that no small search would meet."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from scipy.sparse import csc_array

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.separation.residual_capacity import residual_capacity
from solvers.network_design.separation.row_set_kernels import LEAST_PART, MOST_PART
from solvers.network_design.separation.row_sets import Loads, RowSets
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.options import Clock, Options
from tests.solvers.network_design.separation.cases import (
    EXACT,
    parallel_trains,
    slack,
    two_trains,
)


def corridor(trains: int, units: float) -> NetworkDesign:
    """A chain: shipment ``k`` of ``units`` may take train ``k`` or ``k + 1`` of 100 for 1,000."""
    many = trains - 1
    base = two_trains(100.0)
    return replace(
        base,
        tail=np.zeros(trains, dtype=np.int64), head=np.ones(trains, dtype=np.int64),
        cost=np.zeros(trains), attribute=np.zeros((0, trains)), rate=np.zeros((0, many)),
        group=np.arange(trains), design=np.arange(trains), demand=np.full(many, units),
        origin=np.zeros(many, dtype=np.int64), exits=Ragged.of([[k] for k in range(many)]),
        exit_node=np.ones(many, dtype=np.int64), exit_cost=np.zeros(many),
        unserved_cost=np.full(many, np.inf), lot=np.zeros(many),
        allowed=np.array([3 << k for k in range(many)], dtype=np.uint64), load=np.ones((1, many)),
        fixed_cost=np.full(trains, 1000.0), y_min=np.zeros(trains, dtype=np.int64),
        y_max=np.ones(trains, dtype=np.int64), row_arcs=Ragged.of([[i] for i in range(trains)]),
        row_dim=np.zeros(trains, dtype=np.int64), row_limit=np.full(trains, 100.0),
        row_design=np.arange(trains), row_floor=np.zeros(trains, dtype=np.bool_),
    )  # fmt: skip


def test_a_whole_corridor_pays_for_whole_trains() -> None:
    """23 shipments of 97.8: 2,249.4 units fill 22.494 trains, so 23 run, and 23 suffice.

    The relaxation pays little more than 22.494 (a train at the end has one shipment to carry). Of
    ``m`` trains next to each other, running 22.5 / 24 each, ``m - 1`` shipments need ``m - 1``
    trains: more than 0.9375 ``m`` only from 17 trains on.
    """
    relaxation = Relaxation(Network.of(corridor(24, 97.8)), Options())
    assert relaxation.converge(Clock(EXACT)).dual.bound == pytest.approx(22_494.0, rel=1e-3)
    assert relaxation.converge(Clock(EXACT), cut_rounds=50).dual.bound == pytest.approx(23_000.0)


def drawn(seed: int) -> RowSets:
    """Five rows of 100 units that run in part, and what eight commodities send over them."""
    random = np.random.default_rng(seed)
    part = random.dirichlet(np.ones(6), 8)[:, :5] * random.choice([0.3, 1.0, 1.6], (8, 1))
    part = part / np.maximum(part.sum(axis=1, keepdims=True), 1.0)
    whole = random.integers(10, 90, 8).astype(np.float64)
    whole *= min(1.0, 95.0 / float((whole @ part).max()))
    every = np.ones(5, dtype=np.bool_)
    y = whole @ part / 100.0
    sets = RowSets(Loads(csc_array(part), np.full(5, 100.0), y, ~every, np.ones(5)))
    sets.choose(every, whole)
    return sets


def values(sets: RowSets, rows: Ints, chosen: Bools) -> tuple[Floats, Floats]:
    """``(⌈B⌉ - Σ y) f - w / ū`` of the residual capacity inequality, and ``f``, by choice."""
    loads, whole = sets.loads, sets.whole
    crossing = np.asarray(loads.part[:, rows].sum(axis=1)).ravel()
    b = chosen @ whole / 100.0
    f = b - np.floor(b)
    slack = chosen @ (whole * (1.0 - crossing))
    return (np.floor(b) + 1.0 - loads.y[rows].sum()) * f - slack / 100.0, f


@pytest.mark.parametrize("seed", range(20))
def test_no_other_commodities_violate_the_inequality_of_a_set_more(seed: int) -> None:
    """Equal capacities: against all subsets of eight commodities, for every set of rows."""
    sets = drawn(seed)
    chosen = np.array(list(product([False, True], repeat=8)), dtype=np.bool_)
    for rows in (np.array(c) for n in range(2, 6) for c in combinations(range(5), n)):
        value, f = values(sets, rows, chosen)
        best = int(value.argmax())
        if value[best] < 1e-6 or not LEAST_PART <= f[best] <= MOST_PART:
            continue
        found, ks, size = sets.violation(rows, np.zeros(8, dtype=np.bool_))
        assert size == 100.0
        assert found == pytest.approx(value[best])
        mine = np.isin(np.arange(8), ks)[None, :]
        assert values(sets, rows, mine)[0][0] == pytest.approx(found)


def test_barred_commodities_stay_out() -> None:
    """However much they would add."""
    sets = drawn(3)
    barred = np.zeros(8, dtype=np.bool_)
    barred[[0, 4]] = True
    _, ks, _ = sets.violation(np.arange(5), barred)
    assert not set(ks.tolist()) & {0, 4}


def test_designs_that_run_several_times_are_cut_too() -> None:
    """Two runs of each of six trains, some committed to one: cuts keep the optimum, most lift."""
    lifted = 0
    for seed in range(12):
        base = parallel_trains(seed)
        several = replace(base, y_max=np.full(base.designs, 2), demand=1.9 * base.demand)
        lifted += lifts(several)
    assert lifted >= 9


def lifts(problem: NetworkDesign) -> bool:
    """Whether cuts lift the bound; they never cut the optimum off."""
    exact = ArcFlow().solve(problem, EXACT)
    assert exact.solution is not None
    assert exact.objective is not None
    relaxation = Relaxation(Network.of(problem), Options())
    plain = relaxation.converge(Clock(EXACT))
    assert plain.point is not None
    for cut in residual_capacity(relaxation.master, plain.point, Clock(EXACT)):
        assert slack(cut, problem, exact.solution) >= -1e-6
    bound = relaxation.converge(Clock(EXACT), cut_rounds=20).dual.bound
    assert bound <= exact.objective * (1.0 + 1e-6)
    return bound > plain.dual.bound * (1.0 + 1e-6)


def tight(seed: int) -> NetworkDesign:
    """Eight nodes with cycles, little capacity, dear arcs."""
    return random_fixed_charge(seed, FixedChargeShape(8, 30, 8, 1.0, 16.0, 9)).problem()


def test_networks_with_cycles_are_cut_at_their_nodes() -> None:
    """Cuts keep the optimum, and lift the bound of at least half of ten networks."""
    lifted = sum(lifts(tight(seed)) for seed in range(10))
    assert lifted >= 5


def test_arcs_that_pay_for_flow_leave_networks_with_cycles_uncut() -> None:
    """A path may then circle through a node, so that it meets the arcs there twice."""
    problem = tight(0)
    cost = problem.cost.copy()
    relaxation = Relaxation(Network.of(problem), Options())
    point = relaxation.converge(Clock(EXACT)).point
    assert point is not None
    assert residual_capacity(relaxation.master, point, Clock(EXACT))
    cost[0] = -1.0
    object.__setattr__(relaxation.network, "problem", replace(problem, cost=cost))
    assert residual_capacity(relaxation.master, point, Clock(EXACT)) == []
