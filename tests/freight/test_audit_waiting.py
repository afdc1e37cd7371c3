"""Boxes wait where the rules let them: the audit accepts what the network offers, nothing else."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from freight.domain.instance import Instance
from freight.domain.plan import Dwell, Move, Plan, Ride
from freight.model.audit import audit
from freight.model.audit.facts import Facts
from freight.model.audit.waiting import waiting
from freight.planning import plan as planned
from tests.freight import hand

HOUR = timedelta(hours=1)


def line(name: str, tail: str, head: str, start: float) -> Any:
    """A train that takes ten hours."""
    return (
        hand.service(name), hand.stops(name, (tail, 0, 0), (head, 10, 10)), hand.leaves(name, start)
    )  # fmt: skip


def over_a_truck(capacity: int | None = None) -> Instance:
    """T1 reaches B at 10, a truck takes 2 h to C, T2 leaves C at 100; C charges storage, B not."""
    return hand.instance(
        [hand.terminal("A"), hand.terminal("B"),
         hand.terminal("C", storage_cost_per_teu_day=24, free_storage_hours=0), hand.terminal("D")],
        [line("T1", "A", "B", 0), line("T2", "C", "D", 100)],
        [hand.shipment("S", "A", "D", 0)],
        [hand.transfer("truck", "B", "C", 2, capacity_teu_per_day=capacity)],
    )  # fmt: skip


def to_the_train(capacity: int | None = None) -> Instance:
    """Ready at A at 0, a truck takes 2 h to B, where T1 leaves at 80."""
    return hand.instance(
        [hand.terminal("A"), hand.terminal("B"), hand.terminal("D")],
        [line("T1", "B", "D", 80)],
        [hand.shipment("S", "A", "D", 0)],
        [hand.transfer("truck", "A", "B", 2, capacity_teu_per_day=capacity)],
    )


def said(instance: Instance, plan: Plan, later: float = 0.0) -> list[str]:
    """What is wrong with the one itinerary when its transfers start so many hours later."""
    [itinerary] = plan.itineraries
    carriages: list[Ride | Move] = []
    for step in itinerary.steps:
        if isinstance(step, Move):
            moved = {"departs": step.departs + later * HOUR, "arrives": step.arrives + later * HOUR}
            carriages.append(step.model_copy(update=moved))
        elif not isinstance(step, Dwell):
            carriages.append(step)
    ready = instance.shipment[itinerary.shipment].ready
    free = [ready, *(one.arrives for one in carriages)]
    return [code for code, _ in waiting(Facts(instance), carriages, free)]


def test_free_storage_before_a_transfer_is_no_place_to_wait() -> None:
    """88 h at C cost 2 TEU x 88 USD; waiting them at B would be free, and is refused."""
    instance = over_a_truck()
    plan = planned(instance)
    assert float(plan.cost) == pytest.approx(2 * 88)
    assert audit(instance, plan) == []
    assert said(instance, plan) == []
    assert said(instance, plan, later=88) == ["waiting"]
    assert said(instance, plan, later=24) == ["waiting"]


@pytest.mark.parametrize(("later", "wrong"), [(0, []), (24, []), (72, []), (96, ["waiting"]),
                                              (23, ["waiting"])])  # fmt: skip
def test_a_transfer_with_a_daily_capacity_waits_whole_days(later: float, wrong: list[str]) -> None:
    """One, two or three days later, when its day may be full; neither hours nor four days."""
    instance = over_a_truck(capacity=100)
    plan = planned(instance)
    ready = next(step for step in plan.itineraries[0].steps if isinstance(step, Move))
    shift = (plan.itineraries[0].steps[0].arrives - ready.departs) / HOUR
    assert said(instance, plan, later=shift + later) == wrong


@pytest.mark.parametrize(
    ("start", "capacity", "wrong"),
    [(78, None, []), (0, None, []), (24, None, ["waiting"]), (24, 100, []), (72, 100, []),
     (40, 100, ["waiting"])],
)  # fmt: skip
def test_transfers_to_a_first_departure_are_just_in_time_or_from_the_ready_time(
    start: float, capacity: int | None, wrong: list[str]
) -> None:
    """At 78 for the train at 80, or at 0; by days later only where a daily capacity may bind."""
    instance = to_the_train(capacity)
    plan = planned(instance)
    assert audit(instance, plan) == []
    [move] = [step for step in plan.itineraries[0].steps if isinstance(step, Move)]
    assert said(instance, plan, later=(hand.at(start) - move.departs) / HOUR) == wrong


def test_four_transfers_in_a_row_are_too_many() -> None:
    """The network offers three; the fourth is named."""
    names = "ABCDE"
    instance = hand.instance(
        [hand.terminal(name) for name in names],
        [line("T", "A", "E", 500)],
        [hand.shipment("S", "A", "E", 0)],
        [hand.transfer(f"{a}{b}", a, b, 1) for a, b in pairwise(names)],
    )
    three = planned(instance.model_copy(update={"shipments": (
        instance.shipments[0].model_copy(update={"destination": "D"}),)}))  # fmt: skip
    moves = [step for step in three.itineraries[0].steps if isinstance(step, Move)]
    assert len(moves) == 3
    fourth = moves[-1].model_copy(
        update={"transfer": "DE", "from_terminal": "D", "to_terminal": "E",
                "departs": moves[-1].arrives, "arrives": moves[-1].arrives + HOUR}
    )  # fmt: skip
    free = [hand.at(0), *(move.arrives for move in [*moves, fourth])]
    codes = [code for code, _ in waiting(Facts(instance), [*moves, fourth], free)]
    assert codes == ["transfers"]


def test_boxes_are_not_loaded_again_onto_the_train_they_were_on() -> None:
    """Unloading and loading once more would count twice towards a minimum load."""
    calls = (hand.service("T"), hand.stops("T", ("A", 0, 0), ("B", 5, 6), ("C", 10, 10)),
             hand.leaves("T", 0))  # fmt: skip
    instance = hand.instance(
        [hand.terminal(name) for name in "ABC"], [calls], [hand.shipment("S", "A", "C", 0)]
    )
    [ride] = [step for step in planned(instance).itineraries[0].steps if isinstance(step, Ride)]
    first = ride.model_copy(update={"to_sequence": 2, "to_terminal": "B"})
    second = ride.model_copy(update={"from_sequence": 2, "from_terminal": "B"})
    free = [hand.at(0), hand.at(5), hand.at(10)]
    codes = [code for code, _ in waiting(Facts(instance), [first, second], free)]
    assert codes == ["same departure"]
    assert list(waiting(Facts(instance), [ride], free)) == []
