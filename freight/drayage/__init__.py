"""First and last mile: trucks between doors and terminals, day by day and city by city.

Every city and day is one pickup and delivery problem with time windows
(:mod:`solvers.vrp.problem`): tasks are the two ends of every job, loads are TEU and tonnes, trucks
start and end at the depot. A job that no truck can do in time is left undone and reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from time import perf_counter

from freight.domain.charges.drayage import road_km
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
from freight.drayage.jobs import Job, Spot, jobs_of
from freight.drayage.yard import Yard, one_by_one, problem_of, yard_of
from freight.errors import EngineError
from solvers.options import Options
from solvers.outcome import SolverError
from solvers.vrp import routing_method
from solvers.vrp.check import route_cost, schedule, total_cost
from solvers.vrp.problem import Route, Routing

__all__ = [
    "ASSUMED_TRUCKS", "Door", "DoorEnd", "Drayage", "TruckRoute", "TruckStop", "Trucks", "drayage",
    "read_doors", "read_trucks", "synthetic_doors", "template_rows", "with_drayage",
    "without_drayage", "write_template",
]  # fmt: skip

_LEAST_SECONDS = 0.1


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
        yard = yard_of(instance, (city, day), list(group), served[city])
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


def _solve(yard: Yard, options: Options, method: str) -> tuple[list[TruckRoute], list[LeftBox]]:
    reasons = [_impossible(job, yard.trucks) for job in yard.jobs]
    left = [_left(job, why) for job, why in zip(yard.jobs, reasons, strict=True) if why]
    able = [job for job, why in zip(yard.jobs, reasons, strict=True) if why is None]
    if not able:
        return [], left
    yard = replace(yard, jobs=able)
    problem, spots = problem_of(yard)
    routes = one_by_one(problem)
    try:
        found = None if options.cancel.raised else routing_method(method).solve(problem, options)
    except SolverError as error:
        raise EngineError(f"Trucks of {yard.city} on {yard.day.day:%Y-%m-%d}: {error}") from error
    if found and found.routes and total_cost(problem, found.routes) <= total_cost(problem, routes):
        routes = found.routes
    missing = sorted({v // 2 for v in routes.undone(problem).tolist()})
    return [_truck(problem, route, yard, spots) for route in routes.routes], left + [
        _left(able[i], "no truck was found that reaches both ends in time") for i in missing
    ]


def _impossible(job: Job, trucks: Trucks) -> str | None:
    """Why no truck can do a job, whatever else it does; None: one may."""
    if job.tonnes > trucks.capacity_tonnes:
        return f"it weighs {job.tonnes:g} t, a truck takes {trucks.capacity_tonnes:g} t"
    if job.teu > trucks.capacity_teu:
        return f"it has {job.teu} TEU, a truck takes {trucks.capacity_teu}"
    if any(max(job.earliest, opens) > min(job.latest, closes) for opens, closes in job.open):
        return "no time between opening hours, when it is ready and the cutoff"
    return None


def _left(job: Job, why: str) -> LeftBox:
    what = "full" if job.full else "empty"
    words = f"{what} box from {job.start.name} to {job.end.name} on {job.day}: {why}"
    return LeftBox(shipment=job.shipment, part=job.part, end=job.side, full=job.full, reason=words)


def _truck(problem: Routing, route: Route, yard: Yard, spots: list[Spot]) -> TruckRoute:
    times = schedule(problem, route)
    stops = []
    for v, begin in zip(route.tasks, times.begin, strict=True):
        job = yard.jobs[v // 2]
        stops.append(TruckStop(
            at=yard.day.moment(begin), place=spots[v + 1].position,
            takes=v % 2 == 0, full=job.full, shipment=job.shipment, part=job.part, end=job.side,
            teu=job.teu,
        ))  # fmt: skip
    path = [spots[0], *(spots[v + 1] for v in route.tasks), spots[0]]
    km = sum(road_km(a.point, b.point, yard.trucks) for a, b in pairwise(path))
    return TruckRoute(
        city=yard.city, depot=spots[0].position,
        leaves=yard.day.moment(times.leaves),
        returns=yard.day.moment(times.returns),
        distance_km=round(km, 3),
        cost=money(route_cost(problem, route), yard.instance.statement.currency),
        stops=tuple(stops),
    )  # fmt: skip
