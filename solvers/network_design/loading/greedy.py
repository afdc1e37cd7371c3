"""Loading one commodity after the other on its cheapest itinerary with room: a first solution.

Each commodity is sent lot by lot along the cheapest path whose rows have room for a lot. A design
that does not run yet charges its fixed cost over its capacity per unit of load and leg; once it
runs it charges nothing more, so that what follows fills it. Designs that miss their minimum
afterwards are closed, the emptiest third of them at a time, and what they carried is loaded again.
What stays behind comes first in the next round ("squeaky wheel": Joslin, Clements 1999, JAIR 10).
Nothing here proves anything; it is quick.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.arrays import Bools, Floats, Ints, compiled
from solvers.network_design.loading.loaded import WHOLE, Loaded
from solvers.network_design.pricing.once import OnceSearch
from solvers.network_design.pricing.packed import Packed
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.result import Solution
from solvers.options import Clock

_CLOSINGS = 20
_LAST = 5  #: closings from which on nothing new is opened
_WORTH = 1.5  #: priced cost, in unserved costs, up to which a path is taken


class Loader:
    """Loads the commodities of one network, as often as asked; nothing where it has cycles."""

    def __init__(self, network: Network) -> None:
        problem = network.problem
        self.network = network
        self.packed = Packed.of(network, np.zeros(network.rows))
        self.sub = network.place[network.sub_arcs].astype(np.int32)
        owned = (network.row_design >= 0) & ~network.row_floor & (network.row_limit > 0.0)
        legs = np.bincount(network.row_design[owned], minlength=max(problem.designs, 1))
        room = np.full(problem.designs, np.inf)
        np.minimum.at(room, network.row_design[owned], network.row_limit[owned])
        share = np.maximum(room, 1.0) * np.maximum(legs[: problem.designs], 1)
        self.slope: Floats = np.maximum(problem.fixed_cost, 0.0) / share
        self.urgent: Floats = np.zeros(problem.commodities)
        self._work = (np.full(problem.nodes, np.inf), np.full(problem.nodes, -1, np.int64))
        self._once = OnceSearch(network) if problem.once else None

    def load(self, clock: Clock) -> Solution:
        """One solution, its minimum rows kept where designs may be closed.

        What is not loaded when the clock is over stays behind.
        """
        problem = self.network.problem
        state = Loaded.of(self.network)
        turn = np.lexsort((-problem.demand, problem.lot < problem.demand, -self.urgent))
        self._send(state, turn, problem.demand, clock)
        self._close(state, clock)
        solution = state.solution()
        self.urgent += solution.unserved > 0.0
        return solution

    def mended(self, known: Solution, gone: Bools, clock: Clock) -> Solution:
        """A solution without the paths marked ``gone``: what they carried is loaded anew.

        What finds no way until the clock is over stays behind, and so does what travels on designs
        that miss their minimum then.
        """
        state = Loaded.of(self.network)
        left = np.zeros(self.network.problem.commodities)
        for i, k in enumerate(known.commodity.tolist()):
            if gone[i]:
                left[k] += known.amount[i]
            else:
                state.put(k, known.path_arcs[i], int(known.path_exit[i]), float(known.amount[i]))
        self._send(state, np.flatnonzero(left > 0.0), left, clock)
        self._close(state, clock)
        return state.solution()

    def _close(self, state: Loaded, clock: Clock) -> None:
        """Close designs that miss a minimum, load anew what they carried, until none does."""
        for i in range(_CLOSINGS):
            short = state.short()
            if len(short) == 0:
                break
            ending = i >= _CLOSINGS - _LAST
            many = len(short) if i + 2 >= _CLOSINGS else (len(short) + 2) // 3
            left = state.close(short[:many])
            if ending:
                state.shut |= ~state.runs
            self._send(state, np.flatnonzero(left > 0.0), left, clock)

    def _send(self, state: Loaded, turn: Ints, amount: Floats, clock: Clock) -> None:
        if not self.network.acyclic:
            return
        for i, k in enumerate(turn.tolist()):
            if i % 256 == 0 and clock.over:
                return
            left = float(amount[k])
            while left > WHOLE:
                sent = self._send_one(state, k, left)
                if sent <= 0.0:
                    break
                left -= sent

    def _send_one(self, state: Loaded, k: int, left: float) -> float:
        """Send what the cheapest path with room takes of ``left``; 0 when nothing is worth it."""
        problem, net, packed = self.network.problem, self.network, self.packed
        c = net.sub[k]
        arcs = self.sub[net.sub_start[c] : net.sub_start[c + 1]]
        lot = float(problem.lot[k]) if problem.lot[k] > 0.0 else min(left, 1e-3 * problem.demand[k])
        need = net.load[:, k] * (lot - 1e-9 * lot)
        charge = np.where(state.shut, np.inf, np.where(state.runs, 0.0, self.slope))
        exits = problem.exits[k]
        nodes = problem.exit_node[exits]
        costs = (packed.costs, packed.factors[:, k].copy(), packed.design)
        gates = (charge * net.load[0, k], need, net.row_dim, packed.rows, state.room)
        _scan(arcs, packed.ends, costs, gates, (int(problem.origin[k]), nodes), self._work)
        value = self._work[0][nodes] + problem.exit_cost[exits]
        best = int(np.argmin(value)) if len(value) else -1
        if best < 0 or not value[best] < _WORTH * problem.unserved_cost[k]:
            return 0.0
        path = self._traced(int(nodes[best]))
        if self._once is not None and self._once.comes_back(k, path):
            mine, weight = net.order[arcs], _weights(arcs, costs, gates)
            worth, best, steps = self._once.cheapest(k, mine, weight, problem.arrives[path])
            if best < 0 or not worth < _WORTH * problem.unserved_cost[k]:
                return 0.0
            path = mine[steps]
        return state.put(k, path, int(exits[best]), left)

    def _traced(self, node: int) -> Ints:
        tail, last = self.packed.ends[0], self._work[1]
        steps = []
        while last[node] >= 0:
            steps.append(int(last[node]))
            node = int(tail[last[node]])
        return self.network.order[np.array(steps[::-1], dtype=np.int64)]


@compiled
def _weights(arcs: Any, costs: Any, gates: Any) -> Any:
    """What a unit pays on each arc, ``inf`` where there is no room for one lot."""
    packed, factor, design = costs
    charge, need, row_dim, rows, room = gates
    found = np.zeros(len(arcs))
    for i in range(len(arcs)):
        a = arcs[i]
        for j in range(len(factor)):
            found[i] += factor[j] * packed[a, j]
        if design[a] >= 0:
            found[i] += charge[design[a]]
        if not _has_room(a, need, row_dim, rows, room):
            found[i] = np.inf
    return found


@compiled
def _scan(arcs: Any, ends: Any, costs: Any, gates: Any, between: Any, work: Any) -> None:
    """Cheapest path over arcs with room for one lot, in topological order."""
    tail, head = ends
    packed, factor, design = costs
    charge, need, row_dim, rows, room = gates
    origin, exits = between
    dist, last = work
    for n in exits:
        dist[n] = np.inf
    for a in arcs:
        dist[head[a]] = np.inf
    dist[origin] = 0.0
    last[origin] = -1
    for a in arcs:
        there = dist[tail[a]]
        if there == np.inf:
            continue
        for j in range(len(factor)):
            there += factor[j] * packed[a, j]
        if design[a] >= 0:
            there += charge[design[a]]
        if there < dist[head[a]] and _has_room(a, need, row_dim, rows, room):
            dist[head[a]] = there
            last[head[a]] = a


@compiled
def _has_room(a: int, need: Any, row_dim: Any, rows: Any, room: Any) -> bool:
    for j in range(rows[0][a], rows[0][a + 1]):
        r = rows[1][j]
        if room[r] < need[row_dim[r]]:
            return False
    return True
