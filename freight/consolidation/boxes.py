"""Boxes that leave and do not come back: empties moved home, or boxes leased one way.

Sets        owners' cities ``c``, box sizes ``g`` (TEU per box), weeks ``w`` of the horizon
Data        ``D[c,g]``  boxes that leave city ``c`` for abroad less those that arrive loaded, ≥ 0
            ``F[c,w]``  TEU free on trains from abroad to ``c`` that start in week ``w``: over all
                        its legs the least of capacity less load
            ``p_lease, p_sea, p_rail``  price per FEU (``box_prices.csv``, each with its source)
Variables   ``lease, sea ≥ 0`` per (c,g); ``rail[c,g,w] ≥ 0`` empty boxes by way
Objective   ``min Σ_{c,g} g/2 · (p_lease lease + p_sea sea + p_rail Σ_w rail)``
Constraints ``lease[c,g] + sea[c,g] + Σ_w rail[c,g,w] = D[c,g]``
            ``Σ_g g · rail[c,g,w] ≤ F[c,w]``;  ``sea[c,g] ≤ σ D[c,g]``

``σ`` is the share of boxes that can be brought to a European port in time (assumption: one half).
The balance is struck over the horizon, as if every month were like this one. ``D`` depends on which
boxes travel and not on how, and routes matter only through the free slots ``F``. So the balance is
decided after the plan; where nothing stays behind, deciding both at once could save at most

``B(F) - B(∞)``, the cost of the balance less what it costs with slots without end,

for no plan has a cheaper balance than that. Reported as ``lost_at_most``. Wagons are
counted, and not priced: the tariffs of the Chinese and the broad-gauge leg include the wagon
(S55, S163).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

from freight.domain.base import Frozen
from freight.domain.instance import Instance
from freight.domain.plan import Plan, Run
from freight.domain.service import Mode
from freight.errors import EngineError
from solvers.arrays import Floats

SEA_SHARE = 0.5
TEU_PER_FEU = 2.0


class CityBoxes(Frozen):
    """Boxes of one size of one city over the horizon."""

    city: str
    teu_per_box: int
    out: int
    back_loaded: int
    empty_by_rail: float
    empty_by_sea: float
    leased: float
    surplus: int
    """Boxes that arrive beyond those that leave."""


class BoxBalance(Frozen):
    """How the boxes of a plan come home and what that costs, in the plan's currency."""

    currency: str
    cost: float
    cost_of_leasing_all: float
    """What the same imbalance would cost with leased boxes alone."""
    lost_at_most: float | None
    """What deciding routes and empties together could save more; None where boxes stay behind."""
    cities: tuple[CityBoxes, ...]
    wagons_out: int
    wagons_back: int
    """Wagons of trunk trains, one per FEU of capacity, out of and back to the home country."""


@dataclass(frozen=True, slots=True)
class _Price:
    per_feu: float
    currency: str


@cache
def box_prices() -> dict[str, tuple[float, str]]:
    """Price per FEU and currency of every way."""
    path = Path(__file__).parent / "box_prices.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["way"]: (float(row["price_per_feu"]), row["currency"])
            for row in csv.DictReader(file)
        }


def box_balance(instance: Instance, plan: Plan) -> BoxBalance | None:
    """Decide how empties come home; None where the instance has no rate for a price's currency."""
    if any(currency not in instance.rates for _, currency in box_prices().values()):
        return None
    price = {way: instance.base_amount(*found) for way, found in box_prices().items()}
    out, back = _flows(instance, plan)
    keys = sorted({*out, *back})
    need = np.array([max(0, out[key] - back[key]) for key in keys], dtype=float)
    free = _free_slots(instance, plan)
    ways, cost = _decide(keys, need, free, price)
    _, ideal = _decide(keys, need, {(city, 0): float(need.sum()) * 4 for city, _ in keys}, price)
    sizes = np.array([size for _, size in keys], dtype=float) / TEU_PER_FEU
    away, home = _wagons(instance, plan)
    return BoxBalance(
        currency=plan.currency,
        cost=cost,
        cost_of_leasing_all=float(need @ sizes) * price["lease"] if keys else 0.0,
        lost_at_most=None if plan.unserved else max(0.0, cost - ideal),
        cities=tuple(
            CityBoxes(
                city=city, teu_per_box=size, out=out[city, size], back_loaded=back[city, size],
                leased=float(ways[i, 0]), empty_by_sea=float(ways[i, 1]),
                empty_by_rail=float(ways[i, 2]), surplus=max(0, back[city, size] - out[city, size]),
            )
            for i, (city, size) in enumerate(keys)
        ),
        wagons_out=away,
        wagons_back=home,
    )  # fmt: skip


def _flows(
    instance: Instance, plan: Plan
) -> tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]]:
    """Boxes by (owner's city, TEU per box) that leave for abroad and that arrive from there."""
    home = instance.home_countries
    city = {one.id: one.city for one in instance.statement.owners}
    out, back = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for one in plan.itineraries:
        shipment = instance.shipment[one.shipment]
        size = shipment.container_type.teu
        starts = instance.terminal[shipment.origin].country in home
        ends = instance.terminal[shipment.destination].country in home
        if starts != ends:
            (out if starts else back)[city[one.owner], size] += one.teu // size
    return out, back


def _free_slots(instance: Instance, plan: Plan) -> dict[tuple[str, int], float]:
    """TEU free on trains from abroad by (city where they end, week)."""
    start = instance.statement.horizon_start
    found: dict[tuple[str, int], float] = {}
    for run in _trunk_runs(instance, plan, inbound=True):
        city = instance.terminal[run.legs[-1].to_terminal].city
        week = _week(start, run.departs)
        room = min(leg.capacity_teu - leg.teu for leg in run.legs)
        found[city, week] = found.get((city, week), 0.0) + max(0.0, room)
    return found


def _week(start: datetime, moment: datetime) -> int:
    return int((moment - start).total_seconds() // (7 * 86400))


def _trunk_runs(instance: Instance, plan: Plan, inbound: bool) -> Iterator[Run]:
    home = instance.home_countries
    for run in plan.departures:
        first = instance.terminal[run.legs[0].from_terminal].country
        last = instance.terminal[run.legs[-1].to_terminal].country
        away, near = (first, last) if inbound else (last, first)
        if run.mode is Mode.RAIL and near in home and away not in home:
            yield run


def _wagons(instance: Instance, plan: Plan) -> tuple[int, int]:
    counted = [
        sum(
            round(max(leg.capacity_teu for leg in run.legs) / TEU_PER_FEU)
            for run in _trunk_runs(instance, plan, inbound)
        )
        for inbound in (False, True)
    ]
    return counted[0], counted[1]


def _decide(
    keys: list[tuple[str, int]],
    need: Floats,
    free: dict[tuple[str, int], float],
    price: dict[str, float],
) -> tuple[Floats, float]:
    """Boxes (leased, by sea, by rail) of every key, shape len(keys) × 3, and their cost."""
    if not need.sum():
        return np.zeros((len(keys), 3)), 0.0
    slots = sorted(free)
    rides = [
        (i, j) for i, (city, _) in enumerate(keys) for j, s in enumerate(slots) if s[0] == city
    ]
    count = len(keys)
    feu = np.array([size / TEU_PER_FEU for _, size in keys])
    cost = np.concatenate(
        [feu * price["lease"], feu * price["sea"], [feu[i] * price["rail"] for i, _ in rides]]
    )
    balance = np.hstack([np.eye(count), np.eye(count), np.zeros((count, len(rides)))])
    room = np.zeros((len(slots), len(cost)))
    for column, (i, j) in enumerate(rides, 2 * count):
        balance[i, column] = 1.0
        room[j, column] = keys[i][1]
    bounds: list[tuple[float | None, float | None]] = [
        *((0.0, None) for _ in need),
        *((0.0, SEA_SHARE * float(boxes)) for boxes in need),
        *((0.0, None) for _ in rides),
    ]
    found = linprog(
        cost,
        A_ub=room,
        b_ub=np.array([free[one] for one in slots]),
        A_eq=balance,
        b_eq=need,
        bounds=bounds,
        method="highs",
    )
    if found.status != 0 or found.x is None or found.fun is None:
        raise EngineError(f"The balance of boxes could not be struck: {found.message}")
    rail = np.zeros(count)
    for column, (i, _) in enumerate(rides, 2 * count):
        rail[i] += found.x[column]
    return np.column_stack([found.x[:count], found.x[count : 2 * count], rail]), float(found.fun)
