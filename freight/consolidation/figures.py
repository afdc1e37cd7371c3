"""What is said of a plan when policies are compared.

- *Cost per FEU*: cost over half the TEU moved.
- *Trains*: runs of services in ``rail``; *load factor*: their TEU-km over capacity TEU-km.
- *Transit days*: from ready to delivered, so that waiting for a train counts; mean and 90th
  percentile over TEU.
- *Subsidy*: provinces pay a share of the China leg of international trains, whose published price
  is ``680 + 2.754 km`` CNY per FEU (S55); the national cap on that share was 30 % in 2020 (S119,
  S120). No current level is published: default 0, the cases are 10, 20 and 30 %.
- *Border load*: trains and TEU by crossing and local day of its first terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from freight.consolidation.trunk import crossings
from freight.domain.base import Frozen
from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Move, Plan, Ride
from freight.domain.service import Mode

SUBSIDY_SHARES = (0.1, 0.2, 0.3)
CHINA_LEG_BASE_CNY_PER_FEU = 680.0
CHINA_LEG_CNY_PER_FEU_KM = 2.754
TEU_PER_FEU = 2.0


class SubsidyCase(Frozen):
    """Cost of the same plan when a share of the China leg is subsidized."""

    share: float
    """Of the China leg's price."""
    subsidy: float
    cost_after: float
    dependence: float
    """Subsidy over cost without it."""


class BorderDay(Frozen):
    """What crosses one border on one day."""

    crossing: str
    from_terminal: str
    day: date
    trains: int
    teu: float


class Figures(Frozen):
    """One plan in the numbers of the comparison; amounts in the plan's currency."""

    currency: str
    objective: float
    """Cost plus penalty for boxes left behind."""
    bound: float | None
    gap: float | None
    seconds: float
    cost: float
    cost_per_feu: float
    teu: int
    teu_unserved: int
    trains: int
    load_factor: float
    on_time_share: float
    mean_transit_days: float
    p90_transit_days: float
    co2e_tonnes: float
    co2e_kg_per_feu: float
    subsidies: tuple[SubsidyCase, ...]
    border_days: tuple[BorderDay, ...]


def figures(instance: Instance, plan: Plan) -> Figures:
    """The figures of a plan of this instance."""
    moved = plan.totals.teu - plan.totals.teu_unserved
    feu = moved / TEU_PER_FEU
    mean, late = _transit(instance, plan)
    return Figures(
        currency=plan.currency,
        objective=plan.proof.objective,
        bound=plan.proof.bound,
        gap=plan.proof.gap,
        seconds=plan.proof.seconds,
        cost=float(plan.cost),
        cost_per_feu=float(plan.cost) / feu if feu else 0.0,
        teu=plan.totals.teu,
        teu_unserved=plan.totals.teu_unserved,
        trains=sum(run.runs for run in plan.departures if run.mode is Mode.RAIL),
        load_factor=_load_factor(instance, plan),
        on_time_share=plan.totals.on_time_share,
        mean_transit_days=mean,
        p90_transit_days=late,
        co2e_tonnes=plan.totals.co2e_kg / 1000.0,
        co2e_kg_per_feu=plan.totals.co2e_kg / feu if feu else 0.0,
        subsidies=_subsidies(instance, plan),
        border_days=tuple(_border_days(instance, plan)),
    )


def _transit(instance: Instance, plan: Plan) -> tuple[float, float]:
    """Mean and 90th percentile of days from ready to delivered, over TEU."""
    if not plan.itineraries:
        return 0.0, 0.0
    days = np.array(
        [
            (one.delivered - instance.shipment[one.shipment].ready).total_seconds() / 86400.0
            for one in plan.itineraries
        ]
    )
    teu = np.array([one.teu for one in plan.itineraries], dtype=float)
    order = np.argsort(days, kind="stable")
    reached = np.cumsum(teu[order])
    ninety = int(np.searchsorted(reached, 0.9 * reached[-1] - 1e-9))
    return float(days @ teu / teu.sum()), float(days[order][ninety])


def _load_factor(instance: Instance, plan: Plan) -> float:
    """TEU-km of trains over the TEU-km they could carry."""
    km = {(stop.service, stop.sequence): stop.distance_km for stop in instance.stops}
    used = offered = 0.0
    for run in plan.departures:
        if run.mode is Mode.RAIL:
            for leg in run.legs:
                used += leg.teu * km[run.service, leg.sequence]
                offered += leg.capacity_teu * km[run.service, leg.sequence]
    return used / offered if offered else 0.0


def _subsidies(instance: Instance, plan: Plan) -> tuple[SubsidyCase, ...]:
    """The cases; none where the instance has no rate for CNY."""
    if "CNY" not in instance.rates:
        return ()
    basis = sum(_china_leg(instance, one) for one in plan.itineraries)
    basis = instance.base_amount(basis, "CNY")
    cost = float(plan.cost)
    return tuple(
        SubsidyCase(
            share=share,
            subsidy=share * basis,
            cost_after=cost - share * basis,
            dependence=share * basis / cost if cost else 0.0,
        )
        for share in SUBSIDY_SHARES
    )


def _china_leg(instance: Instance, itinerary: Itinerary) -> float:
    """Price of the China legs of an international itinerary by rail, in CNY."""
    shipment = instance.shipment[itinerary.shipment]
    ends = {instance.terminal[one].country for one in (shipment.origin, shipment.destination)}
    if len(ends) < 2:
        return 0.0
    km = sum(_china_km(instance, step) for step in itinerary.steps if isinstance(step, Ride))
    if not km:
        return 0.0
    per_feu = CHINA_LEG_BASE_CNY_PER_FEU + CHINA_LEG_CNY_PER_FEU_KM * km
    return per_feu * itinerary.teu / TEU_PER_FEU


def _china_km(instance: Instance, ride: Ride) -> float:
    if ride.mode is not Mode.RAIL:
        return 0.0
    stops = [
        stop
        for stop in instance.stops_of[ride.service]
        if ride.from_sequence <= stop.sequence <= ride.to_sequence
    ]
    inside = [instance.terminal[stop.terminal].country == "CN" for stop in stops]
    return sum(
        stop.distance_km
        for stop, here, before in zip(stops[1:], inside[1:], inside[:-1], strict=True)
        if here and before
    )


def _border_days(instance: Instance, plan: Plan) -> Iterator[BorderDay]:
    trains: dict[tuple[str, str, date], int] = {}
    teu: dict[tuple[str, str, date], float] = {}
    for crossing, terminal, moment, runs, load in _passages(instance, plan):
        zone = ZoneInfo(instance.terminal[terminal].time_zone)
        key = (crossing, terminal, moment.astimezone(zone).date())
        trains[key] = trains.get(key, 0) + runs
        teu[key] = teu.get(key, 0.0) + load
    for key in sorted(teu):
        yield BorderDay(
            crossing=key[0], from_terminal=key[1], day=key[2], trains=trains[key], teu=teu[key]
        )


def _passages(instance: Instance, plan: Plan) -> Iterator[tuple[str, str, datetime, int, float]]:
    """Crossing, its first terminal, start, trains and TEU of everything that passes a border."""
    known = crossings(instance)
    for run in plan.departures:
        for leg in run.legs:
            crossing = known.get((leg.from_terminal, leg.to_terminal))
            if crossing is not None:
                yield crossing.id, leg.from_terminal, leg.departs, run.runs, leg.teu
    for one in plan.itineraries:
        for step in one.steps:
            if isinstance(step, Move) and step.transfer_kind.crosses_border:
                yield step.transfer, step.from_terminal, step.departs, 0, float(one.teu)
