"""Shipments of the whole system: volumes exact by market and direction, the rest drawn.

Sizes are log-normal and scaled so that the boxes of every market, direction and week add up to the
published yearly volume; ends are drawn by the weights of cities, goods by their shares.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.shipment import ContainerType, Shipment
from freight.generate.atlas import CHINA, Atlas, City
from freight.generate.facts import rows
from freight.generate.timetable_design import route_km, weekly_volumes

PER_WEEK = 5000
MEDIAN_FEU, SIGMA, MOST_FEU = 2.0, 1.0, 40.0
SPLIT_FEU = 4
READY_BEFORE_DAYS = 10.0
"""Ready times start so long before the horizon (assumption)."""
READY_UNTIL_DAYS: Mapping[str, float] = {"out": 14.0, "in": 18.0}
"""They end so long before its end: the farthest feeder, the cutoff and a week (assumption)."""
KM_PER_DAY, BORDER_DAYS, EU_BORDER_DAYS = 720.0, 1.0, 3.0
"""Usual progress of a box by rail, for due dates (assumption)."""
SLACK_DAYS = (7, 16)


@dataclass(frozen=True)
class Draw:
    """What shipments are drawn from."""

    atlas: Atlas
    goods: Sequence[Mapping[str, str]]
    cities: Mapping[str, tuple[Sequence[City], Sequence[float]]]
    start: datetime
    weeks: int
    rng: random.Random

    def city(self, market: str) -> City:
        """One city of a market, by weight."""
        some, weights = self.cities[market]
        return self.rng.choices(some, cum_weights=weights)[0]


def shipments(atlas: Atlas, start: datetime, weeks: int, seed: int) -> tuple[Shipment, ...]:
    """All shipments of a horizon; equal seeds give equal shipments."""
    volumes = weekly_volumes()
    markets = {CHINA, *(market for market, _ in volumes)}
    draw = Draw(
        atlas=atlas,
        goods=tuple(rows("yangtze", "goods")),
        cities={one: _weighted(atlas, one) for one in sorted(markets)},
        start=start,
        weeks=weeks,
        rng=random.Random(seed),
    )
    counts = _shared(PER_WEEK, list(volumes.values()))
    found: list[Shipment] = []
    for week in range(weeks):
        for (cell, teu), count in zip(volumes.items(), counts, strict=True):
            for feu in _sizes(draw.rng, round(teu / 2), count):
                name = f"{cell[0][:2].upper()}-{cell[1].upper()}-{len(found) + 1:05d}"
                found.append(_shipment(draw, name, (*cell, week), feu))
    return tuple(found)


def _shared(whole: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights that add up to ``whole``, by largest remainder."""
    exact = [whole * one / sum(weights) for one in weights]
    parts = [math.floor(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def _weighted(atlas: Atlas, market: str) -> tuple[Sequence[City], Sequence[float]]:
    some = atlas.cities(market)
    sums, total = [], 0.0
    for one in some:
        total += one.weight
        sums.append(total)
    return some, sums


def _sizes(rng: random.Random, boxes: int, count: int) -> list[int]:
    """``count`` sizes in boxes that add up to ``boxes``, by largest remainder."""
    drawn = [min(MOST_FEU, rng.lognormvariate(math.log(MEDIAN_FEU), SIGMA)) for _ in range(count)]
    return [1 + part for part in _shared(boxes - count, drawn)]


def _shipment(draw: Draw, name: str, cell: tuple[str, str, int], feu: int) -> Shipment:
    market, direction, week = cell
    chinese, foreign = draw.city(CHINA), draw.city(market)
    origin, destination = (chinese, foreign) if direction == "out" else (foreign, chinese)
    goods = _goods(draw, market, direction)
    ready, due = _times(draw, origin, destination, week)
    each = float(goods["value_eu" if market == "eu" else "value_cis"])
    value = float(round(feu * each * draw.rng.uniform(0.75, 1.25), -3))
    late = float(goods["vot_percent"]) / 100 * value / (2 * feu)
    return Shipment(
        id=name,
        owner=draw.atlas.centre[chinese.id],
        consignor=f"{origin.name_en} party {name[-5:]} (synthetic)",
        consignee=f"{destination.name_en} party {name[-5:]} (synthetic)",
        origin=origin.id,
        destination=destination.id,
        container_type=ContainerType(goods["container_type"]),
        teu=2 * feu,
        gross_tonnes=round(feu * float(goods["tonnes_per_feu"]) * draw.rng.uniform(0.85, 1.0), 1),
        value=value,
        currency="USD",
        hs_code=goods["hs_code"],
        goods_en=goods["goods_en"],
        goods_zh=goods["goods_zh"],
        packages=max(1, feu * int(goods["packages_per_feu"])),
        package_kind=goods["package_kind"],
        ready=ready,
        due=due,
        lateness_cost_per_teu_day=float(max(10, 5 * round(late / 5))),
        splittable=feu > SPLIT_FEU,
        reefer=goods["reefer"] == "yes",
        dangerous=goods.get("dangerous"),
        source="drawn; volume S20 S22; city weights assumption but for those with a source",
    )


def _goods(draw: Draw, market: str, direction: str) -> Mapping[str, str]:
    flow = "in-ca" if (market, direction) == ("central-asia", "in") else direction
    share = "share_eu" if market == "eu" else "share_cis"
    some = [one for one in draw.goods if one["flow"] == flow and float(one.get(share, "0")) > 0]
    return draw.rng.choices(some, [float(one[share]) for one in some])[0]


def _times(draw: Draw, origin: City, destination: City, week: int) -> tuple[datetime, datetime]:
    chinese, foreign = (origin, destination) if origin.market == CHINA else (destination, origin)
    until = READY_UNTIL_DAYS["out" if origin.market == CHINA else "in"]
    span = max(1.0, 7 * draw.weeks + READY_BEFORE_DAYS - until)
    since = span * (week + draw.rng.random()) / draw.weeks - READY_BEFORE_DAYS
    day = draw.start.date() + timedelta(days=math.floor(since))
    ready = datetime(
        day.year, day.month, day.day, draw.rng.randint(8, 18), tzinfo=ZoneInfo(origin.time_zone)
    )
    km = min(
        route_km(draw.atlas, chinese, foreign, one)
        for one in draw.atlas.borders
        if foreign.market in one.markets
    )
    days = km / KM_PER_DAY + BORDER_DAYS + (EU_BORDER_DAYS if foreign.market == "eu" else 0)
    last = (ready + timedelta(days=days + draw.rng.randint(*SLACK_DAYS))).date()
    zone = ZoneInfo(destination.time_zone)
    return ready, datetime(last.year, last.month, last.day, 18, tzinfo=zone)
