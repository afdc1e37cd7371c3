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
from typing import Any

import numpy as np

from solvers.arrays import Floats, Ints, Ragged, compiled
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


@compiled
def _price_of(a: int, k: int, prices: Any) -> float:
    cost, attribute, rate, rho, load = prices
    total = cost[a]
    for m in range(attribute.shape[0]):
        total += rate[m, k] * attribute[m, a]
    for d in range(load.shape[0]):
        total += load[d, k] * rho[d, a]
    return float(total)


@compiled
def _scan_acyclic(arcs: Any, ends: Any, priced: Any, start: Any, work: Any) -> bool:
    """One pass over arcs in topological order; ``priced`` packs what an arc costs in a row."""
    tail, head = ends
    packed, factor = priced
    extra, origin = start
    dist, last = work[0], work[1]
    width = len(factor)
    for a in arcs:
        dist[head[a]] = np.inf
    dist[origin] = 0.0
    last[origin] = -1
    for a in arcs:
        there = dist[tail[a]]
        if there == np.inf:
            continue
        weight = extra[a]
        for j in range(width):
            weight += factor[j] * packed[a, j]
        there += weight
        if there < dist[head[a]]:
            dist[head[a]] = there
            last[head[a]] = a
    return False


@compiled
def _relax_out(u: int, star: Any, head: Any, weight: Any, work: Any, tail_of_queue: int) -> int:
    dist, last, queue, queued = work[0], work[1], work[2], work[3]
    for j in range(star[0][u], star[0][u + 1]):
        a = star[1][j]
        there = dist[u] + weight[a]
        if there < dist[head[a]] - 1e-12:
            dist[head[a]] = there
            last[head[a]] = a
            if not queued[head[a]]:
                queued[head[a]] = True
                queue[tail_of_queue % len(queue)] = head[a]
                tail_of_queue += 1
    return tail_of_queue


@compiled
def search_general(star: Any, head: Any, weight: Any, origin: int, work: Any) -> bool:
    """Label-correcting search into ``work`` (distances, last arcs); True on a negative cycle."""
    dist, last, queue, queued = work[0], work[1], work[2], work[3]
    dist[:] = np.inf
    queued[:] = False
    dist[origin] = 0.0
    last[origin] = -1
    queue[0] = origin
    first, behind = 0, 1
    most = len(dist) * len(dist) + 1
    while first < behind:
        u = queue[first % len(queue)]
        queued[u] = False
        first += 1
        if first > most:
            return True
        behind = _relax_out(u, star, head, weight, work, behind)
    return False


@compiled
def weigh(k: int, arcs: Any, prices: Any, extra: Any, weight: Any) -> None:
    """Priced unit cost of the given arcs for commodity ``k`` into ``weight``, ``inf`` elsewhere."""
    weight[:] = np.inf
    for a in arcs:
        weight[a] = _price_of(a, k, prices) + extra[a]


@compiled
def _best_exit(positions: Any, exit_node: Any, exit_cost: Any, dist: Any) -> tuple[float, int]:
    best, at = np.inf, -1
    for i in positions:
        value = dist[exit_node[i]] + exit_cost[i]
        if value < best:
            best, at = value, i
    return best, at


@compiled
def _trace(node: int, tail: Any, last: Any, limit: int, out: Any, at: int) -> int:
    """Write the path ending at ``node`` into ``out`` from ``at``; its length, -1 if cyclic."""
    length = 0
    while last[node] >= 0:
        if length >= limit or at + length >= len(out):
            return -1
        out[at + length] = last[node]
        node = tail[last[node]]
        length += 1
    for j in range(length // 2):
        other = at + length - 1 - j
        out[at + j], out[other] = out[other], out[at + j]
    return length


@compiled
def _spread(k: int, strong: Any, extra: Any, clear: bool) -> None:
    for j in range(strong[0][k], strong[0][k + 1]):
        extra[strong[1][j]] = 0.0 if clear else strong[2][j]


@compiled
def _price_all(
    asked: Any, cutoff: Any, net: Any, costs: Any, strong: Any, out: Any
) -> tuple[int, int, bool]:
    acyclic, nodes, ends, star, sub, group, origin, exits = net
    prices, packed, factors = costs
    value, path_k, path_exit, path_start, path_arcs = out
    arcs = len(ends[0])
    extra, weight = np.zeros(arcs), np.zeros(0 if acyclic else arcs)
    work = (
        np.full(nodes, np.inf), np.full(nodes, -1, np.int64),
        np.zeros(nodes + 1, np.int64), np.zeros(nodes, np.bool_),
    )  # fmt: skip
    found, cyclic, j = 0, False, 0
    while j < len(asked):
        k = asked[j]
        mine = sub[1][sub[0][group[k]] : sub[0][group[k] + 1]]
        _spread(k, strong, extra, False)
        if acyclic:
            work[0][exits[2][exits[1][exits[0][k] : exits[0][k + 1]]]] = np.inf
            priced = (packed, factors[:, k].copy())
            _scan_acyclic(mine, ends, priced, (extra, origin[k]), work)
        else:
            weigh(k, mine, prices, extra, weight)
            cyclic |= search_general(star, ends[1], weight, origin[k], work)
        _spread(k, strong, extra, True)
        value[j], at = _best_exit(
            exits[1][exits[0][k] : exits[0][k + 1]], exits[2], exits[3], work[0]
        )
        if value[j] < cutoff[j]:
            begin = path_start[found]
            length = _trace(exits[2][at], ends[0], work[1], nodes, path_arcs, begin)
            if length < 0 and begin + nodes >= len(path_arcs):
                return found, j, cyclic
            if length >= 0:
                path_k[found], path_exit[found] = k, at
                found += 1
                path_start[found] = begin + length
        j += 1
    return found, j, cyclic


class Pricer:
    """Prices the commodities of one network, on as many threads as asked."""

    def __init__(self, network: Network, threads: int = 1) -> None:
        problem = network.problem
        self.network = network
        self.threads = max(1, threads)
        self._load = np.ascontiguousarray(network.load)
        self._costs = (problem.cost, problem.attribute, problem.rate)
        # Arcs in search order lie side by side in memory; an acyclic scan reads nothing else.
        order = network.order
        self._order = order
        self._at = np.empty(problem.arcs, dtype=np.int64)
        self._at[order] = np.arange(problem.arcs)
        self._packed = np.empty((problem.arcs, 1 + len(problem.attribute) + network.dimensions))
        self._packed[:, 0] = problem.cost[order]
        self._packed[:, 1 : 1 + len(problem.attribute)] = problem.attribute[:, order].T
        self._factors = np.vstack([np.ones(problem.commodities), problem.rate, network.load])
        star = (network.star.start, network.star.values)
        exits = (problem.exits.start, problem.exits.values, problem.exit_node, problem.exit_cost)
        ends = (problem.tail, problem.head)
        sub = (network.sub_start, network.sub_arcs)
        if network.acyclic:
            ends = (problem.tail[order].astype(np.int32), problem.head[order].astype(np.int32))
            sub = (network.sub_start, self._at[network.sub_arcs].astype(np.int32))
        self._net = (
            network.acyclic, problem.nodes, ends, star, sub, network.sub, problem.origin, exits,
        )  # fmt: skip

    def price(self, prices: Multipliers, asked: Ints, cutoff: Floats) -> Priced:
        """Cheapest path of every commodity in ``asked``; paths where cheaper than ``cutoff``."""
        rho = np.ascontiguousarray(self.network.arc_prices(prices.row))
        self._packed[:, -self.network.dimensions :] = rho[:, self._order].T
        cost = ((*self._costs, rho, self._load), self._packed, self._factors)
        strong_arc = self._at[prices.strong_arc] if self.network.acyclic else prices.strong_arc
        strong = (prices.strong_start, strong_arc, prices.strong_price)
        parts = np.array_split(np.arange(len(asked)), self.threads if len(asked) > 64 else 1)
        if len(parts) == 1:
            done = [self._chunk(asked, cutoff, cost, strong)]
        else:
            with ThreadPoolExecutor(len(parts)) as pool:
                jobs = [pool.submit(self._chunk, asked[p], cutoff[p], cost, strong) for p in parts]
                done = [job.result() for job in jobs]
        return _joined(done)

    def _chunk(
        self, asked: Ints, cutoff: Floats, cost: tuple[Any, ...], strong: tuple[Any, ...]
    ) -> Priced:
        nodes = self.network.problem.nodes
        done: list[Priced] = []
        at = 0
        while at < len(asked) or not done:
            left = asked[at:]
            size = nodes + 32 * len(left)
            value = np.full(len(left), np.inf)
            out = (
                value, np.zeros(len(left), np.int64), np.zeros(len(left), np.int64),
                np.zeros(len(left) + 1, np.int64), np.zeros(size, np.int64),
            )  # fmt: skip
            found, reached, cyclic = _price_all(left, cutoff[at:], self._net, cost, strong, out)
            start = out[3][: found + 1].copy()
            steps = out[4][: start[-1]]
            arcs = Ragged(start, self._order[steps] if self.network.acyclic else steps.copy())
            done.append(Priced(value[:reached], out[1][:found], out[2][:found], arcs, cyclic))
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
