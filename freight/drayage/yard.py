"""One city on one day as a routing problem: what its trucks can do, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from freight.domain.charges.drayage import day_units, move_units, road_minutes
from freight.domain.drayage import Trucks
from freight.domain.instance import Instance
from freight.domain.measures import scale_of, whole
from freight.drayage.days import LocalDay, seconds_of
from freight.drayage.jobs import Job, Spot, truck_depot
from solvers.arrays import Ints
from solvers.vrp.check import faults, total_cost
from solvers.vrp.problem import Fleet, Route, Routes, Routing

_UNDONE_FACTOR = 50
"""A job undone costs as many truck days, so that it is left only where it must be."""


@dataclass(frozen=True)
class Yard:
    """One city on one day: its jobs, its trucks and how they are planned."""

    instance: Instance
    city: str
    day: LocalDay
    jobs: list[Job]
    depot: Spot
    trucks: Trucks


def yard_of(instance: Instance, where: tuple[str, date], jobs: list[Job], trucks: Trucks) -> Yard:
    """The yard of a city and day; its clock is that of the city's first terminal."""
    city, day = where
    first = next(one for one in instance.terminals if one.city == city)
    whole = LocalDay(day, ZoneInfo(first.time_zone))
    return Yard(instance, city, whole, jobs, truck_depot(instance, first, trucks), trucks)


def problem_of(yard: Yard) -> tuple[Routing, list[Spot]]:
    """The routing problem of one city and day: smallest units of money, seconds, TEU and tonnes.

    ``distance`` is kilometre cost; tasks 2i and 2i + 1 are the ends of job i. Tonnes are in units
    that make those of all boxes whole.
    """
    instance, jobs, trucks = yard.instance, yard.jobs, yard.trucks
    spots = [yard.depot, *(spot for job in jobs for spot in (job.start, job.end))]
    cost, seconds = _tables(instance, spots, trucks)
    tasks = 2 * len(jobs)
    zero = np.zeros((2, tasks), dtype=np.int64)
    spans = [(job, span) for job in jobs for span in job.open]
    early = np.array([max(opens, job.earliest) for job, (opens, _) in spans], dtype=np.int64)
    late = np.array([min(closes, job.latest) for job, (_, closes) in spans], dtype=np.int64)
    service = [seconds_of(spot.handling_hours) for spot in spots[1:]]
    scale = scale_of(job.tonnes for job in jobs)
    fixed = day_units(instance, trucks)
    count = min(len(jobs), trucks.trucks or len(jobs))
    fleet = replace(
        Fleet.uniform(count, [trucks.capacity_teu, whole(trucks.capacity_tonnes, scale)], fixed),
        most_duration=np.array([seconds_of(trucks.shift_hours)]),
    )
    loads = np.array([[j.teu, whole(j.tonnes, scale)] for j in jobs], dtype=np.int64)
    skip = _UNDONE_FACTOR * max(fixed, int(cost.max(initial=1)), 1)
    problem = Routing(
        distance=cost[None], duration=seconds[None], place=np.arange(1, tasks + 1),
        service=np.array(service, dtype=np.int64), early=early, late=np.maximum(early, late),
        release=zero[0], delivery=zero, pickup=zero, skip_cost=np.full(tasks, skip),
        pair=np.arange(tasks).reshape(-1, 2), pair_load=loads.T.copy(),
        depot_place=np.array([0]), depot_early=np.array([0]),
        depot_late=np.array([yard.day.length]), fleet=fleet,
    )  # fmt: skip
    return problem, spots


def _tables(instance: Instance, spots: Sequence[Spot], trucks: Trucks) -> tuple[Ints, Ints]:
    """Cost and seconds between all spots; many share a point, which is looked up once."""
    points = list(dict.fromkeys(one.point for one in spots))
    where = np.array([points.index(one.point) for one in spots], dtype=np.int64)
    cost = np.zeros((len(points), len(points)), dtype=np.int64)
    seconds = np.zeros_like(cost)
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            if i != j:
                cost[i, j] = move_units(instance, a, b, trucks)
                seconds[i, j] = 60 * road_minutes(a, b, trucks)
    index = np.ix_(where, where)
    return cost[index], seconds[index]


def one_by_one(problem: Routing) -> Routes:
    """The jobs that a truck can do alone, each by a truck of its own while there are any."""
    routes: list[Route] = []
    for pickup, delivery in problem.pair.tolist():
        route = Route(0, (pickup, delivery))
        others = replace(problem, skip_cost=np.zeros_like(problem.skip_cost))
        if len(routes) < problem.fleet.count[0] and not faults(others, Routes((route,))):
            routes.append(route)
    made = Routes(tuple(routes))
    return made if total_cost(problem, made) < total_cost(problem, Routes()) else Routes()
