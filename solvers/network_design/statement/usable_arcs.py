"""Which arcs each commodity may use: by class, by room for one lot, and by lying on its way.

On an acyclic network an arc is useful to a commodity when the origin leads to it and it leads to an
exit. Both are settled for 64 commodities in one pass over the arcs, a bit for each.
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Masks, Small, compiled
from solvers.network_design.statement.problem import NetworkDesign, runs_behind

_WORD = 64
_TINY = 1e-12


def usable_arcs(problem: NetworkDesign, rank: Ints | None) -> tuple[Ints, Ints, Small]:
    """Usable arcs of every class of commodities: class of each, starts, arcs in search order.

    ``rank`` is the topological position of every node, None where there are cycles.
    """
    keys: dict[tuple[object, ...], int] = {}
    sub = np.zeros(problem.commodities, dtype=np.int64)
    first: list[int] = []
    for k in range(problem.commodities):
        key: tuple[object, ...] = (int(problem.allowed[k]), (problem.load[:, k] > 0.0).tobytes())
        if problem.lot[k] > 0.0:
            key += (float(problem.lot[k]), problem.load[:, k].tobytes())
        if rank is not None:
            nodes = problem.exit_node[problem.exits[k]]
            key += (int(problem.origin[k]), np.unique(nodes).tobytes())
        if key not in keys:
            keys[key] = len(first)
            first.append(k)
        sub[k] = keys[key]
    picked = np.array(first, dtype=np.int64)
    gate = _gate(problem)
    if rank is None:
        found = [np.flatnonzero(_open_to(problem, gate, int(k))) for k in picked]
        sizes = np.array([len(one) for one in found], dtype=np.int64)
        arcs = np.concatenate(found).astype(np.int32) if found else np.zeros(0, np.int32)
    else:
        sizes, arcs = _between(problem, gate, rank, picked)
    start = np.zeros(len(picked) + 1, dtype=np.int64)
    np.cumsum(sizes, out=start[1:])
    return sub, start, arcs


def _gate(problem: NetworkDesign) -> Floats:
    """Most load that may ever pass each arc, per dimension, all runs counted; D × A."""
    gate = np.full((problem.load.shape[0], problem.arcs), np.inf)
    arcs, rows = problem.row_arcs.values, problem.row_arcs.owners()
    keep = ~problem.row_floor[rows]
    arcs, rows = arcs[keep], rows[keep]
    runs = runs_behind(problem.row_design[rows], problem.y_max)
    np.minimum.at(gate, (problem.row_dim[rows], arcs), problem.row_limit[rows] * runs)
    closed = problem.design >= 0
    if problem.designs:
        closed &= problem.y_max[np.maximum(problem.design, 0)] == 0
    gate[:, closed] = -1.0
    return gate


def _least(problem: NetworkDesign, k: int | Ints) -> Floats:
    """Least load that passes an arc at all: of a lot, of divisible demand anything; D × k."""
    load = problem.load[:, k]
    return np.maximum(load * problem.lot[k] - 1e-9, np.where(load > 0.0, _TINY, 0.0))


def _open_to(problem: NetworkDesign, gate: Floats, k: int) -> Bools:
    """Arcs whose class and room admit one lot (or any part of a divisible demand) of ``k``."""
    fits = (gate >= _least(problem, k)[:, None]).all(axis=0)
    return np.asarray(problem.may_use(k) & fits, dtype=np.bool_)


def _between(problem: NetworkDesign, gate: Floats, rank: Ints, picked: Ints) -> tuple[Ints, Small]:
    """Arcs on some path from origin to an exit, by topological order of their tails."""
    order = np.argsort(rank[problem.tail], kind="stable").astype(np.int64)
    # Nodes are numbered by rank, so that a pass over the arcs walks through memory.
    ends = (rank[problem.tail][order].astype(np.int32), rank[problem.head][order].astype(np.int32))
    gates = (problem.group[order], np.ascontiguousarray(gate[:, order].T))
    turn = np.argsort(rank[problem.origin[picked]], kind="stable")
    sizes = np.zeros(len(picked), dtype=np.int64)
    parts: list[Small] = [np.zeros(0, np.int32)] * len(picked)
    reached = np.zeros(problem.nodes, dtype=np.uint64)
    leading = np.zeros(problem.nodes, dtype=np.uint64)
    useful = np.zeros(problem.arcs, dtype=np.uint64)
    for begin in range(0, len(picked), _WORD):
        some = turn[begin : begin + _WORD]
        ks = picked[some]
        reached[:] = leading[:] = 0
        last = _mark(problem, rank, ks, reached, leading)
        span = np.searchsorted(ends[0], [rank[problem.origin[ks]].min(), last])
        least = _least(problem, ks)
        may = _by_group(problem.allowed[ks])
        found = _sweep(span, ends, (*gates, least, may), (reached, leading), useful)
        start = np.concatenate([[0], np.cumsum(found[0])])
        for j, one in enumerate(some):
            arcs = order[found[1][start[j] : start[j + 1]]]
            sizes[one], parts[one] = len(arcs), arcs.astype(np.int32)
    return sizes, np.concatenate(parts) if parts else np.zeros(0, np.int32)


def _mark(problem: NetworkDesign, rank: Ints, ks: Ints, reached: Masks, leading: Masks) -> int:
    """Set the bit of each commodity at its origin and exits; rank behind the last exit."""
    last = 0
    for j, k in enumerate(ks.tolist()):
        bit = np.uint64(1) << np.uint64(j)
        reached[rank[problem.origin[k]]] |= bit
        exits = rank[problem.exit_node[problem.exits[k]]]
        leading[exits] |= bit
        last = max(last, int(exits.max(initial=0)))
    return last


def _by_group(allowed: Masks) -> Masks:
    """For every class of arcs the bits of the commodities that may use it; shape 64."""
    groups = np.arange(_WORD, dtype=np.uint64)
    bits = (allowed[None, :] >> groups[:, None]) & np.uint64(1)
    places = np.uint64(1) << np.arange(len(allowed), dtype=np.uint64)
    return np.asarray((bits * places).sum(axis=1, dtype=np.uint64))


@compiled
def _sweep(
    span: Ints, ends: tuple[Small, Small], gates: tuple[Ints, Floats, Floats, Masks],
    marks: tuple[Masks, Masks], useful: Masks,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Number of useful arcs per commodity, and their positions, commodity by commodity."""
    tail, head = ends
    group, gate, least, may = gates
    reached, leading = marks
    for a in range(span[0], span[1]):
        mask = reached[tail[a]] & may[group[a]]
        if mask != 0:
            mask = _fitting(mask, gate[a], least)
        useful[a] = mask
        reached[head[a]] |= mask
    size = np.zeros(least.shape[1], np.int64)
    for a in range(span[1] - 1, span[0] - 1, -1):
        mask = useful[a] & leading[head[a]]
        useful[a] = mask
        leading[tail[a]] |= mask
        if mask != 0:
            for j in range(len(size)):
                size[j] += np.int64((mask >> np.uint64(j)) & np.uint64(1))
    return size, _listed(span, useful, size)


@compiled
def _fitting(mask: np.uint64, gate: Floats, least: Floats) -> np.uint64:
    """The bits of ``mask`` whose least load passes the gate in every dimension."""
    for d in range(len(gate)):
        if gate[d] < np.inf:
            for j in range(least.shape[1]):
                if gate[d] < least[d, j]:
                    mask &= ~(np.uint64(1) << np.uint64(j))
    return mask


@compiled
def _listed(span: Ints, useful: Masks, size: Ints) -> Ints:
    """Positions of the arcs of every commodity, one commodity after the other."""
    begin = np.cumsum(size) - size
    out = np.empty(size.sum(), np.int64)
    for a in range(span[0], span[1]):
        mask = useful[a]
        if mask != 0:
            for j in range(len(size)):
                if (mask >> np.uint64(j)) & np.uint64(1):
                    out[begin[j]] = a
                    begin[j] += 1
    return out
