"""Cheapest itineraries where arcs in a row leave no choice: such a path is scanned as one arc.

Take the arcs that commodity ``k`` may use in an acyclic network. A node that is neither its origin
nor one of its exits, and that one of these arcs enters and one leaves, can be passed in one way
only. What lies between two other nodes is a *contracted path* ``P``, and

    ``π(P) = Σ_{a∈P} (c[a] + Σ_m w[m,k] g[m,a] + α[k,a]) + Σ_d v[d,k] Σ_{a∈P} ρ[d,a]``

as in :mod:`solvers.network_design.pricing.pricer`. The first sum without ``α`` is known beforehand,
the second is the same for all commodities whose contracted paths have the same arcs in rows; it is
found once for all of them. Time-expanded networks, where most events have one successor, become
several times smaller so, and what one commodity needs lies side by side in memory. The scan here is
that of ``packed`` over contracted paths, kept apart for its speed and tested against it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Floats, Ints, Ragged, Small, compiled
from solvers.network_design.pricing.contraction import Contracted, contract
from solvers.network_design.pricing.packed import PackedCommodities, PackedNetwork
from solvers.network_design.pricing.pricer import Multipliers, Priced, Strong
from solvers.network_design.statement.network import Network


class Asked(NamedTuple):
    """Commodities to price, the value from which their paths are not wanted, and prices.

    ``price`` is that of every sequence of arcs in rows, per dimension; ``where`` is scratch by arc,
    -1 throughout.
    """

    commodity: Ints
    cutoff: Floats
    strong: Strong
    price: Floats
    where: Small


class ContractedPricer:
    """Prices the commodities of one acyclic network, in one thread."""

    def __init__(self, network: Network) -> None:
        self.network = network
        packed = PackedNetwork.of(network, np.zeros(network.rows))
        self._who = packed.who
        self.contracted, self._sequences = contract(network, packed)
        self._arc = network.order[self._sequences.arc]

    def price(self, prices: Multipliers, asked: Ints, cutoff: Floats) -> Priced:
        """Cheapest path of every commodity in ``asked``; paths where cheaper than ``cutoff``."""
        net = self.network
        rho = net.arc_prices(prices.row)[:, self._arc].T
        value, leaving = np.full(len(asked), np.inf), np.zeros(len(asked), np.int64)
        begin = np.zeros(len(asked) + 1, np.int64)
        strong = Strong(prices.strong_start, net.place[prices.strong_arc], prices.strong_price)
        question = Asked(
            asked, cutoff, strong, _summed(self._sequences.shorter, rho),
            np.full(net.problem.arcs, -1, np.int32),
        )  # fmt: skip
        steps = _price_all(question, self.contracted, self._who, (value, leaving, begin))
        found = np.flatnonzero(value < cutoff)
        arcs = Ragged(np.append(begin[found], begin[-1]), net.order[steps])
        return Priced(value, asked[found], leaving[found], arcs, False)


@compiled
def _summed(shorter: Ints, rho: Floats) -> Floats:
    """Price of every sequence of arcs, per dimension."""
    total = np.zeros(rho.shape)
    for s in range(1, len(shorter)):
        for d in range(rho.shape[1]):
            total[s, d] = total[shorter[s], d] + rho[s, d]
    return total


@compiled
def _price_all(
    asked: Asked, paths: Contracted, who: PackedCommodities, out: tuple[Floats, Ints, Ints]
) -> Small:
    """Values, exits and starts of paths into ``out``; the arcs of all paths."""
    value, leaving, begin = out
    found = np.empty(32 * len(value) + 64, np.int32)
    most = paths.nodes.max() if len(paths.nodes) else 0
    dist, last = np.empty(most), np.empty(most, np.int64)
    n = 0
    for j in range(len(value)):
        k = asked.commodity[j]
        dear, before = _surcharged(k, asked, paths)
        _scan(k, paths, who.load, asked.price, (dist, last))
        for i in range(len(dear) - 1, -1, -1):
            if dear[i] >= 0:
                paths.cost[dear[i]] = before[i]
        at = _cheapest_exit(k, who, paths.leave, dist)
        if at >= 0:
            leaving[j] = who.exit[at]
            value[j] = dist[paths.leave[at]] + who.exit_cost[leaving[j]]
        if value[j] < asked.cutoff[j]:
            while n + paths.step_start[k + 1] - paths.step_start[k] > len(found):
                found = np.concatenate((found, np.empty(len(found), np.int32)))
            n = _traced(k, paths.leave[at], last, paths, (found, n))
        begin[j + 1] = n
    return found[:n].copy()


@compiled
def _surcharged(k: int, asked: Asked, paths: Contracted) -> tuple[Ints, Floats]:
    """Add prices of single arcs of ``k`` to its paths: to which, and what they cost before."""
    strong, where = asked.strong, asked.where
    low, high = strong.start[k], strong.start[k + 1]
    at, before = np.full(high - low, -1, np.int64), np.empty(high - low)
    if low == high:
        return at, before
    mine = paths.steps[paths.step_start[k] : paths.step_start[k + 1]]
    for i in range(len(mine)):
        where[mine[i]] = i
    first = paths.first[paths.start[k] : paths.start[k + 1]]
    for i in range(high - low):
        step = where[strong.arc[low + i]]
        if step >= 0:
            at[i] = paths.start[k] + np.searchsorted(first, step, side="right") - 1
            before[i] = paths.cost[at[i]]
            paths.cost[at[i]] += strong.price[low + i]
    where[mine] = -1
    return at, before


@compiled
def _scan(k: int, paths: Contracted, load: Floats, price: Floats, out: tuple[Floats, Ints]) -> None:
    """Distances from the origin, and the last contracted path to every node, into ``out``."""
    dist, last = out
    dist[: paths.nodes[k]] = np.inf
    dist[0], last[0] = 0.0, -1
    for i in range(paths.start[k], paths.start[k + 1]):
        weight = paths.cost[i]
        for d in range(load.shape[1]):
            weight += load[k, d] * price[paths.seen[i], d]
        # Written whether better or not: a store costs less than a branch foretold wrongly.
        there, node = dist[paths.ends[i, 0]] + weight, paths.ends[i, 1]
        least, via = dist[node], last[node]
        dist[node] = there if there < least else least
        last[node] = i if there < least else via


@compiled
def _cheapest_exit(k: int, who: PackedCommodities, leave: Small, dist: Floats) -> int:
    """Where in ``leave`` the cheapest exit is, -1 where none is reached."""
    best, at = np.inf, -1
    for i in range(who.exit_start[k], who.exit_start[k + 1]):
        if leave[i] >= 0 and dist[leave[i]] + who.exit_cost[who.exit[i]] < best:
            best, at = dist[leave[i]] + who.exit_cost[who.exit[i]], i
    return at


@compiled
def _traced(k: int, node: int, last: Ints, paths: Contracted, out: tuple[Small, int]) -> int:
    """Write the arcs of the path to a node, from place ``n`` of ``out``; where they end."""
    found, n = out
    end = n
    while last[node] >= 0:
        c = last[node]
        low, high = paths.step_start[k] + paths.first[c], paths.step_start[k + 1]
        if c + 1 < paths.start[k + 1]:
            high = paths.step_start[k] + paths.first[c + 1]
        for at in range(high - 1, low - 1, -1):
            found[end] = paths.steps[at]
            end += 1
        node = paths.ends[c, 0]
    found[n:end] = found[n:end][::-1].copy()
    return int(end)
