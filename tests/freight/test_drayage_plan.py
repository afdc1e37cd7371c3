"""Trucks in a plan: charged to the cent, on the bills, and every broken rule found by the audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from freight.billing import bills
from freight.domain.bill import total_of
from freight.domain.drayage import Drayage, TruckRoute, TruckStop
from freight.domain.instance import Instance
from freight.domain.plan import ChargeKind, Plan
from freight.drayage import (
    ASSUMED_TRUCKS,
    DoorEnd,
    Trucks,
    drayage,
    read_doors,
    read_trucks,
    synthetic_doors,
    with_drayage,
    without_drayage,
)
from freight.errors import InstanceError
from freight.io import read
from freight.io.side_tables import written_rows
from freight.model.audit import audit
from freight.planning import choose, plan
from solvers.options import Options

BRIEF = Options(time_limit_seconds=1.0)


@lru_cache
def tiny() -> Instance:
    """The tiny instance."""
    return read("tiny")


@lru_cache
def bare() -> Plan:
    """Its plan between terminals."""
    return plan(tiny(), choose(tiny(), "auto", "highs"), options=Options(time_limit_seconds=60))


@lru_cache
def whole() -> Plan:
    """Its plan from door to door."""
    found = drayage(tiny(), bare(), synthetic_doors(tiny(), seed=1), BRIEF)
    return with_drayage(tiny(), bare(), found)


def trucks_of(found: Plan) -> Drayage:
    """The trucks of a plan that has some."""
    assert found.drayage is not None
    return found.drayage


def test_the_plan_costs_its_trucks_more_and_still_holds() -> None:
    """Cost, totals by charge, mode and owner, and the audit agree to the cent."""
    found = trucks_of(whole())
    assert found.undone == ()
    assert whole().cost == bare().cost + found.cost
    assert whole().totals.by_charge["drayage"] == found.cost
    for sums in (whole().totals.by_charge, whole().totals.by_mode, whole().totals.by_owner):
        assert sum(sums.values(), Decimal(0)) == whole().cost
    assert audit(tiny(), whole()) == []


def test_bills_add_up_to_the_plan_with_its_trucks_and_show_their_stops() -> None:
    """Every bill charges drayage and names both doors; all totals together are the plan's cost."""
    issued = bills(tiny(), whole())
    assert total_of(issued) + whole().unallocated == whole().cost
    for one in issued:
        assert any(line.kind is ChargeKind.DRAYAGE and line.invoiced for line in one.charges)
        for part in one.parts:
            boxes = len(part.containers)
            taken = sum(c.boxes for c in part.collection if c.door and c.takes and c.full)
            left = sum(c.boxes for c in part.delivery if c.door and not c.takes and c.full)
            assert taken == left == boxes


def test_planning_trucks_again_replaces_them_and_taking_them_out_gives_the_plan_back() -> None:
    """No charge is left behind, none comes twice."""
    again = with_drayage(tiny(), whole(), trucks_of(whole()))
    assert again == whole()
    assert without_drayage(whole()) == bare()


def test_a_plan_survives_its_file() -> None:
    """Written as JSON and read back, the trucks still hold."""
    back = Plan.model_validate_json(whole().model_dump_json())
    assert audit(tiny(), back) == []
    assert trucks_of(back).cost == trucks_of(whole()).cost


def stop_where(route: TruckRoute, test: Callable[[TruckStop], bool]) -> int:
    """Position of the first stop that passes."""
    return next(i for i, one in enumerate(route.stops) if test(one))


def changed(test: Callable[[TruckStop], bool], **update: Any) -> Plan:
    """The plan with one stop altered, the first that passes."""
    found = trucks_of(whole())
    for number, route in enumerate(found.routes):
        if any(map(test, route.stops)):
            i = stop_where(route, test)
            stop = route.stops[i]
            new = {key: value(stop) if callable(value) else value for key, value in update.items()}
            stops = (*route.stops[:i], stop.model_copy(update=new), *route.stops[i + 1 :])
            made = route.model_copy(update={"stops": stops})
            routes = (*found.routes[:number], made, *found.routes[number + 1 :])
            return whole().model_copy(
                update={"drayage": found.model_copy(update={"routes": routes})}
            )
    raise AssertionError("no such stop")


def at_door(stop: TruckStop) -> bool:
    """A full box taken from a shipper."""
    return stop.full and stop.takes and stop.end is DoorEnd.ORIGIN


def at_gate(stop: TruckStop) -> bool:
    """A full box brought to a terminal."""
    return stop.full and not stop.takes and stop.end is DoorEnd.ORIGIN


def from_gate(stop: TruckStop) -> bool:
    """A full box taken at the last terminal."""
    return stop.full and stop.takes and stop.end is DoorEnd.DESTINATION


def later(hours: float) -> Callable[[TruckStop], Any]:
    """The time of a stop, moved."""
    return lambda stop: stop.at + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("test", "update", "message"),
    [
        (at_door, {"at": later(14)}, "outside its hours, 8 to 18 h"),
        (at_gate, {"at": later(48)}, "after its cutoff"),
        (from_gate, {"at": later(-48)}, "before it is free"),
        (at_gate, {"at": later(-0.5)}, "cannot be at"),
        (at_gate, {"place": lambda stop: stop.place.model_copy(update={"lat": 10.0})},
         "the wrong place"),
        (at_gate, {"place": lambda stop: stop.place.model_copy(update={"name": "moon"})},
         "stops at 'moon', expected "),
        (at_door, {"teu": 1}, "handles a box of 1 TEU of "),
        (at_gate, {"takes": True}, "a truck takes 2 TEU and 30 t"),
        (at_gate, {"takes": True}, "comes back with a box"),
        (at_gate, {"shipment": "S9"}, "is not in the plan"),
        (at_door, {"takes": False}, "that it does not carry"),
    ],
)  # fmt: skip
def test_a_stop_that_breaks_a_rule_is_found(
    test: Callable[[TruckStop], bool], update: dict[str, Any], message: str
) -> None:
    """Windows, cutoffs, driving times, places, capacity and boxes, each violated on purpose."""
    findings = [str(one) for one in audit(tiny(), changed(test, **update))]
    assert any(message in one for one in findings), findings


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ({"cost": Decimal("1.00")}, "costs 1.00, expected"),
        ({"distance_km": 1.0}, "km long, expected"),
        ({"returns": None}, "returns sooner than it can drive"),
        ({"stops": ()}, "trips of"),
    ],
)
def test_a_route_that_lies_is_found(update: dict[str, Any], message: str) -> None:
    """Cost, length and return of a route, and boxes that nobody moves."""
    found = trucks_of(whole())
    first = found.routes[0]
    if "returns" in update:
        update = {"returns": first.stops[-1].at}
    routes = (first.model_copy(update=update), *found.routes[1:])
    altered = whole().model_copy(update={"drayage": found.model_copy(update={"routes": routes})})
    findings = [str(one) for one in audit(tiny(), altered)]
    assert any(message in one for one in findings), findings


def with_first(plan: Plan, **fields: object) -> Plan:
    """The plan with its first itinerary changed."""
    first, *others = plan.itineraries
    return plan.model_copy(update={"itineraries": (first.model_copy(update=fields), *others)})


def test_trucks_of_unknown_money_or_endless_roads_are_found() -> None:
    """A currency without a rate, and a detour that no figure holds."""
    found = trucks_of(whole())
    for change, message in (
        ({"currency": "XXX"}, "currency XXX has no exchange rate."),
        ({"detour": 1e308, "cost_per_km": 1e300}, "too large or too small to reckon with."),
    ):
        rows = tuple(one.model_copy(update=change) for one in found.trucks)
        altered = found.model_copy(update={"trucks": rows})
        findings = audit(tiny(), whole().model_copy(update={"drayage": altered}))
        assert any(message in str(one) for one in findings), findings


def test_trucks_of_a_plan_without_steps_or_of_unknown_services_are_not_followed() -> None:
    """The itinerary itself is what is found."""
    first = whole().itineraries[0]
    ride = first.steps[0].model_copy(update={"service": "X"})
    for altered, message in (
        (with_first(whole(), steps=()), "has no ride and no transfer."),
        (with_first(whole(), steps=(ride,)), "belongs to WUH-DUI, not to 'X'."),
    ):
        findings = audit(tiny(), altered)
        assert any(message in str(one) for one in findings), findings


def test_drayage_that_stands_twice_or_elsewhere_is_found() -> None:
    """A pair of lines that cancel out, and a line that names a step or another mode."""
    first = whole().itineraries[0]
    line = next(one for one in first.charges if one.kind is ChargeKind.DRAYAGE)
    more = line.model_copy(update={"amount": Decimal(1000)})
    less = line.model_copy(update={"amount": Decimal(-1000)})
    other = [one for one in first.charges if one != line]
    for charges, message in (
        ((*first.charges, more, less), "is charged 3 times, expected once."),
        ((*other, line.model_copy(update={"step": 0})), "stands at step 0 and mode road, expected"),
        ((*other, line.model_copy(update={"mode": None})), "stands at no step and no mode"),
    ):
        findings = audit(tiny(), with_first(whole(), charges=charges))
        assert any(message in str(one) for one in findings), findings


def test_a_shift_too_long_and_too_many_trucks_are_found() -> None:
    """Shifts of two hours, and one truck where several are out on a day."""
    found = trucks_of(whole())
    for change, message in (
        ({"shift_hours": 2.0}, "a shift has 2"),
        ({"trucks": 1}, "there are 1."),
    ):
        rows = tuple(one.model_copy(update=change) for one in found.trucks)
        altered = found.model_copy(update={"trucks": rows})
        findings = audit(tiny(), whole().model_copy(update={"drayage": altered}))
        assert any(message in str(one) for one in findings), findings


def test_a_charge_moved_or_left_without_a_truck_is_found() -> None:
    """One cent from one itinerary to another; charges of a plan whose trucks are gone."""
    some = list(whole().itineraries)
    for i, cents in ((0, "0.01"), (1, "-0.01")):
        charges = tuple(
            c.model_copy(update={"amount": c.amount + Decimal(cents)})
            if c.kind is ChargeKind.DRAYAGE and c.reference == "duisburg-rail" else c
            for c in some[i].charges
        )  # fmt: skip
        some[i] = some[i].model_copy(update={"charges": charges})
    findings = audit(tiny(), whole().model_copy(update={"itineraries": tuple(some)}))
    assert any("drayage at duisburg-rail is" in str(one) for one in findings)
    gone = audit(tiny(), whole().model_copy(update={"drayage": None}))
    assert any("without any truck" in str(one) for one in gone)


def test_few_trucks_leave_boxes_and_say_so() -> None:
    """One truck a day in each city does what it can; the rest is stated as left."""
    few = tuple(one.model_copy(update={"trucks": 1}) for one in ASSUMED_TRUCKS)
    found = drayage(tiny(), bare(), synthetic_doors(tiny(), seed=1), BRIEF, few)
    assert found.undone
    assert audit(tiny(), with_drayage(tiny(), bare(), found)) == []


def test_one_row_of_trucks_for_a_city_stands_before_that_of_its_country() -> None:
    """By name, then by country, then for all."""
    rows = (*ASSUMED_TRUCKS, ASSUMED_TRUCKS[0].model_copy(update={"city": "Wuhan", "trucks": 9}))
    found = replace_trucks(trucks_of(whole()), rows)
    assert found.trucks_of("Wuhan", "CN") == rows[2]
    assert found.trucks_of("Changsha", "CN") == rows[0]
    assert found.trucks_of("Duisburg", "DE") == rows[1]
    assert replace_trucks(found, rows[:1]).trucks_of("Duisburg", "DE") is None


def replace_trucks(found: Drayage, rows: tuple[Trucks, ...]) -> Drayage:
    """The trucks with other rows."""
    return found.model_copy(update={"trucks": rows})


DOORS = "shipment,end,address,lat,lon,city,opens_hour,closes_hour,handling_hours,source\n"


def test_doors_are_read_with_positions_or_cities(tmp_path: Path) -> None:
    """A position as given; else the middle of the city's terminals, called an assumption."""
    path = tmp_path / "doors.csv"
    path.write_text(
        DOORS
        + "S1,origin,Gate 5,30.5,114.1,,7,19,0.5,the shipper\nS1,destination,,,,Duisburg,,,,x\n",
        encoding="utf-8",
    )
    first, second = read_doors(path, tiny())
    assert (first.lat, first.opens_hour, first.name) == (30.5, 7.0, "Gate 5")
    duisburg = [one for one in tiny().terminals if one.city == "Duisburg"]
    assert second.lat == pytest.approx(sum(one.lat for one in duisburg) / len(duisburg))
    assert "position assumption" in second.source


def test_every_fault_of_a_table_of_doors_is_named_at_once(tmp_path: Path) -> None:
    """Row, column, value and remedy of each, and the nearest name where there is one."""
    path = tmp_path / "doors.csv"
    path.write_text(
        DOORS
        + "S9,origin,,30,114,,8,18,0.5,x\n"  # no such shipment
        + "S1,orgin,,30,114,,8,18,0.5,x\n"  # no such end
        + "S2,origin,,130,114,,8,18,0.5,x\n"  # off the globe
        + "S2,destination,,,,Duisbrg,8,18,-1,x\n"  # a city misspelt, a negative time
        + "S3,origin,,,,,8,18,0.5,x\n"  # nowhere
        + "S3,destination,,51,,,8,18,0.5,x\n"  # half a position
        + "S4,origin,,30,114,,18,8,0.5,\n"  # never open, no source
        + "S4,destination,,30,114,,18,8,0.5,x\n"
        + "S4,destination,,30,114,,8,18,0.5,x\n",  # twice
        encoding="utf-8",
    )
    with pytest.raises(InstanceError) as caught:
        read_doors(path, tiny())
    text = str(caught.value)
    for words in (
        "doors.csv, row 2, shipment: 'S9' is no shipment here.",
        "row 3, end: 'orgin' is not an end. Did you mean 'origin'?",
        "row 4, lat: '130' is above 90.",
        "row 5, handling_hours: '-1' is below 0.",
        "row 6, lat: The door has no position.",
        "row 7, lon: Only one of lat and lon is given.",
        "row 8, source: The value is missing.",
        "row 9, closes_hour: The door closes at 8 and opens at 18.",
        "row 10, end: 'S4 destination' stands twice.",
    ):
        assert words in text, text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "The file is empty."),
        (DOORS, "The table has a header and no rows."),
        ("a,b\n1,2\n", "'a' is not a column of this table."),
        ("shipment,end,source\nS1,origin\n", "The row has 2 cells, the header 3."),
    ],
)
def test_a_file_that_is_no_table_of_doors_is_refused(
    tmp_path: Path, content: str, message: str
) -> None:
    """Empty, without rows, with other columns, ragged."""
    path = tmp_path / "doors.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InstanceError, match=message):
        read_doors(path, tiny())


def test_trucks_are_read_and_their_faults_named(tmp_path: Path) -> None:
    """Written and read back they are the same; currency, city and half a depot are refused."""
    path = tmp_path / "trucks.csv"
    path.write_text(written_rows("trucks", ASSUMED_TRUCKS), encoding="utf-8")
    assert read_trucks(path, tiny()) == ASSUMED_TRUCKS
    bad = ASSUMED_TRUCKS[0].model_copy(
        update={"city": "Wuhn", "currency": "XXX", "depot": "yard", "country": None}
    )
    path.write_text(written_rows("trucks", [bad]), encoding="utf-8")
    with pytest.raises(InstanceError) as caught:
        read_trucks(path, tiny())
    text = str(caught.value)
    assert "'Wuhn' is no city here. Did you mean 'Wuhan'?" in text
    assert "'XXX' has no exchange rate in tiny. Use one of CNY and USD." in text
    assert "A depot needs a name, lat and lon." in text


def test_a_city_without_trucks_is_named() -> None:
    """Trucks for China alone cannot serve Duisburg."""
    with pytest.raises(InstanceError, match="No trucks serve Duisburg"):
        drayage(tiny(), bare(), synthetic_doors(tiny(), seed=1), BRIEF, ASSUMED_TRUCKS[:1])


def test_equal_seeds_give_equal_trucks() -> None:
    """Without a time limit the search ends by itself, so the same seed gives the same routes."""
    doors = [one for one in synthetic_doors(tiny(), seed=1) if one.shipment == "S1"]
    options = replace(BRIEF, time_limit_seconds=None)
    first, second = (drayage(tiny(), bare(), doors, options) for _ in range(2))
    assert first.routes == second.routes
