"""Compiled: the cheapest way of one commodity through what is loaded."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from solvers.arrays import Floats, Ints, Small, compiled
from solvers.network_design.heuristics.ruin_recreate.data import Net, Now
from solvers.network_design.pricing.once_kernels import cheapest_once
from solvers.network_design.statement.places import comes_back

_WORTH = 1.5  #: guided cost, in unserved costs, up to which an itinerary is taken


class View(NamedTuple):
    """How ways are measured: surcharge per unit of load on designs, weight of guiding prices.

    A surcharge counts while the design does not run; below 0 it counts in any case.
    """

    charge: Floats
    weight: float


@compiled
def scan(k: int, need: float, net: Net, now: Now, view: View) -> tuple[float, int]:
    """Cheapest itinerary of ``k`` with room for ``need`` units: its guided cost and its exit."""
    who, tail, head = net.who, net.arcs.tail, net.arcs.head
    dist, last = now.work.dist, now.work.last
    factor, each = who.factor[k].copy(), who.load[k]
    factor[len(factor) - len(each) :] *= view.weight
    sub = who.sub_arcs[who.sub_start[who.sub[k]] : who.sub_start[who.sub[k] + 1]]
    exits = who.exit[who.exit_start[k] : who.exit_start[k + 1]]
    _cleared(who.exit_node[exits], sub, head, dist)
    dist[who.origin[k]] = 0.0
    last[who.origin[k]] = -1
    gate = Gate(need, each, now.state.room, net.row.dim, net.arcs.cap_start, net.arcs.cap)
    cost, design, uses, charge = net.arcs.cost, net.arcs.design, now.state.uses, view.charge
    for a in sub:
        if dist[tail[a]] == np.inf:
            continue
        there = dist[tail[a]] + _along(a, factor, cost)
        s = design[a]
        if s >= 0:
            there += _surcharge(s, uses, charge) * each[0]
        if there < dist[head[a]] and _has_room(a, gate):
            dist[head[a]] = there
            last[head[a]] = a
    best, least = -1, np.inf
    for i in exits:
        value = dist[who.exit_node[i]] + who.exit_cost[i]
        if value < least:
            best, least = i, value
    return least, best


@compiled
def _cleared(nodes: Ints, sub: Small, head: Small, dist: Floats) -> None:
    """Forget what was known of the nodes and of the heads of the arcs."""
    for n in nodes:
        dist[n] = np.inf
    for a in sub:
        dist[head[a]] = np.inf


class Gate(NamedTuple):
    """Units that need room, their load per dimension, and the room of the rows of the arcs."""

    need: float
    each: Floats
    room: Floats
    dim: Ints
    start: Ints
    row: Ints


@compiled
def _along(a: int, factor: Floats, cost: Floats) -> float:
    """Cost of a unit on an arc."""
    total = 0.0
    for j in range(len(factor)):
        total += factor[j] * cost[a, j]
    return total


@compiled
def _surcharge(s: int, uses: Ints, charge: Floats) -> float:
    return float(charge[s]) if uses[s] == 0 or charge[s] < 0.0 else 0.0


@compiled
def _has_room(a: int, gate: Gate) -> bool:
    if gate.need == 0.0:
        return True
    for i in range(gate.start[a], gate.start[a + 1]):
        r = gate.row[i]
        if gate.room[r] < gate.need * gate.each[gate.dim[r]] - 1e-7:
            return False
    return True


@compiled
def trace(leaving: int, net: Net, now: Now) -> int:
    """Write the itinerary found last behind the buffer; its length, -1 where it has no room."""
    parts, tail, last = now.parts, net.arcs.tail, now.work.last
    at, n, node = parts.top[1], 0, net.who.exit_node[leaving]
    while last[node] >= 0:
        if at + n >= len(parts.buffer):
            return -1
        parts.buffer[at + n] = last[node]
        n += 1
        node = tail[last[node]]
    found = parts.buffer[at : at + n]
    found[:] = found[::-1].copy()
    return n


@compiled
def way(k: int, need: float, net: Net, now: Now, view: View) -> tuple[int, int]:
    """Exit and length of the cheapest itinerary with room that comes to no place twice.

    It stands behind the buffer. The length is -1 where there is none worth taking.
    """
    least, leaving = scan(k, need, net, now, view)
    if not least < _WORTH * net.who.unserved_cost[k]:
        return -1, -1
    n, at = trace(leaving, net, now), now.parts.top[1]
    if n > 0 and len(net.who.home) > 0:
        path = now.parts.buffer[at : at + n]
        if comes_back(path, net.arcs.arrives, net.who.home[k], now.work.seen):
            return _once(k, need, n, (net, now, view))
    return leaving, n


@compiled
def _once(k: int, need: float, n: int, known: Any) -> tuple[int, int]:
    """Exit and length of the cheapest itinerary that comes to no place twice, in the buffer.

    In place of the traced one, of length ``n``; a length of -1 where there is none worth taking.
    """
    net, now, _ = known
    who, at = net.who, now.parts.top[1]
    sub = who.sub_arcs[who.sub_start[who.sub[k]] : who.sub_start[who.sub[k] + 1]]
    exits = who.exit[who.exit_start[k] : who.exit_start[k + 1]]
    met = net.arcs.arrives[now.parts.buffer[at : at + n]]
    value, best, path = cheapest_once(
        sub.astype(np.int64), _weights(k, need, sub, known),
        (net.arcs.tail, net.arcs.head, net.arcs.arrives, True),
        (who.origin[k], who.home[k], who.exit_node[exits], who.exit_cost[exits]),
        met, (now.work.number, now.work.seen),
    )  # fmt: skip
    if best < 0 or not value < _WORTH * who.unserved_cost[k]:
        return -1, -1
    if at + len(path) > len(now.parts.buffer):
        return -1, -1
    now.parts.buffer[at : at + len(path)] = sub[path]
    return exits[best], len(path)


@compiled
def _weights(k: int, need: float, sub: Small, known: Any) -> Floats:
    """What a unit of ``k`` pays on its arcs by the view, ``inf`` where there is no room."""
    net, now, view = known
    factor, each = net.who.factor[k].copy(), net.who.load[k]
    factor[len(factor) - len(each) :] *= view.weight
    gate = Gate(need, each, now.state.room, net.row.dim, net.arcs.cap_start, net.arcs.cap)
    found = np.empty(len(sub))
    for i in range(len(sub)):
        s = net.arcs.design[sub[i]]
        found[i] = _along(sub[i], factor, net.arcs.cost)
        if s >= 0:
            found[i] += _surcharge(s, now.state.uses, view.charge) * each[0]
        if not _has_room(sub[i], gate):
            found[i] = np.inf
    return found
