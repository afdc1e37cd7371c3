"""Random instances by seed: small ones with every feature, and fixed-charge sets of any size.

All numbers of the small instances are whole, so that the same instance suits every backend and can
be followed by hand. The same seed and shape give the same instance on every platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.arrays import Floats, Ints, Masks, Ragged
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign


@dataclass(frozen=True, slots=True)
class Shape:
    """What a random instance contains.

    ``acyclic``: a layered time–space network with waiting arcs instead of a general graph;
    ``legs``: arcs that one design opens; ``runs``: largest ``y_max``; ``lots``: "none", "unit"
    (whole units) or "whole" (commodities travel whole); ``floors``: minimum loads (acyclic only,
    circulating flow could meet them otherwise); ``must_serve``: nothing may be left behind.
    """

    nodes: int = 6
    designs: int = 8
    commodities: int = 4
    acyclic: bool = False
    dimensions: int = 1
    attributes: int = 0
    groups: int = 1
    exits: int = 1
    legs: int = 1
    runs: int = 1
    lots: str = "none"
    floors: bool = False
    must_serve: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError when the parts do not go together."""
        if self.floors and not self.acyclic:
            raise ValueError("Shape: floors need acyclic=True, circulating flow could meet them.")
        if self.lots not in ("none", "unit", "whole"):
            raise ValueError(f"Shape: lots '{self.lots}' unknown. Use none, unit or whole.")
        if min(self.nodes - 3, self.commodities, self.dimensions, self.legs, self.runs) < 1:
            raise ValueError("Shape: at least 4 nodes and one of everything else is needed.")


@dataclass
class _Arcs:
    """Arcs while they are being drawn."""

    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    design: list[int] = field(default_factory=list)

    def add(self, tail: int, head: int, cost: int, design: int) -> int:
        """Append an arc and return its position."""
        for values, value in zip(
            (self.tail, self.head, self.cost, self.design), (tail, head, cost, design), strict=True
        ):
            values.append(value)
        return len(self.tail) - 1


def random_design(seed: int, shape: Shape | None = None) -> NetworkDesign:
    """A small random instance of the given shape (default: one of everything simple)."""
    shape = shape or Shape()
    rng = np.random.default_rng(seed)
    arcs = _layered(rng, shape) if shape.acyclic else _general(rng, shape)
    rows = _rows(rng, shape, arcs)
    count, k = len(arcs.tail), shape.commodities
    demand = rng.integers(2, 9, k).astype(np.float64)
    origin, exits, exit_cost = _ends(rng, shape)
    floored = np.zeros(shape.designs, dtype=np.bool_)
    floored[rows.design[rows.floor]] = True
    y_max = rng.integers(1, shape.runs + 1, shape.designs)
    committed = (rng.random(shape.designs) < 0.15) & ~floored
    return NetworkDesign(
        nodes=shape.nodes, tail=np.array(arcs.tail), head=np.array(arcs.head),
        cost=np.array(arcs.cost, dtype=np.float64),
        attribute=rng.integers(0, 4, (shape.attributes, count)).astype(np.float64),
        rate=rng.integers(0, 3, (shape.attributes, k)).astype(np.float64),
        group=rng.integers(0, shape.groups, count), design=np.array(arcs.design), demand=demand,
        origin=origin, exits=exits[0], exit_node=exits[1], exit_cost=exit_cost,
        unserved_cost=np.full(k, np.inf) if shape.must_serve
        else rng.integers(40, 100, k).astype(np.float64),
        lot=_lots(rng, shape, demand), allowed=_allowed(rng, shape),
        load=rng.integers(1, 4, (shape.dimensions, k)).astype(np.float64),
        fixed_cost=rng.integers(5, 60, shape.designs).astype(np.float64),
        y_min=committed.astype(np.int64), y_max=y_max, row_arcs=rows.arcs, row_dim=rows.dim,
        row_limit=rows.limit, row_design=rows.design, row_floor=rows.floor,
    )  # fmt: skip


def _general(rng: np.random.Generator, shape: Shape) -> _Arcs:
    """A ring through all nodes without designs, dear, and random arcs with designs."""
    arcs = _Arcs()
    for i in range(shape.nodes):
        arcs.add(i, (i + 1) % shape.nodes, int(rng.integers(8, 15)), -1)
    for s in range(shape.designs):
        node = int(rng.integers(shape.nodes))
        for _ in range(shape.legs):
            step = int(rng.integers(1, shape.nodes))
            following = (node + step) % shape.nodes
            arcs.add(node, following, int(rng.integers(1, 8)), s)
            node = following
    return arcs


def _layered(rng: np.random.Generator, shape: Shape) -> _Arcs:
    """Two terminals or more in layers of time; waiting arcs, and designs that leap forward."""
    width = _width(shape)
    arcs = _Arcs()
    for node in range(shape.nodes - width):
        arcs.add(node, node + width, int(rng.integers(0, 3)), -1)
    layers = shape.nodes // width
    for s in range(shape.designs):
        layer = int(rng.integers(layers - 1))
        node = layer * width + int(rng.integers(width))
        for _ in range(shape.legs):
            layer += 1
            if layer >= layers:
                break
            following = layer * width + int(rng.integers(width))
            arcs.add(node, following, int(rng.integers(1, 8)), s)
            node = following
    return arcs


def _width(shape: Shape) -> int:
    """Terminals per layer of a layered network."""
    return 2 if shape.nodes < 9 else 3


@dataclass(frozen=True, slots=True)
class _Rows:
    arcs: Ragged
    dim: Ints
    limit: Floats
    design: Ints
    floor: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def _rows(rng: np.random.Generator, shape: Shape, arcs: _Arcs) -> _Rows:
    """One capacity row per leg and dimension, some minimum loads, some throughput rows."""
    lists: list[list[int]] = []
    facts: list[tuple[int, int, int, bool]] = []
    owner = np.array(arcs.design)
    for a in np.flatnonzero(owner >= 0):
        for d in range(shape.dimensions):
            lists.append([int(a)])
            facts.append((d, int(rng.integers(6, 25)), int(owner[a]), False))
    for s in range(shape.designs if shape.floors else 0):
        if rng.random() < 0.4 and (owner == s).any():
            lists.append([int(a) for a in np.flatnonzero(owner == s)])
            facts.append((0, int(rng.integers(2, 8)), s, True))
    for _ in range(2):
        chosen = rng.choice(len(owner), size=min(3, len(owner)), replace=False)
        lists.append(sorted(int(a) for a in chosen))
        facts.append((0, int(rng.integers(25, 60)), -1, False))
    dim, limit, design, floor = zip(*facts, strict=True)
    return _Rows(
        Ragged.of(lists), np.array(dim), np.array(limit, dtype=np.float64), np.array(design),
        np.array(floor, dtype=np.bool_),
    )  # fmt: skip


def _ends(rng: np.random.Generator, shape: Shape) -> tuple[Ints, tuple[Ragged, Ints], Floats]:
    """Origins, and exits with costs; in layered networks exits lie in later layers."""
    width = _width(shape) if shape.acyclic else 1
    early = shape.nodes - 2 * width if shape.acyclic else shape.nodes
    origin = rng.integers(0, max(width, early), shape.commodities)
    lists: list[list[int]] = []
    nodes: list[int] = []
    costs: list[int] = []
    for k in range(shape.commodities):
        low = (int(origin[k]) // width + 1) * width if shape.acyclic else 0
        others = [n for n in range(low, shape.nodes) if n != origin[k]]
        chosen = rng.choice(others, size=min(shape.exits, len(others)), replace=False)
        lists.append(list(range(len(nodes), len(nodes) + len(chosen))))
        nodes.extend(int(n) for n in np.sort(chosen))
        costs.extend(int(rng.integers(0, 5)) if shape.exits > 1 else 0 for _ in chosen)
    return origin, (Ragged.of(lists), np.array(nodes)), np.array(costs, dtype=np.float64)


def _lots(rng: np.random.Generator, shape: Shape, demand: Floats) -> Floats:
    """Lots of every commodity; half of them may split in shapes with lots."""
    if shape.lots == "none":
        return np.zeros(len(demand))
    size = demand if shape.lots == "whole" else np.ones(len(demand))
    return size.copy() if rng.random() < 0.5 else np.where(rng.random(len(demand)) < 0.7, size, 1.0)


def _allowed(rng: np.random.Generator, shape: Shape) -> Masks:
    """Arc classes that each commodity may use, never none."""
    if shape.groups == 1:
        return np.full(shape.commodities, ALL_GROUPS, dtype=np.uint64)
    return rng.integers(1, 2**shape.groups, shape.commodities).astype(np.uint64)
