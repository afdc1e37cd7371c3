"""Fewer arcs for every commodity: those on itineraries that cost little more than its cheapest.

What is left out may be part of an optimum, so a narrowed network proves nothing; it is for
heuristics.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.arrays import Floats, compiled
from solvers.network_design.pricing.packed import Packed
from solvers.network_design.statement.network import Network


def narrowed(network: Network, row_price: Floats, slack: Floats) -> Network:
    """The acyclic ``network`` with the arcs on itineraries within ``slack[k]`` of the cheapest.

    Costs are per unit of a commodity, with ``row_price`` per unit of load, shape R.
    """
    problem = network.problem
    packed = Packed.of(network, row_price)
    sub = network.place[network.sub_arcs].astype(np.int32)
    start, kept = _kept(
        (network.sub, network.sub_start, sub),
        (*packed.ends, packed.costs, np.ascontiguousarray(packed.factors.T)),
        (problem.origin, problem.exits.start, problem.exits.values, problem.exit_node,
         problem.exit_cost),
        (np.full(problem.nodes, np.inf), np.full(problem.nodes, np.inf)), slack,
    )  # fmt: skip
    return network.using(
        np.arange(problem.commodities), start, network.order[kept].astype(np.int32)
    )


@compiled
def _kept(subs: Any, arcs: Any, who: Any, work: Any, slack: Any) -> Any:
    """Starts and arcs, in search order, that every commodity keeps."""
    sub, sub_start, sub_arcs = subs
    start = np.zeros(len(sub) + 1, np.int64)
    kept = np.empty(1024, np.int32)
    for k in range(len(sub)):
        mine = sub_arcs[sub_start[sub[k]] : sub_start[sub[k] + 1]]
        cost = np.empty(len(mine))
        least = _swept(k, mine, cost, arcs, who, work)
        n = start[k]
        if n + len(mine) > len(kept):
            wider = np.empty(2 * len(kept) + len(mine), np.int32)
            wider[:n] = kept[:n]
            kept = wider
        for i in range(len(mine)):
            a = mine[i]
            if work[0][arcs[0][a]] + cost[i] + work[1][arcs[1][a]] <= least + slack[k]:
                kept[n] = a
                n += 1
        start[k + 1] = n
    return start, kept[: start[-1]].copy()


@compiled
def _swept(k: int, mine: Any, cost: Any, arcs: Any, who: Any, work: Any) -> float:
    """Distances from the origin and to the exits; the least cost of an itinerary."""
    tail, head, costs, factors = arcs
    origin, start, position, node, leave = who
    dist, back = work
    factor = factors[k]
    for a in mine:
        dist[tail[a]] = dist[head[a]] = back[tail[a]] = back[head[a]] = np.inf
    dist[origin[k]] = 0.0
    for i in range(start[k], start[k + 1]):
        at = node[position[i]]
        back[at] = np.inf
    for i in range(start[k], start[k + 1]):
        at = node[position[i]]
        back[at] = min(back[at], leave[position[i]])
    for i in range(len(mine)):
        a = mine[i]
        cost[i] = 0.0
        for j in range(len(factor)):
            cost[i] += factor[j] * costs[a, j]
        dist[head[a]] = min(dist[head[a]], dist[tail[a]] + cost[i])
    for i in range(len(mine) - 1, -1, -1):
        a = mine[i]
        back[tail[a]] = min(back[tail[a]], back[head[a]] + cost[i])
    return float(back[origin[k]])
