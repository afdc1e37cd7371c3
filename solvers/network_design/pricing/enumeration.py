"""All itineraries that an optimal solution may still need, when there are few of them.

Let ``L`` be a Lagrangian bound, ``ub`` the cost of the incumbent and ``π̄[p]`` the priced unit cost
of path ``p``. A solution that sends one lot of ``k`` along ``p`` costs at least
``L + lot[k] (π̄[p] - min(p[k], π[k]))``, so paths beyond ``ub`` cannot be part of a better one
(Baldacci, Christofides, Mingozzi 2008, "An exact algorithm for the vehicle routing problem based
on the set partitioning formulation"). A divisible commodity may send any crumb: all its simple
paths are kept. With the complete list the restricted integer program is exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged, compiled
from solvers.network_design.pricing.packed import PackedNetwork, usable
from solvers.network_design.pricing.pricer import Multipliers, Star, weigh
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries


def all_itineraries(
    network: Network, prices: Multipliers, best: Floats, room: float, most: int
) -> Itineraries | None:
    """Every simple path within ``room`` of the bound at ``prices``; None when more than ``most``.

    ``best[k]`` is ``min(p[k], π[k])`` at the same prices (shape K); ``room`` is ``ub - L``.
    """
    problem, star = network.problem, network.star
    packed = PackedNetwork.of(network, prices.row)
    leaving = Star(star.start, network.place[star.values])
    extra, weight = np.zeros(problem.arcs), np.zeros(problem.arcs)
    found: list[Itineraries] = []
    left = most
    for k in np.flatnonzero(problem.demand > 0.0).tolist():
        span = slice(prices.strong_start[k], prices.strong_start[k + 1])
        strong = network.place[prices.strong_arc[span]]
        extra[strong] = prices.strong_price[span]
        weigh(k, packed, extra, weight)
        extra[strong] = 0.0
        exits = problem.exits[k]
        fee = np.full(problem.nodes, np.inf)
        np.minimum.at(fee, problem.exit_node[exits], problem.exit_cost[exits])
        onward = _onward(k, packed, weight, fee)
        lot = problem.lot[k]
        limit = best[k] + room / lot + 1e-9 * abs(best[k]) if lot > 0.0 else np.inf
        goal = _Goal(weight, onward, fee, limit)
        length, steps, count = _walk_all(k, packed, leaving, goal, _places_of(network, k), left)
        if count < 0:
            return None
        found.append(_with_exits(network, k, length, network.order[steps]))
        left -= count
        if left < 0:
            return None
    whole = Itineraries.none()
    for part in found:
        whole = whole.joined(part)
    return whole


def _places_of(network: Network, k: int) -> _Places:
    """The places of arcs in search order, and where ``k`` has been to at the start."""
    problem = network.problem
    none = np.full(problem.arcs, -1, dtype=np.int64)
    arrives = problem.arrives[network.order] if problem.once else none
    been = np.zeros(int(arrives.max(initial=-1)) + 2, dtype=np.bool_)
    if problem.once and 0 <= problem.home[k] < len(been):
        been[problem.home[k]] = True
    return _Places(arrives, been)


def _with_exits(network: Network, k: int, length: Ints, steps: Ints) -> Itineraries:
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


class _Places(NamedTuple):
    """Where every arc arrives, -1 for nowhere, and the places of the path so far.

    The last entry of ``been``, which -1 finds, stays False.
    """

    arrives: Ints
    been: Bools


class _Goal(NamedTuple):
    """Weights of arcs, least cost from a node to leaving, cost of leaving there, and the limit."""

    weight: Floats
    onward: Floats
    fee: Floats
    limit: float


@compiled
def _onward(k: int, net: PackedNetwork, weight: Floats, fee: Floats) -> Floats:
    """Least priced cost from every node to leaving; ``-inf`` everywhere on a negative cycle."""
    arcs, tail, head = usable(k, net.who), net.arcs.tail, net.arcs.head
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
def _too_dear(cost: float, node: int, goal: _Goal) -> bool:
    """Whether no exit is within the limit from a node; closed arcs cost ``inf``."""
    onward = goal.onward[node]
    return not (np.isfinite(cost) and onward < np.inf and cost + onward <= goal.limit)


@compiled
def _walk_all(
    k: int, net: PackedNetwork, star: Star, goal: _Goal, places: _Places, most: int
) -> tuple[Ints, Ints, int]:
    """Lengths, arcs and number (-1: too many) of paths in the limit that come back nowhere."""
    origin, head = net.who.origin[k], net.arcs.head
    arrives, been = places.arrives, places.been
    nodes = len(goal.fee)
    stack_arc, stack_next, at_node = np.zeros((3, nodes + 1), np.int64)
    spent = np.zeros(nodes + 1)
    seen = np.zeros(nodes, np.bool_)
    length, steps = np.zeros(256, np.int64), np.zeros(4096, np.int64)
    used, depth, work = 0, 0, 0
    at_node[0], seen[origin], stack_next[0] = origin, True, star.start[origin]
    count = int(goal.fee[origin] <= goal.limit)
    while depth >= 0:
        node = at_node[depth]
        work += 1
        if work > 200 * (most + 100) or count > most:
            return length, steps, -1
        if stack_next[depth] == star.start[node + 1]:
            seen[node] = False
            been[arrives[stack_arc[depth]]] = False
            depth -= 1
            continue
        a = star.arc[stack_next[depth]]
        stack_next[depth] += 1
        there = head[a]
        cost = spent[depth] + goal.weight[a]
        if seen[there] or been[arrives[a]] or _too_dear(cost, there, goal):
            continue
        depth += 1
        stack_arc[depth], at_node[depth], seen[there] = a, there, True
        been[arrives[a]] = arrives[a] >= 0
        spent[depth] = cost
        stack_next[depth] = star.start[there]
        if cost + goal.fee[there] <= goal.limit and goal.fee[there] < np.inf:
            length, steps = _listed(length, steps, (count, used), stack_arc[1 : depth + 1])
            count += 1
            used += depth
    return length[:count], steps[:used], count


@compiled
def _listed(length: Ints, steps: Ints, end: tuple[int, int], path: Ints) -> tuple[Ints, Ints]:
    """Both arrays with one path more, longer where it does not fit; they end at ``end``."""
    count, used = end
    if count >= len(length):
        wider = np.zeros(2 * len(length), np.int64)
        wider[: len(length)] = length
        length = wider
    if used + len(path) > len(steps):
        longer = np.zeros(2 * (used + len(path)), np.int64)
        longer[: len(steps)] = steps
        steps = longer
    length[count] = len(path)
    steps[used : used + len(path)] = path
    return length, steps
