"""Branch and price on the designs: the strong relaxation below every decision.

A branch changes the range of one design only, so itineraries are priced exactly as at the root.
Nodes are taken best bound first; the design to branch on has the largest product of expected
rises of the bound (pseudo-costs, Bénichou et al. 1971; products, Achterberg, Koch, Martin 2005),
foreseen by a few simplex iterations where little is known. Cuts close designs on the way; the first
nodes are cut once more, since cuts hold everywhere and the first branches show where they lack.
Reduced costs of the best bound tighten the ranges of all designs whenever the incumbent improves.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from solvers.arrays import Bools, Floats
from solvers.linear.pseudo_costs import PseudoCosts
from solvers.network_design.master.lagrangian import DualPoint
from solvers.network_design.master.point import Point
from solvers.network_design.relaxation.column_generation import Relaxation, Relaxed
from solvers.network_design.relaxation.infeasibility import proved_infeasible
from solvers.network_design.statement.incumbent import Progress
from solvers.options import Clock, Options

_WHOLE = 1e-6
_LEAST_RISE = 1e-9
_PROBED = 24  #: designs of a node that may be probed
_RELIABLE = 3.0  #: observations of a design, per direction, from which it is not probed
_PROBE_ITERATIONS = 60
_PATIENCE = 8  #: designs without a better score after which probing ends
_CUT_NODES = 20  #: first nodes, which get a round of cuts; they hold below every decision


@dataclass(frozen=True, slots=True)
class Node:
    """Ranges of the designs in one branch, and the decision that made it.

    ``design`` was moved down (``up`` 0) or up (1) by ``step`` from the point of the parent.
    """

    low: Floats
    high: Floats
    design: int = -1
    up: int = 0
    step: float = 0.0


def reduced_cost_fixing(
    low: Floats, high: Floats, dual: DualPoint, cutoff: float
) -> tuple[Floats, Floats]:
    """Ranges that designs must keep in any solution cheaper than ``cutoff``."""
    room = cutoff - dual.bound
    if not np.isfinite(room) or room < 0.0:
        return low, high
    size = np.abs(dual.reduced)
    steps = np.floor(
        np.divide(room, size, out=np.full(len(size), np.inf), where=size > 1e-9) + 1e-9
    )
    new_high = np.where(dual.reduced > 0.0, np.minimum(high, low + steps), high)
    new_low = np.where(dual.reduced < 0.0, np.maximum(low, high - steps), low)
    return new_low, new_high


class BranchAndPrice:
    """Search tree over one relaxation, feeding one Progress."""

    def __init__(self, relaxation: Relaxation, progress: Progress, gap: float) -> None:
        self.relaxation = relaxation
        self.progress = progress
        self.gap = gap
        self.nodes = 0
        problem = relaxation.network.problem
        self.divisible: bool = not bool((problem.lot > 0.0).any())
        self._costs = PseudoCosts(np.maximum(problem.fixed_cost, _LEAST_RISE), _LEAST_RISE)
        self._open: list[tuple[float, int, Node]] = []
        self._floor = float("inf")
        self._serial = 0

    def run(self, clock: Clock, root: Relaxed, low: Floats, high: Floats) -> bool:
        """Search until closed or out of time; whether the tree was exhausted.

        The relaxation has the ranges ``low`` and ``high`` again afterwards.
        """
        self._push(root.dual.bound, Node(low, high))
        self._search(clock)
        self.relaxation.restrict(low, high)
        if self._open:
            self.progress.leave(min(self._open[0][0], self._floor))
            return False
        self.progress.leave(min(self._floor, self.progress.cutoff(self.gap)))
        return not np.isfinite(self._floor)

    def _search(self, clock: Clock) -> None:
        while self._open and not clock.over:
            bound, _, node = heapq.heappop(self._open)
            self.progress.leave(min(bound, self._floor))
            if bound >= self.progress.cutoff(self.gap):
                self._open.clear()
                break
            if not self._explore(node, clock, bound):
                self._push(bound, node)
                break

    def _push(self, bound: float, node: Node) -> None:
        self._serial += 1
        heapq.heappush(self._open, (bound, self._serial, node))

    def _explore(self, node: Node, clock: Clock, bound: float) -> bool:
        """Bound one node and split it; False when time ran out first."""
        self.nodes += 1
        self.progress.listener.iterated("branches", self.nodes)
        self.relaxation.restrict(node.low, node.high)
        relaxed = self.relaxation.converge(
            clock, self.progress.cutoff(self.gap), cut_rounds=int(self.nodes <= _CUT_NODES)
        )
        if relaxed.pruned:
            return True
        if relaxed.point is None or (clock.over and not relaxed.converged):
            return False
        value = max(bound, relaxed.dual.bound)
        if node.design >= 0:
            self._costs.learn(node.design, node.up, node.step, value - bound)
        point = relaxed.point
        wide = node.high > node.low
        fraction = np.where(wide, np.abs(point.y - np.round(point.y)), 0.0)
        if not relaxed.converged:
            fraction = np.where(wide, fraction + 1e-3, 0.0)
        loose = fraction > _WHOLE
        if loose.any():
            self._split(node, relaxed, value, loose)
        elif relaxed.converged:
            self._leaf(point, value)
        elif not self._impossible(node, clock):
            self._floor = min(self._floor, value)
        return True

    def _impossible(self, node: Node, clock: Clock) -> bool:
        """Whether the runs of a node, all fixed, are proved to allow no flow."""
        problem = self.relaxation.network.problem
        runs = np.round(node.low).astype(np.int64)
        return proved_infeasible(replace(problem, y_min=runs, y_max=runs), clock)

    def _leaf(self, point: Point, value: float) -> None:
        """All designs are whole: the flows they allow are a solution, unless lots are broken."""
        found = self.relaxation.fixed(np.round(point.y), Clock(Options()))
        objective = float("inf") if found is None else self.relaxation.cost(found)
        if found is not None:
            self.progress.offer(found)
        sure = self.divisible and objective <= value + 1e-6 * max(1.0, abs(value))
        if not sure or self.progress.objective > objective + 1e-6 * max(1.0, abs(objective)):
            self._floor = min(self._floor, value)

    def _scored(self, point: Point, loose: Bools) -> Floats:
        """Scores of the loose designs; promising ones of which little is known are probed first.

        Reliability branching: Achterberg, Koch, Martin (2005), "Branching rules revisited".
        """
        part = point.y - np.floor(point.y)
        score = np.where(loose, self._costs.score(part), -1.0)
        best, failures = -1.0, 0
        for s in np.argsort(-score, kind="stable")[: min(_PROBED, int(loose.sum()))].tolist():
            split = _WHOLE < part[s] < 1.0 - _WHOLE
            if split and self._costs.seen(s) < _RELIABLE:
                self._probe(point, s)
            score[s] = self._costs.score(part)[s]
            failures = 0 if score[s] > best else failures + 1
            best = max(best, score[s])
            if failures >= _PATIENCE:
                break
        return score

    def _probe(self, point: Point, s: int) -> None:
        """Learn what rounding a design down and up costs."""
        relaxation = self.relaxation
        now = (float(relaxation.low[s]), float(relaxation.high[s]))
        below = float(np.floor(point.y[s]))
        part = float(point.y[s]) - below
        ways = ((0, part, (now[0], below)), (1, 1.0 - part, (below + 1.0, now[1])))
        for up, step, ranges in ways:
            value = relaxation.master.probe(s, ranges, now, _PROBE_ITERATIONS)
            self._costs.learn(s, up, step, value - point.value)

    def _split(self, node: Node, relaxed: Relaxed, value: float, loose: Bools) -> None:
        """Two children of the loose design with the best score."""
        if relaxed.point is None:
            return
        y = relaxed.point.y
        score = self._scored(relaxed.point, loose)
        low, high = reduced_cost_fixing(
            node.low, node.high, relaxed.dual, self.progress.cutoff(self.gap)
        )
        s = int(np.argmax(score))
        down, up = high.copy(), low.copy()
        down[s] = np.clip(np.floor(y[s]), node.low[s], node.high[s] - 1.0)
        up[s] = down[s] + 1.0
        self._child(value, Node(low, down, s, 0, float(y[s] - down[s])))
        self._child(value, Node(up, high, s, 1, float(up[s] - y[s])))

    def _child(self, value: float, node: Node) -> None:
        """Keep a branch that cuts and ranges leave open."""
        cuts = self.relaxation.master.cuts
        low, high = cuts.propagated(node.low, node.high)
        if (low <= high).all() and not cuts.unmet(low, high).any():
            self._push(value, replace(node, low=low, high=high))
