"""Ruin and recreate on the itineraries of a solution: for networks too large for a master.

One move takes some parts off the network (a part is an amount of one commodity on one itinerary)
and loads them again, one by one, on the cheapest itinerary with room. Four kinds of moves:

*full*     an unserved commodity asks for its cheapest itinerary whether there is room or not; parts
           leave every row in its way until it fits, it is loaded, and they look for other ways;
*closing*  a design that runs is emptied and may not be used in this move;
*filling*  a design that misses its minimum, or does not run, is offered at less than nothing to
           commodities that may use it;
*loosening* a random part leaves, and parts that share rows with those that left.

Cheapest is measured with random weight on the prices of a relaxation and with a random share of the
fixed cost of designs that do not run yet, so that a move may open some. What a move changes in cost
decides: better is kept, worse with probability ``exp(-change / temperature)``. Minimum rows of
running designs may fall short at a price.

Sources: Schrimpf, Schneider, Stamm-Wilbrandt, Dueck (2000), "Record breaking optimization results
using the ruin and recreate principle", Journal of Computational Physics 159; Pisinger, Ropke
(2007), "A general heuristic for vehicle routing problems", Computers & Operations Research 34.
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats
from solvers.network_design.heuristics.ruin_recreate.moves import (
    MOST_OUT,
    Out,
    RandomBuffer,
    Tools,
    improve,
)
from solvers.network_design.loading.greedy import Construction
from solvers.network_design.loading.parts import parts_by_row
from solvers.network_design.loading.state import grown
from solvers.network_design.statement.network import Network

_MOVES = 1500  #: of one batch, after which parts are indexed anew
_DRAWS = 65537
_EMPTIED = 400  #: parts that leave an emptied design at most


class RuinRecreate(Construction):
    """Improves what is loaded on one acyclic network.

    ``row_price`` (per unit of load, shape R) measures what is scarce.
    """

    def __init__(self, network: Network, row_price: Floats, seed: int) -> None:
        super().__init__(network, row_price)
        self.random = np.random.default_rng(seed)
        self._short_price = self._data.design.short_price.copy()

    def on(self, network: Network, row_price: Floats, seed: int) -> RuinRecreate:
        """The same parts on the same network with other usable arcs and prices."""
        other = RuinRecreate(network, row_price, seed)
        other._now = other._with(grown(self._now.parts))
        return other

    def batch(self, temperature: float, strictness: float = 1.0) -> int:
        """One batch of moves at a temperature in money; how many were kept.

        A missed minimum costs ``strictness`` times as much as usual.
        """
        self._data.design.short_price[:] = strictness * self._short_price
        self._now = self._with(grown(self._now.parts))
        parts, many = self._now.parts, self.network.problem.commodities
        who = parts.commodity[: parts.top[0]]
        whole = np.int64
        tools = Tools(
            *parts_by_row(self._data, parts),
            np.searchsorted(np.sort(who), np.arange(many + 1)), np.argsort(who, kind="stable"),
            np.flatnonzero(self.waiting), self._short(),
            RandomBuffer(self.random.random(_DRAWS), np.zeros(1, whole)),
            Out(np.zeros(_EMPTIED, whole), np.zeros(MOST_OUT, whole), np.zeros(2, whole)),
        )  # fmt: skip
        return int(improve(_MOVES, temperature, self._data, self._now, tools))
