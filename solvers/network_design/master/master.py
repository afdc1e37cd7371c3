"""The master linear program over itineraries, kept in HiGHS and grown by columns and rows.

Variables are shares: ``λ[p] ∈ [0, 1]`` of the demand of commodity ``k(p)`` on path ``p``,
``z[k] ∈ [0, 1]`` share unserved, ``y[s] ∈ [y_min, y_max]``, ``t[r] ≥ 0`` shortfall of a minimum
row that cannot be switched off.

    min  Σ_s f[s] y[s] + Σ_p q[k(p)] cost(p) λ[p] + Σ_k q[k] p̂[k] z[k] + Σ_r P t[r]
    s.t. Σ_{p of k} λ[p] + z[k] = 1                                        ∀ k        (convexity)
         (1/limit[r]) Σ_p use(p, r) λ[p] ≤ y[s_r]   or 1                   ∀ r of sense ≤
         (1/limit[r]) Σ_p use(p, r) λ[p] + t[r] ≥ y[s_r]   or 1            ∀ r of sense ≥
         Σ_{p of k, a∈p} λ[p] ≤ (b[k,a] / q[k]) y[design[a]]               pairs (k, a) met so far
         Σ_s w[s] y[s] - Σ_{p,a} g[k(p),a] q[k(p)] λ[p] ≥ w0               cuts met so far

``p̂`` is ``p`` where finite, else a penalty; ``P`` is a penalty. With penalties in use the value of
the master is no price of anything; the Lagrangian bound of
:mod:`solvers.network_design.master.lagrangian` never uses them.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

from solvers.arrays import Bools, Floats, Ints
from solvers.linear.backends.warm_highs import WarmHighs
from solvers.linear.model import LinearModel
from solvers.network_design.master.cuts import Cut, Cuts
from solvers.network_design.master.initial import initial_program, shortfalls
from solvers.network_design.master.point import Point, Prices
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.options import Cancel


class Master:
    """A growing master; positions of paths, strong inequalities and cuts are those of adding."""

    def __init__(self, network: Network, unit: float, penalty: float, threads: int = 1) -> None:
        self.network = network
        self.unit = unit
        self.penalty = penalty
        self.paths = Itineraries.none()
        self.unit_cost: Floats = np.zeros(0)
        self.fixed_cost: Floats = network.problem.fixed_cost
        self.strong_commodity: Ints = np.zeros(0, dtype=np.int64)
        self.strong_arc: Ints = np.zeros(0, dtype=np.int64)
        self.strong_limit: Floats = np.zeros(0)
        self.cuts = Cuts(network.problem.arcs)
        self._known: set[bytes] = set()
        self._relaxed: Bools = np.zeros(0, dtype=np.bool_)
        self._range: tuple[Floats, Floats] = (
            network.problem.y_min.astype(np.float64), network.problem.y_max.astype(np.float64)
        )  # fmt: skip
        self._dynamic: Ints = np.zeros(0, dtype=np.int64)
        limit = network.row_limit
        self._scale = np.where(limit > 0.0, limit, 1.0)
        self._highs = WarmHighs(threads)
        self._forced = shortfalls(network)
        self._highs.passModel(initial_program(network, unit, penalty))

    def stop_with(self, cancel: Cancel) -> None:
        """End a solve early once ``cancel`` is raised; worth the looks at it on large masters."""
        self._highs.stop_with(cancel)

    @property
    def first_path(self) -> int:
        """Column of the first path."""
        problem = self.network.problem
        return problem.designs + problem.commodities + len(self._forced)

    @property
    def first_cut(self) -> int:
        """Row of the first strong inequality or cut."""
        return self.network.problem.commodities + self.network.rows

    def add_paths(self, found: Itineraries) -> int:
        """Add the paths not known yet; returns how many were new."""
        fresh = []
        for i, key in enumerate(found.keys()):
            if key not in self._known:
                self._known.add(key)
                fresh.append(i)
        if not fresh:
            return 0
        new = found.take(np.array(fresh, dtype=np.int64))
        unit_cost = new.unit_cost(self.network)
        matrix = self._coefficients(new)
        cost = unit_cost * self.network.problem.demand[new.commodity] / self.unit
        many = len(new)
        self._highs.addCols(
            many, cost, np.zeros(many), np.full(many, highspy.kHighsInf), matrix.nnz,
            matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        )  # fmt: skip
        self.paths = self.paths.joined(new)
        self.unit_cost = np.concatenate([self.unit_cost, unit_cost])
        return many

    def _coefficients(self, new: Itineraries) -> csc_array:
        """All master rows × the new paths."""
        count = self.network.problem.commodities
        use = new.row_use(self.network)
        row: list[Ints] = [new.commodity, count + use.indices.astype(np.int64)]
        column = [np.arange(len(new)), np.repeat(np.arange(len(new)), np.diff(use.indptr))]
        value = [np.ones(len(new)), use.data / self._scale[use.indices]]
        if len(self.strong_commodity):
            arcs = self.network.problem.arcs
            mine = self.strong_commodity * arcs + self.strong_arc
            order = np.argsort(mine)
            key = new.pairs(arcs)
            at = np.minimum(np.searchsorted(mine[order], key), len(order) - 1)
            hit = np.flatnonzero(mine[order[at]] == key)
            row.append(self.first_cut + self._strong_rows()[order[at[hit]]])
            column.append(new.arcs.owners()[hit])
            value.append(np.ones(len(hit)))
        cut, path, worth = self.cuts.steps(new)
        row.append(self.first_cut + np.flatnonzero(self._dynamic == 1)[cut])
        column.append(path)
        value.append(-worth * self.network.problem.demand[new.commodity[path]])
        shape = (self.first_cut + len(self._dynamic), len(new))
        return csc_array(
            (np.concatenate(value), (np.concatenate(row), np.concatenate(column))), shape=shape
        )

    def _strong_rows(self) -> Ints:
        return np.flatnonzero(self._dynamic == 0)

    def add_strong(self, commodity: Ints, arc: Ints) -> None:
        """State the strong inequalities of pairs that have none yet."""
        net, problem = self.network, self.network.problem
        many = len(arc)
        if many == 0:
            return
        key = commodity * problem.arcs + arc
        order = np.argsort(key)
        steps = self.paths.pairs(problem.arcs)
        at = np.minimum(np.searchsorted(key[order], steps), many - 1)
        hit = np.flatnonzero(key[order[at]] == steps)
        limit = net.strong(commodity, arc)
        row = np.concatenate([order[at[hit]], np.arange(many)])
        column = np.concatenate(
            [self.first_path + self.paths.arcs.owners()[hit], problem.design[arc]]
        )
        value = np.concatenate([np.ones(len(hit)), -limit / problem.demand[commodity]])
        self._add_rows(row, column, value, np.full(many, -highspy.kHighsInf), np.zeros(many))
        self.strong_commodity = np.concatenate([self.strong_commodity, commodity])
        self.strong_arc = np.concatenate([self.strong_arc, arc])
        self.strong_limit = np.concatenate([self.strong_limit, limit])
        self._dynamic = np.concatenate([self._dynamic, np.zeros(many, dtype=np.int64)])

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """State cuts on designs and flows."""
        if not cuts:
            return
        first, many = len(self.cuts), len(cuts)
        self.cuts.add(cuts)
        self._relaxed = np.concatenate([self._relaxed, np.zeros(many, dtype=np.bool_)])
        cut, path, worth = self.cuts.steps(self.paths)
        new = cut >= first
        demand = self.network.problem.demand[self.paths.commodity[path[new]]]
        shape = (many, self.first_path + len(self.paths))
        flows = csr_array(
            (-worth[new] * demand, (cut[new] - first, self.first_path + path[new])), shape=shape
        )
        flows.sum_duplicates()
        own = np.repeat(np.arange(many), [len(one.design) for one in cuts])
        flow_row = np.repeat(np.arange(many), np.diff(flows.indptr))
        self._add_rows(
            np.concatenate([own, flow_row]),
            np.concatenate([*(one.design for one in cuts), flows.indices]),
            np.concatenate([*(one.weight for one in cuts), flows.data]),
            np.array([one.least for one in cuts]), np.full(many, highspy.kHighsInf),
        )  # fmt: skip
        self._dynamic = np.concatenate([self._dynamic, np.ones(many, dtype=np.int64)])
        self._relax_unmet()

    def _add_rows(self, row: Ints, column: Ints, value: Floats, low: Floats, high: Floats) -> None:
        order = np.argsort(row, kind="stable")
        start = np.searchsorted(row[order], np.arange(len(low)))
        self._highs.addRows(
            len(low), low, high, len(row), start.astype(np.int32),
            column[order].astype(np.int32), value[order],
        )  # fmt: skip

    def bound_designs(self, low: Floats, high: Floats) -> None:
        """Set the range of every design; cuts that none of these runs meet are relaxed meanwhile.

        What such cuts forbid shows as penalties of minimum rows then, so there always is a point.
        """
        many = len(low)
        self._highs.changeColsBounds(many, np.arange(many, dtype=np.int32), low, high)
        self._range = (low, high)
        self._relax_unmet()

    def _relax_unmet(self) -> None:
        """Relax the cuts that the present ranges do not meet, put the others back."""
        unmet = self.cuts.unmet(*self._range)
        rows = self.first_cut + np.flatnonzero(self._dynamic == 1)
        for j in np.flatnonzero(unmet != self._relaxed).tolist():
            least = -highspy.kHighsInf if unmet[j] else float(self.cuts.least[j])
            self._highs.changeRowBounds(int(rows[j]), least, highspy.kHighsInf)
        self._relaxed = unmet

    def linear(self) -> LinearModel:
        """The master as it stands, penalties included, costs divided by ``unit``."""
        return self._highs.linear()

    def strong_keys(self) -> Ints:
        """Key ``commodity · arcs + arc`` of every strong inequality stated."""
        return self.strong_commodity * self.network.problem.arcs + self.strong_arc

    def raise_penalty(self, factor: float) -> None:
        """Make unserved demand and missed minima dearer."""
        self.penalty *= factor
        problem = self.network.problem
        must = np.flatnonzero(~np.isfinite(problem.unserved_cost))
        short = problem.designs + problem.commodities + np.arange(len(self._forced))
        where = np.concatenate([problem.designs + must, short]).astype(np.int32)
        size = np.concatenate([problem.demand[must], self._scale[self._forced]])
        self._highs.changeColsCost(len(where), where, size * self.penalty / self.unit)

    def charge_designs(self, fixed_cost: Floats) -> None:
        """Set the cost of one run of every design, for searches under changed costs."""
        self.fixed_cost = fixed_cost
        many = len(fixed_cost)
        self._highs.changeColsCost(many, np.arange(many, dtype=np.int32), fixed_cost / self.unit)

    def solve(self, seconds: float = float("inf"), interior: bool = False) -> Point | None:
        """Optimum of the current master; None when time ran out. Raises SolverFailed.

        ``interior`` asks for a central point near the optimum, see :class:`WarmHighs`.
        """
        return self._point() if self._highs.reoptimize(seconds, interior) else None

    def probe(
        self, s: int, ranges: tuple[float, float], now: tuple[float, float], iterations: int
    ) -> float:
        """Value with other ``ranges`` of design ``s``, after so many simplex iterations from here.

        The design is given its range of ``now`` again, and the master is left as it was. Meant to
        foresee what a branch is worth: no bound.
        """
        return self._highs.probe(s, ranges, now, iterations) * self.unit

    def _point(self) -> Point:
        problem = self.network.problem
        solution = self._highs.getSolution()
        column = np.array(solution.col_value)
        dual = np.array(solution.row_dual) * self.unit
        count, first = problem.commodities, self.first_cut
        demand = np.where(problem.demand > 0.0, problem.demand, 1.0)
        row = -dual[count:first] / self._scale
        row = np.where(self.network.row_floor, np.minimum(row, 0.0), np.maximum(row, 0.0))
        strong = np.maximum(-dual[first:][self._dynamic == 0], 0.0)
        strong = strong / problem.demand[self.strong_commodity]
        cut = np.maximum(dual[first:][self._dynamic == 1], 0.0)
        ends = np.cumsum([problem.designs, count, len(self._forced)])
        unserved = column[ends[0] : ends[1]]
        must = unserved[~np.isfinite(problem.unserved_cost)]
        missing = column[ends[1] : ends[2]]
        owner = self.network.row_design[self._forced[missing > 1e-7]]
        return Point(
            value=self._highs.getObjectiveValue() * self.unit,
            y=column[: ends[0]],
            share=column[ends[2] :],
            unserved=unserved,
            penalty=float(must.sum() + missing.sum()),
            prices=Prices(row, strong, cut, dual[:count] / demand),
            short=np.unique(owner[owner >= 0]),
        )
