"""All itineraries that an optimal solution may still need, when there are few of them.

Let ``L`` be a Lagrangian bound, ``ub`` the cost of the incumbent and ``π̄[p]`` the priced unit cost
of path ``p``. A solution that sends one lot of ``k`` along ``p`` costs at least
``L + lot[k] (π̄[p] - min(p[k], π[k]))``, so paths beyond ``ub`` cannot be part of a better one
(Baldacci, Christofides, Mingozzi 2008, "An exact algorithm for the vehicle routing problem based
on the set partitioning formulation"). A divisible commodity may send any crumb: all its simple
paths are kept. With the complete list the restricted integer program is exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged, compiled
from solvers.network_design.pricing.pricer import Multipliers, weigh
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign


def all_itineraries(
    network: Network, prices: Multipliers, best: Floats, room: float, most: int
) -> Itineraries | None:
    """Every simple path within ``room`` of the bound at ``prices``; None when more than ``most``.

    ``best[k]`` is ``min(p[k], π[k])`` at the same prices (shape K); ``room`` is ``ub - L``.
    """
    problem = network.problem
    rho = np.ascontiguousarray(network.arc_prices(prices.row))
    cost = (problem.cost, problem.attribute, problem.rate, rho, network.load)
    extra, weight = np.zeros(problem.arcs), np.zeros(problem.arcs)
    ends = (problem.tail, problem.head)
    star = (network.star.start, network.star.values)
    found: list[Itineraries] = []
    left = most
    for k in np.flatnonzero(problem.demand > 0.0).tolist():
        mine = network.usable(k)
        span = slice(prices.strong_start[k], prices.strong_start[k + 1])
        extra[prices.strong_arc[span]] = prices.strong_price[span]
        weigh(k, mine, cost, extra, weight)
        extra[prices.strong_arc[span]] = 0.0
        exits = problem.exits[k]
        fee = np.full(problem.nodes, np.inf)
        np.minimum.at(fee, problem.exit_node[exits], problem.exit_cost[exits])
        onward = _onward(mine, ends, weight, fee)
        lot = problem.lot[k]
        limit = best[k] + room / lot + 1e-9 * abs(best[k]) if lot > 0.0 else np.inf
        trees = (onward, fee, limit)
        way = (ends[1], weight, _places_of(problem, k))
        length, steps, count = _walk_all(problem.origin[k], star, way, trees, left)
        if count < 0:
            return None
        found.append(_with_exits(network, k, length, steps))
        left -= count
        if left < 0:
            return None
    whole = Itineraries.none()
    for part in found:
        whole = whole.joined(part)
    return whole


def _places_of(problem: NetworkDesign, k: int) -> tuple[Ints, Bools]:
    """Where every arc arrives, -1 for nowhere, and which places ``k`` has been to at the start."""
    arrives = problem.arrives if problem.once else np.full(problem.arcs, -1, dtype=np.int64)
    been = np.zeros(int(arrives.max(initial=-1)) + 2, dtype=np.bool_)
    if problem.once and 0 <= problem.home[k] < len(been):
        been[problem.home[k]] = True
    return arrives, been


def _with_exits(network: Network, k: int, length: Any, steps: Any) -> Itineraries:
    """Give every walked path each exit at its last node."""
    problem = network.problem
    start = np.concatenate([[0], np.cumsum(length)])
    paths, exits = [], []
    for i in range(len(length)):
        arcs = steps[start[i] : start[i + 1]]
        node = problem.head[arcs[-1]] if len(arcs) else problem.origin[k]
        here = [int(e) for e in problem.exits[k] if problem.exit_node[e] == node]
        paths.extend([arcs] * len(here))
        exits.extend(here)
    commodity = np.full(len(paths), k, dtype=np.int64)
    return Itineraries(commodity, np.array(exits, dtype=np.int64), Ragged.of(paths))


@compiled
def _onward(arcs: Any, ends: Any, weight: Any, fee: Any) -> Any:
    """Least priced cost from every node to leaving; ``-inf`` everywhere on a negative cycle."""
    tail, head = ends
    onward = fee.copy()
    for _ in range(len(fee) + 1):
        changed = False
        for j in range(len(arcs) - 1, -1, -1):
            a = arcs[j]
            value = onward[head[a]] + weight[a]
            if value < onward[tail[a]] - 1e-12:
                onward[tail[a]] = value
                changed = True
        if not changed:
            return onward
    onward[:] = -np.inf
    return onward


@compiled
def _walk_all(origin: int, star: Any, way: Any, trees: Any, most: int) -> Any:
    """Depth-first list of simple paths within the limit: lengths, arcs and their number (or -1).

    They come to no place twice: ``been`` marks the places of the path so far; its last entry, which
    -1 finds, stays False.
    """
    head, weight, (arrives, been) = way
    onward, fee, limit = trees
    nodes = len(fee)
    stack_arc, stack_next = np.zeros(nodes + 1, np.int64), np.zeros(nodes + 1, np.int64)
    at_node, spent = np.zeros(nodes + 1, np.int64), np.zeros(nodes + 1)
    seen = np.zeros(nodes, np.bool_)
    length, steps = np.zeros(256, np.int64), np.zeros(4096, np.int64)
    count, used, depth, work = 0, 0, 0, 0
    at_node[0], seen[origin], stack_next[0] = origin, True, star[0][origin]
    if fee[origin] <= limit:
        count = 1
    while depth >= 0:
        node = at_node[depth]
        work += 1
        if work > 200 * (most + 100) or count > most:
            return length, steps, -1
        if stack_next[depth] == star[0][node + 1]:
            seen[node] = False
            been[arrives[stack_arc[depth]]] = False
            depth -= 1
            continue
        a = star[1][stack_next[depth]]
        stack_next[depth] += 1
        there = head[a]
        if weight[a] == np.inf or seen[there] or spent[depth] + weight[a] + onward[there] > limit:
            continue
        if onward[there] == np.inf or been[arrives[a]]:
            continue
        depth += 1
        stack_arc[depth], at_node[depth], seen[there] = a, there, True
        been[arrives[a]] = arrives[a] >= 0
        spent[depth] = spent[depth - 1] + weight[a]
        stack_next[depth] = star[0][there]
        if spent[depth] + fee[there] <= limit and fee[there] < np.inf:
            length, steps = _room_for(length, steps, count, used, depth)
            length[count] = depth
            steps[used : used + depth] = stack_arc[1 : depth + 1]
            count += 1
            used += depth
    return length[:count], steps[:used], count


@compiled
def _room_for(length: Any, steps: Any, count: int, used: int, more: int) -> Any:
    if count >= len(length):
        wider = np.zeros(2 * len(length), np.int64)
        wider[: len(length)] = length
        length = wider
    if used + more > len(steps):
        longer = np.zeros(2 * (used + more), np.int64)
        longer[: len(steps)] = steps
        steps = longer
    return length, steps
