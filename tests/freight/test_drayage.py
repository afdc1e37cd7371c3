"""Drayage of hand-made itineraries: distances by hand, windows, cutoffs, drop and pick."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import pytest

from freight.domain.charges.truck_shares import shares
from freight.domain.earth import great_circle_km
from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Plan, Proof, Totals
from freight.drayage import Door, DoorEnd, drayage, synthetic_doors
from freight.errors import InstanceError
from freight.io import read
from freight.routing import Request, Router
from solvers.options import Options

SECOND = Options(time_limit_seconds=0.3)


@lru_cache
def tiny() -> Instance:
    """The tiny instance."""
    return read("tiny")


@lru_cache
def router() -> Router:
    """Its router."""
    return Router(tiny())


def plan(*shipments: str) -> Plan:
    """A plan that sends each shipment by its fastest route, whole."""
    made: list[Itinerary] = []
    for name in shipments:
        one = tiny().shipment[name]
        request = Request(one.origin, one.destination, one.teu, one.gross_tonnes, one.ready)
        fastest = min(router().options(request), key=lambda option: option.hours)
        made.append(fastest.itinerary.model_copy(update={"shipment": name, "teu": one.teu}))
    nothing = Totals(
        by_charge={}, by_mode={}, by_owner={}, shipments=0, shipments_on_time=0, on_time_share=0,
        teu=0, teu_unserved=0, co2e_kg=0,
    )  # fmt: skip
    proof = Proof(
        outcome="feasible", stop="converged", objective=0, bound=None, gap=None, method="-",
        backend="-", seed=0, seconds=0, versions={},
    )  # fmt: skip
    return Plan(
        instance="tiny", instance_digest="-", currency="USD", time_zone="Asia/Shanghai",
        cost=Decimal(0), unserved_penalty=Decimal(0), proof=proof, totals=nothing, departures=(),
        itineraries=tuple(made), unserved=(),
    )  # fmt: skip


def door(shipment: str, end: DoorEnd, north_km: float = 30.0, **changes: float) -> Door:
    """A door due north of the terminal at the given distance."""
    one = tiny().shipment[shipment]
    terminal = tiny().terminal[one.origin if end is DoorEnd.ORIGIN else one.destination]
    return Door(shipment=shipment, end=end, lat=terminal.lat + north_km / 111.19508,
                lon=terminal.lon, source="test", **changes)  # fmt: skip


def test_great_circle_of_one_degree() -> None:
    """One degree of latitude on a sphere of 6371.0088 km is 111.195 km."""
    assert great_circle_km((30, 114), (31, 114)) == pytest.approx(111.195, abs=1e-3)


def test_three_boxes_out_by_one_truck_a_day() -> None:
    """S1 is three 40-ft boxes, the door 30 km away, 39 km by road: six trips of 78 km.

    Empties the day before, full boxes on the day of the cutoff: two truck days of 600 CNY and
    6 · 78 km at 4 CNY, 1200 + 1872 = 3072 CNY, at 7 CNY a dollar 438.86 USD.
    """
    found = drayage(tiny(), plan("S1"), [door("S1", DoorEnd.ORIGIN)], SECOND)
    assert found.trips == 6
    assert found.undone == ()
    assert len(found.routes) == 2
    assert sum(route.distance_km for route in found.routes) == pytest.approx(468, abs=0.1)
    assert float(found.cost) == pytest.approx(3072 / 7, abs=0.1)
    assert shares(found.routes, "USD") == {("S1", 1, DoorEnd.ORIGIN): found.cost}


def test_full_boxes_reach_the_terminal_before_the_cutoff() -> None:
    """The train leaves on Wednesday 08:00, its cutoff is Tuesday 20:00: all come on Tuesday."""
    found = drayage(tiny(), plan("S1"), [door("S1", DoorEnd.ORIGIN)], SECOND)
    cutoff = datetime.fromisoformat("2027-03-02T20:00+08:00")
    delivered = [s for r in found.routes for s in r.stops if s.full and not s.takes]
    assert len(delivered) == 3
    assert all(stop.at <= cutoff for stop in delivered)
    assert {stop.at.date() for stop in delivered} == {cutoff.date()}
    empties = [s for r in found.routes for s in r.stops if not s.full]
    assert {stop.at.date() for stop in empties} == {cutoff.date() - timedelta(days=1)}


def test_doors_keep_their_hours() -> None:
    """A door open from 13 to 15 only: every truck couples there between."""
    narrow = door("S1", DoorEnd.ORIGIN, opens_hour=13.0, closes_hour=15.0)
    found = drayage(tiny(), plan("S1"), [narrow], SECOND)
    at_door = [s.at for r in found.routes for s in r.stops if s.place.name == "door of S1"]
    assert at_door
    assert all(13 <= at.hour + at.minute / 60 <= 15 for at in at_door)


def test_two_small_boxes_share_a_truck_and_tonnes_are_respected() -> None:
    """No route ever has more than two TEU or 30 t on board."""
    doors = synthetic_doors(tiny(), seed=1, most_km=40)
    found = drayage(tiny(), plan("S1", "S2", "S3", "S4"), doors, SECOND)
    for route in found.routes:
        teu = 0
        for stop in route.stops:
            teu += stop.teu if stop.takes else -stop.teu
            assert 0 <= teu <= 2
        assert teu == 0
    due = shares(found.routes, "USD")
    assert sum(due.values()) == found.cost
    assert {stop.shipment for r in found.routes for stop in r.stops} == {key[0] for key in due}


def test_import_boxes_come_full_and_leave_empty_the_day_after() -> None:
    """At the destination the order of full and empty is the reverse."""
    found = drayage(tiny(), plan("S3"), [door("S3", DoorEnd.DESTINATION)], SECOND)
    full = [s.at.date() for r in found.routes for s in r.stops if s.full]
    empty = [s.at.date() for r in found.routes for s in r.stops if not s.full]
    assert len(full) == len(empty) == 2
    assert min(empty) == max(full) + timedelta(days=1)


def test_a_job_that_no_truck_can_do_is_reported() -> None:
    """A door 600 km away cannot be reached and left within a shift of 11 h at 60 km/h."""
    found = drayage(tiny(), plan("S3"), [door("S3", DoorEnd.ORIGIN, north_km=600)], SECOND)
    assert found.routes == ()
    assert len(found.undone) == 2
    assert {(one.shipment, one.full) for one in found.undone} == {("S3", True), ("S3", False)}
    assert "no truck was found that reaches both ends in time" in found.undone[0].reason


def test_doors_that_fit_no_shipment_are_named() -> None:
    """Unknown shipment, second door of an end, hours the wrong way round: all at once."""
    wrong = [
        door("S1", DoorEnd.ORIGIN).model_copy(update={"shipment": "S9"}),
        door("S2", DoorEnd.ORIGIN),
        door("S2", DoorEnd.ORIGIN, opens_hour=9.0, closes_hour=8.0),
    ]
    with pytest.raises(InstanceError) as caught:
        drayage(tiny(), plan("S1"), wrong, SECOND)
    text = str(caught.value)
    assert "row 2, shipment: 'S9' is no shipment." in text
    assert "row 4, end: 'S2' has another door at its origin." in text
    assert "The door closes at 8 and opens at 9." in text


def test_synthetic_doors_say_that_they_are() -> None:
    """Two doors for every shipment, within the radius, the same for the same seed."""
    doors = synthetic_doors(tiny(), seed=3, most_km=50)
    assert doors == synthetic_doors(tiny(), seed=3, most_km=50)
    assert len(doors) == 2 * len(tiny().shipments)
    for one in doors:
        shipment = tiny().shipment[one.shipment]
        name = shipment.origin if one.end is DoorEnd.ORIGIN else shipment.destination
        terminal = tiny().terminal[name]
        assert great_circle_km((one.lat, one.lon), (terminal.lat, terminal.lon)) < 51
        assert one.source.startswith("synthetic")
