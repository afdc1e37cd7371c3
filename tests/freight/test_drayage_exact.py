"""Trucks through nights on which clocks change, and loads that fill a truck to the gram."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freight.domain.drayage import Door, DoorEnd, Drayage, Trucks
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.drayage import drayage, with_drayage
from freight.drayage.days import LocalDay
from freight.model.audit import audit
from freight.planning import choose, plan
from solvers.options import Cancel, Options
from tests.freight.hand import instance, service, shipment, stops, terminal

BERLIN = ZoneInfo("Europe/Berlin")
TRUCKS = Trucks(cost_per_km=1, cost_per_truck_day=0, currency="USD", speed_km_per_hour=50,
                detour=1.3, source="test")  # fmt: skip
NORTH_KM = 111.19508
"""Of one degree of latitude."""


def planned(problem: Instance) -> Plan:
    """Its plan."""
    return plan(problem, choose(problem, "auto", "highs"), options=Options(time_limit_seconds=20))


def overnight(departs: datetime) -> Instance:
    """One box on a train of five hours between two terminals in Germany."""
    places = [
        terminal("A", time_zone="Europe/Berlin", country="DE", lat=50, lon=8),
        terminal("B", time_zone="Europe/Berlin", country="DE", lat=52, lon=8),
    ]
    run = (service("N"), stops("N", ("A", 0, 0), ("B", 5, 5)),
           [{"service": "N", "departs_at": departs}])  # fmt: skip
    box = shipment("s1", "A", "B", 0, due=departs + timedelta(days=3)) | {
        "ready": departs - timedelta(hours=12)
    }
    return instance(places, [run], [box], time_zone="Europe/Berlin",
                    horizon_start=departs - timedelta(days=7),
                    horizon_end=departs + timedelta(days=20))  # fmt: skip


@pytest.mark.parametrize(
    ("departs", "leaves_door", "returns"),
    [
        ("2027-03-27T19:30+01:00", "2027-03-28T01:55:00+01:00", "2027-03-28T04:35:00+02:00"),
        ("2027-10-30T19:30+02:00", "2027-10-31T01:55:00+02:00", "2027-10-31T02:35:00+01:00"),
        ("2027-05-27T19:30+02:00", "2027-05-28T01:55:00+02:00", "2027-05-28T03:35:00+02:00"),
    ],
)
def test_a_truck_out_over_the_night_counts_real_hours(
    departs: str, leaves_door: str, returns: str
) -> None:
    """Free at 00:30: 15 min at the gate, 58 km in 70 min, half an hour, 70 min back: 3 h 5 min."""
    problem = overnight(datetime.fromisoformat(departs))
    night = Door(shipment="s1", end=DoorEnd.DESTINATION, lat=52.4, lon=8, opens_hour=1,
                 closes_hour=5, source="test")  # fmt: skip
    found = drayage(problem, planned(problem), [night], Options(), [TRUCKS])
    full = next(route for route in found.routes if route.stops[0].full)
    assert full.stops[1].at.isoformat() == leaves_door
    assert full.returns.isoformat() == returns
    assert full.returns.astimezone(UTC) - full.leaves.astimezone(UTC) == timedelta(minutes=185)
    after = with_drayage(problem, planned(problem), found)
    assert audit(problem, after) == []
    assert audit(problem, Plan.model_validate_json(after.model_dump_json())) == []


@pytest.mark.parametrize(
    ("day", "hours"), [("2027-03-28", 23), ("2027-10-31", 25), ("2027-06-01", 24)]
)
def test_a_day_has_the_hours_of_its_zone(day: str, hours: int) -> None:
    """Real seconds from midnight to midnight; noon is an hour nearer or farther."""
    found = LocalDay(date.fromisoformat(day), BERLIN)
    assert found.length == hours * 3600
    assert found.open(12, 24) == ((hours - 12) * 3600, hours * 3600)
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BERLIN)
    assert found.seconds(noon) == (hours - 12) * 3600
    assert found.moment((hours - 12) * 3600) == noon


def test_opening_hours_in_an_hour_that_comes_twice_or_not_at_all() -> None:
    """02:15 to 02:45: never in spring, the second time in autumn, 3 h 15 min after midnight."""
    spring, autumn = (LocalDay(date.fromisoformat(d), BERLIN) for d in ("2027-03-28", "2027-10-31"))
    opens, closes = spring.open(2.25, 2.75)
    assert opens > closes
    assert autumn.open(2.25, 2.75) == (11_700, 13_500)


@given(
    st.sampled_from(["2027-03-28", "2027-10-31", "2027-04-01"]),
    st.integers(0, 95), st.integers(1, 96), st.integers(0, 90_000),
)  # fmt: skip
def test_within_opening_hours_the_clock_on_the_wall_says_so(
    day: str, first: int, length: int, second: int
) -> None:
    """Whenever a place counts as open, its own clock reads between opening and closing."""
    opens, closes = first / 4, min(24.0, (first + length) / 4)
    found = LocalDay(date.fromisoformat(day), BERLIN)
    start, end = found.open(opens, closes)
    at = start + second
    if at <= end:
        shown = found.moment(at)
        hour = shown.hour + shown.minute / 60 + shown.second / 3600
        midnight = shown.date() > found.day
        assert opens <= (24.0 if midnight else hour) <= closes


def boxes(tonnes: list[str]) -> Instance:
    """One 20-ft box of every mass, goods and box together, on one train."""
    places = [terminal("A", lat=30, lon=114), terminal("B", lat=50, lon=8)]
    run = (service("N"), stops("N", ("A", 0, 0), ("B", 5, 5)),
           [{"service": "N", "departs_at": datetime(2027, 3, 4, 12, tzinfo=UTC)}])  # fmt: skip
    some = [
        shipment(f"s{i}", "A", "B", 0, teu=1, container_type="22G1",
                 gross_tonnes=float(Decimal(one) - Decimal("2.3")))
        for i, one in enumerate(tonnes)
    ]  # fmt: skip
    return instance(places, [run], some)


def trucked(problem: Instance, trucks: Trucks, options: Options | None = None) -> Drayage:
    """All boxes collected at one door 10 km away, 13 km by road."""
    doors = [
        Door(shipment=one.id, end=DoorEnd.ORIGIN, lat=30 + 10 / NORTH_KM, lon=114, source="test")
        for one in problem.shipments
    ]
    return drayage(problem, planned(problem), doors, options or Options(), [trucks])


def fewest_trips(tonnes: list[str], most: str) -> int:
    """Trips of at most two boxes within a mass: by decimal arithmetic, every pairing."""
    if not tonnes:
        return 0
    first, rest = tonnes[0], tonnes[1:]
    alone = 1 + fewest_trips(rest, most)
    pairs = [
        1 + fewest_trips(rest[:i] + rest[i + 1 :], most)
        for i, other in enumerate(rest)
        if Decimal(first) + Decimal(other) <= Decimal(most)
    ]
    return min([alone, *pairs])


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(["14.95", "15.05", "15", "10.1", "19.9"]), min_size=1, max_size=4))
def test_two_boxes_that_fill_a_truck_to_the_gram_share_it(tonnes: list[str]) -> None:
    """Empties two by two, full boxes by the best pairing; 26 km a trip, and the audit agrees."""
    problem = boxes(tonnes)
    found = trucked(problem, TRUCKS)
    trips = fewest_trips(tonnes, "30") + fewest_trips(["2.3"] * len(tonnes), "30")
    assert found.undone == ()
    assert float(found.cost) == pytest.approx(26.0 * trips, abs=0.02 * trips)
    assert audit(problem, with_drayage(problem, planned(problem), found)) == []


def test_a_box_too_heavy_or_too_long_for_every_truck_is_said_so() -> None:
    """20 t where a truck takes 19.9; a 20-ft box of 19.9 t is carried."""
    small = TRUCKS.model_copy(update={"capacity_tonnes": 19.9})
    found = trucked(boxes(["20", "19.9"]), small)
    assert [one.reason.split(": ")[1] for one in found.undone] == [
        "it weighs 20 t, a truck takes 19.9 t"
    ]


def test_cancelled_trucks_go_one_by_one() -> None:
    """Cancelled before it starts, every box has a truck of its own, and the audit agrees."""
    cancel = Cancel()
    cancel.set()
    problem = boxes(["10", "10", "10"])
    found = trucked(problem, TRUCKS, Options(cancel=cancel))
    assert (found.undone, len(found.routes)) == ((), 6)
    assert audit(problem, with_drayage(problem, planned(problem), found)) == []


def test_every_pairing_is_found_by_hand() -> None:
    """Of 14.95, 15.05 and 15 t two pairs fill 30 t; three boxes take two trips."""
    pairs = [a + b for a, b in combinations((Decimal("14.95"), Decimal("15.05"), Decimal(15)), 2)]
    assert pairs.count(Decimal(30)) == 1
    assert fewest_trips(["14.95", "15.05", "15"], "30") == 2
