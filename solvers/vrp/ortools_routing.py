"""Routing by the constraint solver of OR-Tools: cheapest insertion, then guided local search.

Voudouris, Tsang (1999), "Guided local search and its application to the traveling salesman
problem", EJOR 113(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from solvers.arrays import Ints
from solvers.options import Options
from solvers.outcome import Stop
from solvers.vrp.problem import REQUIRED, Route, Routes, Routing
from solvers.vrp.pyvrp_search import refuse_extras
from solvers.vrp.reduction import reduced
from solvers.vrp.result import RoutingResult, Trail, heuristic_result

_FIRST = routing_enums_pb2.FirstSolutionStrategy
_META = routing_enums_pb2.LocalSearchMetaheuristic
_NO_LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class OrTools:
    """OR-Tools routing; ``plain`` leaves every search parameter at its default."""

    name: ClassVar[str] = "ortools"
    plain: bool = False

    def solve(self, problem: Routing, options: Options) -> RoutingResult:
        """Solve and report; without a time limit it stops after 60 s.

        Raises SolverUnavailable for moves with a load limit of their own, ValueError where
        ``problem.check()`` is not empty.
        """
        refuse_extras(problem, self.name)
        trail = Trail(options)
        smaller = reduced(problem)
        settled = smaller.settled(trail, self.name)
        if settled is not None:
            return settled
        model = _Model(smaller.problem)
        model.watch(trail, smaller.skipped)
        assignment = model.routing.SolveWithParameters(self._parameters(options))
        routes = None if assignment is None else smaller.restored(model.decode(assignment))
        stop = Stop.CONVERGED if self.plain else Stop.TIME
        if options.cancel.raised:
            stop = Stop.INTERRUPTED
        return heuristic_result(problem, routes, trail, self.name, stop)

    def _parameters(self, options: Options) -> Any:
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        limit = options.time_limit_seconds or _NO_LIMIT_SECONDS
        parameters.time_limit.FromMilliseconds(max(1, int(1000 * limit)))
        if not self.plain:
            parameters.first_solution_strategy = _FIRST.PARALLEL_CHEAPEST_INSERTION
            parameters.local_search_metaheuristic = _META.GUIDED_LOCAL_SEARCH
        return parameters


class _Model:
    """The routing model: one node per task, behind them one per depot that a vehicle uses."""

    def __init__(self, problem: Routing) -> None:
        self.problem = problem
        fleet, tasks = problem.fleet, problem.tasks
        self.kind = np.repeat(np.arange(problem.types), np.minimum(fleet.count, tasks))
        starts, ends = fleet.start_depot[self.kind], fleet.end_depot[self.kind]
        # A depot that no vehicle uses would be a place to visit.
        self.depots, node = np.unique(np.concatenate([starts, ends]), return_inverse=True)
        nodes = (tasks + node).tolist()
        self.manager = pywrapcp.RoutingIndexManager(
            tasks + len(self.depots),
            len(self.kind), nodes[: len(self.kind)], nodes[len(self.kind) :],
        )  # fmt: skip
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.places = np.concatenate([problem.place, problem.depot_place[self.depots]])
        self._costs()
        self._time()
        self._loads()
        self._choices()

    def _table(self, values: Ints) -> Any:
        rows = values[np.ix_(self.places, self.places)]
        return self.routing.RegisterTransitMatrix(rows.tolist())

    def _costs(self) -> None:
        problem, fleet = self.problem, self.problem.fleet
        arcs: dict[tuple[int, int], Any] = {}
        for v, t in enumerate(self.kind):
            key = int(fleet.profile[t]), int(fleet.distance_cost[t])
            if key not in arcs:
                arcs[key] = self._table(problem.distance[key[0]] * key[1])
            self.routing.SetArcCostEvaluatorOfVehicle(arcs[key], v)
            self.routing.SetFixedCostOfVehicle(int(fleet.fixed_cost[t]), v)
        if (fleet.most_distance < problem.distance.max(initial=0) * (problem.tasks + 1)).any():
            tables = [self._table(one) for one in problem.distance]
            transits = [tables[fleet.profile[t]] for t in self.kind]
            most = fleet.most_distance[self.kind].tolist()
            self.routing.AddDimensionWithVehicleTransitAndCapacity(
                transits, 0, most, True, "distance"
            )

    def _time(self) -> None:
        problem, fleet = self.problem, self.problem.fleet
        service = np.concatenate([problem.service, np.zeros(len(self.depots), np.int64)])
        tables = []
        for one in problem.duration:
            rows = one[np.ix_(self.places, self.places)] + service[:, None]
            np.fill_diagonal(rows, 0)
            tables.append(self.routing.RegisterTransitMatrix(rows.tolist()))
        horizon = self._horizon()
        self.routing.AddDimensionWithVehicleTransits(
            [tables[fleet.profile[t]] for t in self.kind], horizon, horizon, False, "time"
        )
        time = self.routing.GetDimensionOrDie("time")
        for task in range(problem.tasks):
            index = self.manager.NodeToIndex(task)
            early, late = int(problem.early[task]), min(horizon, int(problem.late[task]))
            time.CumulVar(index).SetRange(early, late)
        for v, t in enumerate(self.kind):
            self._shift(time, v, int(t), horizon)
        self._releases(time)

    def _shift(self, time: Any, v: int, t: int, horizon: int) -> None:
        problem, fleet = self.problem, self.problem.fleet
        early, late = int(fleet.early[t]), int(fleet.late[t])
        for index, depot in (
            (self.routing.Start(v), int(fleet.start_depot[t])),
            (self.routing.End(v), int(fleet.end_depot[t])),
        ):
            first = max(early, int(problem.depot_early[depot]))
            last = min(late, int(problem.depot_late[depot]), horizon)
            time.CumulVar(index).SetRange(first, last)
        if fleet.most_duration[t] < horizon:
            time.SetSpanUpperBoundForVehicle(int(fleet.most_duration[t]), v)
        if fleet.duration_cost[t]:
            time.SetSpanCostCoefficientForVehicle(int(fleet.duration_cost[t]), v)
        self.routing.AddVariableMinimizedByFinalizer(time.CumulVar(self.routing.End(v)))
        self.routing.AddVariableMaximizedByFinalizer(time.CumulVar(self.routing.Start(v)))

    def _releases(self, time: Any) -> None:
        solver, starts = self.routing.solver(), range(len(self.kind))
        begin = [time.CumulVar(self.routing.Start(v)) for v in starts]
        for task in np.flatnonzero(self.problem.release > 0).tolist():
            index = self.manager.NodeToIndex(task)
            release = int(self.problem.release[task])
            for v in starts:
                here = self.routing.VehicleVar(index) == v
                solver.Add(begin[v] >= here * release)

    def _horizon(self) -> int:
        """No feasible route is under way at this time."""
        problem = self.problem
        latest = max(problem.late.max(initial=0), problem.depot_late.max(initial=0))
        begins = (problem.early, problem.release, problem.depot_early, problem.fleet.early)
        start = max(int(one.max(initial=0)) for one in begins)
        longest = problem.duration.max(axis=0).max(axis=1)
        work = int(problem.service.sum() + longest[self.places].sum() + longest.max())
        return int(min(latest, start + work))

    def _loads(self) -> None:
        problem = self.problem
        change = problem.load_change()
        for d in range(problem.dimensions):
            capacity = problem.fleet.capacity[d, self.kind].tolist()
            delivers, collects = problem.delivery[d].any(), problem.pickup[d].any()
            self._load_dimension(change[d], capacity, f"load {d}", bool(delivers))
            if delivers and collects:
                self._tie_start(d, capacity)

    def _load_dimension(self, change: Ints, capacity: list[int], name: str, open_: bool) -> None:
        steps = [*change.tolist(), *[0] * len(self.depots)]
        transit = self.routing.RegisterUnaryTransitVector(steps)
        self.routing.AddDimensionWithVehicleCapacity(transit, 0, capacity, not open_, name)

    def _tie_start(self, d: int, capacity: list[int]) -> None:
        """What is on board at the start is exactly what the route delivers from the depot."""
        name = f"delivered {d}"
        self._load_dimension(-self.problem.delivery[d], capacity, name, True)
        load = self.routing.GetDimensionOrDie(f"load {d}")
        delivered = self.routing.GetDimensionOrDie(name)
        for v in range(len(self.kind)):
            start, end = self.routing.Start(v), self.routing.End(v)
            delivered.CumulVar(end).SetValue(0)
            self.routing.solver().Add(load.CumulVar(start) == delivered.CumulVar(start))

    def _choices(self) -> None:
        problem = self.problem
        for task in np.flatnonzero(problem.skip_cost != REQUIRED).tolist():
            index = self.manager.NodeToIndex(task)
            self.routing.AddDisjunction([index], int(problem.skip_cost[task]))
        time, solver = self.routing.GetDimensionOrDie("time"), self.routing.solver()
        for pickup, delivery in problem.pair.tolist():
            first, second = self.manager.NodeToIndex(pickup), self.manager.NodeToIndex(delivery)
            self.routing.AddPickupAndDelivery(first, second)
            solver.Add(self.routing.VehicleVar(first) == self.routing.VehicleVar(second))
            solver.Add(time.CumulVar(first) <= time.CumulVar(second))

    def watch(self, trail: Trail, besides: int) -> None:
        """Report improvements, ``besides`` added to their cost, and stop when cancelled."""

        def heard() -> None:
            trail.improved(float(self.routing.CostVar().Max() + besides))
            if trail.options.cancel.raised:
                self.routing.solver().FinishCurrentSearch()

        self.routing.AddAtSolutionCallback(heard)
        solver = self.routing.solver()
        self.routing.AddSearchMonitor(solver.CustomLimit(lambda: trail.options.cancel.raised))

    def decode(self, assignment: Any) -> Routes:
        """Routes of an assignment, empty ones left out."""
        routes = []
        for v, t in enumerate(self.kind):
            tasks, index = [], assignment.Value(self.routing.NextVar(self.routing.Start(v)))
            while not self.routing.IsEnd(index):
                tasks.append(int(self.manager.IndexToNode(index)))
                index = assignment.Value(self.routing.NextVar(index))
            if tasks:
                routes.append(Route(int(t), tuple(tasks)))
        return Routes(tuple(routes))
