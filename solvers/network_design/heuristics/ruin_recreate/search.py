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

from copy import copy

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.heuristics.ruin_recreate.data import Now, Parts, State, Work, net_of
from solvers.network_design.heuristics.ruin_recreate.moves import (
    LONG,
    MOST_OUT,
    Luck,
    Out,
    Tools,
    improve,
)
from solvers.network_design.heuristics.ruin_recreate.parts import (
    WHOLE,
    drop,
    load,
    parts_by_row,
    settle,
)
from solvers.network_design.heuristics.ruin_recreate.ways import View
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.places import no_place
from solvers.network_design.statement.result import Solution

_MOVES = 1500  #: of one batch, after which parts are indexed anew
_ADDED = 40  #: parts that a move adds, kept or not
_CLOSINGS = 24
_DRAWS = 65537
_EMPTIED = 400  #: parts that leave an emptied design at most


class Rerouting:
    """Loads the commodities of one acyclic network and improves what is loaded.

    ``row_price`` (per unit of load, shape R) measures what is scarce.
    """

    def __init__(self, network: Network, row_price: Floats, seed: int) -> None:
        self.network = network
        self.random = np.random.default_rng(seed)
        self._net = net_of(network, row_price)
        self._short_price = self._net.design.short_price.copy()
        nodes = network.problem.nodes
        self._work = Work(
            np.full(nodes, np.inf), np.full(nodes, -1, np.int64), np.zeros(network.rows),
            np.full(nodes, -1, np.int64), no_place(network.problem),
        )  # fmt: skip
        self._now = self._settled(_parts(0, 0))

    def _settled(self, parts: Parts) -> Now:
        """An empty network with the given parts put on it."""
        net, problem = self.network, self.network.problem
        runs = np.append(problem.y_max, 1)[net.row_design]
        who, design = self._net.who, self._net.design
        always = ~design.may_stop
        owed = np.append(always, False)[net.row_design] * design.short_price
        cost = who.unserved_cost @ problem.demand + design.fixed[always].sum()
        state = State(
            np.where(net.row_floor, np.inf, net.row_limit * runs), np.zeros(net.rows),
            always.astype(np.int64), problem.demand.copy(),
            np.array([float(cost + owed @ net.row_limit)]),
        )  # fmt: skip
        now = Now(state, parts, self._work)
        settle(self._net, now)
        return now

    def on(self, network: Network, row_price: Floats, seed: int) -> Rerouting:
        """The same parts on the same network with other usable arcs and prices."""
        other = Rerouting(network, row_price, seed)
        other._now = other._settled(_grown(self._now.parts))
        return other

    def load(self, likely: Floats) -> None:
        """Load every commodity that is not yet, the largest first.

        ``likely`` (how far each design runs, 0 to 1) lowers what the start of a design costs.
        """
        problem = self.network.problem
        charge = self._charge(self._net.design.slope * (1.0 - np.clip(likely, 0.0, 1.0)))
        turn = np.lexsort((-problem.demand, problem.lot < problem.demand))
        self._now = self._settled(_grown(self._now.parts, 2 * problem.commodities))
        load(turn, self._net, self._now, View(charge, 1.0))

    def _charge(self, slope: Floats) -> Floats:
        return np.where(self._net.design.never, np.inf, slope)

    def batch(self, heat: float, strictness: float = 1.0) -> int:
        """One batch of moves at a temperature in money; how many were kept.

        A missed minimum costs ``strictness`` times as much as usual.
        """
        self._net.design.short_price[:] = strictness * self._short_price
        self._now = self._settled(_grown(self._now.parts))
        parts, many = self._now.parts, self.network.problem.commodities
        who = parts.commodity[: parts.top[0]]
        whole = np.int64
        tools = Tools(
            *parts_by_row(self._net, parts),
            np.searchsorted(np.sort(who), np.arange(many + 1)), np.argsort(who, kind="stable"),
            np.flatnonzero(self.waiting), self._short(),
            Luck(self.random.random(_DRAWS), np.zeros(1, whole)),
            Out(np.zeros(_EMPTIED, whole), np.zeros(MOST_OUT, whole), np.zeros(2, whole)),
        )  # fmt: skip
        return int(improve(_MOVES, heat, self._net, self._now, tools))

    @property
    def cost(self) -> float:
        """Objective, with missed minima priced."""
        return float(self._now.state.cost[0])

    @property
    def mean_cost(self) -> float:
        """Objective per part."""
        return self.cost / max(int(self._now.parts.on.sum()), 1)

    @property
    def waiting(self) -> Bools:
        """Which commodities are not served in full."""
        return np.asarray(self._now.state.left > WHOLE, dtype=np.bool_)

    def _short(self) -> Ints:
        """Running designs that miss a minimum and may be closed, the emptiest first."""
        net, state = self.network, self._now.state
        owner = net.row_design
        may = np.append((state.uses > 0) & self._net.design.may_stop, False)[owner]
        rows = np.flatnonzero(net.row_floor & may & (state.load < net.row_limit - 1e-6))
        order = np.argsort(state.load[rows] / net.row_limit[rows], kind="stable")
        return np.array(list(dict.fromkeys(owner[rows[order]].tolist())), dtype=np.int64)

    def without_short(self) -> Rerouting | None:
        """A copy where designs that miss a minimum are closed and what they carried is reloaded.

        The emptiest third is closed at a time, at last only what runs is used. None where some
        still miss a minimum after that.
        """
        other = copy(self)
        charge = self._charge(self._net.design.slope)
        for i in range(_CLOSINGS):
            short = other._short()
            if len(short) == 0:
                return other
            gone = np.zeros(len(charge), np.bool_)
            gone[short[: (len(short) + 2) // 3]] = True
            charge[gone] = np.inf
            if i > _CLOSINGS // 2:
                charge[other._now.state.uses == 0] = np.inf
            other._now = other._settled(_grown(other._now.parts))
            drop(gone, other._net, other._now)
            load(np.flatnonzero(other.waiting), other._net, other._now, View(charge, 0.5))
        return other if len(other._short()) == 0 else None

    def solution(self) -> Solution:
        """The parts, those of equal itineraries joined, and every design that is used."""
        net, problem, state = self.network, self.network.problem, self._now.state
        parts = self._now.parts
        at, arcs = _on(parts)
        paths = Itineraries(
            parts.commodity[at], parts.leaving[at], Ragged(arcs.start, net.order[arcs.values])
        )
        where: dict[bytes, int] = {}
        keys = paths.keys()
        which = np.array([where.setdefault(key, len(where)) for key in keys], dtype=np.int64)
        _, first = np.unique(which, return_index=True)
        total = np.bincount(which, weights=parts.amount[at], minlength=len(first))
        kept = paths.take(first.astype(np.int64))
        left: Floats = np.where(self.waiting, state.left, 0.0)
        return Solution(
            np.where(state.uses > 0, problem.y_max, problem.y_min), kept.commodity, kept.arcs,
            kept.path_exit, total.astype(np.float64), left,
        )  # fmt: skip


def _parts(many: int, length: int) -> Parts:
    """Room for so many parts, and so many arcs, and what a batch of moves adds."""
    extra = _ADDED * _MOVES
    n, whole = many + extra, np.int64
    return Parts(
        np.zeros(n, whole), np.zeros(n, whole), np.zeros(n), np.zeros(n, whole),
        np.zeros(n, whole), np.zeros(n), np.zeros(n, np.bool_),
        np.zeros(length + LONG * extra // 2, np.int32), np.zeros(2, whole),
    )  # fmt: skip


def _on(parts: Parts) -> tuple[Ints, Ragged]:
    """Which parts are on the network, and their arcs."""
    at = np.flatnonzero(parts.on[: parts.top[0]])
    size, start = parts.size[at], parts.start[at]
    begin = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    where = np.arange(begin[-1]) + np.repeat(start - begin[:-1], size)
    return at, Ragged(begin, parts.buffer[where].astype(np.int64))


def _grown(parts: Parts, more: int = 0) -> Parts:
    """The parts that are on the network, with room for ``more`` and those of a batch."""
    at, arcs = _on(parts)
    n = len(at)
    made = _parts(n + more, len(arcs.values) + LONG * more)
    for name in ("commodity", "leaving", "amount", "unit"):
        getattr(made, name)[:n] = getattr(parts, name)[at]
    made.start[:n], made.size[:n] = arcs.start[:-1], np.diff(arcs.start)
    made.buffer[: len(arcs.values)] = arcs.values
    made.top[:] = n, len(arcs.values)
    return made
