"""What is loaded so far onto a network: paths, room left in every row, designs that run."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.statement.flows import PathFlow, pack
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.result import Solution

WHOLE = 1e-9


class Loaded:
    """What is loaded so far: paths, room left in every row, designs that run."""

    def __init__(self, network: Network, room: Floats, runs: Bools, shut: Bools) -> None:
        self.network = network
        self.room = room
        self.runs = runs
        self.shut = shut
        self.paths: list[tuple[int, Ints, int, float]] = []

    @staticmethod
    def of(network: Network) -> Loaded:
        """Nothing loaded; designs that have to run do."""
        problem = network.problem
        owner = network.row_design
        runs = np.where(owner >= 0, problem.y_max[owner], 1) if problem.designs else 1
        room = np.where(network.row_floor, np.inf, network.row_limit * runs)
        return Loaded(network, room, problem.y_min > 0, problem.y_max == 0)

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
        if amount <= WHOLE:
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
