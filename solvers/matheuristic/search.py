"""Neighbourhood search over restricted programs, fed by dives and by the strong relaxation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.branching import tightened
from solvers.flows import trim_runs
from solvers.incumbent import Progress
from solvers.matheuristic.diving import dive
from solvers.matheuristic.neighbourhoods import CYCLE, Neighbourhood, View, choose
from solvers.matheuristic.population import Population
from solvers.options import Clock, Options, Silent
from solvers.plunging import plunge
from solvers.problem import Bools, Floats
from solvers.relaxation import Relaxation
from solvers.restricted import Restriction, restricted_model, restricted_solution, solve_restricted
from solvers.result import Solution

_FIRST_SIZE = 40
_EFFORT = 75.0  #: of one restricted program, about three seconds
_SPREAD = 0.3  #: relative perturbation of fixed costs before a dive


class Search:
    """Improves one Progress by dives and restricted programs over one relaxation."""

    def __init__(self, relaxation: Relaxation, progress: Progress, options: Options) -> None:
        self.relaxation = relaxation
        self.progress = progress
        self.options = options
        self.problem = relaxation.network.problem
        self.whole = bool((self.problem.lot > 0.0).any())
        self.random = np.random.default_rng(options.seed)
        self.population = Population(10)
        self.relaxed: Floats = np.zeros(self.problem.designs)
        self.idle = 0
        self.rounds = 0
        self._size: dict[str, float] = {}

    def offer(self, solution: Solution) -> float:
        """Take a solution and the cheapest flows of its designs; its final objective."""
        best = trim_runs(self.problem, solution)
        cost = self.relaxation.cost(best)
        self.progress.offer(best)
        for _ in range(3):
            better = (
                None
                if self.whole
                else self.relaxation.fixed(best.y.astype(np.float64), self._grace())
            )
            if better is None:
                break
            lean = trim_runs(self.problem, better)
            self.progress.offer(lean)
            again = bool((lean.y != best.y).any())
            best, cost = lean, min(cost, self.relaxation.cost(lean))
            if not again:
                break
        if np.isfinite(cost):
            self.population.add(cost, best.y)
        return cost

    def offer_plain(self, solution: Solution) -> None:
        """Take a solution as it is."""
        lean = trim_runs(self.problem, solution)
        if self.progress.offer(lean):
            self.population.add(self.progress.objective, lean.y)

    def _grace(self) -> Clock:
        """Time to finish a solution that is already in hand, never more than two seconds over."""
        limit = None if np.isinf(self.progress.clock.left) else self.progress.clock.left + 1.0
        return Clock(Options(time_limit_seconds=limit, cancel=self.options.cancel))

    def plunge_down(self, step: float, spread: float) -> None:
        """One dive, under fixed costs perturbed by up to ``spread``, and its solution."""
        master, clock = self.relaxation.master, self.progress.clock
        factor = self.random.uniform(1.0 - spread, 1.0 + spread, self.problem.designs)
        master.charge_designs(self.problem.fixed_cost * factor)
        y = dive(self.relaxation, clock, step)
        master.charge_designs(self.problem.fixed_cost)
        if y is None:
            return
        if self.whole:
            self._round_lots(y)
            return
        found = self.relaxation.fixed(y, self._grace())
        if found is not None:
            self.offer(found)

    def _round_lots(self, y: Floats) -> None:
        """Whole lots on the designs of a dive, or on a few more."""
        support = (y > 0.0) | (self.relaxed > 1e-6)
        high = np.where(support, self.relaxation.high, y)
        self._solve(Restriction(self.relaxation.low, high, self._offered(high)))

    def round(self) -> None:
        """One more dive or neighbourhood, in turn."""
        self.rounds += 1
        turn = self.rounds % (len(CYCLE) + 1)
        before = self.progress.objective
        if turn == 0 or len(self.population) == 0:
            self.plunge_down(0.35, _SPREAD)
        else:
            self._explore(CYCLE[turn - 1])
        self.idle = 0 if self.progress.objective < before else self.idle + 1
        self.options.listener.iterated("search", self.rounds)

    def _explore(self, kind: str) -> None:
        """Choose a neighbourhood, complete its columns, solve it, adapt its size."""
        paths = self.relaxation.master.paths
        view = View(self.problem, self.population, self.relaxed, paths, self.random)
        size = self._size.get(kind, float(_FIRST_SIZE))
        area = choose(view, kind, int(size))
        restriction = self._restriction(area)
        if restriction is None:
            self._size[kind] = min(size * 1.2 + 1.0, float(self.problem.designs))
            return
        spent = self._solve(restriction)
        factor = 1.2 if spent < 0.3 else 0.88 if spent >= 1.0 else 1.0
        self._size[kind] = float(np.clip(size * factor, 8.0, self.problem.designs))

    def _restriction(self, area: Neighbourhood) -> Restriction | None:
        """Ranges of the neighbourhood after column generation; None when its bound is too high."""
        low, high = area.base.y.astype(np.float64), area.base.y.astype(np.float64)
        low[area.free] = self.problem.y_min[area.free]
        high[area.free] = self.problem.y_max[area.free]
        cutoff = min(area.base.objective, self.progress.cutoff(0.0) + self._slack(area))
        cutoff -= 1e-6 * abs(cutoff)
        relaxation, clock = self.relaxation, self.progress.clock
        before = (relaxation.low, relaxation.high)
        relaxation.restrict(low, high)
        relaxed = relaxation.converge(clock, cutoff, tolerance=1e-4)
        relaxation.restrict(*before)
        if relaxed.pruned:
            return None
        low, high = tightened(low, high, relaxed.dual, cutoff)
        return Restriction(low, high, self._offered(high), cutoff)

    def _slack(self, area: Neighbourhood) -> float:
        """A merge may end above the incumbent: any improvement of its base is kept."""
        return np.inf if area.kind == "merge" else 0.0

    def _offered(self, high: Floats) -> Bools:
        """Paths that use no closed design."""
        design = self.problem.design
        shut = np.zeros(self.problem.arcs, dtype=np.bool_)
        owned = design >= 0
        shut[owned] = high[design[owned]] < 0.5
        return np.asarray(~self.relaxation.master.paths.closed(shut), dtype=np.bool_)

    def _solve(self, restriction: Restriction) -> float:
        """Solve a restricted program and take what it finds; the part of the effort spent."""
        master, clock = self.relaxation.master, self.progress.clock
        if self.whole:
            limit = min(clock.left, 6.0)
            own = replace(self.options, listener=Silent(), threads=1, time_limit_seconds=limit)
            started = clock.seconds
            found, _ = solve_restricted(master, restriction, own)
            spent = (clock.seconds - started) / 6.0
        else:
            model = restricted_model(master, replace(restriction, cutoff=np.inf))
            done = plunge(model, clock, restriction.cutoff / master.unit, _EFFORT)
            found = None
            if done.values is not None:
                found = restricted_solution(master, restriction, done.values)
            spent = done.effort / _EFFORT
        if found is not None:
            self.offer(found)
        return spent
