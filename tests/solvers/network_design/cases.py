"""Small statements written arc by arc, for tests of proofs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solvers.arrays import Ragged
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign
from solvers.network_design.statement.result import Solution

FREE = -1


class Arc(NamedTuple):
    """From, to, unit cost, and the design that opens it."""

    tail: int
    head: int
    cost: float
    design: int = FREE


class Row(NamedTuple):
    """Arcs, limit, design, and whether it is a minimum."""

    arcs: list[int]
    limit: float
    design: int = FREE
    floor: bool = False


def stated(
    arcs: Sequence[Arc],
    orders: Sequence[tuple[int, int, float]],
    designs: Sequence[tuple[float, int]],
    rows: Sequence[Row],
) -> NetworkDesign:
    """A statement; orders are (from, to, units), all to be served, designs (cost, most runs)."""
    tail, head, cost, design = (np.array(column) for column in zip(*arcs, strict=True))
    many, count = len(orders), len(arcs)
    return NetworkDesign(
        nodes=int(max(tail.max(), head.max())) + 1, tail=tail, head=head,
        cost=cost.astype(np.float64), attribute=np.zeros((0, count)), rate=np.zeros((0, many)),
        group=np.zeros(count, dtype=np.int64), design=design,
        demand=np.array([units for _, _, units in orders]),
        origin=np.array([start for start, _, _ in orders]),
        exits=Ragged.of([[k] for k in range(many)]),
        exit_node=np.array([end for _, end, _ in orders]), exit_cost=np.zeros(many),
        unserved_cost=np.full(many, np.inf), lot=np.zeros(many),
        allowed=np.full(many, ALL_GROUPS), load=np.ones((1, many)),
        fixed_cost=np.array([fixed for fixed, _ in designs], dtype=np.float64),
        y_min=np.zeros(len(designs), dtype=np.int64), y_max=np.array([most for _, most in designs]),
        row_arcs=Ragged.of([row.arcs for row in rows]),
        row_dim=np.zeros(len(rows), dtype=np.int64),
        row_limit=np.array([row.limit for row in rows], dtype=np.float64),
        row_design=np.array([row.design for row in rows], dtype=np.int64),
        row_floor=np.array([row.floor for row in rows]),
    )  # fmt: skip


def carried(paths: Sequence[tuple[int, list[int], float]], y: list[int], orders: int) -> Solution:
    """A solution; paths are (order, arcs, units)."""
    order = np.array([k for k, _, _ in paths])
    return Solution(
        np.array(y), order, Ragged.of([arcs for _, arcs, _ in paths]), order,
        np.array([units for _, _, units in paths]), np.zeros(orders),
    )  # fmt: skip
