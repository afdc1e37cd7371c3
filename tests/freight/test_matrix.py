"""City tables on the tiny instance by hand, and the circle of 90 minutes from its sources."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import pytest

from freight.domain.service import Mode
from freight.errors import InstanceError
from freight.io import read
from freight.matrix import MatrixCell, Within, circle, high_speed_times, matrix
from freight.routing import Request, Router

READY = datetime.fromisoformat("2027-03-01T08:00+08:00")
TEMPLATE = Request("", "", 2, 12.0, READY)


@lru_cache
def cells() -> dict[tuple[str, str, Mode], MatrixCell]:
    """The table of three cities of the tiny instance."""
    found = matrix(Router(read("tiny")), TEMPLATE, ["Changsha", "Wuhan", "Duisburg"])
    return {(one.origin, one.destination, one.mode): one for one in found}


def test_every_pair_and_mode_has_a_cell() -> None:
    """Three cities, six ordered pairs, five modes."""
    assert len(cells()) == 30


def test_rail_feeder_is_priced_by_the_transfer() -> None:
    """Changsha-Wuhan by rail: 100 a TEU, 24 h; a box emits 385 km · t · factor."""
    cell = cells()["Changsha", "Wuhan", Mode.RAIL]
    assert cell.cost_per_teu == pytest.approx(100.0)
    assert cell.hours == cell.moving_hours == pytest.approx(24.0)
    assert cell.co2e_kg_per_teu is not None


def test_modes_that_lead_nowhere_stay_empty() -> None:
    """No road transfer joins Changsha and Wuhan, no train runs back from Duisburg."""
    assert cells()["Changsha", "Wuhan", Mode.ROAD].hours is None
    assert cells()["Duisburg", "Wuhan", Mode.RAIL].cost_per_teu is None
    assert cells()["Wuhan", "Duisburg", Mode.AIR].cost_per_teu is None


def test_fastest_rail_leaves_with_the_next_train() -> None:
    """Wuhan-Duisburg: Wednesday 08:00 plus 360 h and 4 h of handling, 48 h after ready."""
    cell = cells()["Wuhan", "Duisburg", Mode.RAIL]
    assert cell.hours == pytest.approx(48 + 364)
    assert cell.moving_hours == pytest.approx(364)


def test_the_circle_says_no_more_than_its_sources() -> None:
    """Two pairs are within 90 minutes, two beyond; upper bounds of two hours leave it open."""
    rows = circle([], ["Wuhan", "Changsha", "Hefei", "Nanchang"])
    within = {frozenset((one.city_a, one.city_b)): one.within for one in rows}
    assert within == {
        frozenset(("Wuhan", "Changsha")): Within.YES,
        frozenset(("Changsha", "Nanchang")): Within.YES,
        frozenset(("Wuhan", "Nanchang")): Within.UNKNOWN,
        frozenset(("Wuhan", "Hefei")): Within.UNKNOWN,
        frozenset(("Hefei", "Nanchang")): Within.NO,
        frozenset(("Hefei", "Changsha")): Within.NO,
    }
    assert all(one.source and one.as_of for one in high_speed_times())
    assert circle([], ["Wuhan", "Xi'an"])[0].within is Within.UNKNOWN


def test_the_circle_takes_road_rail_and_water_from_the_table() -> None:
    """The better direction of each; nothing where the table has nothing."""
    row = circle(list(cells().values()), ["Changsha", "Wuhan"])[0]
    assert row.rail_hours == pytest.approx(24.0)
    assert row.road_hours is None
    assert row.water_hours is None


def test_an_unknown_city_is_named() -> None:
    """With the nearest known one."""
    with pytest.raises(InstanceError, match="'Changshaa' is no terminal"):
        matrix(Router(read("tiny")), TEMPLATE, ["Changshaa", "Wuhan"])
