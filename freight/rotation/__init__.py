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

from freight.domain.base import Frozen
from freight.domain.money import Cents, money, unit_of
from freight.domain.waterway import Berth, Flow
from freight.errors import EngineError, Fault, InstanceError
from freight.rotation.problem import (
    WEEK_HOURS,
    RotationRules,
    lots_of,
    most_tonnes,
    problem_of,
    smaller_help,
    tonne_units,
)
from freight.rotation.river import (
    River,
    Section,
    Vessel,
    VesselOffer,
    assumed_offers,
    vessels,
    yangtze,
)
from solvers.options import Options
from solvers.outcome import Outcome, SolverUnavailable
from solvers.vrp.check import loads, route_cost, schedule
from solvers.vrp.enumeration import Enumeration
from solvers.vrp.problem import Route, Routing

__all__ = [
    "Berth", "Call", "Flow", "River", "Rotation", "RotationPlan", "RotationRules", "Section",
    "Vessel", "VesselOffer", "assumed_offers", "problem_of", "rotations", "vessels", "yangtze",
]  # fmt: skip


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
    remarks: tuple[str, ...] = ()
    """What was decided about the lots, and what may carry more."""


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
    lots, remarks = lots_of(river, flows, offers, rules)
    problem = problem_of(river, lots, offers, rules, berths)
    try:
        found = Enumeration().solve(problem, options)
    except SolverUnavailable as error:
        raise EngineError(
            f"rotations: {len(lots)} lots of {len(flows)} flows are too many. Raise lot_teu, take "
            "fewer flows or fewer vessel classes."
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
            remarks=(*remarks, *smaller_help(lots)),
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
        remarks=(*remarks, *(smaller_help(lots) if left else ())),
    )  # fmt: skip


def _rotation(
    where: tuple[River, RotationRules],
    problem: Routing,
    route: Route,
    what: tuple[Sequence[Flow], Sequence[VesselOffer]],
) -> Rotation:
    river, rules = where
    lots, offers = what
    fleet, t, hour = problem.fleet, route.vehicle, problem.scale
    times = schedule(problem, route)
    offer = offers[int(fleet.profile[t])]
    calls = _calls(where, problem, route, (lots, offer.vessel))
    ports = [rules.home_port, *(one.port for one in calls), rules.home_port]
    return Rotation(
        vessel_class=offer.vessel.vessel_class,
        weeks=int(fleet.most_duration[t]) // (WEEK_HOURS * hour),
        leaves_home_hours=times.leaves / hour,
        returns_home_hours=times.returns / hour,
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
    tonne = tonne_units(lots)
    ends = [lots[v // 2].to_port if v % 2 else lots[v // 2].from_port for v in route.tasks]
    starts = [i for i in range(len(ends)) if i == 0 or ends[i] != ends[i - 1]]
    found = []
    for first, after in pairwise([*starts, len(ends)]):
        some = range(first, after)
        port = ends[first]
        onward = ends[after] if after < len(ends) else rules.home_port
        most = float(most_tonnes(river, vessel, (port, onward), rules))
        shallow = river.shallowest(port, onward, rules.month)
        binds = shallow is not None and most < vessel.deadweight_tonnes
        end = times.begin[after - 1] + int(problem.service[route.tasks[after - 1]])
        found.append(Call(
            port=port, arrives_hours=times.begin[first] / problem.scale,
            leaves_hours=end / problem.scale,
            loaded_teu=sum(lots[route.tasks[i] // 2].teu_per_week
                           for i in some if route.tasks[i] % 2 == 0),
            unloaded_teu=sum(lots[route.tasks[i] // 2].teu_per_week
                             for i in some if route.tasks[i] % 2),
            teu_on_leaving=int(load[0, after]), tonnes_on_leaving=int(load[1, after]) / tonne,
            most_tonnes_ahead=most, shallowest=shallow.section if shallow and binds else None,
        ))  # fmt: skip
    return tuple(found)
