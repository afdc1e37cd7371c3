"""One meaning of the modes of a shipment: in plans, routes, notes and the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from freight.domain.checks import warnings
from freight.domain.instance import Instance
from freight.domain.plan import Move
from freight.domain.service import Mode
from freight.model.audit import audit
from freight.planning import plan
from freight.routing import Finding, Request, Router
from solvers.options import Options
from tests.freight import hand

METHODS = ("arc-mip", "columns")


def rail_or_truck(modes: tuple[str, ...] = (), **truck: Any) -> Instance:
    """A to B for 4 TEU: a train at 100 a TEU and 100 a run, 500; a truck between cities at 200."""
    train = hand.service("TRAIN", committed=False, fixed_cost_per_departure=100, capacity_teu=80)
    return hand.instance(
        [hand.terminal("A"), hand.terminal("B")],
        [(train, hand.stops("TRAIN", ("A", 0, 0), ("B", 12, 12), cost_per_teu=100),
          hand.leaves("TRAIN", 36))],
        [hand.shipment("s1", "A", "B", 8, teu=4, modes=modes)],
        [hand.transfer("trucks", "A", "B", 9, cost_per_teu=50, **truck)],
    )  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("modes", "cost"), [((), 200), (("rail",), 500), (("road",), 200)])
def test_modes_hold_for_transfers(method: str, modes: tuple[str, ...], cost: float) -> None:
    """A shipment that must go by rail goes by train for 500, not by the cheaper truck for 200."""
    instance = rail_or_truck(modes)
    found = plan(instance, method, options=Options(time_limit_seconds=10))
    assert float(found.cost) == cost
    assert audit(instance, found) == []


def test_trucks_within_a_city_are_open_to_all() -> None:
    """Between two terminals of one city the truck takes the rail shipment for 200."""
    instance = rail_or_truck(("rail",))
    one_city = [place.model_copy(update={"city": "A"}) for place in instance.terminals]
    assert float(plan(instance.model_copy(update={"terminals": tuple(one_city)})).cost) == 200


def test_a_rail_transfer_is_no_road() -> None:
    """The move between two cities by rail is open to a rail shipment, closed to one by sea."""
    shuttle = {"mode": "rail", "kind": "rail_rail"}
    assert float(plan(rail_or_truck(("rail",), **shuttle)).cost) == 200
    assert plan(rail_or_truck(("sea",), **shuttle)).totals.teu_unserved == 4


def test_a_cheaper_chain_by_other_modes_hides_no_allowed_one() -> None:
    """Behind the train the truck beats the rail move in time and cost, but is not for rail goods.

    2 TEU at 0 on the train, then 90 a TEU by the rail move: 180.
    """
    instance = hand.instance(
        [hand.terminal(name) for name in "ABC"],
        [(hand.service("T"), hand.stops("T", ("A", 0, 0), ("B", 9, 9)), hand.leaves("T", 12))],
        [hand.shipment("s", "A", "C", 0, modes=("rail",))],
        [
            hand.transfer("truck", "B", "C", 2, cost_per_teu=10),
            hand.transfer("shuttle", "B", "C", 5, cost_per_teu=90, mode="rail", kind="rail_rail"),
        ],
    )
    assert float(plan(instance).cost) == 180


def test_routes_keep_to_the_modes_asked_for() -> None:
    """Without modes the truck is offered; by rail alone the train is all there is."""
    router = Router(rail_or_truck())
    ask = Request("A", "B", 2, 20.0, hand.at(8))
    assert {one.modes for one in router.options(ask)} == {(Mode.ROAD,)}
    by_rail = replace(ask, modes=(Mode.RAIL,))
    assert {one.modes for one in router.options(by_rail)} == {(Mode.RAIL,)}
    assert {one.modes for one in router.cheapest(by_rail)} == {(Mode.RAIL,)}
    verdicts = {one.mode: one for one in router.explain(by_rail, router.options(by_rail)[0])}
    assert verdicts[Mode.ROAD].finding is Finding.CLOSED
    assert verdicts[Mode.ROAD].reason == "road is not among the modes asked for."


def test_a_note_tells_what_no_allowed_way_reaches() -> None:
    """Where only the truck leads on, a rail shipment stays behind, and validate says so."""
    instance = rail_or_truck(("sea",))
    notes = [str(note) for note in warnings(instance) if note.column == "destination"]
    assert notes == [
        "shipments, record 1, destination: No chain of services and transfers that go by sea leads "
        "shipment 's1' from 'A' to 'B'. It is not planned. Allow it more modes or add the service "
        "or transfer that is missing."
    ]
    [left] = plan(instance).unserved
    assert left.reason.startswith("No itinerary by the allowed modes (sea)")


def test_the_audit_refuses_a_transfer_by_another_mode() -> None:
    """A plan by truck made for free modes does not hold for a shipment that must go by rail."""
    by_truck = plan(rail_or_truck())
    assert any(isinstance(step, Move) for step in by_truck.itineraries[0].steps)
    found = [str(one) for one in audit(rail_or_truck(("rail",)), by_truck)]
    assert any("moves by road, allowed are rail." in one for one in found)
