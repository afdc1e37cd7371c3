"""Legs and transfers: kilometres, speeds and prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from freight.domain.checks.magnitudes.rates import euros
from freight.domain.checks.survey import Finding, Survey
from freight.domain.earth import great_circle_km
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.domain.terminal import Terminal
from freight.domain.wording import number, quoted

_SHORTEST: Final = 0.25
"""Share of the great circle below which a distance is impossible."""
_SHORT: Final = 0.95
"""Share below which it is odd, after what positions may err."""
_POSITION_KM: Final = 35.0
"""What two positions may be off together."""
_GROSS_KM: Final = 100.0
"""Kilometres by which an impossible distance is short at least."""
_LONGEST: Final = MappingProxyType(
    {Mode.RAIL: 2.5, Mode.ROAD: 2.5, Mode.BARGE: 3.0, Mode.SEA: 5.0, Mode.AIR: 1.6}
)
"""Times the great circle beyond which a way is odd."""
_ODD_KMH: Final = MappingProxyType(
    {Mode.RAIL: 130.0, Mode.ROAD: 95.0, Mode.BARGE: 35.0, Mode.SEA: 55.0, Mode.AIR: 1000.0}
)
_MOST_KMH: Final = MappingProxyType(
    {Mode.RAIL: 500.0, Mode.ROAD: 250.0, Mode.BARGE: 100.0, Mode.SEA: 120.0, Mode.AIR: 1500.0}
)
_LEAST_KMH: Final = MappingProxyType(
    {Mode.RAIL: 2.0, Mode.ROAD: 2.0, Mode.BARGE: 1.0, Mode.SEA: 4.0, Mode.AIR: 100.0}
)
_TOLD_KM: Final = 100.0
"""Ways shorter than that say nothing about detours, speeds and prices."""
_DEAREST: Final = 20.0
"""EUR per TEU-kilometre, of all modes but air."""
_CHEAPEST: Final = 0.001


@dataclass(frozen=True, slots=True)
class _Way:
    """A leg or a transfer: where its row is, and what it says of itself."""

    table: str
    index: int
    what: str
    mode: Mode
    ends: tuple[Terminal, Terminal]
    km: float
    hours: float
    price: float
    currency: str

    @property
    def direct_km(self) -> float:
        """The great circle between its ends."""
        start, end = self.ends
        return great_circle_km((start.lat, start.lon), (end.lat, end.lon))

    def finding(self, name: str, what: str, remedy: str) -> Finding:
        """Something about it in its row."""
        return Finding(self.table, self.index, name, f"{self.what} {what}", remedy)


def _ways(instance: Instance) -> Iterator[_Way]:
    places = {id(stop): index for index, stop in enumerate(instance.stops)}
    for service in instance.services:
        for before, stop in pairwise(instance.stops_of[service.id]):
            ends = instance.terminal[before.terminal], instance.terminal[stop.terminal]
            yield _Way(
                "stops", places[id(stop)],
                f"The leg of service {quoted(service.id)} from {quoted(ends[0].id)} to "
                f"{quoted(ends[1].id)}",
                service.mode, ends, stop.distance_km, stop.arrive_hours - before.depart_hours,
                stop.cost_per_teu, stop.currency,
            )  # fmt: skip
    for index, one in enumerate(instance.transfers):
        ends = instance.terminal[one.from_terminal], instance.terminal[one.to_terminal]
        yield _Way(
            "transfers", index, f"Transfer {quoted(one.id)}", one.mode, ends, one.distance_km,
            one.hours, one.cost_per_teu, one.currency,
        )  # fmt: skip


def impossible_ways(survey: Survey) -> Iterator[Finding]:
    """Ways far shorter than the great circle between their ends, or faster than any vehicle.

    Where most ways are, the positions are made up and nothing can be held against them.
    """
    ways = list(_ways(survey.instance))
    short = [way for way in ways if _far_too_short(way)]
    for way in short if 2 * len(short) < len(ways) else ():
        yield way.finding("distance_km", _apart(way), "Correct the distance, or a position.")
    for way in ways:
        speed = _speed(way, way.km)
        if speed > _MOST_KMH[way.mode]:
            what = f"needs {speed:,.0f} km/h by {way.mode.value}."
            yield way.finding(_hours_of(way), what, "Correct the hours or the distance.")


def _far_too_short(way: _Way) -> bool:
    direct = way.direct_km
    return 0 < way.km < min(_SHORTEST * direct, direct - _GROSS_KM)


def _apart(way: _Way) -> str:
    return f"is {number(way.km)} km, while its ends lie {way.direct_km:,.0f} km apart."


def odd_ways(survey: Survey) -> Iterator[Finding]:
    """Ways with a great detour, an unusual speed, or an unusual price."""
    for way in _ways(survey.instance):
        direct = way.direct_km
        if 0 < way.km < _SHORT * direct - _POSITION_KM:
            yield way.finding("distance_km", _apart(way), "Is a position or the distance wrong?")
        if max(way.km, direct) < _TOLD_KM:
            continue
        if way.km > _LONGEST[way.mode] * max(direct, _TOLD_KM / 2):
            yield way.finding("distance_km", _apart(way), "Is a position or the distance wrong?")
        yield from _odd_speed(way)
        yield from _odd_price(way, survey.instance)


def _hours_of(way: _Way) -> str:
    return "hours" if way.table == "transfers" else "arrive_hours"


def _speed(way: _Way, km: float) -> float:
    return km / way.hours if way.hours > 0 and km >= _TOLD_KM / 2 else 0.0


def _odd_speed(way: _Way) -> Iterator[Finding]:
    speed = _speed(way, way.km)
    if not speed or way.km < _TOLD_KM or speed > _MOST_KMH[way.mode]:
        return
    if not _LEAST_KMH[way.mode] <= speed <= _ODD_KMH[way.mode]:
        word = "fast" if speed > _ODD_KMH[way.mode] else "slow"
        what = f"goes at {speed:,.1f} km/h by {way.mode.value}: {word}."
        yield way.finding(_hours_of(way), what, "Are hours and distance right?")


def _odd_price(way: _Way, instance: Instance) -> Iterator[Finding]:
    price = euros(instance, way.price, way.currency) if way.km >= _TOLD_KM else None
    if not price or way.mode is Mode.AIR:
        return
    each = price / way.km
    if not _CHEAPEST <= each <= _DEAREST:
        what = f"costs {each:.3g} EUR per TEU and km ({number(way.price)} {way.currency} per TEU)."
        yield way.finding("cost_per_teu", what, "Is the amount or its currency right?")
