"""Compiled: the cheapest path of one commodity that comes to no place twice."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Small, compiled

Ground: TypeAlias = tuple[Small, Small, Ints, bool]
Traveller: TypeAlias = tuple[int, int, Ints, Floats]
Swept: TypeAlias = tuple[Ints, Ints, Floats, Ints]

MOST_PLACES = 12  #: critical places of one path
MOST_STATES = 4_000_000  #: nodes × sets of critical places


@compiled
def cheapest_once(
    arcs: Ints, weight: Floats, net: Ground, who: Traveller, met: Ints, work: tuple[Ints, Bools]
) -> tuple[float, int, Ints]:
    """Value, position among the exits (-1: none) and path, by positions in ``arcs``.

    ``met`` holds the places of arrival (-1: none) of a path that comes back, empty where none is
    known; the search begins with the places that it comes back to.

    ``net`` holds tail, head, place of arrival of all arcs and whether ``arcs`` follow each other in
    topological order; ``weight`` (``inf``: closed) is parallel to ``arcs``. ``who`` holds the
    origin, its place, and nodes and costs of the exits. ``work`` holds -1 for every node and False
    for every place, and does so afterwards. Where there are too many states, the value is that of
    a path that may come back, a lower bound, and no path is given.
    """
    arrives, acyclic = net[2], net[3]
    number, seen = work
    open_ = np.flatnonzero(weight < np.inf)
    nodes, ends, (origin, at) = _renumbered(arcs[open_], net, who, number)
    come = arrives[arcs[open_]]
    bit = np.full(len(seen), -1, np.int64)
    count, value, exit_ = _critical(met, who[1], seen, bit, 0), np.inf, -1
    path = np.zeros(0, np.int64)
    while count <= MOST_PLACES and nodes << count <= MOST_STATES:
        cost = np.full((nodes, 1 << count), np.inf)
        last = np.full((nodes, 1 << count), -1, np.int32)
        begun = 0
        if who[1] >= 0 and bit[who[1]] >= 0:
            begun = 1 << bit[who[1]]
        cost[origin, begun] = 0.0
        steps = _steps(come, bit)
        sure = _swept((ends[0], ends[1], weight[open_], steps), cost, last, acyclic)
        value, exit_, mask = _left(at, who[3], cost)
        if exit_ < 0 or not sure:
            return value if sure else -np.inf, -1, path[:0]
        path = _walked(at[exit_], mask, (ends[0], steps), last)
        more = _critical(come[path], who[1], seen, bit, count)
        if more == count:
            return value, exit_, open_[path]
        count = more
    return value, -1, path[:0]


@compiled
def _renumbered(
    arcs: Ints, net: Ground, who: Traveller, number: Ints
) -> tuple[int, tuple[Ints, Ints], tuple[int, Ints]]:
    """How many nodes some arcs have, and in their numbers ends of the arcs, origin and exits."""
    tail, head = net[0], net[1]
    nodes = _numbered(arcs, tail, head, who[0], number)
    ends = number[tail[arcs]], number[head[arcs]]
    between = number[who[0]], number[who[2]]
    number[tail[arcs]] = -1
    number[head[arcs]] = -1
    number[who[0]] = -1
    return nodes, ends, between


@compiled
def _numbered(arcs: Ints, tail: Small, head: Small, origin: int, number: Ints) -> int:
    """Number the nodes of some arcs, the origin first; how many there are."""
    number[origin] = 0
    n = 1
    for a in arcs:
        if number[tail[a]] < 0:
            number[tail[a]] = n
            n += 1
        if number[head[a]] < 0:
            number[head[a]] = n
            n += 1
    return n


@compiled
def _steps(come: Ints, bit: Ints) -> Ints:
    """The critical place that each arc arrives at, as a mask of one bit; 0 for none."""
    found = np.zeros(len(come), np.int64)
    for i in range(len(come)):
        if come[i] >= 0 and bit[come[i]] >= 0:
            found[i] = 1 << bit[come[i]]
    return found


@compiled
def _swept(arcs: Swept, cost: Floats, last: Small, acyclic: bool) -> bool:
    """Least cost of every state, and the arc by which it is reached; False on a cycle that gains.

    One pass suffices for arcs in topological order; others are passed until nothing changes.
    """
    tail, head, weight, step = arcs
    masks = cost.shape[1]
    for _ in range(1 if acyclic else len(cost) * masks + 1):
        changed = False
        for i in range(len(tail)):
            for mask in range(masks):
                there = cost[tail[i], mask] + weight[i]
                if there == np.inf or mask & step[i]:
                    continue
                if there < cost[head[i], mask | step[i]] - (0.0 if acyclic else 1e-12):
                    cost[head[i], mask | step[i]] = there
                    last[head[i], mask | step[i]] = i
                    changed = True
        if acyclic or not changed:
            return True
    return False


@compiled
def _left(at: Ints, leave: Floats, cost: Floats) -> tuple[float, int, int]:
    """Value, exit and mask of the cheapest way out; the smallest mask on a tie."""
    value, exit_, best = np.inf, -1, 0
    for j in range(len(at)):
        if at[j] < 0:
            continue
        for mask in range(cost.shape[1]):
            if cost[at[j], mask] + leave[j] < value:
                value, exit_, best = cost[at[j], mask] + leave[j], j, mask
    return value, exit_, best


@compiled
def _walked(node: int, mask: int, arcs: tuple[Ints, Ints], last: Small) -> Ints:
    """The arcs that lead to a state, first to last."""
    tail, step = arcs
    found = np.empty(len(tail) + 1, np.int64)
    n = 0
    while last[node, mask] >= 0:
        i = last[node, mask]
        if n == len(found):
            return found[:0]
        found[n] = i
        n += 1
        node, mask = tail[i], mask & ~step[i]
    return found[:n][::-1].copy()


@compiled
def _critical(come: Ints, home: int, seen: Bools, bit: Ints, count: int) -> int:
    """Give every place that a path comes back to a bit; how many have one."""
    if home >= 0:
        seen[home] = True
    for p in come:
        if p < 0:
            continue
        if seen[p] and bit[p] < 0:
            bit[p] = count
            count += 1
        seen[p] = True
    for p in come:
        if p >= 0:
            seen[p] = False
    if home >= 0:
        seen[home] = False
    return count
