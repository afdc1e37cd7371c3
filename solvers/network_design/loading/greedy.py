"""Greedy construction: each commodity on its cheapest path with room, one after the other.

Nothing is loaded where the network has cycles. A commodity is sent lot by lot. A design that does
not run yet charges its slope, its fixed cost over its capacity per unit of load and leg; once it
runs it charges nothing more, so that what follows fills it. Designs that miss their minimum
afterwards are closed, the emptiest third of them at a time, and what they carried is loaded again;
in the end only what runs is used. Nothing here proves anything; it is quick.
"""

from __future__ import annotations

from copy import copy
from typing import TypeVar

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.loading.parts import WHOLE, drop, insert_all, load
from solvers.network_design.loading.state import (
    Parts,
    Scratch,
    SearchState,
    State,
    grown,
    no_parts,
    on_network,
    parts_of,
    static_data,
)
from solvers.network_design.loading.ways import View
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import runs_behind
from solvers.network_design.statement.result import Solution
from solvers.options import Clock

_CLOSINGS = 24
_PER_LOOK = 256  #: commodities loaded between looks at the clock

Kind = TypeVar("Kind", bound="Construction")


def greedy(network: Network, clock: Clock) -> Solution:
    """A first solution, its minimum rows kept where designs may be closed.

    What is not loaded when the clock is over stays behind.
    """
    made = Construction(network, np.zeros(network.rows))
    made.load(np.zeros(network.problem.designs), clock)
    sound = made.without_short() if not clock.over else None
    return (sound or made.emptied()).solution()


class Construction:
    """Loads the commodities of one network; nothing where it has cycles.

    ``row_price`` (per unit of load, shape R) measures what is scarce.
    """

    def __init__(self, network: Network, row_price: Floats) -> None:
        self.network = network
        self._data = static_data(network, row_price)
        self._scratch = Scratch.of(network)
        self._now = self._with(no_parts())

    def _with(self, parts: Parts) -> SearchState:
        """An empty network with the given parts put on it."""
        net, problem = self.network, self.network.problem
        runs = runs_behind(net.row_design, problem.y_max)
        who, design = self._data.who, self._data.design
        always = ~design.may_stop
        owed = np.append(always, False)[net.row_design] * design.short_price
        cost = who.unserved_cost @ problem.demand + design.fixed[always].sum()
        state = State(
            np.where(net.row_floor, np.inf, net.row_limit * runs), np.zeros(net.rows),
            always.astype(np.int64), problem.demand.copy(),
            np.array([float(cost + owed @ net.row_limit)]),
        )  # fmt: skip
        now = SearchState(state, parts, self._scratch)
        insert_all(self._data, now)
        return now

    def put(self, paths: Itineraries, amount: Floats) -> None:
        """Put flows that are known on the network, whether there is room or not."""
        self._now = self._with(parts_of(self.network, paths, amount))

    def load(self, likely: Floats, clock: Clock | None = None) -> None:
        """Load every commodity that is not yet, the largest first, until ``clock`` is over.

        ``likely`` (how far each design runs, 0 to 1) lowers what the start of a design costs.
        """
        problem = self.network.problem
        if not self.network.acyclic:
            return
        charge = self._charge(self._data.design.slope * (1.0 - np.clip(likely, 0.0, 1.0)))
        turn = np.lexsort((-problem.demand, problem.lot < problem.demand))
        self._now = self._with(grown(self._now.parts, 2 * problem.commodities))
        for begin in range(0, len(turn), _PER_LOOK):
            if clock is not None and clock.over:
                return
            load(turn[begin : begin + _PER_LOOK], self._data, self._now, View(charge, 1.0))

    def _charge(self, slope: Floats) -> Floats:
        return np.where(self._data.design.never, np.inf, slope)

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
        may = np.append((state.uses > 0) & self._data.design.may_stop, False)[owner]
        rows = np.flatnonzero(net.row_floor & may & (state.load < net.row_limit - 1e-6))
        order = np.argsort(state.load[rows] / net.row_limit[rows], kind="stable")
        return np.array(list(dict.fromkeys(owner[rows[order]].tolist())), dtype=np.int64)

    def emptied(self: Kind) -> Kind:
        """A copy where designs that miss a minimum are closed; what they carried stays behind."""
        other = copy(self)
        short = other._short()
        while len(short):
            other._close(short[: (len(short) + 2) // 3])
            short = other._short()
        return other

    def _close(self, designs: Ints) -> None:
        """Take everything off some designs."""
        gone = np.zeros(self.network.problem.designs, np.bool_)
        gone[designs] = True
        self._now = self._with(grown(self._now.parts))
        drop(gone, self._data, self._now)

    def without_short(self: Kind) -> Kind | None:
        """A copy where designs that miss a minimum are closed and what they carried is reloaded.

        The emptiest third is closed at a time, at last only what runs is used. None where some
        still miss a minimum after that.
        """
        other = copy(self)
        charge = self._charge(self._data.design.slope)
        for i in range(_CLOSINGS):
            short = other._short()
            if len(short) == 0:
                return other
            closing = short[: (len(short) + 2) // 3]
            charge[closing] = np.inf
            if i > _CLOSINGS // 2:
                charge[other._now.state.uses == 0] = np.inf
            other._close(closing)
            if self.network.acyclic:
                load(np.flatnonzero(other.waiting), other._data, other._now, View(charge, 0.5))
        return other if len(other._short()) == 0 else None

    def solution(self) -> Solution:
        """The parts, those of equal itineraries joined, and every design that is used."""
        net, problem, state = self.network, self.network.problem, self._now.state
        parts = self._now.parts
        at, arcs = on_network(parts)
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
