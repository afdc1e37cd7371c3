"""Rotations as services of an instance: stops with the draught of the month, weekly departures.

A box may not visit a terminal twice, so a rotation that comes back to a port is cut there: the next
service starts where the one before it ends. The cost of the rotation is shared by kilometres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from freight.domain.money import money, split, units
from freight.domain.service import Departure, Mode, Service, Stop, Weekday
from freight.rotation import Rotation, RotationPlan, RotationRules
from freight.rotation.river import River, Vessel

_WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True)
class Operator:
    """Who runs the rotations and what the tables ask besides."""

    name: str
    owner: str
    emission_class: str
    source: str
    prefix: str = "ROT"
    cutoff_hours: float = 6.0


@dataclass(frozen=True, slots=True)
class _Halt:
    port: str
    arrives_hours: float
    leaves_hours: float


def services_of(
    plan: RotationPlan,
    river: River,
    rules: RotationRules,
    hulls: Sequence[Vessel],
    operator: Operator,
) -> tuple[tuple[Service, ...], tuple[Stop, ...], tuple[Departure, ...]]:
    """Rows for ``services``, ``stops`` and ``departures``; weeks begin on Monday 00:00 local."""
    services: list[Service] = []
    stops: list[Stop] = []
    departures: list[Departure] = []
    by_class = {one.vessel_class: one for one in hulls}
    for number, rotation in enumerate(plan.rotations, start=1):
        vessel = by_class[rotation.vessel_class]
        pieces = _pieces(_halts(rotation, rules))
        lengths = [sum(river.sail(a.port, b.port)[0] for a, b in pairwise(one)) for one in pieces]
        costs = split(units(rotation.cost_per_week, plan.currency), lengths)
        for part, (halts, whole) in enumerate(zip(pieces, costs, strict=True), start=1):
            name = f"{operator.prefix}{number}-{part}"
            cost = float(money(whole, plan.currency))
            services.append(_service(name, (vessel, operator), halts, (cost, plan)))
            stops += _stops(name, halts, river, (vessel, rules, plan.currency, operator.source))
            departures.append(_departure(name, halts[0].leaves_hours))
    return tuple(services), tuple(stops), tuple(departures)


def _halts(rotation: Rotation, rules: RotationRules) -> list[_Halt]:
    """Home, every call and home again; calls at home are one with it."""
    home, last = rules.home_port, rotation.returns_home_hours
    found = [_Halt(home, rotation.leaves_home_hours, rotation.leaves_home_hours)]
    for call in rotation.calls:
        if call.port == found[-1].port:
            found[-1] = _Halt(home, found[-1].arrives_hours, call.leaves_hours)
        else:
            found.append(_Halt(call.port, call.arrives_hours, call.leaves_hours))
    if found[-1].port != home:
        found.append(_Halt(home, last, last))
    return found


def _pieces(halts: Sequence[_Halt]) -> list[list[_Halt]]:
    """The halts cut so that no port comes twice in a piece."""
    found: list[list[_Halt]] = [[halts[0]]]
    for halt in halts[1:]:
        if any(one.port == halt.port for one in found[-1]):
            found.append([found[-1][-1]])
        found[-1].append(halt)
    return found


def _service(
    name: str,
    what: tuple[Vessel, Operator],
    halts: Sequence[_Halt],
    cost: tuple[float, RotationPlan],
) -> Service:
    vessel, operator = what
    ends = f"{halts[0].port}-{halts[-1].port}"
    return Service(
        id=name, name_en=f"Barge rotation {ends}", name_zh=f"驳船循环航线 {ends}", mode=Mode.BARGE,
        operator=operator.name, owner=operator.owner, committed=True,
        fixed_cost_per_departure=cost[0], currency=cost[1].currency,
        capacity_teu=vessel.nominal_teu, capacity_tonnes=vessel.deadweight_tonnes,
        cutoff_hours=operator.cutoff_hours, emission_class=operator.emission_class,
        source=operator.source,
    )  # fmt: skip


def _stops(
    name: str,
    halts: Sequence[_Halt],
    river: River,
    what: tuple[Vessel, RotationRules, str, str],
) -> list[Stop]:
    vessel, rules, currency, source = what
    start, found = halts[0].leaves_hours, []
    for i, halt in enumerate(halts):
        km, tonnes = 0.0, None
        if i:
            before = halts[i - 1].port
            km, _ = river.sail(before, halt.port)
            section = river.shallowest(before, halt.port, rules.month)
            if section is not None:
                depth = section.depth_m[rules.month - 1]
                tonnes = vessel.load_tonnes(depth, rules.under_keel_m)
        found.append(Stop(
            service=name, sequence=i + 1, terminal=halt.port,
            arrive_hours=0.0 if not i else round(halt.arrives_hours - start, 2),
            depart_hours=0.0 if not i else round(halt.leaves_hours - start, 2),
            distance_km=km, cost_per_teu=0.0, currency=currency,
            capacity_tonnes=tonnes if tonnes is None or tonnes < vessel.deadweight_tonnes else None,
            load=i < len(halts) - 1, unload=i > 0, source=source,
        ))  # fmt: skip
    return found


def _departure(name: str, hours: float) -> Departure:
    minutes = round(hours * 60) % (7 * 24 * 60)
    day, rest = divmod(minutes, 24 * 60)
    at = time(rest // 60, rest % 60)
    return Departure(service=name, weekdays=(_WEEKDAYS[day],), departs_local=at)
