"""Legs that take no time: allowed, planned and routed; circles of them refused at their row."""

from __future__ import annotations

from typing import Any

import pytest

from freight.domain.checks import check, warnings
from freight.domain.instance import Instance
from freight.model.audit import audit
from freight.planning import plan
from freight.routing import Request, Router
from solvers.options import Options
from tests.freight import hand


def ferries(*back: tuple[str, str, float], handling: float = 0, **more: Any) -> Instance:
    """A to B at hour 10 in no time at 5 a TEU, on to C at the same hour, and ways back."""
    services = [
        (hand.service("AB", **more), hand.stops("AB", ("A", 0, 0), ("B", 0, 0), cost_per_teu=5),
         hand.leaves("AB", 10, 30)),
        (hand.service("BC"), hand.stops("BC", ("B", 0, 0), ("C", 8, 8), cost_per_teu=7),
         hand.leaves("BC", 10, 50)),
    ]  # fmt: skip
    for name, end, hour in back:
        calls = hand.stops(name, ("B", 0, 0), (end, 0, 0))
        services.append((hand.service(name), calls, hand.leaves(name, hour)))
    return hand.instance(
        [hand.terminal(name, handling_hours=handling, time_zone="Asia/Shanghai") for name in "ABC"],
        services,
        [hand.shipment("s", "A", "C", 0, due=hand.at(18), lateness_cost_per_teu_day=9)],
    )


@pytest.mark.parametrize("method", ["arc-mip", "columns", "matheuristic"])
def test_a_leg_of_no_time_is_planned(method: str) -> None:
    """Boxes cross at hour 10 and go on at hour 10: 2 TEU at 12 a TEU, delivered at hour 18."""
    instance = ferries(("BA", "A", 20))
    assert check(instance) == []
    found = plan(instance, method, options=Options(time_limit_seconds=10))
    assert float(found.cost) == 24
    assert found.itineraries[0].delivered == hand.at(18)
    assert audit(instance, found) == []


def test_a_leg_of_no_time_is_routed() -> None:
    """The route takes both trains of hour 10 and arrives 18 hours after it is ready."""
    [option] = Router(ferries(("BA", "A", 20))).options(Request("A", "C", 2, 20.0, hand.at(0)))
    assert (option.hours, float(option.cost)) == (18.0, 24.0)


def test_a_circle_of_no_time_is_refused_at_its_legs() -> None:
    """A way back at the same hour would let boxes pass the train for ever: both legs are named."""
    faults = check(ferries(("BA", "A", 10)))
    assert [(one.file, one.row, one.column) for one in faults] == [
        ("stops", 2, "arrive_hours"),
        ("stops", 6, "arrive_hours"),
    ]
    assert str(faults[0]) == (
        "stops, record 2, arrive_hours: Service 'AB' takes no time from 'A' to 'B', and there is a "
        "way back in no time, for example at 2027-03-01T18:00. Give the leg its hours, or one of "
        "the terminals handling hours."
    )


@pytest.mark.parametrize("more", [{"handling": 1}, {"cutoff_hours": 0.5}])
def test_handling_or_a_cutoff_breaks_a_circle(more: dict[str, float]) -> None:
    """Where boxes take time to be handled, or must be there before, no circle takes no time."""
    assert check(ferries(("BA", "A", 10), **more)) == []


def test_a_transfer_may_close_a_circle() -> None:
    """A train in no time and a transfer back in no time are a circle too."""
    instance = ferries()
    back = hand.transfer("X", "B", "A", 0)
    closed = Instance.model_validate(instance.model_dump() | {"transfers": [back]})
    assert [(one.file, one.row) for one in check(closed)] == [("stops", 2)]


def test_utc_is_a_zone_of_any_place_with_a_note() -> None:
    """A timetable kept in UTC is taken for terminals in China, with one note for all of them."""
    made = ferries()
    places = [one.model_copy(update={"time_zone": "UTC"}) for one in made.terminals]
    instance = made.model_copy(update={"terminals": tuple(places)})
    assert check(instance) == []
    notes = [note.what for note in warnings(instance) if note.column == "time_zone"]
    assert notes == ["The clocks of A, B and C show UTC, which is the time of no place there."]
