"""Fewer arcs for every commodity: those on itineraries that cost little more than its cheapest.

What is left out may be part of an optimum, so a narrowed network proves nothing; it is for
heuristics.
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats, Ints, Small, compiled
from solvers.network_design.pricing.packed import (
    Labels,
    PackedNetwork,
    along,
    exits,
    scan,
    usable,
)
from solvers.network_design.statement.network import Network


def near_arcs(network: Network, row_price: Floats, slack: Floats) -> Network:
    """The acyclic ``network`` with the arcs on itineraries within ``slack[k]`` of the cheapest.

    Costs are per unit of a commodity, with ``row_price`` per unit of load, shape R.
    """
    problem = network.problem
    packed = PackedNetwork.of(network, row_price)
    start, kept = _kept(packed, Labels.of(problem.nodes), np.full(problem.nodes, np.inf), slack)
    return network.using(
        np.arange(problem.commodities), start, network.order[kept].astype(np.int32)
    )


@compiled
def _kept(net: PackedNetwork, labels: Labels, back: Floats, slack: Floats) -> tuple[Ints, Small]:
    """Starts and arcs, in search order, that every commodity keeps."""
    who, tail, head = net.who, net.arcs.tail, net.arcs.head
    start = np.zeros(len(who.sub) + 1, np.int64)
    kept = np.empty(1024, np.int32)
    for k in range(len(who.sub)):
        mine = usable(k, who)
        scan(k, who.factor[k], net, None, None, labels)
        cost = np.empty(len(mine))
        least = _scan_back(k, net, cost, back)
        n = start[k]
        if n + len(mine) > len(kept):
            wider = np.empty(2 * len(kept) + len(mine), np.int32)
            wider[:n] = kept[:n]
            kept = wider
        for i in range(len(mine)):
            a = mine[i]
            if labels.dist[tail[a]] + cost[i] + back[head[a]] <= least + slack[k]:
                kept[n] = a
                n += 1
        start[k + 1] = n
    return start, kept[: start[-1]].copy()


@compiled
def _scan_back(k: int, net: PackedNetwork, cost: Floats, back: Floats) -> float:
    """Costs of the arcs of ``k``, distances to its exits, and the least cost of an itinerary."""
    who, tail, head = net.who, net.arcs.tail, net.arcs.head
    mine = usable(k, who)
    for a in mine:
        back[tail[a]] = back[head[a]] = np.inf
    back[who.origin[k]] = np.inf
    for i in exits(k, who):
        back[who.exit_node[i]] = np.inf
    for i in exits(k, who):
        back[who.exit_node[i]] = min(back[who.exit_node[i]], who.exit_cost[i])
    for i in range(len(mine) - 1, -1, -1):
        a = mine[i]
        cost[i] = along(a, who.factor[k], net.arcs.cost, None)
        back[tail[a]] = min(back[tail[a]], back[head[a]] + cost[i])
    return float(back[who.origin[k]])
