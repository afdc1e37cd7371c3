"""Cross-reference checks and remarks on instances built in Python."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from freight.domain.base import Frozen
from freight.domain.checks import CHECKS, REMARKS, check, warnings
from freight.domain.checks.reach import Network, earliest_arrivals
from freight.domain.instance import Instance
from freight.domain.packages import PACKAGE_CODES
from freight.domain.service import Mode
from freight.domain.shipment import Shipment
from freight.domain.timetable import dated_departures
from freight.domain.wording import either, listed, nearest, quoted, suggestion, unknown
from freight.io import read

STARTER = read(Path(str(files("freight.io") / "example")))


def changed(instance: Instance, table: str, key: str, **fields: object) -> Instance:
    """The instance with some fields of the records of an id, or of a service, changed."""
    records: list[Frozen] = []
    for record in getattr(instance, table):
        name = getattr(record, "id", getattr(record, "service", None))
        hit = key in (name, f"{name}/{getattr(record, 'sequence', '')}")
        records.append(record.model_copy(update=fields) if hit else record)
    return instance.model_copy(update={table: tuple(records)})


def stated(instance: Instance, **fields: object) -> Instance:
    """The instance with another statement."""
    statement = instance.statement.model_copy(update=fields)
    return instance.model_copy(update={"statement": statement})


def test_the_starter_is_sound() -> None:
    """A sound instance has no faults."""
    assert check(STARTER) == []


def test_faults_of_built_instances_name_table_and_record() -> None:
    """Without a file the record is counted from 1 and its table is named."""
    (fault,) = check(changed(STARTER, "shipments", "S03", teu=15))
    assert str(fault) == (
        "shipments, record 3, teu: Shipment 'S03' has 15 TEU in boxes 42G1 of 2."
        " Write a multiple of 2, or another container type."
    )
    assert (fault.file, fault.row, fault.column) == ("shipments", 3, "teu")


def test_checks_are_a_list_to_extend() -> None:
    """Every entry is a rule of its own, with a docstring that says what it finds."""
    rules = [one.rule for one in (*CHECKS, *REMARKS)]
    assert len(set(rules)) == len(rules)
    assert all(rule.__doc__ for rule in rules)


def test_consequences_are_not_reported() -> None:
    """An unknown terminal in stops leaves reachability unasked, and only that."""
    spoilt = changed(STARTER, "stops", "WUH-DUI/4", terminal="duisburg")
    spoilt = changed(spoilt, "shipments", "S03", teu=15)
    assert [(one.file, one.column) for one in check(spoilt)] == [
        ("stops", "terminal"),
        ("shipments", "teu"),
    ]


@pytest.mark.parametrize(
    ("box", "tonnes", "fault"),
    [("22G1", 28.18, False), ("22G1", 28.19, True), ("45R1", 25.88, False), ("45R1", 25.89, True)],
)
def test_a_box_may_weigh_what_its_standard_allows(box: str, tonnes: float, fault: bool) -> None:
    """30.48 t gross: 28.18 t of goods beside 2.3 t of tare, 25.88 t beside 4.6 t."""
    teu = 1 if box.startswith("2") else 2
    fields = {"container_type": box, "teu": teu, "gross_tonnes": tonnes, "splittable": True}
    spoilt = changed(STARTER, "shipments", "S01", **_typed(fields))
    assert [one.column for one in check(spoilt)] == (["gross_tonnes"] if fault else [])


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    kind = type(STARTER.shipments[0].container_type)
    return fields | {"container_type": kind(fields["container_type"])}


def test_a_horizon_must_end_after_it_starts() -> None:
    """The fault stands at the end, with both times."""
    spoilt = stated(STARTER, horizon_end=STARTER.statement.horizon_start)
    (fault,) = check(spoilt)
    assert fault.what == "The horizon ends at 2027-03-01T00:00:00+08:00, not after its start."


@pytest.mark.parametrize(
    ("zone", "sound"),
    [("Asia/Almaty", True), ("Asia/Aqtobe", True), ("Asia/Karachi", True), ("Asia/Omsk", False)],
)
def test_a_zone_must_share_its_clock_with_the_country(zone: str, sound: bool) -> None:
    """All of Kazakhstan is at UTC+5 since 2024: another zone of UTC+5 does no harm, Omsk does."""
    assert (check(changed(STARTER, "terminals", "dostyk", time_zone=zone)) == []) is sound


def test_package_codes_are_those_of_the_recommendation() -> None:
    """A few well-known codes stand in the list, made-up ones do not."""
    assert {"CT", "PX", "BX", "NE", "PK", "DR", "1A", "43", "ZZ"} <= PACKAGE_CODES
    assert PACKAGE_CODES.isdisjoint({"QX", "XX", "00", "EA"})
    assert all(len(code) == 2 for code in PACKAGE_CODES)


def test_a_shipment_that_can_only_come_late_is_remarked() -> None:
    """S07 takes the train of 6 March, 360 h, 6 h of handling: 21 March 09:00 in Duisburg."""
    due = datetime(2027, 3, 20, 12, tzinfo=UTC)
    late = changed(STARTER, "shipments", "S07", due=due)
    assert check(late) == []
    assert [str(one) for one in warnings(late) if one.file == "shipments"] == [
        "shipments, record 7, due: Shipment 'S07' is due 2027-03-20 13:00 but arrives"
        " 2027-03-21 09:00 at the earliest. It is late in any plan."
    ]


REMARKED: dict[str, tuple[Instance, str]] = {
    "unused terminal": (
        STARTER.model_copy(update={"shipments": (), "stops": (), "transfers": ()}),
        "No stop, transfer or shipment names terminal 'wuhan-rail'.",
    ),
    "nothing to do": (STARTER.model_copy(update={"shipments": ()}), "There are no shipments."),
    "idle service": (
        STARTER.model_copy(update={"departures": ()}),
        "Service 'CSX-DUI' has no departures.",
    ),
    "minimum load of a committed service": (
        changed(STARTER, "services", "YLO-YSA", minimum_load_teu=10.0),
        "Committed service 'YLO-YSA' has a minimum load, which does not bind it.",
    ),
    "optional service without minimum": (
        STARTER,
        "Optional service 'WUH-FRA' has no minimum load.",
    ),
    "closed to its owner": (
        changed(STARTER, "services", "WUH-DUI", open_to=("changsha",)),
        "The owner 'wuhan' of service 'WUH-DUI' may not use it.",
    ),
    "idle owner": (
        STARTER.model_copy(update={"services": (), "shipments": (), "stops": ()}),
        "Owner 'changsha' has neither services nor shipments.",
    ),
    "unused emission class": (
        changed(STARTER, "services", "WUH-FRA", emission_class="ocean"),
        "No service, stop or transfer names emission class 'air'.",
    ),
    "vessel at a rail terminal": (
        changed(STARTER, "services", "WUH-DUI", mode=Mode.SEA),
        "Service 'WUH-DUI' goes by sea but stops at 'wuhan-rail', of kind rail.",
    ),
    "train at an airport": (
        changed(STARTER, "services", "WUH-FRA", mode=Mode.RAIL),
        "Service 'WUH-FRA' goes by rail but stops at 'wuhan-air', of kind airport.",
    ),
    "leg of no length": (
        changed(STARTER, "stops", "YLO-YSA/2", distance_km=0.0),
        "The leg of service 'YLO-YSA' to 'yangshan' is 0 km.",
    ),
    "leg above its service": (
        changed(STARTER, "stops", "YLO-YSA/2", capacity_teu=300.0),
        "A leg of service 'YLO-YSA' has capacity_teu 300, over 200.",
    ),
    "transfer without time": (
        changed(STARTER, "transfers", "wuhan-rail-air", hours=0.0),
        "Transfer 'wuhan-rail-air' takes no time.",
    ),
    "border within a country": (
        changed(STARTER, "terminals", "dostyk", country="CN", time_zone="Asia/Urumqi"),
        "Transfer 'alashankou-dostyk' is a gauge_change within CN.",
    ),
    "worthless goods": (
        changed(STARTER, "shipments", "S01", value=0.0),
        "Shipment 'S01' has the value 0.",
    ),
    "lateness for nothing": (
        changed(STARTER, "shipments", "S01", lateness_cost_per_teu_day=0.0),
        "A day late costs shipment 'S01' nothing.",
    ),
    "left behind for nothing": (
        changed(STARTER, "shipments", "S01", unserved_cost_per_teu=0.0),
        "Leaving shipment 'S01' behind costs nothing.",
    ),
    "backlog": (
        changed(STARTER, "shipments", "S01", ready=datetime(2027, 2, 27, tzinfo=UTC)),
        "A shipment is ready before the horizon starts: S01.",
    ),
}


@pytest.mark.parametrize("name", REMARKED)
def test_suspicious_things_are_remarked_not_refused(name: str) -> None:
    """Every remark names its record and says what follows from it."""
    instance, what = REMARKED[name]
    found = [one for one in warnings(instance) if one.what == what]
    assert len(found) == 1
    assert found[0].remedy.endswith((".", "?"))


# --- earliest arrivals ------------------------------------------------------------------------


def _rides(instance: Instance, shipment: Shipment) -> list[tuple[str, float, str, float]]:
    """(from, loading deadline, to, available) of every ride that a shipment may take."""
    rides = []
    for one in dated_departures(instance):
        service = instance.service[one.service]
        allowed = not shipment.modes or service.mode in shipment.modes
        if not allowed or (shipment.reefer and not service.reefer):
            continue
        start = one.departs_at.timestamp() / 3600
        for a, b in combinations(instance.stops_of[one.service], 2):
            if a.load and b.unload:
                hours = b.arrive_hours + instance.terminal[b.terminal].handling_hours
                deadline = start + a.depart_hours - service.cutoff_hours
                rides.append((a.terminal, deadline, b.terminal, start + hours))
    return rides


def _moves(instance: Instance, shipment: Shipment) -> list[tuple[str, str, float]]:
    city = {one.id: one.city for one in instance.terminals}
    some = [
        one
        for one in instance.transfers
        if not shipment.modes
        or one.mode in shipment.modes
        or (one.mode is Mode.ROAD and city[one.from_terminal] == city[one.to_terminal])
    ]
    there = [(one.from_terminal, one.to_terminal, one.hours) for one in some]
    return there + [(one.to_terminal, one.from_terminal, one.hours) for one in some]


def _brute_force(instance: Instance, shipment: Shipment) -> float:
    """Earliest arrival by relaxing every ride and transfer until nothing improves."""
    best = {shipment.origin: shipment.ready.timestamp() / 3600}
    rides, moves, before = _rides(instance, shipment), _moves(instance, shipment), None
    while best != before:
        before = dict(best)
        for a, deadline, b, arrival in rides:
            if best.get(a, math.inf) <= deadline + 1e-9:
                best[b] = min(best.get(b, math.inf), arrival)
        for a, b, hours in moves:
            best[b] = min(best.get(b, math.inf), best.get(a, math.inf) + hours)
    return best.get(shipment.destination, math.inf)


@pytest.mark.parametrize("seed", range(10))
def test_earliest_arrivals_agree_with_brute_force(seed: int) -> None:
    """Shared labels give what relaxing every ride for every shipment on its own gives."""
    draw = random.Random(seed)
    base = STARTER.statement.horizon_start
    names = [one.id for one in STARTER.terminals]
    shipments = tuple(
        STARTER.shipments[0].model_copy(
            update={
                "id": f"T{number}",
                "origin": draw.choice(names),
                "destination": draw.choice(names),
                "ready": base + timedelta(hours=draw.uniform(-24, 480)),
                "modes": draw.choice([(), (Mode.RAIL,), (Mode.SEA, Mode.BARGE), (Mode.AIR,)]),
                "reefer": draw.random() < 0.3,
            }
        )
        for number in range(60)
    )
    instance = STARTER.model_copy(update={"shipments": shipments})
    limits = {one.id: draw.choice([float("inf"), 500_000.0, 501_000.0]) for one in shipments}
    found = {
        one.id: hour
        for one, hour in earliest_arrivals(Network(instance), shipments, limits)
        if one.origin != one.destination
    }
    for one in shipments:
        if one.origin != one.destination:
            expected = _brute_force(instance, one)
            reached = expected <= limits[one.id] and expected < float("inf")
            assert found[one.id] == (pytest.approx(expected) if reached else None)


# --- wording ----------------------------------------------------------------------------------


def _told(column: str, value: str, known: list[str]) -> str:
    [fault] = unknown(column, value, known).faults
    return str(fault).removeprefix("command line, ")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: quoted("a\nb"), "'a\\x0ab'"),
        (lambda: quoted("x" * 99), f"'{'x' * 60}…'"),
        (lambda: quoted(-40.0), "'-40'"),
        (lambda: listed(["a", "b", "c"]), "a, b and c"),
        (lambda: either(["a"]), "a"),
        (lambda: either([]), ""),
        (lambda: str(nearest("WUHAN", ["wuhan", "wuhu"])), "wuhan"),
        (lambda: suggestion("wuhn", ["wuhan"], "add it"), "Did you mean 'wuhan'?"),
        (lambda: suggestion("x", ["abc", "def"], "add it"), "Use one of abc and def, or add it."),
        (lambda: suggestion("x", [], "add it"), "Add it."),
        (lambda: _told("at", "Wuhn", ["wuhan"]), "at: 'Wuhn' is unknown. Did you mean wuhan?"),
        (lambda: _told("rule", "x", ["ab", "cd"]), "rule: 'x' is unknown. Choose one of ab, cd."),
        (
            lambda: _told("id", "x", [f"id-{i}" for i in range(99)]),
            "id: 'x' is unknown. There are 99, such as id-0, id-1 and id-2.",
        ),
    ],
)
def test_wording(call: Callable[[], str], text: str) -> None:
    """Values are shown short and on one line; lists read as a sentence."""
    assert call() == text
