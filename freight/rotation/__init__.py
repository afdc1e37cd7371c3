"""Barge rotations: which ports a feeder visits in which order, week after week.

Weekly flows between river ports are cut into lots, each a pickup and a delivery. A rotation starts
and ends at the home port. It keeps the berth windows, never carries more TEU than the vessel holds
nor more tonnes than the month's depth allows on each move, and is repeated every week: one that
takes ``n`` weeks needs ``n`` vessels. So every vessel class appears once per number of weeks, with
that many weeks of charter as its fixed cost. The problem is solved to proof by
:mod:`solvers.vrp.enumeration`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import Annotated

import numpy as np
from pydantic import Field

from freight.domain.base import Frozen, Hours, Identifier
from freight.domain.money import Cents, money, unit_of, units
from freight.domain.waterway import Berth, Flow
from freight.errors import EngineError, Fault, InstanceError
from freight.rotation.river import (
    River,
    Section,
    Vessel,
    VesselOffer,
    assumed_offers,
    vessels,
    yangtze,
)
from solvers.arrays import Ints
from solvers.options import Options
from solvers.outcome import Outcome, SolverUnavailable
from solvers.vrp.check import loads, route_cost, schedule
from solvers.vrp.enumeration import Enumeration
from solvers.vrp.problem import FAR, REQUIRED, Fleet, Route, Routing

__all__ = [
    "Berth", "Call", "Flow", "River", "Rotation", "RotationPlan", "RotationRules", "Section",
    "Vessel", "VesselOffer", "assumed_offers", "problem_of", "rotations", "vessels", "yangtze",
]  # fmt: skip

WEEK_MINUTES = 7 * 24 * 60
_KILOGRAMS = 1000


class RotationRules(Frozen):
    """What holds for every rotation."""

    home_port: Identifier
    month: Annotated[int, Field(ge=1, le=12)]
    under_keel_m: Annotated[float, Field(ge=0)] = 0.3
    call_hours: Hours = 4.0
    """Of berthing and leaving, once per call."""
    teu_per_hour: Annotated[float, Field(gt=0)] = 30.0
    """Lifts at the quay (assumption)."""
    most_weeks: Annotated[int, Field(ge=1, le=6)] = 3
    lot_teu: Annotated[int, Field(ge=1)] = 60
    """Flows are cut into lots of at most this size."""


class Call(Frozen):
    """A vessel at a port; hours from the start of the rotation's first week."""

    port: str
    arrives_hours: float
    leaves_hours: float
    loaded_teu: int
    unloaded_teu: int
    teu_on_leaving: int
    tonnes_on_leaving: float
    most_tonnes_ahead: float
    """What depth and vessel allow on the move that follows."""
    shallowest: str | None
    """The section that sets it, where it is less than the vessel's own."""


class Rotation(Frozen):
    """One vessel's round, repeated every week by as many vessels as it takes weeks."""

    vessel_class: str
    weeks: int
    leaves_home_hours: float
    returns_home_hours: float
    distance_km: float
    cost_per_week: Cents
    calls: tuple[Call, ...]


class RotationPlan(Frozen):
    """All rotations of one month with their proof; amounts a week, in the offers' currency."""

    month: int
    currency: str
    outcome: Outcome
    cost: Cents
    """Rotations and penalties."""
    bound: float | None
    gap: float | None
    rotations: tuple[Rotation, ...]
    left: tuple[Flow, ...]
    """Lots that are not carried."""


def lots_of(flows: Sequence[Flow], lot_teu: int) -> tuple[Flow, ...]:
    """Every flow cut into equal lots of at most ``lot_teu``, the larger ones first."""
    found = []
    for flow in flows:
        count = ceil(flow.teu_per_week / lot_teu)
        base, more = divmod(flow.teu_per_week, count)
        for i in range(count):
            found.append(flow.model_copy(update={"teu_per_week": base + (i < more)}))
    return tuple(found)


def problem_of(
    river: River,
    lots: Sequence[Flow],
    offers: Sequence[VesselOffer],
    rules: RotationRules,
    berths: Sequence[Berth] = (),
) -> Routing:
    """The routing problem: cents, minutes, TEU and kilograms; one type per class and weeks."""
    ports = list(
        dict.fromkeys([rules.home_port, *(p for f in lots for p in (f.from_port, f.to_port))])
    )
    tasks = 2 * len(lots)
    place = np.array([ports.index(p) for f in lots for p in (f.from_port, f.to_port)], np.int64)
    window = {one.port: (int(60 * one.opens_hours), int(60 * one.closes_hours)) for one in berths}
    spans = [window.get(p, (0, FAR)) for f in lots for p in (f.from_port, f.to_port)]
    teu = np.array([one.teu_per_week for one in lots], dtype=np.int64)
    kilos = np.array([ceil(f.teu_per_week * f.tonnes_per_teu * _KILOGRAMS) for f in lots], np.int64)
    minutes = np.ceil(60 * teu / rules.teu_per_hour).astype(np.int64)
    penalty = [
        REQUIRED
        if f.penalty_per_teu is None
        else units(f.penalty_per_teu * f.teu_per_week, offers[0].currency)
        for f in lots
    ]
    skip = np.zeros(tasks, dtype=np.int64)
    skip[0::2] = penalty
    skip[1::2] = np.where(skip[0::2] == REQUIRED, REQUIRED, 0)
    zero = np.zeros((2, tasks), dtype=np.int64)
    distance, duration = _tables(river, ports, offers, rules)
    return Routing(
        distance=distance, duration=duration, place=place, service=np.repeat(minutes, 2),
        early=np.array([a for a, _ in spans], dtype=np.int64),
        late=np.array([b for _, b in spans], dtype=np.int64), release=zero[0], delivery=zero,
        pickup=zero, skip_cost=skip, pair=np.arange(tasks).reshape(-1, 2),
        pair_load=np.stack([teu, kilos]), depot_place=np.array([0]), depot_early=np.array([0]),
        depot_late=np.array([FAR]), fleet=_fleet(river, ports, offers, rules),
    )  # fmt: skip


def _tables(
    river: River, ports: Sequence[str], offers: Sequence[VesselOffer], rules: RotationRules
) -> tuple[Ints, Ints]:
    """Cents and minutes of every move by offer (profile): sailing, then berthing and the call."""
    n = len(ports)
    cost = np.zeros((len(offers), n, n), dtype=np.int64)
    minutes = np.zeros((len(offers), n, n), dtype=np.int64)
    for i, a in enumerate(ports):
        for j, b in enumerate(ports):
            if i == j:
                continue
            km, hours = river.sail(a, b)
            minutes[:, i, j] = ceil(60 * (hours + rules.call_hours) - 1e-9)
            for p, one in enumerate(offers):
                cost[p, i, j] = units(one.cost_per_km * km + one.cost_per_call, one.currency)
    return cost, minutes


def _fleet(
    river: River, ports: Sequence[str], offers: Sequence[VesselOffer], rules: RotationRules
) -> Fleet:
    weeks = range(1, rules.most_weeks + 1)
    kinds = [(p, w) for p, one in enumerate(offers) for w in weeks if w <= one.count]
    profile = np.array([p for p, _ in kinds], dtype=np.int64)
    length = np.array([w for _, w in kinds], dtype=np.int64)
    hulls = [one.vessel for one in offers]
    limit = np.full((2, len(kinds), len(ports), len(ports)), FAR, dtype=np.int64)
    for t, (p, _) in enumerate(kinds):
        for i, a in enumerate(ports):
            for j, b in enumerate(ports):
                limit[1, t, i, j] = int(_KILOGRAMS * most_tonnes(river, hulls[p], (a, b), rules))
    zero, far = np.zeros(len(kinds), dtype=np.int64), np.full(len(kinds), FAR)
    capacity = [[hulls[p].nominal_teu for p in profile],
                [int(_KILOGRAMS * hulls[p].deadweight_tonnes) for p in profile]]  # fmt: skip
    fixed = [units(offers[p].cost_per_week * w, offers[p].currency) for p, w in kinds]
    return Fleet(
        count=np.array([offers[p].count // w for p, w in kinds], dtype=np.int64),
        pool=np.array(kinds, dtype=np.int64).reshape(-1, 2),
        pool_limit=np.array([one.count for one in offers], dtype=np.int64),
        capacity=np.array(capacity, dtype=np.int64), start_depot=zero, end_depot=zero,
        fixed_cost=np.array(fixed, dtype=np.int64), distance_cost=zero + 1, duration_cost=zero,
        early=zero, late=far, most_duration=WEEK_MINUTES * length, most_distance=far,
        profile=profile, arc_limit=limit,
    )  # fmt: skip


def most_tonnes(river: River, vessel: Vessel, move: tuple[str, str], rules: RotationRules) -> float:
    """What a vessel may carry between two ports in the month of the rules."""
    section = river.shallowest(*move, rules.month)
    if section is None:
        return vessel.deadweight_tonnes
    return vessel.load_tonnes(section.depth_m[rules.month - 1], rules.under_keel_m)


def rotations(
    river: River,
    flows: Sequence[Flow],
    offers: Sequence[VesselOffer],
    rules: RotationRules,
    options: Options,
    berths: Sequence[Berth] = (),
) -> RotationPlan:
    """The cheapest weekly rotations, proved to the gap of the options.

    Raises InstanceError for unknown ports or mixed currencies, EngineError when there are too many
    lots to prove anything.
    """
    river.require([rules.home_port, *(p for f in flows for p in (f.from_port, f.to_port))])
    if len({one.currency for one in offers}) != 1:
        what = "The vessel offers are in different currencies, or there is none."
        raise InstanceError([Fault("offers", None, "currency", what, "Convert them to one.")])
    currency = offers[0].currency
    lots = lots_of(flows, rules.lot_teu)
    problem = problem_of(river, lots, offers, rules, berths)
    try:
        found = Enumeration().solve(problem, options)
    except SolverUnavailable as error:
        raise EngineError(
            f"rotations: {len(lots)} lots of {len(flows)} flows are too many. Raise lot_teu, take "
            f"fewer flows or fewer vessel classes. ({error})"
        ) from error
    if found.outcome is Outcome.NO_SOLUTION:
        raise EngineError(
            f"rotations: no rotations of {len(lots)} lots were found in time. Raise lot_teu, take "
            "fewer flows or fewer vessel classes, or give it more time."
        )
    if found.routes is None or found.objective is None:
        return RotationPlan(
            month=rules.month, currency=currency, outcome=found.outcome, cost=money(0, currency),
            bound=None, gap=None, rotations=(), left=lots,
        )  # fmt: skip
    left = sorted({v // 2 for v in found.routes.undone(problem).tolist()})
    made = [
        _rotation((river, rules), problem, route, (lots, offers)) for route in found.routes.routes
    ]
    return RotationPlan(
        month=rules.month, currency=currency, outcome=found.outcome,
        cost=money(found.objective, currency),
        bound=None if found.bound is None else float(unit_of(currency)) * found.bound,
        gap=found.gap, rotations=tuple(made), left=tuple(lots[i] for i in left),
    )  # fmt: skip


def _rotation(
    where: tuple[River, RotationRules],
    problem: Routing,
    route: Route,
    what: tuple[Sequence[Flow], Sequence[VesselOffer]],
) -> Rotation:
    river, rules = where
    lots, offers = what
    fleet, t = problem.fleet, route.vehicle
    times = schedule(problem, route)
    offer = offers[int(fleet.profile[t])]
    calls = _calls(where, problem, route, (lots, offer.vessel))
    ports = [rules.home_port, *(one.port for one in calls), rules.home_port]
    return Rotation(
        vessel_class=offer.vessel.vessel_class,
        weeks=int(fleet.most_duration[t]) // WEEK_MINUTES,
        leaves_home_hours=times.leaves / 60,
        returns_home_hours=times.returns / 60,
        distance_km=sum(river.sail(a, b)[0] for a, b in pairwise(ports)),
        cost_per_week=money(route_cost(problem, route), offer.currency),
        calls=calls,
    )


def _calls(
    where: tuple[River, RotationRules],
    problem: Routing,
    route: Route,
    what: tuple[Sequence[Flow], Vessel],
) -> tuple[Call, ...]:
    """Tasks at the same port one after the other make one call."""
    river, rules = where
    lots, vessel = what
    times, load = schedule(problem, route), loads(problem, route)
    ends = [lots[v // 2].to_port if v % 2 else lots[v // 2].from_port for v in route.tasks]
    starts = [i for i in range(len(ends)) if i == 0 or ends[i] != ends[i - 1]]
    found = []
    for first, after in pairwise([*starts, len(ends)]):
        some = range(first, after)
        port = ends[first]
        onward = ends[after] if after < len(ends) else rules.home_port
        most = most_tonnes(river, vessel, (port, onward), rules)
        shallow = river.shallowest(port, onward, rules.month)
        binds = shallow is not None and most < vessel.deadweight_tonnes
        end = times.begin[after - 1] + int(problem.service[route.tasks[after - 1]])
        found.append(Call(
            port=port, arrives_hours=times.begin[first] / 60,
            leaves_hours=end / 60,
            loaded_teu=sum(lots[route.tasks[i] // 2].teu_per_week
                           for i in some if route.tasks[i] % 2 == 0),
            unloaded_teu=sum(lots[route.tasks[i] // 2].teu_per_week
                             for i in some if route.tasks[i] % 2),
            teu_on_leaving=int(load[0, after]), tonnes_on_leaving=float(load[1, after]) / 1000,
            most_tonnes_ahead=most, shallowest=shallow.section if shallow and binds else None,
        ))  # fmt: skip
    return tuple(found)
