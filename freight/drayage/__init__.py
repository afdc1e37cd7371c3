"""First and last mile: trucks between doors and terminals, day by day and city by city.

Every city and day is one pickup and delivery problem with time windows
(:mod:`solvers.vrp.problem`): tasks are the two ends of every job, loads are TEU and tonnes, trucks
start and end at the depot. A job that no truck can do in time is left undone and reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from time import perf_counter
from zoneinfo import ZoneInfo

import numpy as np

from freight.domain.charges.drayage import day_units, move_units, road_km, road_minutes
from freight.domain.drayage import (
    Door,
    DoorEnd,
    Drayage,
    LeftBox,
    TruckRoute,
    Trucks,
    TruckStop,
    trucks_of,
)
from freight.domain.instance import Instance
from freight.domain.money import money
from freight.domain.plan import Plan
from freight.drayage.doors import (
    ASSUMED_TRUCKS,
    check,
    cities,
    read_doors,
    read_trucks,
    synthetic_doors,
    template_rows,
    write_template,
)
from freight.drayage.feedback import with_drayage, without_drayage
from freight.drayage.jobs import MINUTES_PER_DAY, Job, Spot, jobs_of, truck_depot
from freight.errors import EngineError
from solvers.arrays import Ints
from solvers.options import Options
from solvers.outcome import SolverError
from solvers.vrp import routing_method
from solvers.vrp.check import route_cost, schedule
from solvers.vrp.problem import Fleet, Route, Routing

__all__ = [
    "ASSUMED_TRUCKS", "Door", "DoorEnd", "Drayage", "TruckRoute", "TruckStop", "Trucks", "drayage",
    "read_doors", "read_trucks", "synthetic_doors", "template_rows", "with_drayage",
    "without_drayage", "write_template",
]  # fmt: skip

_UNDONE_FACTOR = 50
"""A job undone costs as many truck days, so that it is left only where it must be."""
_LEAST_SECONDS = 0.1


@dataclass(frozen=True)
class _Yard:
    """One city on one day: its jobs, its trucks and how they are planned."""

    instance: Instance
    city: str
    midnight: datetime
    jobs: list[Job]
    depot: Spot
    trucks: Trucks


def drayage(
    instance: Instance,
    plan: Plan,
    doors: Sequence[Door],
    options: Options,
    trucks: Sequence[Trucks] = ASSUMED_TRUCKS,
    method: str = "pyvrp",
) -> Drayage:
    """Plan the trucks of a plan's itineraries; the time limit is shared out by trips.

    Amounts are in the plan's currency. Raises InstanceError for doors that fit no shipment and
    cities without trucks, EngineError for an unknown method.
    """
    began = perf_counter()
    check(instance, doors, trucks)
    served = {
        city: row
        for city, country in cities(instance, doors)
        if (row := trucks_of(tuple(trucks), city, country)) is not None
    }
    jobs = sorted(
        jobs_of(instance, plan, doors, served),
        key=lambda j: (j.city, j.day, j.shipment, j.part, j.side, j.full),
    )
    routes: list[TruckRoute] = []
    undone: list[LeftBox] = []
    for (city, day), group in groupby(jobs, key=lambda j: (j.city, j.day)):
        options.listener.iterated(f"trucks of {city} on {day}", 0)
        yard = _yard(instance, (city, day), list(group), served[city])
        made, left = _solve(yard, _share(options, len(yard.jobs), len(jobs)), method)
        routes += made
        undone += left
    nothing = money(0, instance.statement.currency)
    return Drayage(
        cost=sum((one.cost for one in routes), nothing), routes=tuple(routes),
        undone=tuple(undone), trips=len(jobs), method=method, seed=options.seed,
        seconds=round(perf_counter() - began, 2), doors=tuple(doors), trucks=tuple(trucks),
    )  # fmt: skip


def _share(options: Options, some: int, every: int) -> Options:
    """The options with a share of the time limit."""
    if options.time_limit_seconds is None:
        return options
    share = options.time_limit_seconds * some / every
    return replace(options, time_limit_seconds=max(_LEAST_SECONDS, share))


def _yard(instance: Instance, where: tuple[str, date], jobs: list[Job], trucks: Trucks) -> _Yard:
    city, day = where
    first = next(one for one in instance.terminals if one.city == city)
    midnight = datetime.combine(day, datetime.min.time(), ZoneInfo(first.time_zone))
    return _Yard(instance, city, midnight, jobs, truck_depot(instance, first, trucks), trucks)


def problem_of(
    instance: Instance, jobs: Sequence[Job], depot: Spot, trucks: Trucks
) -> tuple[Routing, list[Spot]]:
    """The routing problem of one city and day: cents, minutes, TEU and kilograms.

    ``distance`` is in cents of kilometre cost; tasks 2i and 2i + 1 are the ends of job i.
    """
    spots = [depot, *(spot for job in jobs for spot in (job.start, job.end))]
    cost, minutes = _tables(instance, spots, trucks)
    tasks = 2 * len(jobs)
    zero = np.zeros((2, tasks), dtype=np.int64)
    pairs = [(j, s) for j in jobs for s in (j.start, j.end)]
    early = np.array([max(round(60 * s.opens_hour), j.earliest) for j, s in pairs], dtype=np.int64)
    late = np.array([min(round(60 * s.closes_hour), j.latest) for j, s in pairs], dtype=np.int64)
    service = [round(60 * s.handling_hours) for _, s in pairs]
    fixed = day_units(instance, trucks)
    count = min(len(jobs), trucks.trucks or len(jobs))
    fleet = replace(
        Fleet.uniform(count, [trucks.capacity_teu, int(1000 * trucks.capacity_tonnes)], fixed),
        most_duration=np.array([int(60 * trucks.shift_hours)]),
    )
    loads = np.array([[j.teu, int(np.ceil(1000 * j.tonnes))] for j in jobs], dtype=np.int64)
    skip = _UNDONE_FACTOR * max(fixed, int(cost.max(initial=1)), 1)
    problem = Routing(
        distance=cost[None], duration=minutes[None], place=np.arange(1, tasks + 1),
        service=np.array(service, dtype=np.int64), early=early, late=np.maximum(early, late),
        release=zero[0], delivery=zero, pickup=zero, skip_cost=np.full(tasks, skip),
        pair=np.arange(tasks).reshape(-1, 2), pair_load=loads.T.copy(),
        depot_place=np.array([0]), depot_early=np.array([0]),
        depot_late=np.array([MINUTES_PER_DAY]), fleet=fleet,
    )  # fmt: skip
    return problem, spots


def _tables(instance: Instance, spots: Sequence[Spot], trucks: Trucks) -> tuple[Ints, Ints]:
    """Cents and minutes between all spots; many share a point, which is looked up once."""
    points = list(dict.fromkeys(one.point for one in spots))
    where = np.array([points.index(one.point) for one in spots], dtype=np.int64)
    cost = np.zeros((len(points), len(points)), dtype=np.int64)
    minutes = np.zeros_like(cost)
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            if i != j:
                cost[i, j] = move_units(instance, a, b, trucks)
                minutes[i, j] = road_minutes(a, b, trucks)
    index = np.ix_(where, where)
    return cost[index], minutes[index]


def _solve(yard: _Yard, options: Options, method: str) -> tuple[list[TruckRoute], list[LeftBox]]:
    able = [job for job in yard.jobs if _possible(job)]
    left = [
        _left(job, "no time between opening hours, when it is ready and the cutoff")
        for job in yard.jobs
        if not _possible(job)
    ]
    if not able:
        return [], left
    problem, spots = problem_of(yard.instance, able, yard.depot, yard.trucks)
    try:
        found = routing_method(method).solve(problem, options)
    except SolverError as error:
        raise EngineError(f"Trucks of {yard.city} on {yard.midnight:%Y-%m-%d}: {error}") from error
    if found.routes is None:
        return [], left + [_left(job, "no routes were found in time") for job in able]
    routes = [
        _truck(problem, route, replace(yard, jobs=able), spots) for route in found.routes.routes
    ]
    missing = sorted({v // 2 for v in found.routes.undone(problem).tolist()})
    return routes, left + [
        _left(able[i], "no truck was found that reaches both ends in time") for i in missing
    ]


def _possible(job: Job) -> bool:
    """Whether both ends of a job are open between its earliest and latest minute."""
    return all(
        max(job.earliest, round(60 * spot.opens_hour))
        <= min(job.latest, round(60 * spot.closes_hour))
        for spot in (job.start, job.end)
    )


def _left(job: Job, why: str) -> LeftBox:
    what = "full" if job.full else "empty"
    words = f"{what} box from {job.start.name} to {job.end.name} on {job.day}: {why}"
    return LeftBox(shipment=job.shipment, part=job.part, end=job.side, full=job.full, reason=words)


def _truck(problem: Routing, route: Route, yard: _Yard, spots: list[Spot]) -> TruckRoute:
    times = schedule(problem, route)
    stops = []
    for v, begin in zip(route.tasks, times.begin, strict=True):
        job = yard.jobs[v // 2]
        stops.append(TruckStop(
            at=yard.midnight + timedelta(minutes=begin), place=spots[v + 1].position,
            takes=v % 2 == 0, full=job.full, shipment=job.shipment, part=job.part, end=job.side,
            teu=job.teu,
        ))  # fmt: skip
    path = [spots[0], *(spots[v + 1] for v in route.tasks), spots[0]]
    km = sum(road_km(a.point, b.point, yard.trucks) for a, b in pairwise(path))
    return TruckRoute(
        city=yard.city, depot=spots[0].position,
        leaves=yard.midnight + timedelta(minutes=times.leaves),
        returns=yard.midnight + timedelta(minutes=times.returns),
        distance_km=round(km, 3),
        cost=money(route_cost(problem, route), yard.instance.statement.currency),
        stops=tuple(stops),
    )  # fmt: skip
