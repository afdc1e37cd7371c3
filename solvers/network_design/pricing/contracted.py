"""Cheapest itineraries where many arcs in a row leave no choice: such a chain is scanned as one.

Take the arcs that commodity ``k`` may use in an acyclic network. A node that is neither its origin
nor one of its exits, and that one of these arcs enters and one leaves, can be passed in one way
only. What lies between two other nodes is a *chain*, and

    ``π(chain) = Σ_{a} (c[a] + Σ_m w[m,k] g[m,a] + α[k,a]) + Σ_d v[d,k] Σ_{a} ρ[d,a]``

as in :mod:`solvers.network_design.pricing.pricer`. The first sum without ``α`` is known beforehand,
the second is the same for all commodities whose chains have the same arcs in rows; it is found once
for all of them. Time-expanded networks, where most events have one successor, become several times
smaller so, and what one commodity needs lies side by side in memory.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from solvers.arrays import Floats, Ints, Ragged, Small, compiled
from solvers.network_design.pricing.pricer import Multipliers, Priced
from solvers.network_design.statement.network import Network


class _Arcs(NamedTuple):
    """Arcs of the network: ends, costs side by side, what these weigh for each commodity.

    ``alone`` is the place of the sequence of one arc that is in rows, 0 where it is in none.
    """

    tail: Ints
    head: Ints
    cost: Floats
    factor: Floats
    alone: Ints


class _Users(NamedTuple):
    """Usable arcs, origin and exits (nodes) of every commodity."""

    sub: Ints
    sub_start: Ints
    sub_arcs: Small
    origin: Ints
    exit_start: Ints
    exit_node: Ints


class _Chains(NamedTuple):
    """Chains of commodity ``k`` at ``start[k]:start[k+1]``, by search order of their first arcs.

    ``ends`` are their nodes as the commodity numbers its ``nodes[k]``, 0 for its origin; ``cost``
    their cost without prices, ``seen`` the sequence of their arcs in rows. Their arcs begin at
    ``step_start[k] + first`` of ``steps``. ``leave`` says which nodes the exits are, -1: none.
    """

    start: Ints
    nodes: Ints
    cost: Floats
    ends: Small
    seen: Small
    first: Small
    step_start: Ints
    steps: Small
    leave: Small


class ChainPricer:
    """Prices the commodities of one acyclic network, in one thread."""

    def __init__(self, network: Network) -> None:
        problem = network.problem
        self.network = network
        many = problem.commodities
        step_start = np.concatenate([[0], np.cumsum(network.usable_count)])
        in_rows = np.diff(network.rows_at.start) > 0
        alone = np.where(in_rows, np.cumsum(in_rows), 0)
        arcs = _Arcs(
            problem.tail, problem.head, np.column_stack([problem.cost, problem.attribute.T]),
            np.vstack([np.ones(many), problem.rate]).T.copy(), alone,
        )  # fmt: skip
        users = _Users(
            network.sub, network.sub_start, network.sub_arcs, problem.origin,
            problem.exits.start, problem.exit_node[problem.exits.values],
        )  # fmt: skip
        passed = np.zeros(problem.nodes, np.int32), np.zeros(problem.nodes, np.int32)
        start = np.zeros(many + 1, np.int64)
        _count(arcs, users, passed, start)
        total = int(start[-1])
        self._chains = _Chains(
            start, np.zeros(many, np.int64), np.zeros(total), np.empty((total, 2), np.int32),
            np.empty(total, np.int32), np.empty(total, np.int32), step_start,
            np.empty(step_start[-1], np.int32), np.full(len(users.exit_node), -1, np.int32),
        )  # fmt: skip
        self._tree = _lay(arcs, users, passed, self._chains)
        self._load = np.ascontiguousarray(network.load.T)

    def price(self, prices: Multipliers, asked: Ints, cutoff: Floats) -> Priced:
        """Cheapest path of every commodity in ``asked``; paths where cheaper than ``cutoff``."""
        problem = self.network.problem
        rho = self.network.arc_prices(prices.row)[:, self._tree[1]].T
        value, leaving = np.full(len(asked), np.inf), np.zeros(len(asked), np.int64)
        begin = np.zeros(len(asked) + 1, np.int64)
        strong = (prices.strong_start, prices.strong_arc, prices.strong_price)
        exits = (problem.exits.start, problem.exits.values, problem.exit_cost)
        steps = _price_all(
            (asked, cutoff), self._chains, (self._load, _summed(self._tree[0], rho)),
            (*strong, np.full(problem.arcs, -1, np.int32)), exits, (value, leaving, begin),
        )  # fmt: skip
        found = np.flatnonzero(value < cutoff)
        arcs = Ragged(np.append(begin[found], begin[-1]), steps.astype(np.int64))
        return Priced(value, asked[found], leaving[found], arcs, False)


@compiled
def _mark(k: int, arcs: _Arcs, users: _Users, passed: Any) -> Any:
    """The arcs of ``k``, and at their nodes how many enter and leave; exits count as many."""
    entering, leaving = passed
    mine = users.sub_arcs[users.sub_start[users.sub[k]] : users.sub_start[users.sub[k] + 1]]
    for a in mine:
        entering[arcs.tail[a]] = entering[arcs.head[a]] = 0
        leaving[arcs.tail[a]] = leaving[arcs.head[a]] = 0
    for a in mine:
        leaving[arcs.tail[a]] += 1
        entering[arcs.head[a]] += 1
    entering[users.origin[k]] = 2
    for i in range(users.exit_start[k], users.exit_start[k + 1]):
        entering[users.exit_node[i]] = 2
    return mine


@compiled
def _through(node: int, passed: Any) -> bool:
    """Whether there is one way only to pass a node."""
    return bool(passed[0][node] == 1 and passed[1][node] == 1)


@compiled
def _count(arcs: _Arcs, users: _Users, passed: Any, start: Ints) -> None:
    """Where the chains of every commodity begin, into ``start``."""
    for k in range(len(users.sub)):
        n = 0
        for a in _mark(k, arcs, users, passed):
            n += not _through(arcs.tail[a], passed)
        start[k + 1] = start[k] + n


@compiled
def _lay(arcs: _Arcs, users: _Users, passed: Any, chains: _Chains) -> Any:
    """Write the chains of all commodities; the tree of their sequences (see ``_place``)."""
    nodes = len(passed[0])
    after, numbers = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    owner = np.full(nodes, -1, np.int64)
    used = 1 + arcs.alone.max()
    tree = np.full((4, 2 * used), -1, np.int64)
    tree[0, 1:used], tree[1, 1:used] = 0, np.flatnonzero(arcs.alone)
    for k in range(len(users.sub)):
        mine = _mark(k, arcs, users, passed)
        for a in mine:
            after[arcs.tail[a]] = a
        n = _number(k, users.origin[k], owner, numbers, 0)
        i, at = chains.start[k], chains.step_start[k]
        for a in mine:
            if _through(arcs.tail[a], passed):
                continue
            n = _number(k, arcs.tail[a], owner, numbers, n)
            begin = at
            chains.first[i] = at - chains.step_start[k]
            at = _follow(a, after, passed, arcs.head, (chains.steps, at))
            steps = chains.steps[begin:at]
            tree, used, chains.seen[i] = _sequence(steps, arcs.alone, tree, used)
            chains.cost[i] = _unit_cost(k, steps, arcs)
            node = arcs.head[chains.steps[at - 1]]
            n = _number(k, node, owner, numbers, n)
            chains.ends[i, 0], chains.ends[i, 1] = numbers[arcs.tail[a]], numbers[node]
            i += 1
        chains.nodes[k] = n
        _leave(k, users, owner, numbers, chains.leave)
    return tree[:2, :used].copy()


@compiled
def _leave(k: int, users: _Users, owner: Ints, numbers: Small, leave: Small) -> None:
    """Write which numbers the exits of ``k`` have."""
    for j in range(users.exit_start[k], users.exit_start[k + 1]):
        if owner[users.exit_node[j]] == k:
            leave[j] = numbers[users.exit_node[j]]


@compiled
def _number(k: int, node: int, owner: Ints, numbers: Small, n: int) -> int:
    """Number a node for ``k`` where it has none yet; how many have one, ``n`` before."""
    if owner[node] == k:
        return n
    owner[node], numbers[node] = k, n
    return n + 1


@compiled
def _follow(a: int, after: Small, passed: Any, head: Ints, out: Any) -> int:
    """Write the chain that begins with arc ``a``; where it ends."""
    steps, at = out
    steps[at] = a
    while _through(head[steps[at]], passed):
        steps[at + 1] = after[head[steps[at]]]
        at += 1
    return int(at + 1)


@compiled
def _unit_cost(k: int, steps: Small, arcs: _Arcs) -> float:
    """Cost of a unit of ``k`` on some arcs, without prices."""
    total = 0.0
    for a in steps:
        for j in range(arcs.cost.shape[1]):
            total += arcs.factor[k, j] * arcs.cost[a, j]
    return total


@compiled
def _sequence(steps: Small, alone: Ints, tree: Any, used: int) -> Any:
    """The tree with the sequence of these arcs that are in rows, its size, and the place of it."""
    s = 0
    for a in steps:
        if alone[a] == 0:
            continue
        if used == tree.shape[1]:
            wider = np.full((4, 2 * used), -1, np.int64)
            wider[:, :used] = tree
            tree = wider
        s = alone[a] if s == 0 else _place(tree, s, a, used)
        used += s == used
    return tree, used, s


@compiled
def _place(tree: Any, s: int, a: int, used: int) -> int:
    """Place of sequence ``s`` with arc ``a`` behind it, which is ``used`` where it is new.

    Rows of ``tree``: the sequence without its last arc, this arc, the latest sequence that is
    longer by an arc, and of these the one before. Place 0 has no arc.
    """
    t = tree[2, s]
    while t >= 0 and tree[1, t] != a:
        t = tree[3, t]
    if t >= 0:
        return int(t)
    tree[0, used], tree[1, used], tree[3, used] = s, a, tree[2, s]
    tree[2, s] = used
    return used


@compiled
def _summed(up: Ints, rho: Floats) -> Floats:
    """Price of every sequence of arcs, per dimension."""
    total = np.zeros(rho.shape)
    for s in range(1, len(up)):
        for d in range(rho.shape[1]):
            total[s, d] = total[up[s], d] + rho[s, d]
    return total


@compiled
def _price_all(asked: Any, chains: _Chains, loads: Any, strong: Any, exits: Any, out: Any) -> Any:
    """Values, exits and starts of paths into ``out``; the arcs of all paths."""
    value, leaving, begin = out
    found = np.empty(32 * len(value) + 64, np.int32)
    most = chains.nodes.max() if len(chains.nodes) else 0
    dist, last = np.empty(most), np.empty(most, np.int64)
    n = 0
    for j in range(len(value)):
        k = asked[0][j]
        dear, before = _surcharged(k, strong, chains)
        _scan(k, chains, loads, dist, last)
        for i in range(len(dear) - 1, -1, -1):
            if dear[i] >= 0:
                chains.cost[dear[i]] = before[i]
        at = _best_exit(k, exits, chains.leave, dist)
        if at >= 0:
            leaving[j] = exits[1][at]
            value[j] = dist[chains.leave[at]] + exits[2][leaving[j]]
        if value[j] < asked[1][j]:
            while n + chains.step_start[k + 1] - chains.step_start[k] > len(found):
                found = np.concatenate((found, np.empty(len(found), np.int32)))
            n = _traced(k, chains.leave[at], last, chains, (found, n))
        begin[j + 1] = n
    return found[:n].copy()


@compiled
def _surcharged(k: int, strong: Any, chains: _Chains) -> Any:
    """Add the prices of single arcs of ``k`` to its chains: to which, and what they cost before."""
    begin, arc, price, where = strong
    low, high = begin[k], begin[k + 1]
    at, before = np.full(high - low, -1, np.int64), np.empty(high - low)
    if low == high:
        return at, before
    mine = chains.steps[chains.step_start[k] : chains.step_start[k + 1]]
    for i in range(len(mine)):
        where[mine[i]] = i
    first = chains.first[chains.start[k] : chains.start[k + 1]]
    for i in range(high - low):
        step = where[arc[low + i]]
        if step >= 0:
            at[i] = chains.start[k] + np.searchsorted(first, step, side="right") - 1
            before[i] = chains.cost[at[i]]
            chains.cost[at[i]] += price[low + i]
    where[mine] = -1
    return at, before


@compiled
def _scan(k: int, chains: _Chains, loads: Any, dist: Floats, last: Ints) -> None:
    """Distances from the origin, and the last chain to every node."""
    load, price = loads
    dist[: chains.nodes[k]] = np.inf
    dist[0], last[0] = 0.0, -1
    for i in range(chains.start[k], chains.start[k + 1]):
        weight = chains.cost[i]
        for d in range(load.shape[1]):
            weight += load[k, d] * price[chains.seen[i], d]
        # Written whether better or not: a store costs less than a branch foretold wrongly.
        there, node = dist[chains.ends[i, 0]] + weight, chains.ends[i, 1]
        least, via = dist[node], last[node]
        dist[node] = there if there < least else least
        last[node] = i if there < least else via


@compiled
def _best_exit(k: int, exits: Any, leave: Small, dist: Floats) -> int:
    """Where in ``leave`` the cheapest exit is, -1 where none is reached."""
    best, at = np.inf, -1
    for i in range(exits[0][k], exits[0][k + 1]):
        if leave[i] >= 0 and dist[leave[i]] + exits[2][exits[1][i]] < best:
            best, at = dist[leave[i]] + exits[2][exits[1][i]], i
    return at


@compiled
def _traced(k: int, node: int, last: Ints, chains: _Chains, out: Any) -> int:
    """Write the arcs of the path to a node, from place ``n`` of ``out``; where they end."""
    found, n = out
    end = n
    while last[node] >= 0:
        c = last[node]
        low, high = chains.step_start[k] + chains.first[c], chains.step_start[k + 1]
        if c + 1 < chains.start[k + 1]:
            high = chains.step_start[k] + chains.first[c + 1]
        for at in range(high - 1, low - 1, -1):
            found[end] = chains.steps[at]
            end += 1
        node = chains.ends[c, 0]
    found[n:end] = found[n:end][::-1].copy()
    return int(end)
