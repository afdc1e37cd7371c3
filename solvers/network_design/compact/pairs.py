"""Which flows the compact arc model states: pairs of commodity and arc, some over several states.

A commodity with critical places ``C`` (see ``statement.places``) has states (node, ``V ⊆ C`` been
to) in place of nodes; an arc that arrives at a place in ``V`` does not leave the state. States are
numbered ``node + nodes · V`` with ``V`` as a mask; without critical places they are the nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from solvers.arrays import Bools, Ints
from solvers.network_design.statement.problem import NetworkDesign

Critical = Mapping[int, tuple[int, ...]]
"""Critical places of the commodities that have any."""


@dataclass(frozen=True)
class Pairs:
    """Flow columns as parallel arrays: ``tail`` and ``head`` are states.

    Exit ``exit[i]`` of ``exit_commodity[i]`` leaves state ``exit_at[i]``; ``k`` enters at state
    ``origin[k]``; states are below ``span``.
    """

    commodity: Ints
    arc: Ints
    tail: Ints
    head: Ints
    exit_commodity: Ints
    exit: Ints
    exit_at: Ints
    origin: Ints
    span: int


def pairs_of(problem: NetworkDesign, critical: Critical | None = None) -> Pairs:
    """Every pair that can carry flow, sorted by commodity, and the exits they touch."""
    critical = critical or {}
    commodity, arc = pairs(problem)
    tail, head = problem.tail[arc], problem.head[arc]
    origin = problem.origin.copy()
    parts = [(commodity, arc, tail, head)]
    if critical:
        plain = ~np.isin(commodity, list(critical))
        parts = [(commodity[plain], arc[plain], tail[plain], head[plain])]
    for k, places in critical.items():
        bit = {place: 1 << i for i, place in enumerate(places)}
        origin[k] += problem.nodes * bit.get(int(problem.home[k]), 0)
        parts.append(_unfolded(problem, k, arc[commodity == k], (bit, int(origin[k]))))
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    commodity, arc, tail, head = (column[order] for column in joined)
    span = problem.nodes << max((len(places) for places in critical.values()), default=0)
    exits = _exits(problem, (commodity, head, origin), span)
    return Pairs(commodity, arc, tail, head, *exits, origin, span)


def _unfolded(
    problem: NetworkDesign, k: int, arcs: Ints, start: tuple[dict[int, int], int]
) -> tuple[Ints, Ints, Ints, Ints]:
    """Commodity, arc and end states of every arc of ``k`` in every state that can be reached."""
    bit, origin = start
    nodes = problem.nodes
    leaving: dict[int, list[tuple[int, int, int]]] = {}
    ends = (arcs, problem.tail[arcs], problem.head[arcs], problem.arrives[arcs])
    for a, tail, head, place in zip(*(one.tolist() for one in ends), strict=True):
        leaving.setdefault(tail, []).append((a, head, bit.get(place, 0)))
    made: list[tuple[int, int, int]] = []
    waiting, known = [origin], {origin}
    while waiting:
        state = waiting.pop()
        been, node = divmod(state, nodes)
        for a, head, step in leaving.get(node, []):
            if been & step:
                continue
            there = head + nodes * (been | step)
            made.append((a, state, there))
            if there not in known:
                known.add(there)
                waiting.append(there)
    table = np.array(sorted(made), dtype=np.int64).reshape(len(made), 3)
    return np.full(len(made), k, dtype=np.int64), table[:, 0], table[:, 1], table[:, 2]


def _exits(
    problem: NetworkDesign, reached: tuple[Ints, Ints, Ints], span: int
) -> tuple[Ints, Ints, Ints]:
    """Commodity, exit and state of every exit that a pair or the origin touches."""
    commodity, head, origin = reached
    entered = np.flatnonzero(problem.demand > 0)
    touched = np.unique(np.concatenate([commodity * span + head, entered * span + origin[entered]]))
    who, state = np.divmod(touched, span)
    many = problem.nodes
    key = who * many + state % many
    owner, exit_ = problem.exits.owners(), problem.exits.values
    mine = owner * many + problem.exit_node[exit_]
    order = np.argsort(key, kind="stable")
    low, high = (np.searchsorted(key[order], mine, side) for side in ("left", "right"))
    count = high - low
    at = np.repeat(low - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
    which = np.repeat(np.arange(len(mine)), count)
    return owner[which], exit_[which], state[order[at]]


def pairs(problem: NetworkDesign) -> tuple[Ints, Ints]:
    """Commodity and arc of every pair in ``P``, sorted by commodity, then arc."""
    reach = _Reach(problem)
    arcs = [
        reach.arcs(k) if problem.demand[k] > 0 else np.zeros(0, dtype=np.int64)
        for k in range(problem.commodities)
    ]
    sizes = np.array([len(one) for one in arcs], dtype=np.int64)
    commodity = np.repeat(np.arange(problem.commodities, dtype=np.int64), sizes)
    return commodity, np.concatenate([*arcs, np.zeros(0, dtype=np.int64)])


class _Reach:
    """Arcs between the origin and the exits of commodities; one search per distinct case."""

    def __init__(self, problem: NetworkDesign) -> None:
        self.problem = problem
        owned = problem.design >= 0
        runs = problem.y_max[problem.design] > 0 if problem.designs else owned
        self.open = ~owned | runs
        self.usable: dict[int, Bools] = {}
        self.forward: dict[tuple[int, int], Bools] = {}
        self.backward: dict[tuple[int, bytes], Bools] = {}
        self.between: dict[tuple[int, int, bytes], Ints] = {}

    def arcs(self, k: int) -> Ints:
        """Arcs that commodity ``k`` can use on some way from its origin to an exit."""
        p = self.problem
        mask, origin = int(p.allowed[k]), int(p.origin[k])
        ends = np.unique(p.exit_node[p.exits[k]])
        key = (mask, origin, ends.tobytes())
        if key not in self.between:
            if mask not in self.usable:
                self.usable[mask] = p.may_use(k) & self.open
            if (mask, origin) not in self.forward:
                self.forward[mask, origin] = self._search(mask, np.array([origin]), False)
            if (mask, key[2]) not in self.backward:
                self.backward[mask, key[2]] = self._search(mask, ends, True)
            ahead, behind = self.forward[mask, origin], self.backward[mask, key[2]]
            self.between[key] = np.flatnonzero(self.usable[mask] & ahead[p.tail] & behind[p.head])
        return self.between[key]

    def _search(self, mask: int, starts: Ints, reverse: bool) -> Bools:
        """Nodes reachable from ``starts`` over usable arcs (against them when ``reverse``)."""
        p, usable = self.problem, self.usable[mask]
        tail, head = (p.head, p.tail) if reverse else (p.tail, p.head)
        source = p.nodes
        row = np.concatenate([tail[usable], np.full(len(starts), source)])
        column = np.concatenate([head[usable], starts])
        graph = sparse.coo_array(
            (np.ones(len(row), dtype=np.int8), (row, column)), shape=(source + 1, source + 1)
        )
        found = csgraph.breadth_first_order(
            sparse.csr_array(graph), source, return_predecessors=False
        )
        seen = np.zeros(source + 1, dtype=np.bool_)
        seen[found] = True
        return seen[:source]
