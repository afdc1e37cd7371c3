"""The topological order of a network (Kahn 1962)."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Ints, compiled


@compiled
def topological(nodes: int, start: Ints, star: Ints, head: Ints) -> Ints:
    """Nodes in topological order, fewer than ``nodes`` where there is a cycle.

    The arcs that leave node ``n`` are ``star[start[n] : start[n + 1]]``.
    """
    waiting = np.zeros(nodes, np.int64)
    for a in range(len(head)):
        waiting[head[a]] += 1
    order = np.empty(nodes, np.int64)
    ends = 0
    for n in range(nodes):
        if waiting[n] == 0:
            order[ends] = n
            ends += 1
    at = 0
    while at < ends:
        for j in range(start[order[at]], start[order[at] + 1]):
            n = head[star[j]]
            waiting[n] -= 1
            if waiting[n] == 0:
                order[ends] = n
                ends += 1
        at += 1
    return order[:ends]
