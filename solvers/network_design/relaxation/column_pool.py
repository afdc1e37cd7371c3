"""Itineraries and strong inequalities shared by solves on the same network.

Problems that differ only in demand, fixed costs, ranges of designs, limits of rows and rights of
commodities have the same arcs, so a path found in one is a path in all whose rights admit it: the
coalitions of a cost game, scenarios of demand, a plan with some departures closed. A pool filled by
the first solve lets the others start with a rich master, where pricing has only little to add;
bounds stay valid, as pricing is exact in any case.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.arrays import Bools, Ints
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution


def _nothing() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass
class Pool:
    """What solves have found so far; ``strong`` pairs are (commodity, arc)."""

    paths: Itineraries = field(default_factory=Itineraries.none)
    strong_commodity: Ints = field(default_factory=_nothing)
    strong_arc: Ints = field(default_factory=_nothing)

    def seed(self, relaxation: Relaxation) -> int:
        """Give a fresh relaxation what fits it; returns the number of new paths.

        Left out are paths of commodities without demand, over arcs that they may not use, and over
        arcs of designs that may not run.
        """
        problem = relaxation.network.problem
        shut = problem.shut(relaxation.high)
        step = self.paths.arcs.owners()
        bad = ~_open(problem, shut, self.paths.commodity[step], self.paths.arcs.values)
        broken = np.bincount(step, weights=bad, minlength=len(self.paths)) > 0.0
        fits = (problem.demand[self.paths.commodity] > 0.0) & ~broken
        new = relaxation.master.add_paths(self.paths.take(np.flatnonzero(fits)))
        pairs = _open(problem, shut, self.strong_commodity, self.strong_arc)
        relaxation.master.add_strong(self.strong_commodity[pairs], self.strong_arc[pairs])
        return new

    def joined(self, other: Pool) -> Pool:
        """What either pool knows."""
        known = set(self.paths.keys())
        keys = other.paths.keys()
        fresh = np.array([i for i, key in enumerate(keys) if key not in known], dtype=np.int64)
        mine = np.column_stack([self.strong_commodity, self.strong_arc])
        theirs = np.column_stack([other.strong_commodity, other.strong_arc])
        pairs = np.unique(np.vstack([mine, theirs]), axis=0)
        whole = self.paths.joined(other.paths.take(fresh))
        return Pool(whole, pairs[:, 0].copy(), pairs[:, 1].copy())

    def set_aside(self, solution: Solution) -> None:
        """Take over the paths of a solution."""
        paths = Itineraries(solution.commodity, solution.path_exit, solution.path_arcs)
        self.paths = self.joined(Pool(paths)).paths

    def harvest(self, relaxation: Relaxation) -> None:
        """Take over what a relaxation ended with."""
        master = relaxation.master
        met = Pool(master.paths, master.strong_commodity, master.strong_arc)
        whole = self.joined(met)
        self.paths = whole.paths
        self.strong_commodity, self.strong_arc = whole.strong_commodity, whole.strong_arc


def _open(problem: NetworkDesign, shut: Bools, commodity: Ints, arc: Ints) -> Bools:
    """Whether each commodity has demand and may use each arc, and the arc's design may run."""
    bit = (problem.allowed[commodity] >> problem.group[arc].astype(np.uint64)) & np.uint64(1)
    return np.asarray((problem.demand[commodity] > 0.0) & (bit == 1) & ~shut[arc], dtype=np.bool_)
