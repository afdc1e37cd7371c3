"""The one scan, the one trace and the one sweep of marks, against the slow way."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.arrays import Floats
from solvers.network_design.pricing.packed import (
    NOWHERE,
    Gate,
    Labels,
    PackedNetwork,
    cheapest_exit,
    most_marked,
    scan,
    trace,
    usable,
    weights,
)
from solvers.network_design.statement.network import Network
from tests.solvers.network_design.random_designs import random_design


def priced(seed: int) -> tuple[Network, PackedNetwork, np.random.Generator]:
    """A random network in search order under random prices of its rows."""
    network = Network.of(random_design(seed))
    rng = np.random.default_rng(seed)
    sign = np.where(network.row_floor, -0.1, 2.0)
    return network, PackedNetwork.of(network, rng.random(network.rows) * sign), rng


def drawn_gate(k: int, network: Network, packed: PackedNetwork, rng: np.random.Generator) -> Gate:
    """A gate with random room, some designs running, some surcharges below 0."""
    arcs, designs = packed.arcs, network.problem.designs
    return Gate(
        1.0, packed.who.load[k], rng.random(network.rows) * 4.0, packed.row.dim, arcs.cap_start,
        arcs.cap, rng.integers(0, 2, designs), rng.random(designs) * 8.0 - 2.0,
    )  # fmt: skip


def slow_weights(k: int, network: Network, packed: PackedNetwork, gate: Gate | None) -> Floats:
    """Cost of every arc in search order for ``k``, ``inf`` where it may not or cannot go."""
    problem, order = network.problem, network.order
    weight = np.full(problem.arcs, np.inf)
    for place in usable(k, packed.who).tolist():
        a = order[place]
        cost = packed.who.factor[k] @ packed.arcs.cost[place]
        s = problem.design[a]
        if gate is not None and s >= 0 and (gate.uses[s] == 0 or gate.charge[s] < 0.0):
            cost += gate.charge[s] * network.load[0, k]
        rows = [r for r in network.rows_at[a] if not network.row_floor[r]]
        full = gate is not None and any(
            gate.room[r] < gate.need * network.load[network.row_dim[r], k] - 1e-7 for r in rows
        )
        weight[place] = np.inf if full else cost
    return weight


@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("seed", range(25))
def test_the_scan_finds_the_cheapest_way_to_an_exit(seed: int, gated: bool) -> None:
    """As many passes over all arcs as nodes find nothing cheaper, and the trace adds up."""
    network, packed, rng = priced(seed)
    problem, labels = network.problem, Labels.of(network.problem.nodes)
    for k in range(problem.commodities):
        gate = drawn_gate(k, network, packed, rng) if gated else None
        weight = slow_weights(k, network, packed, gate)
        away = np.full(problem.nodes, np.inf)
        away[problem.origin[k]] = 0.0
        for _ in range(problem.nodes):
            np.minimum.at(away, packed.arcs.head, away[packed.arcs.tail] + weight)
        exits = problem.exits[k]
        best = (away[problem.exit_node[exits]] + problem.exit_cost[exits]).min()
        scan(k, packed.who.factor[k], packed, None, gate, labels)
        value, at = cheapest_exit(k, packed.who, labels.dist)
        assert value == pytest.approx(best)
        mine = weights(k, packed.who.factor[k], packed, None, gate)
        assert mine == pytest.approx(weight[usable(k, packed.who)])
        if at >= 0:
            out = np.zeros(problem.nodes, dtype=np.int64)
            n = trace(problem.exit_node[at], packed.arcs.tail, labels, out, 0)
            assert weight[out[:n]].sum() + problem.exit_cost[at] == pytest.approx(best)
            assert np.all(packed.arcs.head[out[: n - 1]] == packed.arcs.tail[out[1:n]])


def test_a_trace_says_when_it_does_not_fit_or_goes_round() -> None:
    """Two arcs 0 → 1 → 2 need two places; a last arc that leads back to itself never ends."""
    tail = np.array([0, 1], dtype=np.int32)
    labels = Labels(np.array([0.0, 1.0, 2.0]), np.array([-1, 0, 1]))
    out = np.zeros(2, dtype=np.int64)
    assert trace(2, tail, labels, out, 0) == 2
    assert out.tolist() == [0, 1]
    assert trace(2, tail, labels, out, 1) == -1
    around = Labels(labels.dist, np.array([1, 0, 1]))
    assert trace(2, np.array([1, 0], dtype=np.int32), around, np.zeros(9, dtype=np.int64), 0) == -2


def test_marks_add_up_along_ways_from_where_they_begin() -> None:
    """Ways 0 → 1 → 3 with marks 2 and -1 and 0 → 3 with 0; nothing leads to or from node 2."""
    ends = np.array([0, 0, 1], dtype=np.int32), np.array([1, 3, 3], dtype=np.int32)
    most = np.array([0, NOWHERE, NOWHERE, NOWHERE])
    most_marked(np.arange(3), ends, np.array([2, 0, -1]), most)
    assert most.tolist() == [0, 2, NOWHERE, 1]
