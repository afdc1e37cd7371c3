"""Pricing under the rule that a path comes to no place twice: another pricer's answer, mended."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.pricing.once_kernels import cheapest_once
from solvers.network_design.pricing.pricer import Multipliers, Priced, weigh
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.places import comes_back, no_place, returning


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
        rho = np.ascontiguousarray(self.network.arc_prices(prices.row))
        cost = (problem.cost, problem.attribute, problem.rate, rho, self.network.load)
        strong = (prices.strong_start, prices.strong_arc, prices.strong_price)
        search = OnceSearch(self.network)
        found = []
        for i in bad.tolist():
            k = int(priced.commodity[i])
            mine, weight = search.weighed(k, cost, strong)
            worth, at, path = search.cheapest(k, mine, weight, problem.arrives[priced.arcs[i]])
            j = position[k]
            value[j] = max(value[j], worth)
            if at >= 0 and worth < asks[1][j]:
                found.append((k, int(problem.exits[k][at]), mine[path]))
        return found


class OnceSearch:
    """Cheapest paths of single commodities of a network under the rule."""

    def __init__(self, network: Network) -> None:
        problem = network.problem
        self.network = network
        self._net = (problem.tail, problem.head, problem.arrives, network.acyclic)
        self._work = np.full(problem.nodes, -1, np.int64), no_place(problem)
        self._extra = np.zeros(problem.arcs)
        self._weight = np.empty(problem.arcs)

    def weighed(
        self, k: int, cost: tuple[Any, ...], strong: tuple[Any, ...]
    ) -> tuple[Ints, Floats]:
        """Usable arcs of ``k`` and what a unit pays on them under the prices."""
        mine = self.network.usable(k).astype(np.int64)
        span = slice(strong[0][k], strong[0][k + 1])
        self._extra[strong[1][span]] = strong[2][span]
        weigh(k, mine, cost, self._extra, self._weight)
        self._extra[strong[1][span]] = 0.0
        return mine, self._weight[mine]

    def comes_back(self, k: int, path: Ints) -> bool:
        """Whether a path of ``k`` comes to a place twice."""
        problem = self.network.problem
        return comes_back(path, problem.arrives, int(problem.home[k]), self._work[1])

    def cheapest(self, k: int, mine: Ints, weight: Floats, met: Ints) -> tuple[float, int, Ints]:
        """Value, position among the exits of ``k`` (-1: none) and path, by positions in ``mine``.

        ``met``: the places of arrival of a path that is known to come back.
        """
        problem = self.network.problem
        exits = problem.exits[k]
        who = (
            int(problem.origin[k]), int(problem.home[k]), problem.exit_node[exits],
            problem.exit_cost[exits],
        )  # fmt: skip
        value, at, path = cheapest_once(mine, weight, self._net, who, met, self._work)
        return float(value), int(at), path
