"""Contracted paths of every commodity: arcs in a row that leave no choice, laid side by side.

The mathematics stands in :mod:`solvers.network_design.pricing.contracted`. Contracted paths whose
arcs in rows are the same share a *sequence*, whose price is found once for all of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Floats, Ints, Small, compiled
from solvers.network_design.pricing.packed import PackedCommodities, PackedNetwork, exits, usable
from solvers.network_design.statement.network import Network


class Contracted(NamedTuple):
    """Contracted paths of commodity ``k`` at ``start[k]:start[k+1]``, in search order.

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


class Sequences(NamedTuple):
    """Sequence ``s`` is ``shorter[s]`` with arc ``arc[s]`` behind it; 0 has no arc."""

    shorter: Ints
    arc: Ints


class _Degrees(NamedTuple):
    """How many arcs of a commodity enter and leave each node."""

    entering: Small
    leaving: Small


def contract(network: Network, packed: PackedNetwork) -> tuple[Contracted, Sequences]:
    """Contract the arcs of every commodity of an acyclic network; arcs in search order."""
    many, nodes = network.problem.commodities, network.problem.nodes
    step_start = np.concatenate([[0], np.cumsum(network.usable_count)])
    in_rows = np.diff(network.rows_at.start)[network.order] > 0
    alone = np.where(in_rows, np.cumsum(in_rows), 0)
    degrees = _Degrees(np.zeros(nodes, np.int32), np.zeros(nodes, np.int32))
    start = np.zeros(many + 1, np.int64)
    _count(packed, degrees, start)
    total = int(start[-1])
    paths = Contracted(
        start, np.zeros(many, np.int64), np.zeros(total), np.empty((total, 2), np.int32),
        np.empty(total, np.int32), np.empty(total, np.int32), step_start,
        np.empty(step_start[-1], np.int32), np.full(len(packed.who.exit), -1, np.int32),
    )  # fmt: skip
    tree = _lay(packed, alone, degrees, paths)
    return paths, Sequences(tree[0], tree[1])


@compiled
def _mark(k: int, net: PackedNetwork, degrees: _Degrees) -> Small:
    """The arcs of ``k``; how many enter and leave their nodes, exits as if many did."""
    tail, head, who = net.arcs.tail, net.arcs.head, net.who
    entering, leaving = degrees.entering, degrees.leaving
    mine = usable(k, who)
    for a in mine:
        entering[tail[a]] = entering[head[a]] = 0
        leaving[tail[a]] = leaving[head[a]] = 0
    for a in mine:
        leaving[tail[a]] += 1
        entering[head[a]] += 1
    entering[who.origin[k]] = 2
    for i in exits(k, who):
        entering[who.exit_node[i]] = 2
    return mine


@compiled
def _through(node: int, degrees: _Degrees) -> bool:
    """Whether there is one way only to pass a node."""
    return bool(degrees.entering[node] == 1 and degrees.leaving[node] == 1)


@compiled
def _count(net: PackedNetwork, degrees: _Degrees, start: Ints) -> None:
    """Where the contracted paths of every commodity begin, into ``start``."""
    for k in range(len(net.who.sub)):
        n = 0
        for a in _mark(k, net, degrees):
            n += not _through(net.arcs.tail[a], degrees)
        start[k + 1] = start[k] + n


@compiled
def _lay(net: PackedNetwork, alone: Ints, degrees: _Degrees, out: Contracted) -> Ints:
    """Write the contracted paths of all commodities; the tree of sequences (see ``_place``)."""
    tail, head, nodes = net.arcs.tail, net.arcs.head, len(degrees.entering)
    after, numbers = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    owner = np.full(nodes, -1, np.int64)
    used = 1 + alone.max()
    tree = np.full((4, 2 * used), -1, np.int64)
    tree[0, 1:used], tree[1, 1:used] = 0, np.flatnonzero(alone)
    for k in range(len(net.who.sub)):
        mine = _mark(k, net, degrees)
        for a in mine:
            after[tail[a]] = a
        n = _number(k, net.who.origin[k], owner, numbers, 0)
        i, at = out.start[k], out.step_start[k]
        for a in mine:
            if _through(tail[a], degrees):
                continue
            n = _number(k, tail[a], owner, numbers, n)
            begin = at
            out.first[i] = at - out.step_start[k]
            at = _follow(a, after, degrees, head, (out.steps, at))
            steps = out.steps[begin:at]
            tree, used, out.seen[i] = _sequence(steps, alone, tree, used)
            out.cost[i] = _unit_cost(k, steps, net)
            node = head[out.steps[at - 1]]
            n = _number(k, node, owner, numbers, n)
            out.ends[i, 0], out.ends[i, 1] = numbers[tail[a]], numbers[node]
            i += 1
        out.nodes[k] = n
        _leave(k, net.who, owner, numbers, out.leave)
    return tree[:2, :used].copy()


@compiled
def _leave(k: int, who: PackedCommodities, owner: Ints, numbers: Small, leave: Small) -> None:
    """Write which numbers the exits of ``k`` have."""
    for j in range(who.exit_start[k], who.exit_start[k + 1]):
        node = who.exit_node[who.exit[j]]
        if owner[node] == k:
            leave[j] = numbers[node]


@compiled
def _number(k: int, node: int, owner: Ints, numbers: Small, n: int) -> int:
    """Number a node for ``k`` where it has none yet; how many have one, ``n`` before."""
    if owner[node] == k:
        return n
    owner[node], numbers[node] = k, n
    return n + 1


@compiled
def _follow(a: int, after: Small, degrees: _Degrees, head: Small, out: tuple[Small, int]) -> int:
    """Write the contracted path that begins with arc ``a``; where it ends."""
    steps, at = out
    steps[at] = a
    while _through(head[steps[at]], degrees):
        steps[at + 1] = after[head[steps[at]]]
        at += 1
    return int(at + 1)


@compiled
def _unit_cost(k: int, steps: Small, net: PackedNetwork) -> float:
    """Cost of a unit of ``k`` on these arcs, without prices of load."""
    factor, cost, total = net.who.factor, net.arcs.cost, 0.0
    for a in steps:
        for j in range(cost.shape[1] - net.who.load.shape[1]):
            total += factor[k, j] * cost[a, j]
    return total


@compiled
def _sequence(steps: Small, alone: Ints, tree: Ints, used: int) -> tuple[Ints, int, int]:
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
def _place(tree: Ints, s: int, a: int, used: int) -> int:
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
