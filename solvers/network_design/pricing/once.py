"""Pricing under the rule that a path comes to no place twice: another pricer's answer, mended."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.pricing.once_kernels import cheapest_once
from solvers.network_design.pricing.packed import PackedNetwork, usable, weights
from solvers.network_design.pricing.pricer import Multipliers, Priced
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.places import no_place, returning


class Pricing(Protocol):
    """Whatever finds the cheapest path of every commodity under prices."""

    def price(self, prices: Multipliers, asked: Ints, cutoff: Floats) -> Priced:
        """Cheapest path of every commodity in ``asked``; paths where cheaper than ``cutoff``."""
        ...


def once(network: Network, inner: Pricing) -> Pricing:
    """The pricer under the rule; itself where the rule is not stated."""
    return OncePricer(network, inner) if network.problem.once else inner


class OncePricer:
    """Prices as ``inner`` does, and again with care where a path comes back to a place.

    Values are exact, or lower bounds of commodities that have no path in the answer.
    """

    def __init__(self, network: Network, inner: Pricing) -> None:
        self.network = network
        self.inner = inner
        self._search = _OnceSearch(network)

    def price(self, prices: Multipliers, asked: Ints, cutoff: Floats) -> Priced:
        """Cheapest path of every commodity in ``asked``; paths where cheaper than ``cutoff``."""
        priced = self.inner.price(prices, asked, cutoff)
        bad = returning(self.network.problem, priced.commodity, priced.arcs)
        if not bad.any():
            return priced
        good = np.flatnonzero(~bad)
        value = priced.value.copy()
        kept = (priced.commodity[good], priced.path_exit[good], priced.arcs.take(good))
        mended: list[tuple[int, int, Ints]] = []
        if not priced.cyclic:
            mended = self._mended(prices, (asked, cutoff), priced, np.flatnonzero(bad), value)
        arcs = Ragged.of([one for _, _, one in mended])
        return Priced(
            value,
            np.concatenate([kept[0], np.array([k for k, _, _ in mended], dtype=np.int64)]),
            np.concatenate([kept[1], np.array([i for _, i, _ in mended], dtype=np.int64)]),
            Ragged(
                np.concatenate([kept[2].start, kept[2].start[-1] + arcs.start[1:]]),
                np.concatenate([kept[2].values, arcs.values]),
            ),
            priced.cyclic,
        )

    def _mended(
        self, prices: Multipliers, asks: tuple[Ints, Floats], priced: Priced, bad: Ints,
        value: Floats,
    ) -> list[tuple[int, int, Ints]]:  # fmt: skip
        """(commodity, exit, arcs) of what replaces the marked paths; values are set as well."""
        problem = self.network.problem
        position = np.empty(problem.commodities, dtype=np.int64)
        position[asks[0]] = np.arange(len(asks[0]))
        self._search.packed.reprice(self.network, prices.row)
        found = []
        for i in bad.tolist():
            k = int(priced.commodity[i])
            worth, at, path = self._search.cheapest(k, prices, problem.arrives[priced.arcs[i]])
            j = position[k]
            value[j] = max(value[j], worth)
            if at >= 0 and worth < asks[1][j]:
                found.append((k, int(problem.exits[k][at]), path))
        return found


class _OnceSearch:
    """Cheapest paths of single commodities of a network under the rule."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.packed = PackedNetwork.of(network, np.zeros(network.rows))
        self._work = np.full(network.problem.nodes, -1, np.int64), no_place(network.problem)
        self._extra = np.zeros(network.problem.arcs)

    def cheapest(self, k: int, prices: Multipliers, met: Ints) -> tuple[float, int, Ints]:
        """Value, position among the exits of ``k`` (-1: none) and arcs of the path.

        ``met``: the places of arrival of a path that is known to come back.
        """
        net, problem, arcs = self.network, self.network.problem, self.packed.arcs
        mine = usable(k, self.packed.who).astype(np.int64)
        exits = problem.exits[k]
        who = (
            int(problem.origin[k]), int(problem.home[k]), problem.exit_node[exits],
            problem.exit_cost[exits],
        )  # fmt: skip
        value, at, path = cheapest_once(
            mine, self._weighed(k, prices), (arcs.tail, arcs.head, arcs.arrives, net.acyclic), who,
            met, self._work,
        )  # fmt: skip
        return float(value), int(at), net.order[mine[path]]

    def _weighed(self, k: int, prices: Multipliers) -> Floats:
        """What a unit of ``k`` pays on its arcs."""
        span = slice(prices.strong_start[k], prices.strong_start[k + 1])
        strong = self.network.place[prices.strong_arc[span]]
        self._extra[strong] = prices.strong_price[span]
        weight = weights(k, self.packed.who.factor[k], self.packed, self._extra, None)
        self._extra[strong] = 0.0
        return weight
