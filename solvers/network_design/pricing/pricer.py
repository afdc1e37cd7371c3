"""Cheapest itineraries of all commodities at once, in compiled code.

For multipliers ``β[r] ≥ 0`` of the ≤ rows, ``γ[r] ≥ 0`` of the ≥ rows and ``α[k,a] ≥ 0`` of the
strong inequalities, the Lagrangian subproblem of commodity ``k`` is a shortest path problem

    ``π[k] = min_{P, i}  Σ_{a∈P} (c[a] + Σ_m w[m,k] g[m,a] + Σ_d v[d,k] ρ[d,a] + α[k,a])
    + exit_cost[i]``  with  ``ρ[d,a] = Σ_{r∋a, d_r=d} β[r] - Σ_{r∋a, d_r=d} γ[r]``

over the arcs that ``k`` may use. Two regimes: an acyclic network is scanned once in topological
order, and only the arcs between the commodity's origin and its exits; any other network is
searched with a first-in-first-out label-correcting queue, which accepts negative arcs and stops
on a negative cycle.

References
    Bellman (1958), "On a routing problem"; Moore (1959), "The shortest path through a maze".
    Desaulniers, Desrosiers, Solomon, eds. (2005), "Column generation", ch. 1.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged, Small, compiled
from solvers.network_design.pricing.packed import (
    Labels,
    PackedNetwork,
    along,
    cheapest_exit,
    scan,
    trace,
    usable,
)
from solvers.network_design.statement.network import Network


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Signed prices of rows (shape rows, ≥ 0 for ≤ and ≤ 0 for ≥) and of strong inequalities.

    The strong prices are lists per commodity: those of ``k`` are
    ``strong_price[strong_start[k]:strong_start[k+1]]`` on the arcs ``strong_arc[…]``.
    """

    row: Floats
    strong_start: Ints
    strong_arc: Ints
    strong_price: Floats

    @staticmethod
    def of(row: Floats, commodity: Ints, arc: Ints, price: Floats, commodities: int) -> Multipliers:
        """Pack prices of pairs (commodity, arc) given in any order; prices of one pair add up."""
        used = price > 0.0
        most = int(arc.max(initial=0)) + 1
        pair, where = np.unique(commodity[used] * most + arc[used], return_inverse=True)
        total = np.bincount(where, weights=price[used], minlength=len(pair)).astype(np.float64)
        start = np.zeros(commodities + 1, dtype=np.int64)
        np.cumsum(np.bincount(pair // most, minlength=commodities), out=start[1:])
        return Multipliers(row, start, pair % most, total)


@dataclass(frozen=True, slots=True)
class Priced:
    """Best paths of the asked commodities.

    ``value[j]`` is the cheapest priced unit cost of commodity ``asked[j]`` (``inf``: no path).
    Paths are given only where ``value`` lies below the asked cutoff: path ``i`` belongs to
    commodity ``commodity[i]``, leaves at ``path_exit[i]`` and uses ``arcs[i]``.
    ``cyclic`` says that a negative cycle was met: then values are no lower bounds.
    """

    value: Floats
    commodity: Ints
    path_exit: Ints
    arcs: Ragged
    cyclic: bool


class Star(NamedTuple):
    """Arcs that leave every node: those of ``n`` are ``arc[start[n] : start[n + 1]]``."""

    start: Ints
    arc: Ints


class Queue(NamedTuple):
    """Nodes to look at again, in a ring, and whether each node is among them."""

    node: Ints
    waits: Bools


class Strong(NamedTuple):
    """Prices of single arcs by commodity, as in ``Multipliers``, arcs in search order."""

    start: Ints
    arc: Ints
    price: Floats


class Found(NamedTuple):
    """What pricing writes: values, then commodity, exit and arcs of the paths found."""

    value: Floats
    commodity: Ints
    path_exit: Ints
    start: Ints
    arcs: Ints


@compiled
def _relax_out(
    u: int, star: Star, head: Small, weight: Floats, work: tuple[Labels, Queue], behind: int
) -> int:
    """Better ways over the arcs that leave ``u``; the end of the queue after that."""
    labels, queue = work
    dist = labels.dist
    for j in range(star.start[u], star.start[u + 1]):
        a = star.arc[j]
        there = dist[u] + weight[a]
        if there < dist[head[a]] - 1e-12:
            dist[head[a]] = there
            labels.last[head[a]] = a
            if not queue.waits[head[a]]:
                queue.waits[head[a]] = True
                queue.node[behind % len(queue.node)] = head[a]
                behind += 1
    return behind


@compiled
def search_general(
    star: Star, head: Small, weight: Floats, origin: int, work: tuple[Labels, Queue]
) -> bool:
    """Label-correcting search into the labels of ``work``; True on a negative cycle."""
    labels, queue = work
    labels.dist[:] = np.inf
    queue.waits[:] = False
    labels.dist[origin] = 0.0
    labels.last[origin] = -1
    queue.node[0] = origin
    first, behind = 0, 1
    most = len(labels.dist) * len(labels.dist) + 1
    while first < behind:
        u = queue.node[first % len(queue.node)]
        queue.waits[u] = False
        first += 1
        if first > most:
            return True
        behind = _relax_out(u, star, head, weight, work, behind)
    return False


@compiled
def weigh(k: int, net: PackedNetwork, extra: Floats, weight: Floats) -> None:
    """Priced unit cost of the arcs of commodity ``k`` into ``weight``, ``inf`` elsewhere."""
    weight[:] = np.inf
    for a in usable(k, net.who):
        weight[a] = along(a, net.who.factor[k], net.arcs.cost, None) + extra[a]


@compiled
def _spread(k: int, strong: Strong, extra: Floats, clear: bool) -> None:
    """Write the prices of single arcs of ``k`` into ``extra``, or take them out again."""
    for j in range(strong.start[k], strong.start[k + 1]):
        extra[strong.arc[j]] = 0.0 if clear else strong.price[j]


@compiled
def _search(
    k: int, net: PackedNetwork, star: Star, around: tuple[Floats, Floats],
    work: tuple[Labels, Queue],
) -> bool:  # fmt: skip
    """Cheapest ways of ``k`` into the labels of ``work``; True on a negative cycle.

    ``around`` holds surcharges of the arcs and room for their weights; the network is acyclic where
    there is none.
    """
    extra, weight = around
    if len(weight) == 0:
        scan(k, net.who.factor[k], net, extra, None, work[0])
        return False
    weigh(k, net, extra, weight)
    return search_general(star, net.arcs.head, weight, net.who.origin[k], work)


@compiled
def _price_all(
    asked: tuple[Ints, Floats], net: PackedNetwork, star: Star, strong: Strong, acyclic: bool,
    out: Found,
) -> tuple[int, int, bool]:  # fmt: skip
    """Price the asked commodities; paths found, commodities reached, whether a cycle was met."""
    nodes, arcs = len(star.start) - 1, len(net.arcs.tail)
    around = (np.zeros(arcs), np.zeros(0 if acyclic else arcs))
    labels = Labels(np.full(nodes, np.inf), np.full(nodes, -1, np.int64))
    work = (labels, Queue(np.zeros(nodes + 1, np.int64), np.zeros(nodes, np.bool_)))
    found, cyclic, j = 0, False, 0
    while j < len(asked[0]):
        k = asked[0][j]
        _spread(k, strong, around[0], False)
        cyclic |= _search(k, net, star, around, work)
        _spread(k, strong, around[0], True)
        out.value[j], at = cheapest_exit(k, net.who, labels.dist)
        if out.value[j] < asked[1][j]:
            begin = out.start[found]
            length = trace(net.who.exit_node[at], net.arcs.tail, labels, out.arcs, begin)
            if length == -1:
                return found, j, cyclic
            if length >= 0:
                out.commodity[found], out.path_exit[found] = k, at
                found += 1
                out.start[found] = begin + length
        j += 1
    return found, j, cyclic


class Pricer:
    """Prices the commodities of one network, on as many threads as asked."""

    def __init__(self, network: Network, threads: int = 1) -> None:
        self.network = network
        self.threads = max(1, threads)
        self._packed = PackedNetwork.of(network, np.zeros(network.rows))
        self._star = Star(network.star.start, network.place[network.star.values])

    def price(self, prices: Multipliers, asked: Ints, cutoff: Floats) -> Priced:
        """Cheapest path of every commodity in ``asked``; paths where cheaper than ``cutoff``."""
        net = self.network
        self._packed.reprice(net, prices.row)
        strong = Strong(prices.strong_start, net.place[prices.strong_arc], prices.strong_price)
        parts = np.array_split(np.arange(len(asked)), self.threads if len(asked) > 64 else 1)
        if len(parts) == 1:
            done = [self._chunk(asked, cutoff, strong)]
        else:
            with ThreadPoolExecutor(len(parts)) as pool:
                jobs = [pool.submit(self._chunk, asked[p], cutoff[p], strong) for p in parts]
                done = [job.result() for job in jobs]
        return _joined(done)

    def _chunk(self, asked: Ints, cutoff: Floats, strong: Strong) -> Priced:
        net, nodes = self.network, self.network.problem.nodes
        done: list[Priced] = []
        at = 0
        while at < len(asked) or not done:
            left = asked[at:]
            many = len(left)
            out = Found(
                np.full(many, np.inf), np.zeros(many, np.int64), np.zeros(many, np.int64),
                np.zeros(many + 1, np.int64), np.zeros(nodes + 32 * many, np.int64),
            )  # fmt: skip
            found, reached, cyclic = _price_all(
                (left, cutoff[at:]), self._packed, self._star, strong, net.acyclic, out
            )
            start = out.start[: found + 1].copy()
            arcs = Ragged(start, net.order[out.arcs[: start[-1]]])
            part = Priced(
                out.value[:reached], out.commodity[:found], out.path_exit[:found], arcs, cyclic
            )
            done.append(part)
            at += reached
        return _joined(done)


def _joined(parts: list[Priced]) -> Priced:
    if len(parts) == 1:
        return parts[0]
    shifts = np.cumsum([0, *(len(p.arcs.values) for p in parts)])
    starts = [p.arcs.start[:-1] + shift for p, shift in zip(parts, shifts, strict=False)]
    return Priced(
        np.concatenate([p.value for p in parts]),
        np.concatenate([p.commodity for p in parts]),
        np.concatenate([p.path_exit for p in parts]),
        Ragged(
            np.concatenate([*starts, shifts[-1:]]), np.concatenate([p.arcs.values for p in parts])
        ),
        any(p.cyclic for p in parts),
    )
