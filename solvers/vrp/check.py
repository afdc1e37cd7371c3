"""Schedule, cost and faults of any routes of any routing problem.

Nothing here is shared with a method: the checker walks every route task by task. The least duration
of a route uses the forward time slack of Savelsbergh (1992), "The vehicle routing problem with time
windows: minimizing route duration", ORSA Journal on Computing 4(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solvers.arrays import Ints
from solvers.vrp.problem import REQUIRED, Route, Routes, Routing


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a route leaves its depot, starts each service and returns; ``begin`` has one per task.

    The route leaves as late as it can without ending later. ``late_by[i]`` is how long after its
    window task ``i`` starts (0 when in time), ``overrun`` the same at the end depot.
    """

    leaves: int
    begin: tuple[int, ...]
    returns: int
    late_by: tuple[int, ...]
    overrun: int

    @property
    def duration(self) -> int:
        """Least possible duration of the route."""
        return self.returns - self.leaves


def moves(problem: Routing, route: Route) -> list[tuple[int, int]]:
    """Pairs of places that the route drives, from the start depot to the end depot."""
    fleet, t = problem.fleet, route.vehicle
    first = int(problem.depot_place[fleet.start_depot[t]])
    last = int(problem.depot_place[fleet.end_depot[t]])
    stops = [first, *(int(problem.place[v]) for v in route.tasks), last]
    return list(pairwise(stops))


def schedule(problem: Routing, route: Route) -> Schedule:
    """Earliest end and, for that end, latest departure."""
    fleet, t = problem.fleet, route.vehicle
    travel = [int(problem.duration[fleet.profile[t], i, j]) for i, j in moves(problem, route)]
    depot = int(fleet.start_depot[t])
    leaves = max([int(fleet.early[t]), int(problem.depot_early[depot])]
                 + [int(problem.release[v]) for v in route.tasks])  # fmt: skip
    slack = min(int(fleet.late[t]), int(problem.depot_late[depot])) - leaves
    now, waited, begin, late_by = leaves, 0, [], []
    for v, hours in zip(route.tasks, travel[:-1], strict=True):
        arrives = now + hours
        starts = max(arrives, int(problem.early[v]))
        waited += starts - arrives
        slack = min(slack, waited + int(problem.late[v]) - starts)
        begin.append(starts)
        late_by.append(max(0, starts - int(problem.late[v])))
        now = starts + int(problem.service[v])
    end = int(fleet.end_depot[t])
    returns = max(now + travel[-1], int(problem.depot_early[end]))
    waited += returns - now - travel[-1]
    overrun = max(0, returns - min(int(fleet.late[t]), int(problem.depot_late[end])))
    shift = max(0, min(slack, waited))
    return Schedule(leaves + shift, _shifted(problem, route, travel, leaves + shift), returns,
                    tuple(late_by), overrun)  # fmt: skip


def _shifted(problem: Routing, route: Route, travel: list[int], leaves: int) -> tuple[int, ...]:
    now, begin = leaves, []
    for v, hours in zip(route.tasks, travel[:-1], strict=True):
        starts = max(now + hours, int(problem.early[v]))
        begin.append(starts)
        now = starts + int(problem.service[v])
    return tuple(begin)


def loads(problem: Routing, route: Route) -> Ints:
    """Load on every move of the route; shape D×(tasks + 1)."""
    tasks = np.array(route.tasks, dtype=np.int64)
    start = problem.delivery[:, tasks].sum(axis=1, keepdims=True)
    change = problem.load_change()[:, tasks]
    return np.concatenate([start, start + np.cumsum(change, axis=1)], axis=1)


def route_distance(problem: Routing, route: Route) -> int:
    """Distance from depot to depot."""
    table = problem.distance[problem.fleet.profile[route.vehicle]]
    return sum(int(table[i, j]) for i, j in moves(problem, route))


def route_cost(problem: Routing, route: Route) -> int:
    """Fixed, distance and duration cost of one route."""
    fleet, t = problem.fleet, route.vehicle
    cost = int(fleet.fixed_cost[t])
    cost += int(fleet.distance_cost[t]) * route_distance(problem, route)
    if fleet.duration_cost[t]:
        cost += int(fleet.duration_cost[t]) * schedule(problem, route).duration
    return cost


def total_cost(problem: Routing, routes: Routes) -> int:
    """The objective: cost of the routes and of what is left undone."""
    skipped = problem.skip_cost[routes.undone(problem)]
    cost = sum(route_cost(problem, route) for route in routes.routes)
    return cost + int(skipped[skipped != REQUIRED].sum())


def faults(problem: Routing, routes: Routes) -> list[str]:
    """Every broken constraint, in words; empty when the routes are feasible."""
    found = [*_service_faults(problem, routes), *_fleet_faults(problem, routes)]
    for number, route in enumerate(routes.routes):
        where = f"Route {number}"
        found += [f"{where}: {text}" for text in _pair_faults(problem, route)]
        found += [f"{where}: {text}" for text in _load_faults(problem, route)]
        found += [f"{where}: {text}" for text in _time_faults(problem, route)]
    return found


def _service_faults(problem: Routing, routes: Routes) -> list[str]:
    done = np.array([v for route in routes.routes for v in route.tasks], dtype=np.int64)
    often = np.bincount(done, minlength=problem.tasks)
    found = [f"Task {v} is done {often[v]} times." for v in np.flatnonzero(often > 1)]
    missing = np.flatnonzero((often == 0) & (problem.skip_cost == REQUIRED))
    return found + [f"Task {v} is required and left undone." for v in missing]


def _fleet_faults(problem: Routing, routes: Routes) -> list[str]:
    used = np.bincount(
        np.array([r.vehicle for r in routes.routes], dtype=np.int64), minlength=problem.types
    )
    found = [
        f"Vehicle type {t} runs {used[t]} routes, {problem.fleet.count[t]} vehicles exist."
        for t in np.flatnonzero(used > problem.fleet.count)
    ]
    pool, limit = problem.fleet.pool, problem.fleet.pool_limit
    if pool is not None and limit is not None:
        drawn = np.bincount(pool[:, 0], weights=used * pool[:, 1], minlength=len(limit))
        found += [
            f"Pool {p} gives {drawn[p]:g}, it holds {limit[p]}."
            for p in np.flatnonzero(drawn > limit)
        ]
    return found


def _pair_faults(problem: Routing, route: Route) -> list[str]:
    at = {v: i for i, v in enumerate(route.tasks)}
    found = []
    for pickup, delivery in problem.pair.tolist():
        first, second = at.get(pickup), at.get(delivery)
        if (first is None) != (second is None):
            lone = pickup if second is None else delivery
            found.append(f"task {lone} is done without the other task of its pair.")
        elif first is not None and second is not None and first > second:
            found.append(f"task {delivery} delivers before task {pickup} picks up.")
    return found


def _load_faults(problem: Routing, route: Route) -> list[str]:
    fleet, t = problem.fleet, route.vehicle
    load = loads(problem, route)
    found = []
    for d in range(problem.dimensions):
        most = int(load[d].max())
        if most > fleet.capacity[d, t]:
            found.append(
                f"load {most} of dimension {d} exceeds the capacity {fleet.capacity[d, t]}."
            )
        if fleet.arc_limit is None:
            continue
        for (i, j), amount in zip(moves(problem, route), load[d].tolist(), strict=True):
            if amount > fleet.arc_limit[d, t, i, j]:
                found.append(
                    f"load {amount} of dimension {d} from place {i} to {j} exceeds the limit "
                    f"{fleet.arc_limit[d, t, i, j]} there."
                )
    return found


def _time_faults(problem: Routing, route: Route) -> list[str]:
    fleet, t = problem.fleet, route.vehicle
    times = schedule(problem, route)
    found = [
        f"task {v} starts {late} after its window."
        for v, late in zip(route.tasks, times.late_by, strict=True)
        if late
    ]
    start = int(fleet.start_depot[t])
    if times.leaves > min(int(fleet.late[t]), int(problem.depot_late[start])):
        found.append(f"leaves at {times.leaves}, after its shift or depot closes.")
    if times.overrun:
        found.append(f"returns {times.overrun} after its shift or depot closes.")
    if times.duration > fleet.most_duration[t]:
        found.append(f"takes {times.duration}, more than {fleet.most_duration[t]}.")
    driven = route_distance(problem, route)
    if driven > fleet.most_distance[t]:
        found.append(f"drives {driven}, more than {fleet.most_distance[t]}.")
    return found
