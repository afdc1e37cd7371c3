"""Cases that tests of separation and of heuristics share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.arrays import Ragged
from solvers.network_design.master.cuts import Cut
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.options import Options

EXACT = Options(gap=1e-9, threads=1, time_limit_seconds=30.0)


def two_trains(units: float) -> NetworkDesign:
    """Two parallel trains of 100 at 1,000 each; ``units`` in five shipments; a road at 30 each."""
    each = 5
    return NetworkDesign(
        nodes=2, tail=np.zeros(3, dtype=np.int64), head=np.ones(3, dtype=np.int64),
        cost=np.array([0.0, 0.0, 30.0]), attribute=np.zeros((0, 3)), rate=np.zeros((0, each)),
        group=np.zeros(3, dtype=np.int64), design=np.array([0, 1, -1]),
        demand=np.full(each, units / each), origin=np.zeros(each, dtype=np.int64),
        exits=Ragged.of([[k] for k in range(each)]), exit_node=np.ones(each, dtype=np.int64),
        exit_cost=np.zeros(each), unserved_cost=np.full(each, np.inf), lot=np.zeros(each),
        allowed=np.full(each, ALL_GROUPS), load=np.ones((1, each)),
        fixed_cost=np.array([1000.0, 1000.0]), y_min=np.zeros(2, dtype=np.int64),
        y_max=np.ones(2, dtype=np.int64), row_arcs=Ragged.of([[0], [1]]),
        row_dim=np.zeros(2, dtype=np.int64), row_limit=np.array([100.0, 100.0]),
        row_design=np.array([0, 1]), row_floor=np.zeros(2, dtype=np.bool_),
    )  # fmt: skip


def slack(cut: Cut, problem: NetworkDesign, solution: Solution) -> float:
    """By how much a solution keeps a cut."""
    step = solution.path_arcs.owners()
    key = solution.commodity[step] * problem.arcs + solution.path_arcs.values
    flow: dict[int, float] = {}
    for one, amount in zip(key.tolist(), solution.amount[step].tolist(), strict=True):
        flow[one] = flow.get(one, 0.0) + amount
    counted = (cut.commodity * problem.arcs + cut.arc).tolist()
    used = sum(w * flow.get(one, 0.0) for one, w in zip(counted, cut.worth.tolist(), strict=True))
    return float(cut.weight @ solution.y[cut.design]) - used - cut.least


def parallel_trains(seed: int) -> NetworkDesign:
    """Six trains and a road between two places, some of them committed, eight shipments."""
    random = np.random.default_rng(seed)
    trains, many = 6, 8
    base = two_trains(100.0)
    return replace(
        base,
        tail=np.zeros(trains + 1, dtype=np.int64), head=np.ones(trains + 1, dtype=np.int64),
        cost=np.append(random.uniform(0.0, 4.0, trains), 40.0),
        attribute=np.zeros((0, trains + 1)), rate=np.zeros((0, many)),
        group=np.zeros(trains + 1, dtype=np.int64), design=np.append(np.arange(trains), -1),
        demand=random.integers(5, 60, many).astype(np.float64),
        origin=np.zeros(many, dtype=np.int64), exits=Ragged.of([[k] for k in range(many)]),
        exit_node=np.ones(many, dtype=np.int64), exit_cost=np.zeros(many),
        unserved_cost=np.full(many, np.inf), lot=np.zeros(many),
        allowed=np.full(many, ALL_GROUPS), load=random.uniform(0.5, 2.0, (1, many)),
        fixed_cost=random.uniform(500.0, 1500.0, trains),
        y_min=(random.random(trains) < 0.2).astype(np.int64),
        y_max=np.ones(trains, dtype=np.int64),
        row_arcs=Ragged.of([[i] for i in range(trains)]), row_dim=np.zeros(trains, dtype=np.int64),
        row_limit=random.choice([50.0, 80.0, 100.0], trains), row_design=np.arange(trains),
        row_floor=np.zeros(trains, dtype=np.bool_),
    )  # fmt: skip
