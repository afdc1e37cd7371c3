"""The pool of itineraries: every path priced so far, with its cost and its use of arcs and rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.result import Solution


@dataclass(frozen=True, slots=True)
class Itineraries:
    """Paths as parallel arrays: commodity, exit (a position in ``exit_node``) and arcs of each."""

    commodity: Ints
    path_exit: Ints
    arcs: Ragged

    def __len__(self) -> int:
        return len(self.commodity)

    @staticmethod
    def of(solution: Solution) -> Itineraries:
        """The paths of a solution."""
        return Itineraries(solution.commodity, solution.path_exit, solution.path_arcs)

    @staticmethod
    def none() -> Itineraries:
        """No path."""
        empty = np.zeros(0, dtype=np.int64)
        return Itineraries(empty, empty, Ragged(np.zeros(1, dtype=np.int64), empty))

    def take(self, which: Ints) -> Itineraries:
        """The paths at the given positions."""
        return Itineraries(self.commodity[which], self.path_exit[which], self.arcs.take(which))

    def joined(self, other: Itineraries) -> Itineraries:
        """These paths followed by others."""
        return Itineraries(
            np.concatenate([self.commodity, other.commodity]),
            np.concatenate([self.path_exit, other.path_exit]),
            Ragged(
                np.concatenate([self.arcs.start[:-1], other.arcs.start + self.arcs.start[-1]]),
                np.concatenate([self.arcs.values, other.arcs.values]),
            ),
        )

    def keys(self) -> list[bytes]:
        """Something equal for equal paths only."""
        start = self.arcs.start.tolist()
        values = self.arcs.values
        ends = zip(self.commodity.tolist(), self.path_exit.tolist(), strict=True)
        return [
            b"%d,%d," % end + values[start[i] : start[i + 1]].tobytes()
            for i, end in enumerate(ends)
        ]

    def unit_cost(self, network: Network) -> Floats:
        """Cost of one unit along each path, exit included."""
        problem = network.problem
        owner, arc = self.arcs.owners(), self.arcs.values
        step = problem.cost[arc].copy()
        for rate, attribute in zip(problem.rate, problem.attribute, strict=True):
            step += rate[self.commodity[owner]] * attribute[arc]
        total = np.bincount(owner, weights=step, minlength=len(self))
        return np.asarray(total + problem.exit_cost[self.path_exit], dtype=np.float64)

    def row_use(self, network: Network) -> csc_array:
        """Load of the whole demand of each path's commodity on each row; rows × paths."""
        owner, arc = self.arcs.owners(), self.arcs.values
        at = network.rows_at
        count = np.diff(at.start)[arc]
        step = np.repeat(np.arange(len(arc)), count)
        offset = np.arange(len(step)) - np.repeat(np.cumsum(count) - count, count)
        row = at.values[at.start[arc[step]] + offset]
        path = owner[step]
        k = self.commodity[path]
        load = network.load[network.row_dim[row], k] * network.problem.demand[k]
        use = csc_array((load, (row, path)), shape=(network.rows, len(self)))
        use.sum_duplicates()
        return use

    def shares(self, network: Network, amount: Floats) -> Floats:
        """Amounts on the paths as shares of their commodities' demands."""
        return np.asarray(amount / network.problem.demand[self.commodity], dtype=np.float64)

    def row_load(self, network: Network, amount: Floats) -> Floats:
        """Load of every row where the paths carry ``amount``."""
        share = self.shares(network, amount)
        return np.asarray(self.row_use(network) @ share, dtype=np.float64)

    def pairs(self, arcs: int) -> Ints:
        """Key ``commodity · arcs + arc`` of every step of every path."""
        return self.commodity[self.arcs.owners()] * arcs + self.arcs.values

    def closed(self, shut: Bools) -> Bools:
        """Whether each path uses one of the arcs marked in ``shut``."""
        hits = np.bincount(self.arcs.owners(), weights=shut[self.arcs.values], minlength=len(self))
        return np.asarray(hits > 0.0, dtype=np.bool_)
