"""Positions of terminals: in their country, near their city, latitude before longitude."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.earth import great_circle_km, may_lie_in
from freight.domain.terminal import Terminal
from freight.domain.wording import number, quoted

_CITY_KM: Final = 250.0
"""Terminals of one city lie no farther apart."""


def exchanged_positions(survey: Survey) -> Iterator[Finding]:
    """Latitude and longitude that lie in the country only the other way round."""
    for index, one in enumerate(survey.instance.terminals):
        outside = not may_lie_in(one.lat, one.lon, one.country)
        if outside and abs(one.lon) <= 90 and may_lie_in(one.lon, one.lat, one.country):
            what = f"{_outside(one)}; the other way round it lies inside."
            yield Finding("terminals", index, "lat", what, "Exchange lat and lon.")


def odd_positions(survey: Survey) -> Iterator[Finding]:
    """Terminals outside their country, and far from others of their city."""
    for index, one in enumerate(survey.instance.terminals):
        if not may_lie_in(one.lat, one.lon, one.country):
            what = f"{_outside(one)}."
            yield Finding("terminals", index, "lat", what, "Correct the position or the country.")
    yield from _scattered(survey)


def _outside(one: Terminal) -> str:
    where = f"lat {number(one.lat)}, lon {number(one.lon)}"
    return f"Terminal {quoted(one.id)} at {where} lies outside {one.country}"


def _scattered(survey: Survey) -> Iterator[Finding]:
    cities: dict[tuple[str, str], list[tuple[int, Terminal]]] = {}
    for index, one in enumerate(survey.instance.terminals):
        cities.setdefault((one.city, one.country), []).append((index, one))
    for placed in cities.values():
        for (_, one), (index, two) in combinations(placed, 2):
            apart = great_circle_km((one.lat, one.lon), (two.lat, two.lon))
            if apart > _CITY_KM:
                what = (
                    f"Terminals {quoted(one.id)} and {quoted(two.id)} of {one.city} lie "
                    f"{apart:,.0f} km apart."
                )
                yield Finding("terminals", index, "lat", what, "Is a position wrong?")
