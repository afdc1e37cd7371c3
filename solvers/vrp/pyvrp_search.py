"""Routing by PyVRP: iterated local search over its compiled operators.

Wouda, Lan, Kool (2024), "PyVRP: a high-performance VRP solver package", INFORMS Journal on
Computing 36(4).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from itertools import count
from typing import ClassVar

import numpy as np
import pyvrp
from pyvrp import SolveParams
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearchParams
from pyvrp.search import NeighbourhoodParams

from solvers.options import Clock, Options
from solvers.outcome import SolverUnavailable, Stop
from solvers.vrp.check import total_cost
from solvers.vrp.enumeration import small_optimum
from solvers.vrp.problem import Routes, Routing
from solvers.vrp.pyvrp_model import compile_problem, decode, encode
from solvers.vrp.reduction import reduced
from solvers.vrp.result import RoutingResult, Trail, heuristic_result

_FIRST_SHARE = 0.1
"""Of the time: for the first start where vehicles cost something and may be saved afterwards."""
_BRIEF = 1_500
"""Iterations that routes with a vehicle less are looked for before a start begins anew."""
_VARIANTS = ((20, 100), (50, 300), (20, 300), (50, 100))
"""Neighbours of a task and length of the late acceptance list, one pair after the other."""


@dataclass(frozen=True)
class PyVrp:
    """PyVRP's solver, started anew with other parameters whenever it no longer gets better.

    Each start ends after ``patience`` iterations, and ten more for every task, without a better
    solution. Without a time limit there is one start; ``most_iterations`` ends it earlier.
    ``first`` is the variant of parameters to begin with. ``saving`` is the share of the time left
    that goes into each vehicle to be saved, where vehicles are dear.
    """

    name: ClassVar[str] = "pyvrp"
    most_iterations: int | None = None
    patience: int = 5_000
    first: int = 0
    saving: float = 0.3

    def solve(self, problem: Routing, options: Options) -> RoutingResult:
        """Solve and report, few tasks exactly.

        Raises SolverUnavailable for moves with a load limit of their own, ValueError where
        ``problem.check()`` is not empty.
        """
        refuse_extras(problem, self.name)
        if self.most_iterations is None:
            exact = small_optimum(problem, options)
            if exact is not None:
                return replace(exact, method=self.name)
        return self.improve(problem, options, None)

    def improve(self, problem: Routing, options: Options, start: Routes | None) -> RoutingResult:
        """The same from given routes, which must be feasible."""
        refuse_extras(problem, self.name)
        trail, clock = Trail(options), Clock(options)
        smaller = reduced(problem)
        settled = smaller.settled(trail, self.name)
        if settled is not None:
            return settled
        search = _Search(self, smaller.problem, (trail, clock), smaller.skipped)
        if start is not None:
            search.begin(smaller.translated(start))
        reason = search.run()
        stop = Stop.TIME if reason is Stop.CONVERGED and clock.over else reason
        routes = None if search.best is None else smaller.restored(search.best)
        return heuristic_result(problem, routes, trail, self.name, stop)

    def patience_for(self, problem: Routing, fewer: bool) -> int:
        """Iterations without a better solution that end a start."""
        return min(self.patience, _BRIEF) if fewer else self.patience + 10 * problem.tasks


class _Search:
    """Starts of PyVRP one after the other.

    Where a vehicle costs more than all that the best routes drive, fewer vehicles come first: one
    less at a time, at no price, until no routes are found; distance follows.
    """

    def __init__(
        self, method: PyVrp, problem: Routing, time: tuple[Trail, Clock], skipped: int
    ) -> None:
        self.method, self.problem, self.skipped = method, problem, skipped
        self.trail, self.clock = time
        self.best: Routes | None = None
        self.cost = float("inf")
        self.starts = count()
        self.resumes = True

    def begin(self, routes: Routes) -> None:
        """Start from feasible routes."""
        self.best, self.cost = routes, float(total_cost(self.problem, routes))

    def run(self) -> Stop:
        """Search until time, patience or iterations end; why it ended."""
        fixed = self.problem.types == 1 and int(self.problem.fleet.fixed_cost[0]) > 0
        reason = self._start(self.problem, self.clock.part(_FIRST_SHARE) if fixed else self.clock)
        problem = self.problem
        while self._goes_on(reason) and self._vehicle_is_dear():
            vehicles = self._vehicles
            reason = self._save_one(vehicles - 1)
            problem = self._with(self._vehicles)
            if self._vehicles == vehicles:
                break
        limited = self.trail.options.time_limit_seconds is not None
        while self._goes_on(reason) and (limited or problem is not self.problem):
            reason = self._start(problem, self.clock, self._vehicles)
            problem = problem if limited else self.problem
        return reason

    def _save_one(self, vehicles: int) -> Stop:
        """Starts with fewer vehicles until routes are found or their share of the time is over."""
        clock, reason = self.clock.part(self.method.saving), Stop.CONVERGED
        while not clock.over and reason is Stop.CONVERGED and self._vehicles > vehicles:
            reason = self._start(self._with(vehicles), clock, vehicles)
            if self.trail.options.time_limit_seconds is None:
                break
        return reason

    def _goes_on(self, reason: Stop) -> bool:
        return not self.clock.over and reason in (Stop.TIME, Stop.CONVERGED)

    @property
    def _vehicles(self) -> int:
        return 0 if self.best is None else len(self.best.routes)

    def _vehicle_is_dear(self) -> bool:
        """Whether one vehicle of a single type costs more than everything else together."""
        if self.problem.types != 1 or self._vehicles < 2:
            return False
        fixed = int(self.problem.fleet.fixed_cost[0])
        return fixed > self.cost - fixed * self._vehicles

    def _with(self, vehicles: int) -> Routing:
        """The problem with so many vehicles of its single type, at no price."""
        fleet = replace(self.problem.fleet, count=np.array([vehicles]), fixed_cost=np.array([0]))
        return replace(self.problem, fleet=fleet)

    def _start(self, problem: Routing, clock: Clock, vehicles: int = 0) -> Stop:
        """One start of PyVRP; better routes are kept. Fewer ``vehicles`` end it when found."""
        number = next(self.starts)
        fewer = 0 < vehicles < self._vehicles
        data, clients = compile_problem(problem)
        capped = problem is not self.problem
        begin = None
        if self.best is not None and not fewer and (capped or self.resumes):
            begin = encode(problem, data, self.best, clients)
        price = int(self.problem.fleet.fixed_cost[0]) if capped else 0
        watch = _Watch(self, clock, self.skipped + price * vehicles, fewer)
        variant = 0 if fewer else self.method.first + number
        with warnings.catch_warnings():
            # Whether a feasible solution was found is seen from the result.
            warnings.simplefilter("ignore", PenaltyBoundWarning)
            result = pyvrp.solve(
                data, watch, self.trail.options.seed + 1000 * number, collect_stats=False,
                params=_parameters(variant), initial_solution=begin,
            )  # fmt: skip
        if result.is_feasible():
            routes = decode(problem, result.best, clients)
            cost = float(total_cost(self.problem, routes))
            if cost < self.cost:
                self.best, self.cost = routes, cost
        # Cut short by its share of the time, it is gone on with; converged, it begins anew.
        self.resumes = watch.reason is Stop.TIME
        return watch.reason


def _parameters(variant: int) -> SolveParams:
    neighbours, history = _VARIANTS[variant % len(_VARIANTS)]
    return SolveParams(
        ils=IteratedLocalSearchParams(history_length=history),
        neighbourhood=NeighbourhoodParams(num_neighbours=neighbours),
    )


def refuse_extras(problem: Routing, name: str) -> None:
    """Raise SolverUnavailable when single moves have load limits or types share a pool."""
    if problem.fleet.arc_limit is not None or problem.fleet.pool is not None:
        raise SolverUnavailable(
            f"Method '{name}' knows no load limits on single moves and no pools. Use 'enumeration'."
        )


class _Watch:
    """PyVRP's stopping criterion: the clock, the cancel flag and numbers of iterations.

    ``besides`` is what a solution costs beyond PyVRP's problem; ``any_will_do`` ends the start with
    the first feasible one.
    """

    def __init__(self, search: _Search, clock: Clock, besides: int, any_will_do: bool) -> None:
        self.clock, self.trail, self.left = clock, search.trail, search.method.most_iterations
        self.patience = search.method.patience_for(search.problem, any_will_do)
        self.besides, self.any_will_do = besides, any_will_do
        self.best, self.idle = float("inf"), 0
        self.reason = Stop.TIME

    def __call__(self, best_cost: float) -> bool:
        """Whether to stop; ``best_cost`` is beyond 2^62 as long as nothing is feasible."""
        self.idle = 0 if best_cost < self.best else self.idle + 1
        self.best = min(self.best, best_cost)
        if best_cost < 2**62:
            self.trail.improved(float(best_cost + self.besides))
        if self.left is not None:
            self.left -= 1
        if self.left is not None and self.left < 0:
            self.reason = Stop.ITERATIONS
        if self.idle >= self.patience or (self.any_will_do and best_cost < 2**62):
            self.reason = Stop.CONVERGED
        if self.trail.options.cancel.raised:
            self.reason = Stop.INTERRUPTED
        return self.reason is not Stop.TIME or self.clock.over
