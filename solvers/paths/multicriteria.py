"""Shortest paths with several criteria on an acyclic (time–space) network, in compiled code.

Sets and parameters
    Nodes ``N`` and arcs ``A`` without cycles: in a network of timed events every arc leads to a
    later or equal moment. Criteria ``K`` (cost, CO2e, transfers, …): ``value[k,a]`` of arcs and
    ``exit_value[k,i]`` of exits add up along a path. What is fixed by where a path ends, such as
    the arrival, is a criterion with 0 on every arc. An arc is forbidden by ``inf``.
    ``place[n]`` is the place of a node, -1 for none: a path may not come to a place twice, that is,
    leave it for another place and return.

Problem
    Every path from a source to an exit whose vector of values no other path dominates (≤ in every
    criterion, < in one), one path per vector.

Methods
    *Pareto*: label setting in topological order (Martins 1984). Of two labels at a node the one
    with no smaller values is dropped, if the other has seen no place that could still be visited
    and that it has not seen. Exact bounds on what is still to come, one backward scan per
    criterion, drop labels that a path already found dominates (Tung, Chew 1992; Mandow, Pérez de
    la Cruz 2010); the cheapest path by each criterion is found at the start.

    *Profile*: one backward scan in the order of arcs gives the best value from every node at once,
    so from every moment of the origin (connection scan, Dibbelt, Pajor, Strasser, Wagner 2018).
    Places are ignored, so its values are bounds where a place would be visited twice.

    *Different*: the ``k`` cheapest paths of distinct signature, the sequence of tokens along the
    path, by a forward scan that keeps the cheapest partial path of each of ``k`` signatures at
    every node. Two prefixes of distinct signature stay distinct after a common end, so without
    places the answer is exact; with places a cheaper prefix may hide one that could go on, which
    ``spare`` further signatures per node make unlikely.

References
    Martins (1984), "On a multicriteria shortest path problem", EJOR 16(2).
    Tung, Chew (1992), "A multicriteria Pareto-optimal path algorithm", EJOR 62(2).
    Mandow, Pérez de la Cruz (2010), "Multiobjective A* search with consistent heuristics", JACM.
    Dibbelt, Pajor, Strasser, Wagner (2018), "Connection scan algorithm", ACM JEA 23.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.arrays import Bools, Floats, Ints
from solvers.paths.labels import Exits, Graph, Pruning, collect, grow
from solvers.paths.network import PathNetwork
from solvers.paths.query import Path, Paths, Query
from solvers.paths.scans import from_scan, live_arcs, to_go_scan, trail, visits_ahead
from solvers.paths.signatures import Graph as SignatureGraph
from solvers.paths.signatures import Slots, distinct

MOST_LABELS = 400_000


def best_to_go(network: PathNetwork, weight: Floats, exits: tuple[Ints, Floats]) -> Floats:
    """Least sum of weights from every node to an exit, exit values included; shape N.

    ``inf`` where no exit can be reached. The profile of a query: the best from every event.
    """
    best = np.full(network.nodes, np.inf)
    np.minimum.at(best, network.rank[exits[0]], exits[1])
    to_go_scan(network.tail, network.head, weight[network.arcs], best)
    return np.asarray(best[network.rank])


def can_reach(network: PathNetwork, allowed: Bools, exits: Ints) -> Bools:
    """Whether an exit can be reached from every node over allowed arcs; shape N."""
    weight = np.where(allowed, 0.0, np.inf)
    return np.isfinite(best_to_go(network, weight, (exits, np.zeros(len(exits)))))


def follow(
    network: PathNetwork, weight: Floats, exits: tuple[Ints, Floats], start: int
) -> Path | None:
    """The best path from a node by one criterion, places ignored; None when there is none."""
    to_go = best_to_go(network, weight, exits)[np.argsort(network.rank)]
    return _follow(network, weight[network.arcs], to_go, exits, int(network.rank[start]))


def best_through(network: PathNetwork, query: Query, arcs: Ints) -> Path | None:
    """The best path by the first criterion over at least one of some arcs, places ignored.

    None when there is none. The values of the path are all its criteria.
    """
    weight = np.ascontiguousarray(query.value[0, network.arcs])
    ahead = np.full(network.nodes, np.inf)
    np.minimum.at(ahead, network.rank[query.exit], query.exit_value[0])
    to_go_scan(network.tail, network.head, weight, ahead)
    so_far = np.full(network.nodes, np.inf)
    np.minimum.at(so_far, network.rank[query.source], query.source_value[0])
    last = np.full(network.nodes, -1, dtype=np.int64)
    from_scan(network.tail, network.head, weight, so_far, last)
    at = network.position[arcs]
    total = so_far[network.tail[at]] + weight[at] + ahead[network.head[at]]
    if not len(at) or not np.isfinite(total.min()):
        return None
    middle = int(at[np.argmin(total)])
    first, rank = [middle], int(network.tail[middle])
    while last[rank] >= 0:
        first.append(int(last[rank]))
        rank = int(network.tail[last[rank]])
    begins = np.flatnonzero(network.rank[query.source] == rank)
    source = int(begins[np.argmin(query.source_value[0, begins])])
    exits = (query.exit, query.exit_value[0])
    rest = _follow(network, weight, ahead, exits, int(network.head[middle]))
    if rest is None:
        return None
    whole = (*network.arcs[first[::-1]].tolist(), *rest.arcs)
    value = query.source_value[:, source] + query.exit_value[:, rest.exit]
    return Path(value + query.value[:, list(whole)].sum(axis=1), whole, source, rest.exit)


def pareto(network: PathNetwork, query: Query, most_labels: int = MOST_LABELS) -> Paths:
    """Every path that no other dominates, as stated in the module docstring."""
    whole, network = network, _between(network, query)
    value = np.ascontiguousarray(query.value.T[network.arcs])
    to_go = _bounds(network, query, value)
    found = _first_paths(whole, network, query, (value, to_go))
    known = np.array([one.value for one in found]).reshape(-1, len(query.limit))
    ahead = visits_ahead(network.tail, network.head, network.place, to_go[:, 0], network.words)
    count, labels, ends, complete = grow(
        Graph(network.start, network.tail, network.head, network.place, value),
        (network.rank[query.source], np.ascontiguousarray(query.source_value.T)),
        _exits_by_rank(network, query),
        Pruning(to_go, ahead, known, query.limit, query.resolution),
        most_labels,
    )
    for label, exit_ in ends.tolist():
        arcs = network.arcs[collect(label, labels.arc, labels.before)]
        total = labels.value[label] + query.exit_value[:, exit_]
        found.append(Path(total, tuple(arcs.tolist()), int(labels.origin[label]), exit_))
    return Paths(tuple(_undominated(found, query.resolution)), bool(complete), int(count))


def cheapest_distinct(
    network: PathNetwork, query: Query, token: Ints, k: int, spare: int = 8
) -> tuple[Path, ...]:
    """The ``k`` cheapest paths by the first criterion that differ in the tokens they collect.

    ``token`` has shape A; 0 on arcs that make no difference. Limits of the query are not looked
    at. Cheapest first; the values of a path are all its criteria.
    """
    weight = np.ascontiguousarray(query.value[0, network.arcs])
    exits = (query.exit, query.exit_value[0])
    to_go = np.full(network.nodes, np.inf)
    np.minimum.at(to_go, network.rank[exits[0]], exits[1])
    to_go_scan(network.tail, network.head, weight, to_go)
    slots = distinct(
        SignatureGraph(network.tail, network.head, network.place, network.words, weight),
        token[network.arcs],
        (network.rank[query.source], query.source_value[0]),
        to_go,
        k + spare,
    )
    best: dict[int, tuple[float, int, int]] = {}
    for i, rank in enumerate(network.rank[exits[0]].tolist()):
        for slot in range(slots.used[rank]):
            total = float(slots.value[rank, slot] + exits[1][i])
            sign = int(slots.sign[rank, slot])
            if np.isfinite(total) and (sign not in best or total < best[sign][0]):
                best[sign] = total, i, slot
    chosen = sorted(best.values())[:k]
    return tuple(_collected(network, query, slots, i, slot) for _, i, slot in chosen)


def _collected(network: PathNetwork, query: Query, slots: Slots, exit_: int, slot: int) -> Path:
    """The path that ends in one slot of an exit."""
    rank, arcs = int(network.rank[query.exit[exit_]]), []
    while slots.arc[rank, slot] >= 0:
        arc = int(slots.arc[rank, slot])
        arcs.append(int(network.arcs[arc]))
        rank, slot = int(network.tail[arc]), int(slots.slot[rank, slot])
    source = -1 - int(slots.arc[rank, slot])
    total = query.source_value[:, source] + query.exit_value[:, exit_]
    total = total + query.value[:, arcs].sum(axis=1)
    return Path(total, tuple(arcs[::-1]), source, exit_)


def _bounds(network: PathNetwork, query: Query, value: Floats) -> Floats:
    """Least of every criterion from each rank to an exit; N×K."""
    exits = network.rank[query.exit]
    to_go = np.full((network.nodes, len(query.limit)), np.inf)
    for k in range(to_go.shape[1]):
        column = np.full(network.nodes, np.inf)
        np.minimum.at(column, exits, query.exit_value[k])
        to_go_scan(network.tail, network.head, np.ascontiguousarray(value[:, k]), column)
        to_go[:, k] = column
    return to_go


def _exits_by_rank(network: PathNetwork, query: Query) -> Exits:
    """Exits as lists per rank: starts, positions in the query, values (E×K by position)."""
    rank = network.rank[query.exit]
    order = np.argsort(rank, kind="stable")
    start = np.zeros(network.nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(rank, minlength=network.nodes), out=start[1:])
    return Exits(start, order, np.ascontiguousarray(query.exit_value.T))


def _between(network: PathNetwork, query: Query) -> PathNetwork:
    """The arcs on some way from a source to an exit alone, over the same nodes."""
    flags = np.zeros((2, network.nodes), dtype=np.bool_)
    flags[0, network.rank[query.source]] = True
    flags[1, network.rank[query.exit]] = True
    usable = np.isfinite(query.value.sum(axis=0))[network.arcs]
    kept = live_arcs(network.tail, network.head, usable, flags[0], flags[1])
    tail = network.tail[kept]
    start = np.zeros(network.nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=network.nodes), out=start[1:])
    return replace(network, arcs=network.arcs[kept], start=start, tail=tail,
                   head=network.head[kept])  # fmt: skip


def _first_paths(
    whole: PathNetwork, network: PathNetwork, query: Query, drawn: tuple[Floats, Floats]
) -> list[Path]:
    """The best path by each criterion where it is allowed: what prunes from the start."""
    found = []
    value, to_go = drawn
    for k in range(len(query.limit)):
        at = query.source_value[k] + to_go[network.rank[query.source], k]
        if not len(at) or not np.isfinite(at.min()):
            continue
        s = int(np.argmin(at))
        exits = (query.exit, query.exit_value[k])
        weight = np.ascontiguousarray(value[:, k])
        path = _follow(network, weight, to_go[:, k], exits, int(network.rank[query.source[s]]))
        if path is None or comes_back(whole, path):
            continue
        total = query.source_value[:, s] + query.exit_value[:, path.exit]
        total = total + query.value[:, list(path.arcs)].sum(axis=1)
        if (total <= query.limit).all():
            found.append(Path(total, path.arcs, s, path.exit))
    return _undominated(found, query.resolution)


def _follow(
    network: PathNetwork, weight: Floats, to_go: Floats, exits: tuple[Ints, Floats], rank: int
) -> Path | None:
    """Follow a backward scan from a rank; ``weight`` in search order, ``to_go`` by rank."""
    if not np.isfinite(to_go[rank]):
        return None
    at = network.rank[exits[0]]
    leave = np.full(network.nodes, np.inf)
    np.minimum.at(leave, at, exits[1])
    arcs = trail(network.start, network.head, weight, to_go, leave, rank)
    end = int(network.head[arcs[-1]]) if len(arcs) else rank
    here = np.flatnonzero(at == end)
    exit_ = int(here[np.argmin(exits[1][here])])
    return Path(np.array([to_go[rank]]), tuple(network.arcs[arcs].tolist()), 0, exit_)


def comes_back(network: PathNetwork, path: Path) -> bool:
    """Whether a path comes to a place again after leaving it."""
    at = network.position[list(path.arcs)]
    places = network.place[np.concatenate([network.tail[at[:1]], network.head[at]])].tolist()
    comes = [p for i, p in enumerate(places) if p >= 0 and (i == 0 or places[i - 1] != p)]
    return len(comes) != len(set(comes))


def _undominated(paths: list[Path], resolution: Floats) -> list[Path]:
    """Paths whose values no other's are all ≤ of, one per vector; by ascending values."""
    kept: list[Path] = []
    for path in sorted(paths, key=lambda one: tuple(one.value)):
        if not any((one.value <= path.value + resolution).all() for one in kept):
            kept = [one for one in kept if not (path.value <= one.value + resolution).all()]
            kept.append(path)
    return kept
