"""Cheapest itineraries where many arcs in a row leave no choice: such a chain is scanned as one.

Take the arcs that commodity ``k`` may use in an acyclic network. A node that is neither its origin
nor one of its exits, and that one of these arcs enters and one leaves, can be passed in one way
only. What lies between two other nodes is a *chain*, and

    ``π(chain) = Σ_{a} (c[a] + Σ_m w[m,k] g[m,a] + α[k,a]) + Σ_d v[d,k] Σ_{a} ρ[d,a]``

as in :mod:`solvers.pricing`. The first sum without ``α`` is known beforehand, the second is the
same for all commodities whose chains have the same arcs in rows; it is found once for all of them.
Time-expanded networks, where most events have one successor, become several times smaller so, and
what one commodity needs lies side by side in memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.compiled import compiled
from solvers.network import Network
from solvers.pricing import Multipliers, Priced
from solvers.problem import Floats, Ints, Ragged


class ChainPricer:
    """Prices the commodities of one acyclic network, in one thread.

    Chains of ``k`` are at ``start[k]:start[k+1]``, by search order of their first arcs. ``ends``
    are their nodes as the commodity numbers them, 0 for its origin; ``cost`` their cost without
    prices, ``seen`` their arcs in rows, as a place in ``up`` and ``label``: the place without the
    last of these arcs, and that arc; place 0 has none. The arcs of a chain begin at
    ``step_start[k] + first`` of ``steps``. ``leave`` says where the exits are, -1: not reached.
    """

    def __init__(self, network: Network) -> None:
        problem = network.problem
        self.network = network
        many, sub = problem.commodities, network.sub
        size = np.diff(network.sub_start)[sub]
        self._step_start = np.concatenate([[0], np.cumsum(size)])
        subs = (sub, network.sub_start, network.sub_arcs)
        ends = (problem.tail, problem.head)
        leaving = problem.exit_node[problem.exits.values]
        who = (problem.origin, problem.exits.start, leaving)
        self._start, self._nodes = np.zeros(many + 1, np.int64), np.zeros(many, np.int64)
        _count(subs, ends, who, problem.nodes, self._start)
        total = int(self._start[-1])
        self._cost, self._ends = np.zeros(total), np.empty((total, 2), np.int32)
        self._seen, self._first = np.empty(total, np.int32), np.empty(total, np.int32)
        self._steps = np.empty(self._step_start[-1], np.int32)
        self._leave = np.full(len(leaving), -1, np.int32)
        in_rows = np.diff(network.rows_at.start) > 0
        unit = np.column_stack([problem.cost, problem.attribute.T])
        factor = np.vstack([np.ones(many), problem.rate]).T.copy()
        self._up, self._label = _lay(
            subs, (*ends, unit, in_rows), (*who, factor),
            (self._start, self._step_start, self._cost, self._ends, self._seen, self._first,
             self._steps, self._leave, self._nodes), problem.nodes,
        )  # fmt: skip
        self._load = np.ascontiguousarray(network.load.T)

    def price(self, prices: Multipliers, asked: Ints, cutoff: Floats) -> Priced:
        """Cheapest path of every commodity in ``asked``; paths where cheaper than ``cutoff``."""
        problem = self.network.problem
        rho = self.network.arc_prices(prices.row)[:, self._label].T
        value, leaving = np.full(len(asked), np.inf), np.zeros(len(asked), np.int64)
        begin = np.zeros(len(asked) + 1, np.int64)
        steps = _price_all(
            (asked, cutoff),
            (self._start, self._nodes, self._cost, self._ends, self._seen, self._first),
            (self._step_start, self._steps), (self._load, _summed(self._up, rho)),
            (prices.strong_start, prices.strong_arc, prices.strong_price),
            (problem.exits.start, problem.exits.values, problem.exit_cost, self._leave),
            (value, leaving, begin), problem.arcs,
        )  # fmt: skip
        found = np.flatnonzero(value < cutoff)
        arcs = Ragged(np.append(begin[found], begin[-1]), steps.astype(np.int64))
        return Priced(value, asked[found], leaving[found], arcs, False)


@compiled
def _mark(k: int, mine: Any, ends: Any, who: Any, work: Any) -> None:
    """How many arcs of the commodity enter and leave every node; origin and exits count as many."""
    tail, head = ends
    origin, exit_start, exit_node = who
    entering, leaving = work
    for a in mine:
        entering[tail[a]] = entering[head[a]] = leaving[tail[a]] = leaving[head[a]] = 0
    for a in mine:
        leaving[tail[a]] += 1
        entering[head[a]] += 1
    entering[origin[k]] = 9
    for i in range(exit_start[k], exit_start[k + 1]):
        entering[exit_node[i]] = 9


@compiled
def _count(subs: Any, ends: Any, who: Any, nodes: int, start: Any) -> None:
    """Where the chains of every commodity begin, into ``start``."""
    sub, sub_start, sub_arcs = subs
    work = (np.zeros(nodes, np.int32), np.zeros(nodes, np.int32))
    for k in range(len(sub)):
        mine = sub_arcs[sub_start[sub[k]] : sub_start[sub[k] + 1]]
        _mark(k, mine, ends, who, work)
        n = 0
        for a in mine:
            n += work[0][ends[0][a]] != 1 or work[1][ends[0][a]] != 1
        start[k + 1] = start[k] + n


@compiled
def _grown(values: Any) -> Any:
    wider = np.full(2 * len(values), -1, np.int64)
    wider[: len(values)] = values
    return wider


@compiled
def _lay(subs: Any, arcs: Any, who: Any, out: Any, nodes: int) -> Any:
    """Write the chains of all commodities; what came before every sequence, and its last arc."""
    sub, sub_start, sub_arcs = subs
    tail, head, unit, in_rows = arcs
    origin, exit_start, exit_node, factor = who
    start, step_start, cost, ends, seen, first, steps, leave, count = out
    work = (np.zeros(nodes, np.int32), np.zeros(nodes, np.int32))
    owner, local = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int32)
    after = np.zeros(nodes, np.int32)
    # A tree of sequences: the last arc, the sequence before it, its first child, its next sibling.
    up, label = np.full(1024, -1, np.int64), np.zeros(1024, np.int64)
    child, sibling = np.full(1024, -1, np.int64), np.full(1024, -1, np.int64)
    top = np.full(len(tail), -1, np.int64)
    places = 1
    for k in range(len(sub)):
        mine = sub_arcs[sub_start[sub[k]] : sub_start[sub[k] + 1]]
        _mark(k, mine, (tail, head), (origin, exit_start, exit_node), work)
        for a in mine:
            after[tail[a]] = a
        owner[origin[k]], local[origin[k]] = k, 0
        n, i, at = 1, start[k], 0
        for a in mine:
            if work[0][tail[a]] == 1 and work[1][tail[a]] == 1:
                continue
            node, s, step = tail[a], 0, a
            if owner[node] != k:
                owner[node], local[node] = k, n
                n += 1
            ends[i, 0], first[i] = local[node], at
            while True:
                steps[step_start[k] + at] = step
                at += 1
                for j in range(unit.shape[1]):
                    cost[i] += factor[k, j] * unit[step, j]
                if in_rows[step]:
                    t = top[step] if s == 0 else child[s]
                    while t >= 0 and label[t] != step:
                        t = sibling[t]
                    if t < 0:
                        if places == len(up):
                            up, label = _grown(up), _grown(label)
                            child, sibling = _grown(child), _grown(sibling)
                        t = places
                        up[t], label[t] = s, step
                        if s == 0:
                            top[step] = t
                        else:
                            sibling[t] = child[s]
                            child[s] = t
                        places += 1
                    s = t
                node = head[step]
                if work[0][node] != 1 or work[1][node] != 1:
                    break
                step = after[node]
            if owner[node] != k:
                owner[node], local[node] = k, n
                n += 1
            ends[i, 1], seen[i] = local[node], s
            i += 1
        count[k] = n
        for j in range(exit_start[k], exit_start[k + 1]):
            if owner[exit_node[j]] == k:
                leave[j] = local[exit_node[j]]
    return up[:places].copy(), label[:places].copy()


@compiled
def _summed(up: Any, rho: Any) -> Any:
    """Price of every sequence of arcs, per dimension."""
    total = np.zeros(rho.shape)
    for s in range(1, len(up)):
        for d in range(rho.shape[1]):
            total[s, d] = total[up[s], d] + rho[s, d]
    return total


@compiled
def _surcharged(k: int, strong: Any, chains: Any, paths: Any, where: Any) -> Any:
    """Add the prices of strong inequalities of ``k`` to its chains; what to put back, and where.

    ``where`` has a place for every arc, all -1.
    """
    start, cost, first = chains
    low, high = strong[0][k], strong[0][k + 1]
    at, before = np.full(high - low, -1, np.int64), np.empty(high - low)
    if low == high:
        return at, before
    mine = paths[1][paths[0][k] : paths[0][k + 1]]
    for i in range(len(mine)):
        where[mine[i]] = i
    for i in range(high - low):
        step = where[strong[1][low + i]]
        if step < 0:
            continue
        c, above = start[k], start[k + 1]
        while above - c > 1:
            middle = (c + above) // 2
            if first[middle] <= step:
                c = middle
            else:
                above = middle
        at[i], before[i] = c, cost[c]
        cost[c] += strong[2][low + i]
    where[mine] = -1
    return at, before


@compiled
def _price_all(
    asked: Any, chains: Any, paths: Any, loads: Any, strong: Any, exits: Any, out: Any, arcs: int
) -> Any:
    """Values, exits and starts of paths into ``out``; the arcs of all paths."""
    start, nodes, cost, ends, seen, first = chains
    step_start, steps = paths
    load, price = loads
    value, leaving, begin = out
    found = np.empty(32 * len(asked[0]) + 64, np.int32)
    most = nodes.max() if len(nodes) else 0
    dist, last = np.empty(most), np.empty(most, np.int64)
    taken, where = np.empty(most, np.int64), np.full(arcs, -1, np.int32)
    n = 0
    for j in range(len(asked[0])):
        k = asked[0][j]
        dear, before = _surcharged(k, strong, (start, cost, first), paths, where)
        dist[: nodes[k]] = np.inf
        dist[0], last[0] = 0.0, -1
        for i in range(start[k], start[k + 1]):
            weight = cost[i]
            for d in range(load.shape[1]):
                weight += load[k, d] * price[seen[i], d]
            # Written whether better or not: a store costs less than a branch foretold wrongly.
            there, head = dist[ends[i, 0]] + weight, ends[i, 1]
            least, via = dist[head], last[head]
            dist[head] = there if there < least else least
            last[head] = i if there < least else via
        for i in range(len(dear) - 1, -1, -1):
            if dear[i] >= 0:
                cost[dear[i]] = before[i]
        node = -1
        for i in range(exits[0][k], exits[0][k + 1]):
            if exits[3][i] >= 0:
                there = dist[exits[3][i]] + exits[2][exits[1][i]]
                if there < value[j]:
                    value[j], node, leaving[j] = there, exits[3][i], exits[1][i]
        if value[j] < asked[1][j]:
            many, length = 0, 0
            while last[node] >= 0:
                taken[many] = last[node]
                node = ends[last[node], 0]
                many += 1
            if n + step_start[k + 1] - step_start[k] > len(found):
                wider = np.empty(2 * len(found) + step_start[k + 1] - step_start[k], np.int32)
                wider[:n] = found[:n]
                found = wider
            for i in range(many - 1, -1, -1):
                c = taken[i]
                end = step_start[k + 1] - step_start[k]
                if c + 1 < start[k + 1]:
                    end = first[c + 1]
                for at in range(first[c], end):
                    found[n + length] = steps[step_start[k] + at]
                    length += 1
            n += length
        begin[j + 1] = n
    return found[:n].copy()
