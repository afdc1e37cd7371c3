"""Small random network design problems that use every feature of the statement."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign

Generator = np.random.Generator


def random_design(
    seed: int, *, acyclic: bool = True, lots: bool = False, floors: bool = True
) -> NetworkDesign:
    """A problem of about 6 nodes, 14 arcs, 4 commodities and 5 designs."""
    rng = np.random.default_rng(seed)
    nodes, commodities = 6, 4
    tail, head = _arcs(rng, nodes, acyclic)
    arcs = len(tail)
    owner = rng.integers(-1, 5, arcs)
    designs = 5
    demand = rng.integers(2, 9, commodities).astype(np.float64)
    load = np.vstack([np.ones(commodities), rng.integers(1, 4, commodities)]).astype(np.float64)
    rows = _rows(rng, owner, designs, floors)
    exits, exit_node, exit_cost, origin = _ends(rng, nodes, commodities)
    unserved = rng.integers(15, 60, commodities).astype(np.float64)
    if rng.random() < 0.5:
        unserved[0] = np.inf
    lot = np.zeros(commodities)
    if lots:
        lot = np.where(rng.random(commodities) < 0.5, demand, 1.0)
    y_min = (rng.random(designs) < 0.15).astype(np.int64)
    allowed = np.where(rng.random(commodities) < 0.7, ALL_GROUPS, np.uint64(1))
    return NetworkDesign(
        nodes=nodes, tail=tail, head=head, cost=rng.integers(1, 10, arcs).astype(np.float64),
        attribute=rng.integers(0, 4, (1, arcs)).astype(np.float64),
        rate=rng.integers(0, 3, (1, commodities)).astype(np.float64),
        group=rng.integers(0, 2, arcs) * (rng.random(arcs) < 0.3), design=owner,
        demand=demand, origin=origin, exits=exits, exit_node=exit_node, exit_cost=exit_cost,
        unserved_cost=unserved, lot=lot, allowed=allowed.astype(np.uint64), load=load,
        fixed_cost=rng.integers(5, 60, designs).astype(np.float64),
        y_min=y_min, y_max=y_min + rng.integers(0, 3, designs), **rows,
    )  # fmt: skip


def _arcs(rng: Generator, nodes: int, acyclic: bool) -> tuple[Ints, Ints]:
    pairs = [(i, j) for i in range(nodes) for j in range(nodes) if i < j or (i > j and not acyclic)]
    picked = rng.choice(len(pairs), size=min(14, len(pairs)), replace=False)
    ends = np.array([pairs[i] for i in picked], dtype=np.int64)
    return ends[:, 0].copy(), ends[:, 1].copy()


def _ends(rng: Generator, nodes: int, commodities: int) -> tuple[Ragged, Ints, Floats, Ints]:
    origin = rng.integers(0, nodes - 2, commodities)
    lists: list[list[int]] = []
    node: list[int] = []
    cost: list[float] = []
    for k in range(commodities):
        count = int(rng.integers(1, 3))
        lists.append(list(range(len(node), len(node) + count)))
        node.extend(rng.integers(origin[k] + 1, nodes, count).tolist())
        cost.extend(rng.integers(0, 5, count).tolist())
    return Ragged.of(lists), np.array(node), np.array(cost, dtype=np.float64), origin


def _rows(rng: Generator, owner: Ints, designs: int, floors: bool) -> dict[str, Any]:
    arcs: list[list[int]] = []
    dim: list[int] = []
    limit: list[float] = []
    design: list[int] = []
    floor: list[bool] = []

    def add(members: list[int], d: int, most: float, s: int, least: bool) -> None:
        arcs.append(members)
        dim.append(d)
        limit.append(most)
        design.append(s)
        floor.append(least)

    for s in range(designs):
        mine = np.flatnonzero(owner == s).tolist()
        for a in mine:
            if rng.random() < 0.8:
                add([a], 0, float(rng.integers(3, 12)), s, False)
            if rng.random() < 0.4:
                add([a], 1, float(rng.integers(6, 20)), s, False)
        if mine and floors and rng.random() < 0.4:
            add(mine, 0, float(rng.integers(1, 4)), s, True)
    members = rng.choice(len(owner), size=4, replace=False).tolist()
    add(members, 0, float(rng.integers(6, 16)), -1, False)
    return {
        "row_arcs": Ragged.of(arcs), "row_dim": np.array(dim, dtype=np.int64),
        "row_limit": np.array(limit), "row_design": np.array(design, dtype=np.int64),
        "row_floor": np.array(floor, dtype=np.bool_),
    }  # fmt: skip
