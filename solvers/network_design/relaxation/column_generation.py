"""The strong linear relaxation by column and row generation, at the root and below branches.

One round: solve the master; price all commodities at its duals, which gives a Lagrangian bound
whatever the state of the master; add the itineraries that price out and the strong inequalities
that are violated. A large master is first solved by interior point without crossover: central
duals are stable and cheap (Gondzio, González-Brevis, Munari 2013, "New developments in the
primal–dual column generation technique", EJOR 224(1)), then by warm simplex to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.network_design.master.lagrangian import (
    DualPoint,
    Stated,
    lagrangian,
    multipliers,
    priced_apart,
    surcharge,
)
from solvers.network_design.master.master import Master
from solvers.network_design.master.point import Point, Prices
from solvers.network_design.pricing.contracted import ContractedPricer
from solvers.network_design.pricing.once import Pricing, once
from solvers.network_design.pricing.pricer import Multipliers, Priced, Pricer
from solvers.network_design.relaxation.volume import Steps
from solvers.network_design.separation.flow_cover import SharedRows
from solvers.network_design.separation.residual_capacity import residual_capacity
from solvers.network_design.separation.strong import violated_strong
from solvers.network_design.statement.incumbent import assemble
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.result import Solution
from solvers.options import Clock, Options
from solvers.outcome import SolverFailed

_LARGE = 1500  #: rows and paths of a master from which interior point beats simplex from scratch
_CLOSE = 5e-3  #: relative distance of value and bound at which simplex takes over
_PENALTY_RAISES = 4
_DEARER = 100.0  #: than the dearest arc a penalty must be before demand counts as impossible
_MOSTLY = 0.5
_FIRST_STEPS = 7  #: of volume, before the master
_GAIN = 2e-5  #: relative rise of the value that the last rounds of cuts must have brought for more
_RESTED = 5  #: how many rounds those are
CUT_ROUNDS = 100  #: rounds of cuts that pay at a root


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Where column generation ended: last point of the master, best bound, and whether it is tight.

    ``point`` is None when not even one master was solved. ``converged``: value and bound agree and
    no strong inequality is violated. ``pruned``: the bound reached the given cutoff.
    """

    point: Point | None
    dual: DualPoint
    converged: bool
    pruned: bool = False


class Relaxation:
    """Column and row generation on one network, keeping its master between calls."""

    def __init__(
        self, network: Network, options: Options, threads: int = 1, strong: bool = True
    ) -> None:
        problem = network.problem
        self.network = network
        self.options = options
        self.pricer: Pricing = once(network, Pricer(network, threads))
        self.asked: Ints = np.flatnonzero(problem.demand > 0.0)
        self.low: Floats = problem.y_min.astype(np.float64)
        self.high: Floats = problem.y_max.astype(np.float64)
        self.strong = strong
        self._shared = SharedRows(network)
        self.rounds = 0
        self._interior = self._settled = False
        self._raises = 0
        self._ensure_no_gain()
        start = surcharge(network)
        first = self.price(start, np.full(len(self.asked), np.inf))
        value = np.where(np.isfinite(first.value), first.value, 0.0)
        must = ~np.isfinite(problem.unserved_cost[self.asked])
        self.unreachable: Ints = self.asked[must & ~np.isfinite(first.value)]
        estimate = float(np.abs(value) @ problem.demand[self.asked]) + 1e-6
        penalty = 10.0 * float(np.abs(value).max(initial=0.0)) + 1.0
        self.first = priced_apart(network, start, first, self.asked)
        self.master = Master(network, estimate / 1e4 if estimate > 1e-3 else 1.0, penalty)
        self.add(first)

    def _ensure_no_gain(self) -> None:
        """Raise SolverFailed where a cycle costs less than nothing: no bound would hold."""
        net = self.network
        if net.acyclic or not net.problem.gains:
            return
        none = np.zeros(0, dtype=np.int64)
        free = Multipliers.of(np.zeros(net.rows), none, none, np.zeros(0), net.problem.commodities)
        if self.price(free, np.full(len(self.asked), -np.inf)).cyclic:
            raise SolverFailed(
                "Some cycle of arcs costs a commodity less than nothing, which itineraries cannot "
                "use. Give the arcs of every cycle costs that add up to 0 or more."
            )

    def take_over(self, known: Iterable[Itineraries], stated: Stated, pricer: Pricing) -> None:
        """Go on, by simplex, from itineraries and strong inequalities found without the master."""
        for paths in known:
            self.master.add_paths(paths)
        self.master.add_strong(stated.strong_commodity, stated.strong_arc)
        self.pricer = pricer
        self._settled = True

    def price(self, prices: Multipliers, cutoff: Floats) -> Priced:
        """Cheapest paths of the asked commodities, where cheaper than ``cutoff``."""
        return self.pricer.price(prices, self.asked, cutoff)

    def add(self, found: Priced) -> int:
        """Add priced paths to the master; returns how many were new."""
        return self.master.add_paths(Itineraries(found.commodity, found.path_exit, found.arcs))

    def evaluate(self, prices: Prices, cutoff: Floats) -> tuple[DualPoint, Priced]:
        """Bound at ``prices`` and the paths cheaper than ``cutoff`` (per asked commodity)."""
        found = self.price(multipliers(self.master, prices), cutoff)
        sure, at = found, prices
        if found.cyclic:
            # Minimum rows paid a cycle: without their prices every value is a bound again.
            at = Prices(np.maximum(prices.row, 0.0), prices.strong, prices.cut, prices.serve)
            sure = self.price(multipliers(self.master, at), np.full(len(self.asked), -np.inf))
        value = np.full(self.network.problem.commodities, np.inf)
        value[self.asked] = sure.value
        return lagrangian(self.master, at, value, self.low, self.high), found

    def root(
        self,
        clock: Clock,
        hear: Callable[[float], None] = lambda _: None,
        tolerance: float = 1e-7,
        cut_rounds: int = CUT_ROUNDS,
    ) -> Relaxed:
        """``converge`` from nothing, with cuts.

        Where most arcs are always open, the relaxation without strong inequalities lies near and
        costs little: it comes first, by simplex, so that few inequalities are added in vain.
        """
        if np.isfinite(self.first):
            hear(self.first)
        self._begin()
        design = self.network.problem.design
        if self.strong and int((design < 0).sum()) > _MOSTLY * len(design):
            self.strong, self._settled = False, True
            self.converge(clock, hear=hear, tolerance=_CLOSE)
            self.strong = True
        return self.converge(clock, hear=hear, tolerance=tolerance, cut_rounds=cut_rounds)

    def _begin(self) -> None:
        """Give the master paths that fit together: those of a few iterations of volume."""
        steps = Steps(self.network, self.pricer, self.low, self.high)
        for _ in range(_FIRST_STEPS):
            steps.step()
        for paths in steps.recent:
            self.master.add_paths(paths)

    def by_volume(self) -> Steps:
        """The volume algorithm on the same network and ranges."""
        net = self.network
        pricer = once(net, ContractedPricer(net)) if net.acyclic else self.pricer
        return Steps(net, pricer, self.low, self.high)

    def converge(
        self,
        clock: Clock,
        cutoff: float = float("inf"),
        hear: Callable[[float], None] = lambda _: None,
        tolerance: float = 1e-7,
        cut_rounds: int = 0,
    ) -> Relaxed:
        """Generate columns and rows until value and bound agree, ``cutoff`` is met or time is up.

        ``hear`` is called with every better bound. Up to ``cut_rounds`` times, cuts are added where
        it would end.
        """
        best = DualPoint.none(self.network.problem)
        point: Point | None = None
        cut_at: list[float] = []
        while not clock.over:
            interior = self._interior
            fresh = self.master.solve(clock.left, interior)
            if fresh is None:
                break
            point = fresh
            dual, new, rows = self._round(point, interior)
            if dual.bound > best.bound:
                best = dual
                hear(best.bound)
            if best.bound >= cutoff:
                return Relaxed(point, best, False, pruned=True)
            self._choose(best.bound >= point.value - _CLOSE * abs(point.value), new + rows)
            met = best.bound >= point.value - tolerance * max(1.0, abs(point.value))
            settled = met and (rows == 0 or tolerance > 1e-6)
            if interior or (rows + new > 0 and not settled):
                continue
            wanted = len(cut_at) < cut_rounds and not _rested(cut_at, point.value)
            if point.penalty < 1e-7 and wanted and self._cut(point, clock):
                cut_at.append(point.value)
                continue
            if point.penalty < 1e-7 or not self._raised():
                return Relaxed(point, best, point.penalty < 1e-7)
        return Relaxed(point, best, False)

    def _cut(self, point: Point, clock: Clock) -> bool:
        """Add violated cuts; whether there were any."""
        cuts = residual_capacity(self.master, point, clock)
        cuts += self._shared.violated(self.master, point)
        self.master.add_cuts(cuts)
        return len(cuts) > 0

    def _choose(self, close: bool, changes: int) -> None:
        """Interior point while the first large master is far from its end, simplex ever after."""
        if self._interior:
            self._interior = not close and changes > 0
        elif not self._settled and not close:
            self._interior = len(self.master.paths) + len(self.master.strong_arc) > _LARGE
        self._settled = self._settled or close or self._interior

    def _raised(self) -> bool:
        """Raise the penalties once more; False when they are as high as they get.

        They end above what the dearest arc costs, so that a dear detour is taken before them.
        """
        self._raises += 1
        enough = _DEARER * self.network.problem.dearest
        if self._raises > _PENALTY_RAISES and self.master.penalty > enough:
            return False
        self.master.raise_penalty(10.0)
        return True

    def _round(self, point: Point, interior: bool) -> tuple[DualPoint, int, int]:
        """Price and separate at one point: the bound there, new paths, new rows."""
        demand = self.network.problem.demand[self.asked]
        slack = 1e-7 * abs(point.value) / (len(self.asked) + 1) / demand
        dual, found = self.evaluate(point.prices, point.prices.serve[self.asked] - slack)
        new = self.add(found)
        self.rounds += 1
        self.options.listener.iterated("bound", self.rounds)
        if not np.isfinite(dual.bound):
            raise SolverFailed("The relaxation has no finite bound. Check for unreachable demand.")
        if not self.strong:
            return dual, new, 0
        wide = replace(point, share=point.shares(len(self.master.paths)))
        commodity, arc = violated_strong(self.master, wide, 1e-3 if interior else 1e-6)
        self.master.add_strong(commodity, arc)
        return dual, new, len(arc)

    def restrict(self, low: Floats, high: Floats) -> None:
        """Set the range of every design for the rounds that follow."""
        self.low, self.high = low, high
        self.master.bound_designs(low, high)

    def fixed(self, y: Floats, clock: Clock) -> Solution | None:
        """Cheapest flows that designs run ``y`` times allow (lots ignored), None when infeasible.

        The ranges of the designs are put back afterwards.
        """
        low, high = self.low, self.high
        self.restrict(y, y)
        relaxed = self.converge(clock)
        self.restrict(low, high)
        if relaxed.point is None or not relaxed.converged:
            return None
        return self.assemble(relaxed.point, y)

    def assemble(self, point: Point, y: Floats) -> Solution:
        """The flows of a master point under whole designs ``y``, lots ignored."""
        paths = self.master.paths
        share = point.shares(len(paths))
        runs = np.round(y).astype(np.int64)
        return assemble(self.network.problem.divisible, paths, share, point.unserved, runs)

    def cost(self, solution: Solution) -> float:
        """Objective of a solution."""
        problem = self.network.problem
        paths = Itineraries.of(solution)
        left = solution.unserved > 0.0
        return float(
            problem.fixed_cost @ solution.y
            + paths.unit_cost(self.network) @ solution.amount
            + problem.unserved_cost[left] @ solution.unserved[left]
        )


def _rested(values: list[float], value: float) -> bool:
    """Whether the last rounds of cuts, before which the master had ``values``, brought little."""
    if len(values) < _RESTED:
        return False
    return value - values[-_RESTED] <= _GAIN * abs(value)
