"""A routing problem as PyVRP takes it, and its solutions as routes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyvrp

from solvers.vrp.problem import REQUIRED, Route, Routes, Routing


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
            num_available=min(int(fleet.count[t]), problem.tasks),
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


def encode(problem: Routing, data: Any, start: Routes, clients: list[int]) -> Any:
    """Routes as a solution of PyVRP."""
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


def decode(problem: Routing, best: Any, clients: list[int]) -> Routes:
    """A solution of PyVRP as routes."""
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
