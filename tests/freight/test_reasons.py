"""Reasons name the limit that leaves boxes behind, and say that nothing leads there only then."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from freight.domain.instance import Instance
from freight.domain.plan import Unserved
from freight.model.audit import audit
from freight.model.compile import compile_instance
from freight.model.reasons import explained, reasons_of
from freight.planning import plan
from solvers.options import Options
from tests.freight import hand
from tests.freight.brute_force import BruteForce
from tests.freight.random_instances import random_instance

EXACT = Options(gap=0.0)


def line(
    shipments: list[dict[str, Any]],
    hours: tuple[float, ...] = (36,),
    terminal: dict[str, Any] | None = None,
    **service: Any,
) -> Instance:
    """Trains A to B at 10 a TEU and 100 a run, optional."""
    train = hand.service("N", **{"committed": False, "fixed_cost_per_departure": 100} | service)
    return hand.instance(
        [hand.terminal("A"), hand.terminal("B", **(terminal or {}))],
        [(train, hand.stops("N", ("A", 0, 0), ("B", 5, 5), cost_per_teu=10),
          hand.leaves("N", *hours))],
        shipments,
    )  # fmt: skip


def whole(teu: int = 90, **more: Any) -> list[dict[str, Any]]:
    """A shipment that travels whole, 10 t a TEU in boxes of 20 ft."""
    box = {"container_type": "22G1", "gross_tonnes": 10 * teu, "splittable": False}
    return [hand.shipment("s", "A", "B", 30, teu=teu, **box | more)]


def reason(instance: Instance) -> tuple[str, str]:
    """The one reason of the exact plan, in English and Chinese; the plan keeps its audit."""
    found = plan(instance, options=EXACT)
    assert audit(instance, found) == []
    [left] = found.unserved
    assert left.reason_zh
    return left.reason, left.reason_zh


@pytest.mark.parametrize(
    ("instance", "english", "chinese"),
    [
        (line(whole(), capacity_teu=82), "N@2027-03-02T12:00 takes 82 TEU from A to B.",
         "班次N@2027-03-02T12:00在A至B区段最多载运82 TEU。"),
        (line(whole(), capacity_tonnes=1000), "N@2027-03-02T12:00 takes 1,000 t from A to B.",
         "班次N@2027-03-02T12:00在A至B区段最多载运1,000吨。"),
        (line(whole(), terminal={"capacity_teu_per_day": 60}), "B lifts at most 60 TEU a day.",
         "B每日最多60 TEU。"),
    ],
)  # fmt: skip
def test_a_shipment_too_large_to_go_whole_names_the_limit(
    instance: Instance, english: str, chinese: str
) -> None:
    """90 TEU of 1,107 t (10 t and 2.3 t of box each) against 82 TEU, 1,000 t, 60 TEU a day."""
    assert reason(instance) == (
        f"It travels whole, 90 TEU of 1,107 t loaded, and {english}",
        f"该票不可拆分，共90 TEU、总重1,107吨，而{chinese}",
    )


def test_the_widest_way_is_named() -> None:
    """Of two trains of 60 and 82 TEU the larger is what 90 TEU would need more of."""
    small = hand.service("M", committed=False, capacity_teu=60)
    calls = hand.stops("M", ("A", 0, 0), ("B", 3, 3))
    made = line(whole(), capacity_teu=82).model_dump()
    other = hand.instance(
        [hand.terminal("A"), hand.terminal("B")], [(small, calls, hand.leaves("M", 40))], []
    ).model_dump()
    both = {name: (*made[name], *other[name]) for name in ("services", "stops", "departures")}
    assert "N@2027-03-02T12:00 takes 82 TEU" in reason(Instance.model_validate(made | both))[0]


def test_a_box_larger_than_any_limit_is_named() -> None:
    """A border that lets 1 TEU a day through takes no box of two."""
    instance = hand.instance(
        [hand.terminal("A"), hand.terminal("B")],
        [],
        [hand.shipment("s", "A", "B", 0)],
        [hand.transfer("X", "A", "B", 5, capacity_teu_per_day=1)],
    )
    assert reason(instance)[0] == (
        "One box of it has 2 TEU and 23.9 t loaded, and X from A takes at most 1 TEU a day."
    )


def test_a_day_that_takes_nothing_is_no_missing_path() -> None:
    """A terminal closed by a capacity of 0 is named; a path there is."""
    instance = line(whole(4), terminal={"capacity_teu_per_day": 0})
    assert "B lifts at most 0 TEU a day." in reason(instance)[0]


def test_a_train_too_empty_to_run_says_what_it_needs_and_what_there_is() -> None:
    """The train needs 50 TEU and 48 could ride it."""
    some = [
        hand.shipment(f"s{i}", "A", "B", 30, teu=24, gross_tonnes=100, splittable=False)
        for i in range(2)
    ]
    found = plan(line(some, minimum_load_teu=50), options=EXACT)
    assert {one.reason for one in found.unserved} == {
        "Its cheapest itinerary, at 10.00 USD per TEU before fixed costs, needs "
        "N@2027-03-02T12:00, which does not run: it needs 50 TEU, and 48 could ride it. No other "
        "itinerary has room in this plan."
    }
    assert {one.reason_zh for one in found.unserved} == {
        "最便宜的行程（不计固定费用每TEU 10.00 USD）需要班次N@2027-03-02T12:00（未开行：至少需要"
        "50 TEU，而可乘用的仅48 TEU）。本方案中没有其他可用的行程。"
    }


def test_what_cannot_catch_a_train_does_not_count_for_it() -> None:
    """Of 48 TEU half are ready after the first train: 24 could ride it, 48 the second."""
    some = [
        hand.shipment("early", "A", "B", 0, teu=24, gross_tonnes=100, due=hand.at(50)),
        hand.shipment("later", "A", "B", 60, teu=24, gross_tonnes=100),
    ]
    instance = line(some, (36, 80), minimum_load_teu=50)
    told = {one.shipment: one.reason for one in plan(instance, options=EXACT).unserved}
    assert "N@2027-03-02T12:00, which does not run: it needs 50 TEU, and 24 could" in told["early"]
    assert "N@2027-03-04T08:00, which does not run: it needs 50 TEU, and 48 could" in told["later"]


def test_full_trains_and_days_are_named_with_what_they_carry() -> None:
    """6 of 6 TEU on the train or lifted in a day; the truck that remains costs 500."""
    some = [hand.shipment("s", "A", "B", 30, teu=8, gross_tonnes=80, unserved_cost_per_teu=400)]
    full = reason(line(some, capacity_teu=6))[0]
    assert "needs N@2027-03-02T12:00, which carries 6 of 6 TEU from A to B. No other" in full
    lifted = line(some, terminal={"capacity_teu_per_day": 6})
    assert "needs B on 2027-03-02, where 6 of 6 TEU are taken. No other" in reason(lifted)[0]
    truck = hand.transfer("truck", "A", "B", 2, cost_per_teu=500)
    dear = Instance.model_validate(lifted.model_dump() | {"transfers": [truck]})
    assert reason(dear)[0].endswith("One with room costs 500.00 USD, leaving it 400.00.")


def test_a_wait_beyond_the_most_dwell_is_named() -> None:
    """A ship that closes 72 h before it leaves, where boxes from the truck may wait 2 days."""
    instance = hand.instance(
        [hand.terminal("Y"), hand.terminal("P"), hand.terminal("Z")],
        [(hand.service("SHIP", cutoff_hours=72), hand.stops("SHIP", ("P", 0, 0), ("Z", 20, 20)),
          hand.leaves("SHIP", 120))],
        [hand.shipment("s", "Y", "Z", 0)],
        [hand.transfer("truck", "Y", "P", 2)],
        defaults={"most_dwell_days": 2},
    )  # fmt: skip
    assert reason(instance) == (
        "Every itinerary waits too long: 3 days at P, where 2 are the most (most_dwell_days).",
        "所有行程的等待都过长：在P须等待3天，而最多允许2天（most_dwell_days）。",
    )


def test_limits_that_only_together_leave_no_way_are_all_named() -> None:
    """Too large for the train and too late with it: both, and no third."""
    [one] = whole(due=hand.at(31))
    instance = line([one], capacity_teu=82)
    late = instance.statement.defaults.model_copy(update={"most_late_days": 0.1})
    statement = instance.statement.model_copy(update={"defaults": late})
    assert reason(instance.model_copy(update={"statement": statement}))[0] == (
        "No itinerary keeps all of these limits: with all its boxes at once, at most 0.1 days late."
    )


def test_a_plan_that_leaves_room_unused_says_so() -> None:
    """Where an itinerary with room is worth it, the plan was not searched to the end."""
    instance = line([hand.shipment("s", "A", "B", 30)], committed=True)
    best = plan(instance, options=EXACT)
    nothing = plan(
        instance.model_copy(
            update={
                "shipments": (
                    instance.shipments[0].model_copy(update={"unserved_cost_per_teu": 0.0}),
                )
            }
        ),
        options=EXACT,
    )
    assert (best.unserved, len(nothing.unserved)) == ((), 1)
    told = explained(instance, nothing).unserved[0].reason
    assert told == (
        "An itinerary at 10.00 USD per TEU has room in this plan: a longer search, or a smaller "
        "gap, may take it."
    )


def free(instance: Instance) -> Instance:
    """The instance without any limit but the timetable and the places."""
    most = {"most_late_days": 3650.0, "most_dwell_days": 3650.0}
    statement = instance.statement.model_copy(
        update={"defaults": instance.statement.defaults.model_copy(update=most)}
    )
    change = {"modes": (), "reefer": False, "dangerous": None}
    return instance.model_copy(update={
        "statement": statement,
        "shipments": tuple(one.model_copy(update=change) for one in instance.shipments),
        "services": tuple(one.model_copy(update={"open_to": ()}) for one in instance.services),
    })  # fmt: skip


@pytest.mark.parametrize("seed", range(0, 24))
def test_no_path_is_said_exactly_where_plain_search_finds_none(seed: int) -> None:
    """For every shipment of a random instance, were it left behind: by limits, or by no path."""
    instance = random_instance(seed)
    found = plan(instance, options=Options(gap=1.0, time_limit_seconds=5))
    behind = found.model_copy(update={"itineraries": (), "departures": (), "unserved": tuple(
        Unserved(shipment=one.id, owner=one.owner, teu=one.teu, penalty=Decimal(0), reason="-")
        for one in instance.shipments
    )})  # fmt: skip
    told = reasons_of(instance, behind, compile_instance(instance))
    bounded, unbounded = BruteForce(instance), BruteForce(free(instance))
    for one in instance.shipments:
        english = told[one.id][0]
        relaxed = unbounded.instance.shipment[one.id]
        assert english.startswith("No itinerary: no departures") == (
            unbounded.cheapest(relaxed) is None
        ), english
        stuck = bounded.cheapest(one) is None
        size = english.startswith(("It travels whole", "One box of it"))
        assert english.startswith(("Its cheapest", "Dearer", "An itinerary")) == (
            not stuck and not size
        ), english
