"""Rotations as a routing problem, in whole numbers that round nothing.

Hours and tonnes count as they are written. The unit of time is such a part of an hour that every
move, every call and every window is whole in it, that of mass such a part of a tonne that every
lot is; a millionth where that would be finer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Annotated

import numpy as np
from pydantic import Field

from freight.domain.base import Frozen, Hours, Identifier
from freight.domain.measures import exact, scale_of
from freight.domain.money import units
from freight.domain.waterway import Berth, Flow
from freight.rotation.river import River, Vessel, VesselOffer
from solvers.arrays import Ints
from solvers.vrp.problem import FAR, REQUIRED, Fleet, Routing

WEEK_HOURS = 7 * 24
MOST_CUT = 6
"""Most lots that a flow is cut into unasked: many more could not be proved."""
FINEST = 10**6
"""Most units of time in an hour."""


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


def lots_of(
    river: River, flows: Sequence[Flow], offers: Sequence[VesselOffer], rules: RotationRules
) -> tuple[tuple[Flow, ...], tuple[str, ...]]:
    """Every flow cut into equal lots that some vessel can carry, and what was said about it.

    At most ``lot_teu`` each, the larger ones first. A flow of which no vessel carries even one TEU,
    or that would fall into more than ``MOST_CUT`` lots unasked, stays as it is.
    """
    lots: list[Flow] = []
    remarks = []
    for flow in flows:
        where = f"from {flow.from_port} to {flow.to_port}"
        most = max((_most_teu(river, one.vessel, flow, rules) for one in offers), default=0)
        size = min(rules.lot_teu, flow.teu_per_week)
        if not most:
            remarks.append(
                f"No vessel carries a TEU of {flow.tonnes_per_teu:g} t {where} in that month."
            )
        elif most < size and flow.teu_per_week <= MOST_CUT * most:
            remarks.append(
                f"Lots {where} are cut to {most} TEU: no vessel carries more there in that month."
            )
            size = most
        elif most < size:
            remarks.append(
                f"No vessel carries more than {most} TEU {where} in that month, so these "
                f"{flow.teu_per_week} cannot go; --lot-teu {most} cuts them into lots that can."
            )
        count = ceil(flow.teu_per_week / size)
        base, more = divmod(flow.teu_per_week, count)
        lots += [flow.model_copy(update={"teu_per_week": base + (i < more)}) for i in range(count)]
    return tuple(lots), tuple(remarks)


def smaller_help(lots: Sequence[Flow]) -> tuple[str, ...]:
    """That smaller lots may be carried where these are not."""
    largest = max((one.teu_per_week for one in lots), default=1)
    if largest < 2:
        return ()
    return (f"Lots travel whole: smaller ones, such as --lot-teu {largest // 2}, may carry more.",)


def _most_teu(river: River, vessel: Vessel, flow: Flow, rules: RotationRules) -> int:
    """Most TEU of a flow that a vessel carries from end to end."""
    tonnes = most_tonnes(river, vessel, (flow.from_port, flow.to_port), rules)
    return min(vessel.nominal_teu, floor(tonnes / Fraction(exact(flow.tonnes_per_teu))))


def most_tonnes(
    river: River, vessel: Vessel, move: tuple[str, str], rules: RotationRules
) -> Fraction:
    """What a vessel may carry between two ports in the month of the rules."""
    section = river.shallowest(*move, rules.month)
    if section is None:
        return Fraction(exact(vessel.deadweight_tonnes))
    return vessel.load(section.depth_m[rules.month - 1], rules.under_keel_m)


def tonne_units(lots: Sequence[Flow]) -> int:
    """Units of mass in a tonne, by which all lots are whole."""
    return scale_of(one.tonnes_per_teu for one in lots)


def problem_of(
    river: River,
    lots: Sequence[Flow],
    offers: Sequence[VesselOffer],
    rules: RotationRules,
    berths: Sequence[Berth] = (),
) -> Routing:
    """The routing problem: smallest units of money, parts of an hour, TEU and parts of a tonne.

    One type per class and number of weeks; ``scale`` is how many parts make an hour.
    """
    ports = list(
        dict.fromkeys([rules.home_port, *(p for f in lots for p in (f.from_port, f.to_port))])
    )
    hour = _hour_units(river, ports, lots, (rules, berths))
    tasks, tonne = 2 * len(lots), tonne_units(lots)
    ends = [port for one in lots for port in (one.from_port, one.to_port)]
    window = {
        one.port: (ceil(exact(one.opens_hours) * hour), floor(exact(one.closes_hours) * hour))
        for one in berths
    }
    spans = np.array([window.get(port, (0, FAR)) for port in ends], dtype=np.int64).reshape(-1, 2)
    lifts = [ceil(_lift_hours(one, rules) * hour) for one in lots]
    load = [
        [one.teu_per_week for one in lots],
        [int(one.teu_per_week * exact(one.tonnes_per_teu) * tonne) for one in lots],
    ]
    zero = np.zeros((2, tasks), dtype=np.int64)
    distance, duration = _tables(river, ports, offers, (rules, hour))
    return Routing(
        distance=distance, duration=duration,
        place=np.array([ports.index(port) for port in ends], dtype=np.int64),
        service=np.repeat(np.array(lifts, dtype=np.int64), 2), early=spans[:, 0], late=spans[:, 1],
        release=zero[0], delivery=zero, pickup=zero, skip_cost=_penalties(lots, offers),
        pair=np.arange(tasks).reshape(-1, 2),
        pair_load=np.array(load, dtype=np.int64).reshape(2, -1), depot_place=np.array([0]),
        depot_early=np.array([0]), depot_late=np.array([FAR]),
        fleet=_fleet(river, ports, offers, (rules, hour, tonne)), scale=hour,
    )  # fmt: skip


def _lift_hours(lot: Flow, rules: RotationRules) -> Fraction:
    """At the quay, to load or to unload a lot."""
    return lot.teu_per_week / Fraction(exact(rules.teu_per_hour))


def _hour_units(
    river: River,
    ports: Sequence[str],
    lots: Sequence[Flow],
    when: tuple[RotationRules, Sequence[Berth]],
) -> int:
    """Parts of an hour by which every time is whole, at most ``FINEST``."""
    rules, berths = when
    hours = [Fraction(exact(rules.call_hours)), *(_lift_hours(one, rules) for one in lots)]
    hours += [Fraction(river.exact_sail(a, b)[1]) for a in ports for b in ports]
    hours += [Fraction(exact(h)) for one in berths for h in (one.opens_hours, one.closes_hours)]
    common = lcm(*(one.denominator for one in hours))
    return common if common <= FINEST else FINEST


def _penalties(lots: Sequence[Flow], offers: Sequence[VesselOffer]) -> Ints:
    """Of leaving a lot, at its pickup; where there is none it is required at both ends."""
    skip = np.zeros(2 * len(lots), dtype=np.int64)
    for i, lot in enumerate(lots):
        if lot.penalty_per_teu is None:
            skip[2 * i : 2 * i + 2] = REQUIRED
        else:
            amount = exact(lot.penalty_per_teu) * lot.teu_per_week
            skip[2 * i] = units(amount, offers[0].currency)
    return skip


def _tables(
    river: River,
    ports: Sequence[str],
    offers: Sequence[VesselOffer],
    what: tuple[RotationRules, int],
) -> tuple[Ints, Ints]:
    """Cost and time of every move by offer (profile): sailing, then berthing and the call."""
    (rules, hour), n = what, len(ports)
    cost = np.zeros((len(offers), n, n), dtype=np.int64)
    time = np.zeros((len(offers), n, n), dtype=np.int64)
    for i, a in enumerate(ports):
        for j, b in enumerate(ports):
            if i == j:
                continue
            km, hours = river.exact_sail(a, b)
            time[:, i, j] = ceil((hours + exact(rules.call_hours)) * hour)
            for p, one in enumerate(offers):
                amount = exact(one.cost_per_km) * km + exact(one.cost_per_call)
                cost[p, i, j] = units(amount, one.currency)
    return cost, time


def _fleet(
    river: River,
    ports: Sequence[str],
    offers: Sequence[VesselOffer],
    what: tuple[RotationRules, int, int],
) -> Fleet:
    rules, hour, tonne = what
    weeks = range(1, rules.most_weeks + 1)
    kinds = [(p, w) for p, one in enumerate(offers) for w in weeks if w <= one.count]
    profile = np.array([p for p, _ in kinds], dtype=np.int64)
    length = np.array([w for _, w in kinds], dtype=np.int64)
    hulls = [one.vessel for one in offers]
    limit = np.full((2, len(kinds), len(ports), len(ports)), FAR, dtype=np.int64)
    for t, (p, _) in enumerate(kinds):
        for i, a in enumerate(ports):
            for j, b in enumerate(ports):
                limit[1, t, i, j] = floor(most_tonnes(river, hulls[p], (a, b), rules) * tonne)
    zero, far = np.zeros(len(kinds), dtype=np.int64), np.full(len(kinds), FAR)
    capacity = [[hulls[p].nominal_teu for p in profile],
                [floor(exact(hulls[p].deadweight_tonnes) * tonne) for p in profile]]  # fmt: skip
    fixed = [units(exact(offers[p].cost_per_week) * w, offers[p].currency) for p, w in kinds]
    return Fleet(
        count=np.array([offers[p].count // w for p, w in kinds], dtype=np.int64),
        pool=np.array(kinds, dtype=np.int64).reshape(-1, 2),
        pool_limit=np.array([one.count for one in offers], dtype=np.int64),
        capacity=np.array(capacity, dtype=np.int64).reshape(2, -1), start_depot=zero,
        end_depot=zero, fixed_cost=np.array(fixed, dtype=np.int64), distance_cost=zero + 1,
        duration_cost=zero, early=zero, late=far, most_duration=WEEK_HOURS * hour * length,
        most_distance=far, profile=profile, arc_limit=limit,
    )  # fmt: skip
