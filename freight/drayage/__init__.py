"""First and last mile: trucks between doors and terminals, day by day and city by city.

Every city and day is one pickup and delivery problem with time windows
(:mod:`solvers.vrp.problem`): tasks are the two ends of every job, loads are TEU and tonnes, trucks
start and end at the depot. A job that no truck can do in time is left undone and reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import numpy as np

from freight.domain.base import Frozen
from freight.domain.instance import Instance
from freight.domain.money import cents, money, split
from freight.domain.plan import Cents, Plan
from freight.drayage.jobs import MINUTES_PER_DAY, Job, Spot, jobs_of, minutes_between, truck_depot
from freight.drayage.request import (
    CHINESE_TRUCKS,
    Door,
    DoorEnd,
    TruckTariff,
    check_doors,
    great_circle_km,
    synthetic_doors,
)
from solvers.options import Options
from solvers.problem import Ints
from solvers.vrp import routing_method
from solvers.vrp.check import route_cost, schedule
from solvers.vrp.problem import Fleet, Route, Routing

__all__ = [
    "CHINESE_TRUCKS", "Door", "DoorEnd", "DrayagePlan", "DrayageStop", "TruckRoute", "TruckTariff",
    "drayage", "synthetic_doors",
]  # fmt: skip

_UNDONE_FACTOR = 50
"""A job undone costs as many truck days, so that it is left only where it must be."""


class DrayageStop(Frozen):
    """A truck takes or leaves one box."""

    at: datetime
    place: str
    takes: bool
    full: bool
    shipment: str
    teu: int


class TruckRoute(Frozen):
    """One truck on one day, from its depot and back."""

    city: str
    depot: str
    leaves: datetime
    returns: datetime
    distance_km: float
    cost: Cents
    stops: tuple[DrayageStop, ...]


class DrayagePlan(Frozen):
    """Truck routes of a plan with their cost, in the tariff's currency, shared by shipment."""

    instance: str
    currency: str
    cost: Cents
    charges: dict[str, Cents]
    """By shipment; they add up to the cost."""
    routes: tuple[TruckRoute, ...]
    undone: tuple[str, ...]
    """Jobs that no truck can do, in words."""
    jobs: int
    method: str
    tariff: TruckTariff


def drayage(
    instance: Instance,
    plan: Plan,
    doors: Sequence[Door],
    options: Options,
    tariff: TruckTariff = CHINESE_TRUCKS,
    method: str = "pyvrp",
) -> DrayagePlan:
    """Plan the trucks of a plan's itineraries; the time limit holds for every city and day.

    Raises InstanceError for doors that fit no shipment.
    """
    check_doors(instance, doors)
    jobs = sorted(
        jobs_of(instance, plan, doors, tariff), key=lambda j: (j.city, j.day, j.shipment, j.full)
    )
    routes: list[TruckRoute] = []
    undone: list[str] = []
    for (city, day), group in groupby(jobs, key=lambda j: (j.city, j.day)):
        made, left = _city_day(instance, (city, day), list(group), (options, tariff, method))
        routes += made
        undone += left
    cost = sum((one.cost for one in routes), Decimal("0.00"))
    charges = _shares(routes, jobs)
    return DrayagePlan(
        instance=instance.statement.name, currency=tariff.currency, cost=cost, charges=charges,
        routes=tuple(routes), undone=tuple(undone), jobs=len(jobs), method=method, tariff=tariff,
    )  # fmt: skip


def problem_of(jobs: Sequence[Job], depot: Spot, tariff: TruckTariff) -> tuple[Routing, list[Spot]]:
    """The routing problem of one city and day: cents, minutes, TEU and kilograms.

    ``distance`` is in cents of kilometre cost; tasks 2i and 2i + 1 are the ends of job i.
    """
    spots = [depot, *(spot for job in jobs for spot in (job.start, job.end))]
    cost, minutes = _tables(spots, tariff)
    tasks = 2 * len(jobs)
    zero = np.zeros((2, tasks), dtype=np.int64)
    early = np.array([max(int(60 * s.opens_hour), j.earliest) for j in jobs
                      for s in (j.start, j.end)], dtype=np.int64)  # fmt: skip
    late = np.array([min(int(60 * s.closes_hour), j.latest) for j in jobs
                     for s in (j.start, j.end)], dtype=np.int64)  # fmt: skip
    service = [int(60 * s.handling_hours) for j in jobs for s in (j.start, j.end)]
    fixed = cents(tariff.cost_per_truck_day)
    fleet = replace(
        Fleet.uniform(len(jobs), [tariff.capacity_teu, int(1000 * tariff.capacity_tonnes)], fixed),
        most_duration=np.array([int(60 * tariff.shift_hours)]),
    )
    loads = np.array([[j.teu, int(np.ceil(1000 * j.tonnes))] for j in jobs], dtype=np.int64)
    problem = Routing(
        distance=cost[None], duration=minutes[None], place=np.arange(1, tasks + 1),
        service=np.array(service, dtype=np.int64), early=early, late=np.maximum(early, late),
        release=zero[0], delivery=zero, pickup=zero,
        skip_cost=np.full(tasks, _UNDONE_FACTOR * max(fixed, 1)),
        pair=np.arange(tasks).reshape(-1, 2), pair_load=loads.T.copy(),
        depot_place=np.array([0]), depot_early=np.array([0]),
        depot_late=np.array([MINUTES_PER_DAY]), fleet=fleet,
    )  # fmt: skip
    return problem, spots


def _tables(spots: Sequence[Spot], tariff: TruckTariff) -> tuple[Ints, Ints]:
    cost = np.zeros((len(spots), len(spots)), dtype=np.int64)
    minutes = np.zeros_like(cost)
    for i, a in enumerate(spots):
        for j, b in enumerate(spots):
            if i != j:
                km = great_circle_km((a.lat, a.lon), (b.lat, b.lon)) * tariff.detour
                cost[i, j] = cents(km * tariff.cost_per_km)
                minutes[i, j] = minutes_between(a, b, tariff)
    return cost, minutes


def _city_day(
    instance: Instance,
    where: tuple[str, date],
    jobs: list[Job],
    how: tuple[Options, TruckTariff, str],
) -> tuple[list[TruckRoute], list[str]]:
    options, tariff, method = how
    terminal = next(one for one in instance.terminals if one.city == where[0])
    depot = truck_depot(instance, terminal)
    able = [job for job in jobs if _possible(job)]
    left = [_in_words(job) for job in jobs if not _possible(job)]
    if not able:
        return [], left
    problem, spots = problem_of(able, depot, tariff)
    found = routing_method(method).solve(problem, options)
    if found.routes is None:
        return [], left + [_in_words(job) for job in able]
    midnight = datetime.combine(where[1], datetime.min.time(), ZoneInfo(terminal.time_zone))
    routes = [
        _truck(problem, route, (able, spots, tariff), (where[0], midnight))
        for route in found.routes.routes
    ]
    missing = sorted({v // 2 for v in found.routes.undone(problem).tolist()})
    return routes, left + [_in_words(able[i]) for i in missing]


def _possible(job: Job) -> bool:
    """Whether the windows of a job are open at all on its day."""
    opens = max(job.earliest, int(60 * job.start.opens_hour))
    return opens <= min(job.latest, int(60 * job.start.closes_hour)) and opens <= job.latest


def _in_words(job: Job) -> str:
    what = "full" if job.full else "empty"
    return f"{job.shipment}: {what} box from {job.start.name} to {job.end.name} on {job.day}"


def _truck(
    problem: Routing,
    route: Route,
    load: tuple[list[Job], list[Spot], TruckTariff],
    where: tuple[str, datetime],
) -> TruckRoute:
    jobs, spots, tariff = load
    city, midnight = where
    times = schedule(problem, route)
    stops = []
    for v, begin in zip(route.tasks, times.begin, strict=True):
        job = jobs[v // 2]
        stops.append(DrayageStop(
            at=midnight + timedelta(minutes=begin), place=spots[v + 1].name, takes=v % 2 == 0,
            full=job.full, shipment=job.shipment, teu=job.teu,
        ))  # fmt: skip
    path = [spots[0], *(spots[v + 1] for v in route.tasks), spots[0]]
    km = sum(
        great_circle_km((a.lat, a.lon), (b.lat, b.lon)) * tariff.detour for a, b in pairwise(path)
    )
    return TruckRoute(
        city=city, depot=spots[0].name, leaves=midnight + timedelta(minutes=times.leaves),
        returns=midnight + timedelta(minutes=times.returns), distance_km=km,
        cost=money(route_cost(problem, route)), stops=tuple(stops),
    )  # fmt: skip


def _shares(routes: Sequence[TruckRoute], jobs: Sequence[Job]) -> dict[str, Decimal]:
    """The cost of every route over its boxes, by the direct distance of what was moved."""
    direct: dict[str, float] = {}
    for job in jobs:
        ends = (job.start.lat, job.start.lon), (job.end.lat, job.end.lon)
        direct[job.shipment] = max(direct.get(job.shipment, 0.0), great_circle_km(*ends))
    total: dict[str, int] = {}
    for route in routes:
        taken = [stop for stop in route.stops if stop.takes]
        weights = [direct[stop.shipment] * stop.teu for stop in taken]
        for stop, share in zip(taken, split(cents(route.cost), weights), strict=True):
            total[stop.shipment] = total.get(stop.shipment, 0) + share
    return {key: money(amount) for key, amount in sorted(total.items())}
