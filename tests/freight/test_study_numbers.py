"""Figures of a study that are easily a little wrong: worked on instances of a few rows."""

from __future__ import annotations

from typing import Any

import pytest

from freight.consolidation import candidates as making
from freight.consolidation.cases import Case, Effort, Known, work
from freight.consolidation.coalitions import Players
from freight.consolidation.order import contained, ranked
from freight.consolidation.policy import load_policy
from freight.consolidation.study import Study, consolidate
from freight.consolidation.trunk import crossings
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.transfer import TransferKind
from freight.errors import InstanceError
from freight.io import read
from freight.model.audit import audit
from freight.planning import plan
from tests.freight import hand

EFFORT = Effort(seconds=20.0, gap=0.002)


def circle(**more: Any) -> Instance:
    """A to B over H, where boxes wait 90 h at 10 an hour a TEU, or go to X and back for 400.

    Going back to H is no plan. By train C 400,000 a TEU, 10,000 less than 0.2 % of all.
    """
    trains = [("A", "A", "H", 0, 0), ("B1", "H", "X", 20, 200), ("B2", "X", "H", 60, 200),
              ("C", "H", "B", 100, 400_000)]  # fmt: skip
    return hand.instance(
        [hand.terminal("A"), hand.terminal("B"), hand.terminal("X"),
         hand.terminal("H", storage_cost_per_teu_day=240, free_storage_hours=0)],
        [
            (hand.service(name), hand.stops(name, (tail, 0, 0), (head, 10, 10), cost_per_teu=cost),
             hand.leaves(name, start))
            for name, tail, head, start, cost in trains
        ],
        [hand.shipment("P", "A", "B", 0, unserved_cost_per_teu=900_000, **more)],
    )  # fmt: skip


def test_a_coalition_costs_what_its_plan_costs() -> None:
    """2 TEU: 400,000 and 90 h at 10 each, 801,800; the circle of 801,600 is no plan."""
    home = circle()
    players = Players(("wuhan",), {})
    alone = work(Case("c", "alone", home, players, 1), Known(), EFFORT)
    everybody = work(Case("g", "all", home, players, None, home), Known(), EFFORT)
    assert everybody.upper == pytest.approx(801_800.0)
    assert alone.upper == pytest.approx(801_800.0)
    assert alone.lower is not None
    assert alone.lower <= alone.upper


def test_a_coalition_does_not_pay_for_what_others_committed() -> None:
    """The same with train C, at 5,000 a departure, run by an owner outside the coalition."""
    home = circle()
    services = tuple(
        one.model_copy(update={"owner": "changsha", "fixed_cost_per_departure": 5000.0})
        if one.id == "C" else one
        for one in home.services
    )  # fmt: skip
    law = making.rebuilt(home, services=services)
    alone = work(Case("c", "alone", law, Players(("wuhan", "changsha"), {}), 1), Known(), EFFORT)
    assert alone.upper == pytest.approx(801_800.0)


def pattern(*starts: float, second: bool = False) -> Instance:
    """X at 10 a TEU on some days; with ``second``, Y for 5 a departure and nothing a TEU."""
    trains = [(hand.service("X"), hand.stops("X", ("A", 0, 0), ("D", 10, 10), cost_per_teu=10),
               hand.leaves("X", *starts))]  # fmt: skip
    if second:
        dear = hand.service("Y", fixed_cost_per_departure=5)
        trains.append((dear, hand.stops("Y", ("A", 0, 0), ("D", 10, 10)), hand.leaves("Y", 30)))
    return hand.instance([hand.terminal("A"), hand.terminal("D", country="DE")], trains,
                         [hand.shipment("S", "A", "D", 0)])  # fmt: skip


def proved(one: Plan, **figures: Any) -> Plan:
    """The plan with other figures in its proof."""
    return one.model_copy(update={"proof": one.proof.model_copy(update=figures)})


def test_a_weekly_plan_that_is_carried_takes_its_timetable_along() -> None:
    """Policy b allows all that a does, but chose other days for X: a's plan needs a's days."""
    homes = {"a": pattern(24), "b": pattern(48, second=True)}
    laws = {"a": pattern(24, 48), "b": pattern(24, 48, second=True)}
    plans = {name: plan(home) for name, home in homes.items()}
    dear = {"a": plans["a"], "b": proved(plans["b"], objective=1000.0, bound=1.0)}
    found = ranked(homes, dear, laws)
    assert found.source["b"] == "a"
    assert found.instances["b"].statement.policy == "b"
    assert audit(found.instances["b"], found.plans["b"]) == []


def test_bounds_of_weekly_patterns_go_by_what_policies_allow() -> None:
    """That two patterns are alike says nothing of the days that the policies could have chosen."""
    homes = {"joint": pattern(24), "free": pattern(24)}
    laws = {"joint": pattern(24, 48), "free": pattern(24, 48, second=True)}
    assert contained(homes["free"], homes["joint"])
    plans = {name: plan(home) for name, home in homes.items()}
    plans["free"] = proved(plans["free"], bound=5.0, gap=0.9, outcome="feasible")
    found = ranked(homes, plans, laws)
    assert found.plans["free"].proof.bound == pytest.approx(5.0)


def test_weekly_studies_of_several_policies_leave_plans_that_hold() -> None:
    """Standalone and joint on tiny: each plan is one of the instance beside it."""
    study = Study(policies=("standalone", "joint"), seconds=60.0, gap=0.0, workers=1, weekly=True)
    found = consolidate(read("tiny"), study)
    assert set(found.plans) == {"standalone", "joint"}
    for name, one in found.plans.items():
        assert audit(found.instances[name], one) == []
    assert found.plans["joint"].proof.objective <= found.plans["standalone"].proof.objective


@pytest.mark.parametrize("inbound", [False, True])
def test_an_added_leg_costs_its_kilometres(inbound: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A train at 100 a TEU and 7 a tonne for 100 km; a link of 10 km adds 10 and 0.70."""
    monkeypatch.setattr(making, "MOST_DETOUR", 99.0)
    calls = [("D", 0.0, 0.0), ("B", 50.0, 50.0), ("W", 90.0, 90.0)]
    if not inbound:
        calls = [(place, 90.0 - leave, 90.0 - arrive) for place, arrive, leave in calls[::-1]]
    home = hand.instance(
        [hand.terminal("W", city="wuhan"), hand.terminal("C", city="changsha"),
         hand.terminal("B", country="KZ"), hand.terminal("D", country="DE")],
        [(hand.service("T", committed=False),
          hand.stops("T", *calls, cost_per_teu=100, cost_per_tonne=7), hand.leaves("T", 100))],
        [hand.shipment("P", calls[0][0], calls[-1][0], 0),
         hand.shipment("Q", calls[0][0], calls[-1][0], 0, owner="changsha")],
        [hand.transfer("L", "W", "C", 10, kind="rail_rail", mode="rail", both_ways=True)],
    )  # fmt: skip
    network = making.candidates(home).instance
    [name] = [one.id for one in network.services if one.id != "T"]
    legs = [one for one in network.stops_of[name] if one.distance_km]
    added = legs[-1 if inbound else 0]
    assert added.distance_km == pytest.approx(10.0)
    assert added.cost_per_teu == pytest.approx(10.0)
    assert added.cost_per_tonne == pytest.approx(0.7)


def test_of_two_borders_between_the_same_terminals_the_first_row_counts() -> None:
    """As it does in planning: a gauge change listed second is not met."""
    home = hand.instance(
        [hand.terminal("K", country="KZ"), hand.terminal("P", country="PL")],
        [(hand.service("T"), hand.stops("T", ("K", 0, 0), ("P", 10, 10)), hand.leaves("T", 0))],
        [hand.shipment("S", "K", "P", 0)],
        [hand.transfer("one", "K", "P", 1, kind="border", mode="rail"),
         hand.transfer("two", "K", "P", 1, kind="gauge_change", mode="rail")],
    )  # fmt: skip
    assert crossings(home)["K", "P"].kind is TransferKind.BORDER


def test_sharing_slots_with_nobody_is_no_policy(tmp_path: Any) -> None:
    """An empty list would have opened the train to everybody."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\ntitle_en = "Mine"\ntitle_zh = "我的"\nsummary = "A test."\n'
        "[share]\nwuhan = []\n",
        encoding="utf-8",
    )
    with pytest.raises(InstanceError, match=r"share\.wuhan"):
        load_policy(str(file))


def over_kazakhstan(policy: str | None) -> Instance:
    """Wuhan to Hanover by T1 at 1,000 to Changsha, or by T2 and T3 at 20 over Kazakhstan; then T4.

    Two TEU: 2,000 or 40.
    """
    trains = [("T1", "W", "H", 0, 1000), ("T2", "W", "K", 0, 10), ("T3", "K", "H", 20, 10),
              ("T4", "H", "D", 50, 0)]  # fmt: skip
    return hand.instance(
        [hand.terminal("W", city="wuhan"), hand.terminal("H", city="changsha"),
         hand.terminal("K", country="KZ"), hand.terminal("D", country="DE")],
        [
            (hand.service(name), hand.stops(name, (tail, 0, 0), (head, 10, 10), cost_per_teu=cost),
             hand.leaves(name, start))
            for name, tail, head, start, cost in trains
        ],
        [hand.shipment("P", "W", "D", 0)], policy=policy,
    )  # fmt: skip


def test_boxes_cross_the_border_once_in_instances_of_policies_alone() -> None:
    """Planning, study and audit agree: 40 without a policy, 2,000 under one."""
    free, ruled = over_kazakhstan(None), over_kazakhstan("joint")
    around, straight = plan(free), plan(ruled)
    assert float(around.cost) == pytest.approx(40.0)
    assert float(straight.cost) == pytest.approx(2000.0)
    assert audit(free, around) == []
    assert audit(ruled, straight) == []
    moved = around.model_copy(update={"instance_digest": ruled.digest, "snapshot": None})
    [found] = audit(ruled, moved)
    assert found.code == "border"
    assert "crosses the border of CN 3 times, expected once under policy joint" in str(found)
    case = Case("g", "everybody", ruled, Players(("wuhan",), {}), None, ruled)
    assert work(case, Known(), EFFORT).upper == pytest.approx(2000.0)
