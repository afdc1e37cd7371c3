"""What is offered at all: ties, weights, full days, names of places, what a plan leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from freight.consolidation.policy import load_policy, policy_faults
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.errors import InstanceError
from freight.io import read, write
from freight.io.plan_file import write_plan
from freight.matrix import city_tables
from freight.model.audit import audit
from freight.planning import plan
from freight.routing import Finding, Request, Router
from freight.routing.choice import unbeaten
from freight.routing.options import main_mode
from tests.command import freight
from tests.freight import hand

MONDAY = "2027-03-01T08:00+08:00"


def ways(*transfers: dict[str, Any], **more: Any) -> Instance:
    """A train from A to B at 300 a TEU in hour 33 for 10 TEU, and transfers beside it."""
    train = hand.service("TRAIN", committed=False, capacity_teu=10, minimum_load_teu=8, **more)
    return hand.instance(
        [hand.terminal(name) for name in "ABC"],
        [(train, hand.stops("TRAIN", ("A", 0, 0), ("B", 2, 2), cost_per_teu=300),
          hand.leaves("TRAIN", 33))],
        [hand.shipment("s", "A", "B", 8, teu=8)],
        list(transfers),
    )  # fmt: skip


DIRECT = hand.transfer("direct", "A", "B", 5, cost_per_teu=60, distance_km=580)
FIRST = hand.transfer("first", "A", "C", 2, cost_per_teu=30, distance_km=290)
SECOND = hand.transfer("second", "C", "B", 3, cost_per_teu=30, distance_km=290)
ASK = Request("A", "B", 2, 10.0, hand.at(8))


@pytest.mark.parametrize("hour", [8, 34])
def test_of_two_equal_ways_one_is_offered(hour: int) -> None:
    """Road direct and by C cost 120, 5 h and equal CO2e: the direct one is offered, at any hour."""
    router = Router(ways(DIRECT, FIRST, SECOND))
    ask = replace(ASK, ready=hand.at(hour))
    for options in (router.options(ask), router.options(ask, reliable=True)):
        road = [one for one in options if one.modes == (Mode.ROAD,)]
        assert [(float(one.cost), one.hours, one.changes) for one in road] == [(120.0, 5.0, 0)]
    assert float(router.cheapest(ask, 1)[0].cost) == 120.0


@given(
    st.lists(st.tuples(*[st.sampled_from([1.0, 1.004, 1.008, 1.012, 2.0])] * 3), min_size=1),
    st.sampled_from([0.0, 0.005, 0.01]),
)
def test_equal_values_never_beat_each_other_away(
    values: list[tuple[float, ...]], resolution: float
) -> None:
    """Something always stays, what goes is beaten by what stays, and no two that stay are equal."""
    some = [(np.array(one), 1) for one in values]
    kept = unbeaten(some, np.full(3, resolution))
    assert kept
    for i, (value, _) in enumerate(some):
        beaten = any((some[j][0] <= value + resolution).all() for j in kept if j != i)
        assert (i in kept) or beaten
        if i in kept and resolution == 0:
            assert not any((some[j][0] <= value).all() for j in kept if j != i)


def test_boxes_that_weigh_too_much_are_refused() -> None:
    """A forty-foot box takes 30.48 - 3.9 = 26.58 t, a reefer 25.88, three of 20 ft 84.54."""
    refused = freight("route", "tiny", "Wuhan", "Duisburg", "--teu", "2", "--tonnes", "200",
                      "--ready", MONDAY, "--bill", "1", code=2)  # fmt: skip
    assert (
        "tonnes: A box weighs 203.90 t (200.00 t of goods, 3.9 t empty): over 30.48 t. "
        "Write at most 26.58, or more TEU."
    ) in " ".join(refused.stderr.split())
    router = Router(read("tiny"))
    ask = Request("Wuhan", "Duisburg", 2, 26.58, hand.at(8))
    assert router.options(ask)
    for wrong in ({"tonnes": 26.59}, {"reefer": True}, {"teu": 3, "tonnes": 84.6}):
        with pytest.raises(InstanceError, match=r"request, tonnes: A box weighs"):
            router.options(replace(ask, **wrong))


@pytest.mark.parametrize(("teu", "offered"), [(4, True), (6, False)])
def test_a_day_that_is_too_full_is_no_way(teu: int, offered: bool) -> None:
    """A transfer of 5 TEU a day takes a request of 4, not one of 6."""
    router = Router(ways(DIRECT | {"capacity_teu_per_day": 5}))
    modes = {one.modes for one in router.options(replace(ASK, teu=teu))}
    assert ((Mode.ROAD,) in modes) is offered


def test_lifts_off_and_on_share_the_day_of_a_terminal() -> None:
    """10 TEU a day at C let 5 TEU change trains there on one day, and 6 TEU only past midnight."""
    hub = hand.terminal("C", capacity_teu_per_day=10)
    instance = hand.instance(
        [hand.terminal("A"), hub, hand.terminal("B")],
        [
            (hand.service("F"), hand.stops("F", ("A", 0, 0), ("C", 5, 5)), hand.leaves("F", 1)),
            (hand.service("L"), hand.stops("L", ("C", 0, 0), ("B", 5, 5)), hand.leaves("L", 8, 30)),
        ],
        [],
    )
    router = Router(instance)
    for teu, leaves in ((4, 8), (6, 30)):
        ask = Request("A", "B", teu, 10.0, hand.at(0))
        for options in (router.options(ask), router.cheapest(ask, 1)):
            assert [one.hours for one in options] == [leaves + 5]


def test_chinese_names_of_cities_and_terminals_are_known() -> None:
    """武汉 and 杜伊斯堡 stand for Wuhan and Duisburg, in a route and in a matrix."""
    router = Router(read("tiny"))
    by_name = router.options(Request("武汉", "杜伊斯堡", 2, 10.0, hand.at(8)))
    assert by_name == router.options(Request("Wuhan", "Duisburg", 2, 10.0, hand.at(8)))
    cells, pairs = city_tables(read("tiny"), ("武汉", "长沙"), None)
    others, same = city_tables(read("tiny"), ("Wuhan", "Changsha"), None)
    assert [one.hours for one in cells] == [one.hours for one in others]
    assert [one.high_speed for one in pairs] == [one.high_speed for one in same] != [None]
    assert (pairs[0].city_a, pairs[0].rail_hours) == ("武汉", same[0].rail_hours)


def test_a_policy_names_its_centres_in_either_language() -> None:
    """Hubs 武汉 and 长沙 are those of Wuhan and Changsha; a city without a train is refused."""
    instance = read("tiny")
    hubs = load_policy("hub").model_copy(update={"hubs": ("武汉", "长沙")})
    assert policy_faults(hubs, instance, "p.toml") == []
    [fault] = policy_faults(hubs.model_copy(update={"hubs": ("上海",)}), instance, "p")
    assert fault.what == "No trunk train starts or ends at home in '上海'."


# --- what a plan leaves -----------------------------------------------------------------------


def test_a_plan_leaves_its_free_slots() -> None:
    """8 of 10 TEU are planned on the train: 2 TEU are offered, 4 are not; without the plan both."""
    instance = ways()
    beside = Router(instance, plan(instance))
    assert len(beside.options(ASK)) == 1
    assert beside.options(replace(ASK, teu=4)) == ()
    assert len(Router(instance).options(replace(ASK, teu=4))) == 1


def test_a_train_that_the_plan_does_not_run_is_not_offered() -> None:
    """With 4 TEU against a minimum of 8 the train does not run: nothing is offered."""
    instance = ways()
    few = [one.model_copy(update={"teu": 4}) for one in instance.shipments]
    instance = instance.model_copy(update={"shipments": tuple(few)})
    found = plan(instance)
    assert found.departures == ()
    assert Router(instance, found).options(ASK) == ()


def test_a_plan_leaves_what_its_days_leave() -> None:
    """A transfer of 10 TEU a day has 8 taken by the plan on the day: 2 go, 3 do not."""
    instance = ways(DIRECT | {"capacity_teu_per_day": 10})
    by_road = plan(instance)
    assert by_road.departures == ()
    beside = Router(instance, by_road)
    assert len(beside.options(ASK)) == 1
    assert beside.options(replace(ASK, teu=4)) == ()
    assert len(beside.options(replace(ASK, teu=4, ready=hand.at(25)))) == 1


@pytest.mark.slow
def test_what_a_plan_leaves_can_be_added_to_it() -> None:
    """On the tiny instance every option offered beside the plan can be added to it."""
    instance = read("tiny")
    found = plan(instance)
    router = Router(instance, found)
    asked = Request("Wuhan", "Duisburg", 2, 10.0, hand.at(8))
    options = router.options(asked)
    assert options
    for one in options:
        more = one.shipment.model_copy(update={"owner": instance.statement.owners[0].id})
        larger = instance.model_copy(update={"shipments": (*instance.shipments, more)})
        joint = found.model_copy(update={"itineraries": (*found.itineraries, one.itinerary)})
        said = {f.code for f in audit(larger, joint)}
        assert not said & {"capacity", "terminal capacity", "transfer capacity", "departure"}


def test_route_beside_a_plan_by_the_command(tmp_path: Path) -> None:
    """--plan offers 2 TEU and refuses 4; a plan of another instance is refused in words."""
    instance = ways()
    write(instance, tmp_path / "hand")
    instance = read(tmp_path / "hand")
    write_plan(plan(instance), tmp_path / "plan.json")
    words = ("A", "B", "--ready", "2027-03-01T08:00Z", "--plan", tmp_path / "plan.json")
    offered = freight("route", tmp_path / "hand", *words, "--teu", "2", "--json").stdout
    assert [one["modes"] for one in json.loads(offered)] == [["rail"]]
    said = freight("route", tmp_path / "hand", *words, "--teu", "4", code=3).stderr
    assert "No way with room in the plan leads from 'A' to 'B'" in " ".join(said.split())
    other = freight("route", "tiny", "Wuhan", "Duisburg", *words[2:], code=2).stderr
    assert "was made for another state of the instance tiny" in " ".join(other.split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-03-01+08:00", "has no time of day."),
        ("2027-W09-1T08:00Z", "is not a date and time."),
    ],
)
def test_times_on_the_command_line_are_read_strictly(text: str, said: str) -> None:
    """A date with an offset is no time; what is missing is said, once."""
    words = ("route", "tiny", "Wuhan", "Duisburg", "--ready", text)
    assert said in " ".join(freight(*words, code=2).stderr.replace("│", " ").split())


# --- by main mode -----------------------------------------------------------------------------


def test_modes_are_compared_as_main_modes() -> None:
    """Chosen: rail shuttle and ship, 22. Rail is told by the direct train, 90 dearer, not by it.

    Per TEU the shuttle costs 1 and the ship 10, the train 56; 2 TEU: 22 against 112.
    """
    instance = hand.instance(
        [hand.terminal("A"), hand.terminal("P", kind="sea_port"),
         hand.terminal("B", kind="sea_port")],
        [
            (hand.service("SHIP", mode="sea"),
             hand.stops("SHIP", ("P", 0, 0), ("B", 99, 99), cost_per_teu=10, distance_km=9000),
             hand.leaves("SHIP", 30)),
            (hand.service("TRAIN"),
             hand.stops("TRAIN", ("A", 0, 0), ("B", 70, 70), cost_per_teu=56, distance_km=7000),
             hand.leaves("TRAIN", 30)),
        ],
        [],
        [hand.transfer("shuttle", "A", "P", 5, mode="rail", kind="rail_water", cost_per_teu=1)],
    )  # fmt: skip
    router = Router(instance)
    [chosen] = router.cheapest(ASK, 1)
    assert (float(chosen.cost), main_mode(chosen)) == (22.0, Mode.SEA)
    verdicts = {one.mode: one for one in router.explain(ASK, chosen)}
    assert verdicts[Mode.SEA].finding is Finding.CHOSEN
    assert verdicts[Mode.RAIL].finding is Finding.BEATEN
    assert verdicts[Mode.RAIL].reason.startswith("It costs 90.00 USD more")
    assert verdicts[Mode.BARGE].finding is Finding.ABSENT
