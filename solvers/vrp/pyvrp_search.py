"""Routing by PyVRP: iterated local search over its compiled operators.

Wouda, Lan, Kool (2024), "PyVRP: a high-performance VRP solver package", INFORMS Journal on
Computing 36(4).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar

import numpy as np
import pyvrp
from pyvrp import SolveParams
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearchParams
from pyvrp.search import NeighbourhoodParams

from solvers.options import Clock, Options
from solvers.outcome import SolverUnavailable, Stop
from solvers.vrp.problem import REQUIRED, Route, Routes, Routing
from solvers.vrp.result import RoutingResult, Trail, heuristic_result

_VARIANTS = ((20, 100), (50, 300), (20, 300), (50, 100))
"""Neighbours of a task and length of the late acceptance list, one pair after the other."""


@dataclass(frozen=True)
class PyVrp:
    """PyVRP's solver, started anew with other parameters whenever it no longer gets better.

    Each start ends after ``patience`` iterations, and ten more for every task, without a better
    solution. Without a time limit there is one start; ``most_iterations`` ends it earlier.
    ``first`` is the variant of parameters to begin with.
    """

    name: ClassVar[str] = "pyvrp"
    most_iterations: int | None = None
    patience: int = 5_000
    first: int = 0

    def solve(self, problem: Routing, options: Options) -> RoutingResult:
        """Solve and report; raises SolverUnavailable for moves with a load limit of their own."""
        return self.improve(problem, options, None)

    def improve(self, problem: Routing, options: Options, start: Routes | None) -> RoutingResult:
        """The same from given routes, which must be feasible."""
        refuse_extras(problem, self.name)
        trail, clock = Trail(options), Clock(options)
        data, clients = compile_problem(problem)
        begin = None if start is None else _encode(problem, data, start, clients)
        best, least, reason = None, float("inf"), Stop.TIME
        for run in count():
            watch = _Watch(clock, trail, self.most_iterations, self._patience(problem))
            with warnings.catch_warnings():
                # Whether a feasible solution was found is seen from the result.
                warnings.simplefilter("ignore", PenaltyBoundWarning)
                result = pyvrp.solve(
                    data, watch, options.seed + 1000 * run, collect_stats=False,
                    params=_parameters(self.first + run), initial_solution=begin,
                )  # fmt: skip
            if result.cost() < least:
                best, least = result.best, result.cost()
            reason, begin = watch.reason, None
            if clock.over or options.time_limit_seconds is None or reason is not Stop.CONVERGED:
                break
        stop = Stop.TIME if reason is Stop.CONVERGED and clock.over else reason
        routes = None if best is None else _decode(problem, best, clients)
        return heuristic_result(problem, routes, trail, self.name, stop)

    def _patience(self, problem: Routing) -> int:
        return self.patience + 10 * problem.tasks


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
    """PyVRP's stopping criterion: the clock, the cancel flag and numbers of iterations."""

    def __init__(self, clock: Clock, trail: Trail, most: int | None, patience: int) -> None:
        self.clock, self.trail, self.left, self.patience = clock, trail, most, patience
        self.best, self.idle = float("inf"), 0
        self.reason = Stop.TIME

    def __call__(self, best_cost: float) -> bool:
        """Whether to stop; ``best_cost`` is beyond 2^62 as long as nothing is feasible."""
        self.idle = 0 if best_cost < self.best else self.idle + 1
        self.best = min(self.best, best_cost)
        if best_cost < 2**62:
            self.trail.improved(float(best_cost))
        if self.left is not None:
            self.left -= 1
        if self.left is not None and self.left < 0:
            self.reason = Stop.ITERATIONS
        if self.idle >= self.patience:
            self.reason = Stop.CONVERGED
        if self.trail.options.cancel.raised:
            self.reason = Stop.INTERRUPTED
        return self.reason is not Stop.TIME or self.clock.over


def compile_problem(problem: Routing) -> tuple[Any, list[int]]:
    """PyVRP's data and, for each of its clients, the task that it stands for."""
    single = np.flatnonzero(problem.partner() < 0).tolist()
    clients = [
        pyvrp.Client(
            location=int(problem.place[v]),
            delivery=problem.delivery[:, v].tolist(),
            pickup=problem.pickup[:, v].tolist(),
            service_duration=int(problem.service[v]),
            tw_early=int(problem.early[v]),
            tw_late=int(problem.late[v]),
            release_time=int(problem.release[v]),
            prize=max(0, int(problem.skip_cost[v])),
            required=bool(problem.skip_cost[v] == REQUIRED),
        )
        for v in single
    ]
    depots = [
        pyvrp.Depot(int(place), int(early), int(late))
        for place, early, late in zip(
            problem.depot_place, problem.depot_early, problem.depot_late, strict=True
        )
    ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0.0, 0.0) for _ in range(problem.distance.shape[-1])],
        clients,
        depots,
        _vehicle_types(problem),
        list(problem.distance),
        list(problem.duration),
        [],
        [_shipment(problem, n) for n in range(problem.pairs)],
    )
    return data, single


def _shipment(problem: Routing, n: int) -> Any:
    pickup, delivery = problem.pair[n].tolist()
    skip = problem.skip_cost[problem.pair[n]]
    return pyvrp.Shipment(
        int(problem.place[pickup]),
        int(problem.place[delivery]),
        int(problem.early[pickup]),
        int(problem.late[pickup]),
        int(problem.service[pickup]),
        int(problem.early[delivery]),
        int(problem.late[delivery]),
        int(problem.service[delivery]),
        problem.pair_load[:, n].tolist(),
        max(0, int(skip.sum())),
        bool((skip == REQUIRED).all()),
    )


def _vehicle_types(problem: Routing) -> list[Any]:
    fleet = problem.fleet
    return [
        pyvrp.VehicleType(
            num_available=int(fleet.count[t]),
            capacity=fleet.capacity[:, t].tolist(),
            start_depot=int(fleet.start_depot[t]),
            end_depot=int(fleet.end_depot[t]),
            fixed_cost=int(fleet.fixed_cost[t]),
            tw_early=int(fleet.early[t]),
            tw_late=int(fleet.late[t]),
            shift_duration=int(fleet.most_duration[t]),
            max_distance=int(fleet.most_distance[t]),
            unit_distance_cost=int(fleet.distance_cost[t]),
            unit_duration_cost=int(fleet.duration_cost[t]),
            profile=int(fleet.profile[t]),
        )
        for t in range(problem.types)
    ]


def _encode(problem: Routing, data: Any, start: Routes, clients: list[int]) -> Any:
    kind, activity = pyvrp.ActivityType, {}
    for i, v in enumerate(clients):
        activity[v] = pyvrp.Activity(kind.CLIENT, i)
    for n, (pickup, delivery) in enumerate(problem.pair.tolist()):
        activity[pickup] = pyvrp.Activity(kind.PICKUP, n)
        activity[delivery] = pyvrp.Activity(kind.DELIVERY, n)
    routes = [
        pyvrp.Route(data, [activity[v] for v in route.tasks], route.vehicle)
        for route in start.routes
    ]
    return pyvrp.Solution(data, routes)


def _decode(problem: Routing, best: Any, clients: list[int]) -> Routes:
    routes = []
    for route in best.routes():
        tasks: list[int] = []
        for step in route.schedule():
            if step.is_client():
                tasks.append(clients[step.idx])
            elif step.is_pickup():
                tasks.append(int(problem.pair[step.idx, 0]))
            elif step.is_delivery():
                tasks.append(int(problem.pair[step.idx, 1]))
        if tasks:
            routes.append(Route(route.vehicle_type(), tuple(tasks)))
    return Routes(tuple(routes))
