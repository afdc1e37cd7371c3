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

from solvers.arrays import Bools, Floats, Ints, Ragged, compiled
from solvers.network_design.pricing.packed import Packed
from solvers.network_design.statement.flows import PathFlow, pack
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.result import Solution
from solvers.options import Clock

_CLOSINGS = 20
_LAST = 5  #: closings from which on nothing new is opened
_WHOLE = 1e-9
_WORTH = 1.5  #: priced cost, in unserved costs, up to which a path is taken


class Loader:
    """Loads the commodities of one acyclic network, as often as asked."""

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

    def load(self, clock: Clock) -> Solution | None:
        """One solution, its minimum rows kept where designs may be closed; None out of time."""
        problem = self.network.problem
        state = _State.of(self.network)
        turn = np.lexsort((-problem.demand, problem.lot < problem.demand, -self.urgent))
        self._send(state, turn, problem.demand, clock)
        for i in range(_CLOSINGS):
            short = state.short()
            if len(short) == 0 or clock.over:
                break
            ending = i >= _CLOSINGS - _LAST
            many = len(short) if i + 2 >= _CLOSINGS else (len(short) + 2) // 3
            left = state.close(short[:many])
            if ending:
                state.shut |= ~state.runs
            self._send(state, np.flatnonzero(left > 0.0), left, clock)
        if clock.over:
            return None
        solution = state.solution()
        self.urgent += solution.unserved > 0.0
        return solution

    def _send(self, state: _State, turn: Ints, amount: Floats, clock: Clock) -> None:
        for i, k in enumerate(turn.tolist()):
            if i % 256 == 0 and clock.over:
                return
            left = float(amount[k])
            while left > _WHOLE:
                sent = self._send_one(state, k, left)
                if sent <= 0.0:
                    break
                left -= sent

    def _send_one(self, state: _State, k: int, left: float) -> float:
        """Send what the cheapest path with room takes of ``left``; 0 when nothing is worth it."""
        problem, net, packed = self.network.problem, self.network, self.packed
        c = net.sub[k]
        arcs = self.sub[net.sub_start[c] : net.sub_start[c + 1]]
        lot = float(problem.lot[k]) if problem.lot[k] > 0.0 else min(left, 1e-3 * problem.demand[k])
        need = net.load[:, k] * (lot - 1e-9 * lot)
        charge = np.where(state.shut, np.inf, np.where(state.runs, 0.0, self.slope))
        exits = problem.exits[k]
        nodes = problem.exit_node[exits]
        _scan(
            arcs, packed.ends, (packed.costs, packed.factors[:, k].copy(), packed.design),
            (charge * net.load[0, k], need, net.row_dim, packed.rows, state.room),
            (int(problem.origin[k]), nodes), self._work,
        )  # fmt: skip
        value = self._work[0][nodes] + problem.exit_cost[exits]
        best = int(np.argmin(value)) if len(value) else -1
        if best < 0 or not value[best] < _WORTH * problem.unserved_cost[k]:
            return 0.0
        path = self._traced(int(nodes[best]))
        return state.put(k, path, int(exits[best]), left)

    def _traced(self, node: int) -> Ints:
        tail, last = self.packed.ends[0], self._work[1]
        steps = []
        while last[node] >= 0:
            steps.append(int(last[node]))
            node = int(tail[last[node]])
        return self.network.order[np.array(steps[::-1], dtype=np.int64)]


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


class _State:
    """What is loaded so far: paths, room left in every row, designs that run."""

    def __init__(self, network: Network, room: Floats, runs: Bools, shut: Bools) -> None:
        self.network = network
        self.room = room
        self.runs = runs
        self.shut = shut
        self.paths: list[tuple[int, Ints, int, float]] = []

    @staticmethod
    def of(network: Network) -> _State:
        """Nothing loaded; designs that have to run do."""
        problem = network.problem
        owner = network.row_design
        runs = np.where(owner >= 0, problem.y_max[owner], 1) if problem.designs else 1
        room = np.where(network.row_floor, np.inf, network.row_limit * runs)
        return _State(network, room, problem.y_min > 0, problem.y_max == 0)

    def _rows_of(self, arcs: Ints) -> tuple[Ints, Ints]:
        """The ≤ rows that a path meets, and how often."""
        caps = self.network.caps_at
        met = np.concatenate([caps[a] for a in arcs]) if len(arcs) else np.zeros(0, dtype=np.int64)
        rows, times = np.unique(met, return_counts=True)
        return rows, times

    def put(self, k: int, arcs: Ints, leaving: int, left: float) -> float:
        """Load as much of ``left`` as fits, in whole lots; returns it."""
        problem, net = self.network.problem, self.network
        rows, times = self._rows_of(arcs)
        each = net.load[net.row_dim[rows], k] * times
        fits = np.divide(self.room[rows], each, out=np.full(len(rows), np.inf), where=each > 0.0)
        amount = min(left, float(fits.min(initial=np.inf)))
        lot = float(problem.lot[k])
        if lot > 0.0:
            amount = lot * np.floor(amount / lot + 1e-6)
        if amount <= _WHOLE:
            return 0.0
        self.room[rows] -= each * amount
        owner = problem.design[arcs]
        self.runs[owner[owner >= 0]] = True
        self.paths.append((k, arcs, leaving, amount))
        return amount

    def _use(self) -> Floats:
        """Load of every row, ≥ rows included."""
        paths = Itineraries(
            np.array([path[0] for path in self.paths], dtype=np.int64),
            np.array([path[2] for path in self.paths], dtype=np.int64),
            Ragged.of([path[1] for path in self.paths]),
        )
        return paths.row_load(self.network, np.array([path[3] for path in self.paths]))

    def short(self) -> Ints:
        """Running designs that miss a minimum and may be closed, the emptiest first."""
        net, problem = self.network, self.network.problem
        mine = np.flatnonzero(net.row_floor & (net.row_design >= 0) & (net.row_limit > 0.0))
        if len(mine) == 0:
            return mine
        owner = net.row_design[mine]
        part = self._use()[mine] / net.row_limit[mine]
        part[~self.runs[owner] | (problem.y_min[owner] > 0)] = 1.0
        found = np.flatnonzero(part < 1.0 - 1e-9)
        ordered = owner[found[np.argsort(part[found], kind="stable")]]
        return np.array(list(dict.fromkeys(ordered.tolist())), dtype=np.int64)

    def close(self, designs: Ints) -> Floats:
        """Close designs and take their paths off; what is left to load, per commodity."""
        net, problem = self.network, self.network.problem
        gone = np.zeros(problem.designs, dtype=np.bool_)
        gone[designs] = True
        left = np.zeros(problem.commodities)
        kept = []
        for path in self.paths:
            k, arcs, _, amount = path
            owner = problem.design[arcs]
            if not gone[owner[owner >= 0]].any():
                kept.append(path)
                continue
            rows, times = self._rows_of(arcs)
            self.room[rows] += net.load[net.row_dim[rows], k] * times * amount
            left[k] += amount
        self.paths = kept
        self.runs[gone] = False
        self.shut[gone] = True
        return left

    def solution(self) -> Solution:
        """The paths, and every design that runs as often as it may."""
        problem = self.network.problem
        flows = [PathFlow(k, tuple(arcs.tolist()), i, x) for k, arcs, i, x in self.paths]
        moved = np.zeros(problem.commodities)
        for k, _, _, amount in self.paths:
            moved[k] += amount
        unserved = np.maximum(problem.demand - moved, 0.0)
        unserved[unserved < 1e-7 * np.maximum(1.0, problem.demand)] = 0.0
        y = np.where(self.runs, problem.y_max, problem.y_min)
        return pack(flows, y, unserved)
