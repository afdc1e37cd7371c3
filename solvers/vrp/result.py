"""What a routing method returns, checked on construction by code that no method shares."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from solvers.options import Options
from solvers.outcome import Outcome, SolverFailed, Stop, TracePoint, relative_gap
from solvers.vrp.check import faults, total_cost
from solvers.vrp.problem import Routes, Routing


@dataclass(frozen=True)
class RoutingResult:
    """Outcome of one routing solve; ``objective`` and ``bound`` are in the problem's integers."""

    outcome: Outcome
    stop: Stop | None
    objective: int | None
    bound: float | None
    routes: Routes | None
    seconds: float
    method: str
    seed: int
    trace: list[TracePoint] = field(default_factory=list)
    notes: dict[str, float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError when outcome, routes, objective and bound contradict each other."""
        solved = self.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
        if solved != (self.routes is not None and self.objective is not None):
            raise ValueError(f"Outcome {self.outcome} needs both routes and objective or neither.")
        if self.outcome is Outcome.OPTIMAL and (self.bound is None or self.stop is not None):
            raise ValueError("An optimal outcome needs a bound and no stop.")
        if self.outcome in (Outcome.FEASIBLE, Outcome.NO_SOLUTION) and self.stop is None:
            raise ValueError(f"Outcome {self.outcome} must say why it stopped.")

    @property
    def gap(self) -> float | None:
        """Relative distance of the objective to the bound, or None when either is unknown."""
        return relative_gap(self.objective, self.bound)


class Trail:
    """Remembers and reports the improvements of one solve."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.points: list[TracePoint] = []
        self._start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds since the solve began."""
        return time.perf_counter() - self._start

    def improved(self, objective: float) -> None:
        """Record an incumbent if it is better than the last."""
        if not self.points or objective < (self.points[-1].objective or float("inf")):
            self.points.append(TracePoint(self.seconds, objective, None))
            self.options.listener.improved(objective)


def heuristic_result(
    problem: Routing, routes: Routes | None, trail: Trail, method: str, stop: Stop
) -> RoutingResult:
    """A result without a bound; raises SolverFailed when the routes break a constraint."""
    seconds, seed = trail.seconds, trail.options.seed
    if routes is None:
        return RoutingResult(Outcome.NO_SOLUTION, stop, None, None, None, seconds, method, seed)
    broken = faults(problem, routes)
    if broken:
        raise SolverFailed(f"{method} returned routes that are not feasible: {broken[0]}")
    cost = total_cost(problem, routes)
    trail.improved(cost)
    return RoutingResult(
        Outcome.FEASIBLE, stop, cost, None, routes, seconds, method, seed, trail.points
    )
