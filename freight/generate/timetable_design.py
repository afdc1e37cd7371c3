"""Which trains the whole system offers: by demand first, by observed border shares second.

Let ``F[i, j]`` be the weekly boxes between a Chinese and a foreign catchment in one direction and
``q`` the boxes that a train is offered for. Trains are counted by the fortnight and laid in three
waves, each with what the one before left over:

1. direct: ``⌊2 F[i, j] / q⌋`` trains a fortnight between ``i`` and ``j``;
2. to the gateway: rests of one ``i`` gathered by the last gateway ``g`` of ``j``, likewise;
3. from the hub: rests gathered at the hub of ``i``, rounded up to whole trains a week.

Every train then takes the border whose share of trains lags most behind the observed one, among
those that serve its market with a detour of at most ``MOST_DETOUR``.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from freight.generate.atlas import CHINA, EU, Atlas, Border, City
from freight.generate.facts import rows

MOST_DETOUR = 1.25
DAYS_PER_WEEK, DAYS_PER_YEAR = 7.0, 365.0


@dataclass(frozen=True, slots=True)
class Train:
    """Equal trains; ``out``: away from China."""

    chinese: str
    foreign: str
    border: Border
    out: bool
    fortnightly: int
    """Departures in two weeks."""


def weekly_volumes() -> Mapping[tuple[str, str], float]:
    """TEU a week by (market, direction)."""
    return {
        (row["market"], row["direction"]): float(row["teu_a_year"]) * DAYS_PER_WEEK / DAYS_PER_YEAR
        for row in rows("national", "volumes")
    }


def flows(atlas: Atlas, market: str, volume: float) -> Mapping[tuple[str, str], float]:
    """TEU a week between catchments: volume shared by the product of their weights."""
    inner, outer = (_catchment_shares(atlas, one) for one in (CHINA, market))
    return {(i, j): volume * a * b for i, a in inner.items() for j, b in outer.items()}


def _catchment_shares(atlas: Atlas, market: str) -> Mapping[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for one in atlas.cities(market):
        weights[atlas.centre[one.id]] += one.weight
    total = sum(weights.values())
    return {name: weight / total for name, weight in sorted(weights.items())}


def trains(atlas: Atlas) -> list[Train]:
    """All trains of a fortnight."""
    chooser = _BorderChooser(atlas)
    found: Counter[tuple[str, str, str, bool]] = Counter()
    for (market, direction), volume in weekly_volumes().items():
        for chinese, foreign, count in _relations(atlas, market, volume):
            for _ in range(count):
                border = chooser.next(atlas.city[chinese], atlas.city[foreign], market)
                found[chinese, foreign, border.inner.id, direction == "out"] += 1
    by_name = {one.inner.id: one for one in atlas.borders}
    return [
        Train(chinese, foreign, by_name[border], out, count)
        for (chinese, foreign, border, out), count in found.items()
    ]


def _relations(atlas: Atlas, market: str, volume: float) -> Iterator[tuple[str, str, int]]:
    """(Chinese city, foreign city, trains a fortnight) of the three waves."""
    q = atlas.tariff["offered_load_teu"] / 2
    at_gateway: dict[tuple[str, str], float] = defaultdict(float)
    at_hub: dict[tuple[str, str], float] = defaultdict(float)
    for (i, j), flow in flows(atlas, market, volume).items():
        if direct := math.floor(flow / q):
            yield i, j, direct
        at_gateway[i, atlas.root(j)] += flow - q * direct
    for (i, g), rest in at_gateway.items():
        if count := math.floor(rest / q):
            yield i, g, count
        at_hub[atlas.hub(i), g] += rest - q * count
    for (h, g), rest in at_hub.items():
        if rest > 0:
            yield h, g, 2 * math.ceil(rest / (2 * q))


class _BorderChooser:
    """Gives each train the border that lags most behind its observed share."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        total = sum(one.trains_per_day for one in atlas.borders)
        self._share = {one.inner.id: one.trains_per_day / total for one in atlas.borders}
        self._used: Counter[str] = Counter()

    def next(self, chinese: City, foreign: City, market: str) -> Border:
        """The border of one more train, counted from now on."""
        length = {
            one.inner.id: route_km(self._atlas, chinese, foreign, one)
            for one in self._atlas.borders
            if market in one.markets
        }
        most = MOST_DETOUR * min(length.values())
        useful = [b for b in self._atlas.borders if length.get(b.inner.id, math.inf) <= most]
        count = sum(self._used.values()) + 1
        border = max(useful, key=lambda b: self._share[b.inner.id] * count - self._used[b.inner.id])
        self._used[border.inner.id] += 1
        return border


def route_km(atlas: Atlas, chinese: City, foreign: City, border: Border) -> float:
    """Rail kilometres from a Chinese city over a border to a foreign city."""
    inner = atlas.km(chinese, border.inner, "cn")
    if foreign.market != EU:
        return inner + atlas.km(border.outer, foreign, "1520")
    to_brest = atlas.km(border.outer, atlas.brest.inner, "1520")
    return inner + to_brest + atlas.km(atlas.brest.outer, foreign, "eu")
