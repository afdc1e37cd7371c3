"""Itineraries and strong inequalities shared by solves on the same network.

Problems that differ only in demand, fixed costs and ranges of designs have the same arcs, so a path
found in one is a path in all: the coalitions of a cost game, scenarios of demand, a plan with some
departures closed. A pool filled by the first solve lets the others start with a rich master, where
pricing has only little to add; bounds stay valid, as pricing is exact in any case.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.itineraries import Itineraries
from solvers.problem import Ints
from solvers.relaxation import Relaxation


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

        Left out are paths of commodities without demand and over arcs of designs that may not run.
        """
        problem = relaxation.network.problem
        wanted = problem.demand > 0.0
        shut = np.zeros(problem.arcs, dtype=np.bool_)
        owned = problem.design >= 0
        shut[owned] = relaxation.high[problem.design[owned]] < 0.5
        fits = wanted[self.paths.commodity] & ~self.paths.closed(shut)
        new = relaxation.master.add_paths(self.paths.take(np.flatnonzero(fits)))
        pairs = wanted[self.strong_commodity] & ~shut[self.strong_arc]
        relaxation.master.add_strong(self.strong_commodity[pairs], self.strong_arc[pairs])
        return new

    def harvest(self, relaxation: Relaxation) -> None:
        """Take over what a relaxation ended with."""
        master = relaxation.master
        known = set(self.paths.keys())
        keys = master.paths.keys()
        fresh = np.array([i for i, key in enumerate(keys) if key not in known], dtype=np.int64)
        self.paths = self.paths.joined(master.paths.take(fresh))
        arcs = relaxation.network.problem.arcs
        both = np.concatenate(
            [
                self.strong_commodity * arcs + self.strong_arc,
                master.strong_commodity * arcs + master.strong_arc,
            ]
        )
        pairs = np.unique(both)
        self.strong_commodity, self.strong_arc = pairs // arcs, pairs % arcs
