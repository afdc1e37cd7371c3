"""A small depth-first branch and bound on a linear model with few integer columns.

Made for restricted programs whose linear relaxation is already strong: no cuts, presolve once, warm
dual simplex at every node, pseudo-cost branching (Bénichou et al. 1971) with a few iterations to
foresee what is not known yet, the child that the relaxation leans to first, then the open node of
least bound. Every node offers its point with all integer columns rounded up, which is feasible
where integer columns only open capacity.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

from solvers.arrays import Floats, Ints
from solvers.linear.backends.highs import QuietHighs, load
from solvers.linear.model import LinearModel
from solvers.linear.pseudo_costs import PseudoCosts
from solvers.options import Clock
from solvers.outcome import SolverFailed

_STATUS = highspy.HighsModelStatus
_WHOLE = 1e-6
_LEAST_RISE = 1e-6
_PROBED = 8  #: columns of a node that may be probed
_PROBE_ITERATIONS = 30


@dataclass(frozen=True, slots=True)
class TreeResult:
    """Best values found (all columns of the model) or None, their value, and a proved bound."""

    values: Floats | None
    objective: float
    bound: float
    nodes: int
    effort: float = 0.0


@dataclass(slots=True)
class _Node:
    """Ranges of the integer columns, the bound of the parent, and the branch that led here."""

    bound: float
    low: Floats
    high: Floats
    column: int = -1
    up: int = 0
    step: float = 0.0


def branch_and_bound(
    model: LinearModel, clock: Clock, cutoff: float, effort: float = np.inf, gap: float = 1e-5
) -> TreeResult:
    """Search for values cheaper than ``cutoff`` until proved to ``gap``.

    Ends early when the clock is over or when ``effort``, simplex iterations times the rows and
    columns of the presolved model in millions, is spent: a measure that does not depend on the
    speed of the machine. Raises SolverFailed when HiGHS refuses the model.
    """
    outer = load(model)
    outer.setOptionValue("threads", 1)
    state = outer.presolve()
    if state == highspy.HighsStatus.kError:
        outer.resetGlobalScheduler(True)
        state = outer.presolve()
    if outer.getModelPresolveStatus() == highspy.HighsPresolveStatus.kInfeasible:
        return TreeResult(None, cutoff, cutoff, 0)
    reduced = outer.getPresolvedLp()
    if reduced.num_col_ == 0 or reduced.num_row_ == 0:
        return _settled(outer, model, cutoff)
    search = _Search(reduced, cutoff, gap)
    search.run(clock, effort)
    if search.values is None:
        return TreeResult(None, cutoff, search.bound(), search.nodes, search.effort)
    values = _postsolved(outer, search.values)
    return TreeResult(values, model.value(values), search.bound(), search.nodes, search.effort)


def _settled(outer: QuietHighs, model: LinearModel, cutoff: float) -> TreeResult:
    """The answer where presolve leaves nothing to search."""
    outer.run()
    if outer.getModelStatus() != _STATUS.kOptimal:
        return TreeResult(None, cutoff, cutoff, 0)
    values = np.array(outer.getSolution().col_value)
    value = model.value(values)
    better = value < cutoff - 1e-9 * max(1.0, abs(cutoff))
    return TreeResult(values, value, value, 0) if better else TreeResult(None, cutoff, cutoff, 0)


def _postsolved(outer: QuietHighs, values: Floats) -> Floats:
    given = highspy.HighsSolution()
    given.col_value = values
    if outer.postsolve(given) == highspy.HighsStatus.kError:
        raise SolverFailed("HiGHS cannot undo its presolve. Solve without presolve.")
    return np.array(outer.getSolution().col_value)


class _Search:
    """The tree on a presolved model."""

    def __init__(self, lp: highspy.HighsLp, cutoff: float, gap: float) -> None:
        kinds = lp.integrality_
        whole = highspy.HighsVarType.kInteger
        self.integer = np.array(
            [j for j, kind in enumerate(kinds) if kind == whole], dtype=np.int32
        )
        self.cost = np.array(lp.col_cost_)
        self.offset = float(lp.offset_)
        self.limits = (np.array(lp.row_lower_), np.array(lp.row_upper_))
        self.matrix = _by_row(lp)
        self.low, self.high = np.array(lp.col_lower_), np.array(lp.col_upper_)
        lp.integrality_ = []
        self.highs = QuietHighs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("presolve", "off")
        self.highs.passModel(lp)
        self.values: Floats | None = None
        self.best = cutoff
        self.gap = gap
        self.nodes = 0
        self.effort = 0.0
        self._size = 1e-6 * (len(self.cost) + self.matrix.shape[0])
        self._costs = PseudoCosts(np.abs(self.cost[self.integer]) + 1e-9, _LEAST_RISE)
        self._open: list[tuple[float, int, _Node]] = []
        self._next: _Node | None = None
        self._serial = 0

    def target(self) -> float:
        """Bound from which a node is not worth exploring."""
        return self.best - self.gap * max(abs(self.best), 1e-9)

    def bound(self) -> float:
        """Least bound of what is still open, at most the best value."""
        waiting = [node.bound for _, _, node in self._open]
        if self._next is not None:
            waiting.append(self._next.bound)
        return min([self.target() if self.values is not None else self.best, *waiting])

    def run(self, clock: Clock, effort: float) -> None:
        """Explore until nothing is open, the clock is over or the effort is spent."""
        low, high = self.low[self.integer], self.high[self.integer]
        self._next = _Node(-np.inf, low, high)
        while not clock.over and self.effort < effort:
            node = self._next if self._next is not None else self._pop()
            if node is None:
                break
            self._next = None
            if not self._explore(node, clock):
                self._push(node)
                break

    def _pop(self) -> _Node | None:
        while self._open:
            bound, _, node = heapq.heappop(self._open)
            if bound < self.target():
                return node
        return None

    def _push(self, node: _Node) -> None:
        self._serial += 1
        heapq.heappush(self._open, (node.bound, self._serial, node))

    def _explore(self, node: _Node, clock: Clock) -> bool:
        """Bound one node; its children wait. False when time ran out."""
        highs = self.highs
        highs.changeColsBounds(len(self.integer), self.integer, node.low, node.high)
        highs.setOptionValue("objective_bound", self.target())
        highs.setOptionValue("time_limit", min(highs.getRunTime() + clock.left, 1e9))
        highs.run()
        self.nodes += 1
        self.effort += self._size * (20 + highs.getInfo().simplex_iteration_count)
        state = highs.getModelStatus()
        if state == _STATUS.kTimeLimit:
            return False
        if state != _STATUS.kOptimal:
            return True
        value = float(highs.getInfo().objective_function_value)
        if node.column >= 0 and np.isfinite(node.bound):
            self._costs.learn(node.column, node.up, node.step, value - node.bound)
        if value < self.target():
            self._branch(node, value, np.array(highs.getSolution().col_value))
        return True

    def _branch(self, node: _Node, value: float, point: Floats) -> None:
        y = point[self.integer]
        below = np.floor(y + _WHOLE)
        fraction = np.where(y - below > _WHOLE, y - below, 0.0)
        self._round_up(point, below + (fraction > 0.0))
        loose = np.flatnonzero(fraction > 0.0)
        if len(loose) == 0 or value >= self.target():
            return
        j = self._chosen(node, value, y, loose)
        low, high = node.low.copy(), node.high.copy()
        low[j], high[j] = below[j] + 1.0, below[j]
        upper = _Node(value, low, node.high, j, 1, 1.0 - fraction[j])
        lower = _Node(value, node.low, high, j, 0, fraction[j])
        first, second = (upper, lower) if fraction[j] > 0.4 else (lower, upper)
        self._next = first
        self._push(second)

    def _chosen(self, node: _Node, value: float, y: Floats, loose: Ints) -> int:
        """The loose column of best score; promising ones never branched on are probed first.

        Reliability branching: Achterberg, Koch, Martin (2005), "Branching rules revisited".
        """
        fraction = y - np.floor(y + _WHOLE)
        score = self._costs.score(fraction)
        first = loose[np.argsort(-score[loose], kind="stable")[:_PROBED]]
        unseen = first[self._costs.seen(first) == 0.0]
        if len(unseen):
            basis = self.highs.getBasis()
            self.highs.setOptionValue("simplex_iteration_limit", _PROBE_ITERATIONS)
            for j in unseen.tolist():
                self._probe(node, value, j, float(y[j]), basis)
            self.highs.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
            score = self._costs.score(fraction)
        return int(loose[np.argmax(score[loose])])

    def _probe(
        self, node: _Node, value: float, j: int, y: float, basis: highspy.HighsBasis
    ) -> None:
        """Learn from a few iterations what rounding a column down and up costs."""
        column, highs = int(self.integer[j]), self.highs
        below = float(np.floor(y + _WHOLE))
        low, high = float(node.low[j]), float(node.high[j])
        for up, step, ranges in (
            (0, y - below, (low, below)),
            (1, below + 1 - y, (below + 1, high)),
        ):
            highs.changeColBounds(column, *ranges)
            highs.run()
            self.effort += self._size * (5 + highs.getInfo().simplex_iteration_count)
            rise = float(highs.getInfo().objective_function_value) - value
            if highs.getModelStatus() == _STATUS.kInfeasible:
                rise = self.target() - value
            self._costs.learn(j, up, step, rise)
            highs.setBasis(basis)
        highs.changeColBounds(column, low, high)

    def _round_up(self, point: Floats, whole: Floats) -> None:
        """Offer the point with its integer columns rounded up."""
        rounded = point.copy()
        rounded[self.integer] = whole
        value = self.offset + float(self.cost @ rounded)
        if value >= self.best - 1e-9 * abs(self.best):
            return
        use = self.matrix @ rounded
        low, high = self.limits
        if (use >= low - 1e-6).all() and (use <= high + 1e-6).all():
            self.best, self.values = value, rounded


def _by_row(lp: highspy.HighsLp) -> csr_array:
    shape = (lp.num_row_, lp.num_col_)
    parts = (np.array(lp.a_matrix_.value_), np.array(lp.a_matrix_.index_),
             np.array(lp.a_matrix_.start_))  # fmt: skip
    if lp.a_matrix_.format_ == highspy.MatrixFormat.kColwise:
        return csr_array(csc_array(parts, shape=shape))
    return csr_array(parts, shape=shape)
