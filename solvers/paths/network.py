"""A network whose nodes and arcs stand in topological order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.arrays import Ints
from solvers.paths.order import topological


@dataclass(frozen=True)
class PathNetwork:
    """Nodes in topological order and arcs in the order of their tails.

    ``rank[n]`` is the position of node ``n``; ``arcs`` lists the arcs by the rank of their tails,
    those of the node at rank ``i`` at ``start[i]:start[i+1]``; ``tail`` and ``head`` are ranks in
    that order, ``place`` lists places by rank.
    """

    rank: Ints
    arcs: Ints
    start: Ints
    tail: Ints
    head: Ints
    place: Ints

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.rank)

    @cached_property
    def position(self) -> Ints:
        """Position of every arc in the search order; shape A."""
        found = np.empty(len(self.arcs), dtype=np.int64)
        found[self.arcs] = np.arange(len(self.arcs))
        return found

    @property
    def words(self) -> int:
        """64-bit words that hold one bit per place; at least 1."""
        return int(self.place.max(initial=0)) // 64 + 1

    @staticmethod
    def of(nodes: int, tail: Ints, head: Ints, place: Ints | None = None) -> PathNetwork:
        """Order a network; raises ValueError when it has a cycle.

        ``place`` None: no path visits any place, so no path is refused for visiting one twice.
        """
        star = np.argsort(tail, kind="stable")
        start = np.zeros(nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(tail, minlength=nodes), out=start[1:])
        order = topological(nodes, start, star, head)
        if len(order) < nodes:
            raise ValueError(f"The network has a cycle among {nodes - len(order)} nodes.")
        rank = np.empty(nodes, dtype=np.int64)
        rank[order] = np.arange(nodes)
        arcs = np.argsort(rank[tail], kind="stable")
        first = np.zeros(nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(rank[tail], minlength=nodes), out=first[1:])
        where = np.full(nodes, -1, dtype=np.int64) if place is None else place[order]
        return PathNetwork(rank, arcs, first, rank[tail[arcs]], rank[head[arcs]], where)
