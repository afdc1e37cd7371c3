"""Neighbourhood search over restricted programs, fed by dives and by the strong relaxation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.arrays import Floats
from solvers.linear.branch_and_bound import branch_and_bound
from solvers.network_design.exact.branch_and_price import reduced_cost_fixing
from solvers.network_design.heuristics.matheuristic.diving import dive
from solvers.network_design.heuristics.matheuristic.integral_lots import offered
from solvers.network_design.heuristics.matheuristic.neighbourhoods import (
    KINDS,
    Neighbourhood,
    View,
    choose,
)
from solvers.network_design.heuristics.matheuristic.population import Member, Population
from solvers.network_design.master.restricted_mip import (
    Restriction,
    restricted_model,
    restricted_solution,
)
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.result import Solution
from solvers.options import Clock, Options

_FIRST_SIZE = 40
_EFFORT = 75.0  #: of one restricted program, about three seconds
_DIVE_EVERY = 10  #: rounds
_MEMORY = 0.2  #: weight of the last round in the success rate of its neighbourhood
_LEAST_LUCK = 0.1
_APART = 3  #: rounds without improvement after which a solution from elsewhere joins
_SPREAD = 0.3  #: relative perturbation of fixed costs before a dive


class Search:
    """Improves one Progress by dives and restricted programs over one relaxation.

    Flows are divisible: ``progress`` is that of the statement without lots.
    """

    def __init__(self, relaxation: Relaxation, progress: Progress, options: Options) -> None:
        self.relaxation = relaxation
        self.progress = progress
        self.options = options
        self.problem = relaxation.network.problem
        self.random = np.random.default_rng(options.seed)
        self.population = Population(10)
        self.relaxed: Floats = np.zeros(self.problem.designs)
        self.idle = 0
        self.rounds = 0
        self._held: Member | None = None
        self._rest = 0
        self._size: dict[str, float] = {}
        self._luck = {kind: 0.5 for kind in KINDS}

    def offer(self, solution: Solution) -> float:
        """Take a solution and the cheapest flows of its designs; its final objective."""
        best = trim_runs(self.problem, solution)
        cost = self.relaxation.cost(best)
        self.progress.offer(best)
        for _ in range(3):
            better = self.relaxation.fixed(best.y.astype(np.float64), self._grace())
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

    def set_aside(self, solution: Solution) -> None:
        """Take a solution known from elsewhere, and search apart from it for a while.

        Solutions that grow out of the relaxation soon beat most others, and end elsewhere than
        where a search around the given one would.
        """
        lean = trim_runs(self.problem, solution)
        if self.progress.offer(lean):
            self._held = Member(self.progress.objective, lean.y)

    @property
    def held(self) -> bool:
        """Whether a solution from elsewhere has not joined yet."""
        return self._held is not None

    def admit(self) -> None:
        """Have the held solution join the others."""
        if self._held is not None:
            self.population.add(self._held.objective, self._held.y)
            self._held = None

    def _compare(self, before: float) -> None:
        """Let the held solution in once it is beaten, or the others no longer improve."""
        best = self._best()
        self._rest = 0 if best < before else self._rest + 1
        done = not np.isfinite(best) or self._rest >= _APART
        if self._held is not None and (done or best < self._held.objective):
            self.admit()

    def _best(self) -> float:
        return self.population.best.objective if len(self.population) else np.inf

    def _grace(self) -> Clock:
        """Time to finish a solution that is already in hand, never more than two seconds over."""
        limit = None if np.isinf(self.progress.clock.left) else self.progress.clock.left + 1.0
        return Clock(Options(time_limit_seconds=limit, cancel=self.options.cancel))

    def dive_once(self, step: float, spread: float) -> None:
        """One dive, under fixed costs perturbed by up to ``spread``, and its solution."""
        master, clock = self.relaxation.master, self.progress.clock
        factor = self.random.uniform(1.0 - spread, 1.0 + spread, self.problem.designs)
        master.charge_designs(self.problem.fixed_cost * factor)
        y = dive(self.relaxation, clock, step)
        master.charge_designs(self.problem.fixed_cost)
        if y is None:
            return
        found = self.relaxation.fixed(y, self._grace())
        if found is not None:
            self.offer(found)

    def round(self) -> None:
        """One more dive or neighbourhood, in turn."""
        self.rounds += 1
        before, mine = self.progress.objective, self._best()
        if self.rounds % _DIVE_EVERY == 0 or len(self.population) == 0:
            self.dive_once(0.35, _SPREAD)
        else:
            kind = self._kind()
            self._explore(kind)
            won = float(self.progress.objective < before)
            self._luck[kind] += _MEMORY * (won - self._luck[kind])
        self.idle = 0 if self.progress.objective < before else self.idle + 1
        self._compare(mine)
        self.options.listener.iterated("search", self.rounds)

    def _kind(self) -> str:
        """A kind of neighbourhood, the more likely the more often it has improved lately."""
        if self.rounds == 1:
            return "induced"
        weight = np.array([_LEAST_LUCK + self._luck[kind] for kind in KINDS])
        return KINDS[int(self.random.choice(len(KINDS), p=weight / weight.sum()))]

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
        low, high = reduced_cost_fixing(low, high, relaxed.dual, cutoff)
        return Restriction(low, high, offered(relaxation, high), cutoff, lots=False)

    def _slack(self, area: Neighbourhood) -> float:
        """What may end above the incumbent: where any improvement of the base is kept."""
        return np.inf if area.kind == "merge" or self._held is not None else 0.0

    def _solve(self, restriction: Restriction) -> float:
        """Solve a restricted program and take what it finds; the part of the effort spent."""
        master, clock = self.relaxation.master, self.progress.clock
        model = restricted_model(master, replace(restriction, cutoff=np.inf))
        done = branch_and_bound(model, clock, restriction.cutoff / master.unit, _EFFORT)
        if done.values is not None:
            self.offer(restricted_solution(master, restriction, done.values))
        return done.effort / _EFFORT
