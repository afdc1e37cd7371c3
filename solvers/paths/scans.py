"""Compiled scans over arcs by rank, in topological order."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Masks, compiled


@compiled
def to_go_scan(tail: Ints, head: Ints, weight: Floats, best: Floats) -> None:
    """Lower ``best`` to the least weight from every rank to where it was finite already."""
    for a in range(len(tail) - 1, -1, -1):
        through = weight[a] + best[head[a]]
        best[tail[a]] = min(best[tail[a]], through)


@compiled
def from_scan(tail: Ints, head: Ints, weight: Floats, best: Floats, last: Ints) -> None:
    """Lower ``best`` to the least weight to every rank from where it was finite already.

    ``last`` gets the arc by which each rank is reached, -1 where it begins.
    """
    for a in range(len(tail)):
        through = best[tail[a]] + weight[a]
        if through < best[head[a]]:
            best[head[a]] = through
            last[head[a]] = a


@compiled
def trail(start: Ints, head: Ints, weight: Floats, to_go: Floats, leave: Floats, rank: int) -> Ints:
    """Arcs from a rank along a backward scan; ``leave`` holds the value of leaving at each rank."""
    found = np.empty(len(start), np.int64)
    count = 0
    while True:
        best, arc = leave[rank], -1
        for a in range(start[rank], start[rank + 1]):
            through = weight[a] + to_go[head[a]]
            if through < best:
                best, arc = through, a
        if arc < 0:
            return found[:count]
        found[count] = arc
        count += 1
        rank = head[arc]


@compiled
def live_arcs(tail: Ints, head: Ints, open_: Bools, source: Bools, exit_: Bools) -> Ints:
    """Positions of the open arcs that lie on some way from a source to an exit, ascending.

    ``source`` and ``exit_`` are flags by rank; both are changed.
    """
    arcs, count = len(tail), 0
    for a in range(arcs):
        if open_[a] and source[tail[a]]:
            source[head[a]] = True
    found = np.empty(arcs, np.int64)
    for a in range(arcs - 1, -1, -1):
        if open_[a] and source[tail[a]] and exit_[head[a]]:
            exit_[tail[a]] = True
            count += 1
            found[arcs - count] = a
    return found[arcs - count :].copy()


@compiled
def visits_ahead(tail: Ints, head: Ints, place: Ints, to_go: Floats, words: int) -> Masks:
    """Bits of the places that lie on some way from every rank to an exit; ranks × words."""
    ahead = np.zeros((len(place), words), np.uint64)
    for a in range(len(tail) - 1, -1, -1):
        here, there = tail[a], head[a]
        if to_go[there] == np.inf:
            continue
        for w in range(words):
            ahead[here, w] |= ahead[there, w]
        p = place[there]
        if p >= 0 and p != place[here]:
            ahead[here, p // 64] |= np.uint64(1) << np.uint64(p % 64)
    return ahead
