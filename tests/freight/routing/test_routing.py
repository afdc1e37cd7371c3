"""Routes on the tiny instance against every itinerary there is, and what they say about a mode."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
import pytest

from freight.billing import bills
from freight.domain.access import access_of
from freight.domain.service import Mode
from freight.errors import InstanceError
from freight.io import read
from freight.routing import Finding, Request, Router, route
from freight.routing.request import shipment_of
from tests.freight.random_instances import random_instance
from tests.freight.routing.brute import BruteForce

MONDAY = datetime.fromisoformat("2027-03-01T08:00+08:00")


@lru_cache
def router() -> Router:
    """The router of the tiny instance."""
    return Router(read("tiny"))


def ask(**changes: object) -> Request:
    """Two TEU of 12 t worth 100,000 from Wuhan to Duisburg, ready on Monday morning."""
    request = Request("wuhan-rail", "duisburg-rail", 2, 12.0, MONDAY, value=100_000.0)
    return replace(request, **changes)  # type: ignore[arg-type]


def every(request: Request) -> list[tuple[float, float, float, float]]:
    """Values of every itinerary of a request between two terminal ids."""
    instance = router().index.instance
    position = {one.id: i for i, one in enumerate(instance.terminals)}
    ends = position[request.origin], position[request.destination]
    loaded = shipment_of(instance, request, *ends).loaded_tonnes
    return BruteForce(instance, request, loaded).values()


def front(values: list[tuple[float, ...]], criteria: int) -> list[tuple[float, ...]]:
    """Undominated vectors over the first criteria, sorted, to the cent."""
    distinct = sorted({tuple(np.round(one[:criteria], 2)) for one in values})
    return [
        one
        for one in distinct
        if not any(
            other != one and all(a <= b for a, b in zip(other, one, strict=True))
            for other in distinct
        )
    ]


TERMINALS = ("changsha-rail", "wuhan-rail", "wuhan-port", "shanghai-port", "rotterdam-port",
             "duisburg-rail")  # fmt: skip


@pytest.mark.parametrize("criteria", [3, 4])
@pytest.mark.parametrize("origin", TERMINALS)
@pytest.mark.parametrize("destination", TERMINALS)
def test_options_equal_every_undominated_itinerary(
    origin: str, destination: str, criteria: int
) -> None:
    """For three ready times, with and without a due time, and several sizes."""
    if origin == destination:
        return
    for day, due, teu in ((0, None, 2), (1.3, 24, 1), (4, 60, 6), (9, 40, 25)):
        ready = MONDAY + timedelta(days=day)
        deadline = None if due is None else ready + timedelta(days=due)
        request = ask(origin=origin, destination=destination, ready=ready, due=deadline, teu=teu)
        found = router().options(request, changes=criteria == 4)
        got = [(float(o.cost), o.hours, o.co2e_kg, o.changes + 1) for o in found]
        want = front(every(request), criteria)
        assert len(got) == len(want)
        for one, other in zip(sorted(got), want, strict=True):
            assert one[:criteria] == pytest.approx(other, abs=0.011)


def test_the_direct_train_costs_what_the_tables_say() -> None:
    """Wednesday's train for 2 TEU: 4200 + 80 + 10 + 150 + 20000/17·2 + 1·h, arithmetic below.

    Legs (400 + 1700)·2 = 4200; lifts (20 + 25)·2 = 90; gauge change and customs (45 + 30)·2 = 150;
    share 20000 / (20·0.85) · 2 = 2352.94; ready Monday 08:00, leaves Wednesday 08:00, 360 h on the
    way, 4 h handling: 48 + 364 = 412 h at 100,000 · 0.0876 / 8760 = 1 an hour.
    """
    found = router().options(ask(modes=(Mode.RAIL,)))
    assert float(found[0].cost) == pytest.approx(4200 + 90 + 150 + 2352.94 + 412, abs=0.01)
    assert found[0].hours == pytest.approx(412)
    assert [one.departure for one in found[0].itinerary.steps if one.kind == "ride"] == [
        "WUH-DUI@2027-03-03T08:00"
    ]


def test_charges_of_an_option_add_up_to_its_cost() -> None:
    """To the cent, for every option between every pair of cities."""
    for origin in ("Changsha", "Wuhan"):
        for one in router().options(ask(origin=origin, destination="Duisburg")):
            assert sum(c.amount for c in one.itinerary.charges) == one.cost


def test_cheapest_options_differ_in_what_they_ride_and_are_cheapest_of_their_kind() -> None:
    """The cheapest of the k is the cheapest of all; no two use the same services and transfers."""
    found = router().cheapest(ask(origin="changsha-rail"), 4)
    best = min(one[0] for one in every(ask(origin="changsha-rail")))
    assert float(found[0].cost) == pytest.approx(best, abs=0.01)
    kinds = [
        tuple(s.service if s.kind == "ride" else s.transfer
              for s in one.itinerary.steps if s.kind != "dwell")
        for one in found
    ]  # fmt: skip
    assert len(set(kinds)) == len(kinds) > 1
    assert [one.cost for one in found] == sorted(one.cost for one in found)


def test_limits_leave_out_what_exceeds_them() -> None:
    """A limit just below the sea route's emissions or above the train's hours keeps the train."""
    slow = router().options(ask())
    assert any(Mode.SEA in one.modes for one in slow)
    fast = router().options(ask(most_hours=500.0))
    assert fast
    assert all(one.hours <= 500.0 for one in fast)
    assert not any(Mode.SEA in one.modes for one in fast)
    assert router().options(ask(most_cost=1.0)) == ()
    assert all(one.changes == 0 for one in router().options(ask(most_changes=0)))


def test_latest_departure_is_the_last_ready_time_that_arrives_by_the_due_time() -> None:
    """One hour later nothing is in time any more."""
    due = MONDAY + timedelta(days=22)
    request = ask(due=due, modes=(Mode.RAIL,))
    last = router().latest_departure(request)
    assert last is not None
    # Saturday's train leaves 2027-03-06T08:00 and takes 364 h; its cutoff is 12 h before.
    assert last == datetime.fromisoformat("2027-03-05T20:00+08:00")
    in_time = [o for o in router().options(replace(request, ready=last)) if o.delivered <= due]
    assert in_time
    later = router().options(replace(request, ready=last + timedelta(hours=1)))
    assert not [one for one in later if one.delivered <= due]
    assert router().latest_departure(ask()) is None


def test_profile_equals_the_best_option_of_each_hour() -> None:
    """Cost, hours and CO2e of every eleventh hour of the week."""
    request = ask(due=MONDAY + timedelta(days=30))
    points = router().profile(request)
    assert len(points) == 168
    for point in points[::11]:
        found = router().options(replace(request, ready=point.ready))
        if not found:
            assert point.cheapest_cost is None
            continue
        assert point.cheapest_cost == pytest.approx(min(float(o.cost) for o in found), abs=0.01)
        assert point.fastest_hours == pytest.approx(min(o.hours for o in found))
        assert point.greenest_kg == pytest.approx(min(o.co2e_kg for o in found), abs=0.01)


def test_every_mode_gets_a_verdict() -> None:
    """By train: barge and sea are beaten on time, air does not exist, road leads to the port."""
    request = ask(modes=())
    train = next(o for o in router().options(request) if o.modes == (Mode.RAIL,))
    found = {one.mode: one for one in router().explain(request, train)}
    assert found[Mode.RAIL].finding is Finding.CHOSEN
    assert found[Mode.AIR].finding is Finding.ABSENT
    assert found[Mode.AIR].reason == "No service or transfer goes by air."
    assert found[Mode.SEA].finding is Finding.BEATEN
    assert "h later" in found[Mode.SEA].reason
    assert found[Mode.SEA].option is not None
    closed = router().explain(replace(request, modes=(Mode.RAIL,)), train)
    assert next(v for v in closed if v.mode is Mode.SEA).reason == (
        "sea is not among the modes asked for."
    )
    dangerous = replace(request, dangerous="UN3480")
    reasons = {v.mode: v.reason for v in router().explain(dangerous, train)}
    assert reasons[Mode.BARGE] == "No barge service takes dangerous goods."


def test_places_are_found_by_id_code_city_and_name() -> None:
    """The same answer for the terminal, its UN/LOCODE and its Chinese name; a city means all."""
    by_id = router().options(ask())
    assert router().options(ask(destination="DEDUI"))[0].cost == by_id[0].cost
    assert router().options(ask(destination="杜伊斯堡"))[0].cost == by_id[0].cost
    from_city = router().options(ask(origin="wuhan"))
    assert min(one.cost for one in from_city) <= min(one.cost for one in by_id)


def test_all_faults_of_a_request_come_at_once() -> None:
    """Unknown place with the nearest name, bad numbers, a time without a zone."""
    bad = ask(origin="Wuhn", teu=0, tonnes=-1.0, ready=datetime(2027, 3, 1), value=-5.0)
    with pytest.raises(InstanceError) as caught:
        router().options(bad)
    text = str(caught.value)
    assert "'Wuhn' is no terminal, UN/LOCODE or city of tiny. Did you mean 'Wuhan'?" in text
    assert "0 is not a number of TEU." in text
    assert "-1 is not a mass of goods." in text
    assert "2027-03-01 00:00:00 has no time zone." in text
    assert "-5 is not a value of goods. Give 0 or more, at most 1e12." in text
    with pytest.raises(InstanceError, match="is before ready"):
        router().options(ask(due=MONDAY - timedelta(days=1)))


def test_a_chosen_option_becomes_a_through_bill() -> None:
    """One bill, one price: what the shipper is invoiced is the cost less capital and lateness."""
    option = router().options(ask())[0]
    instance, plan = router().quotation(option)
    (bill,) = bills(instance, plan)
    borne = sum(c.amount for c in option.itinerary.charges if not c.kind.invoiced)
    assert plan.cost == option.cost
    assert bill.total == option.cost
    assert borne > 0
    assert sum(plan.totals.by_charge.values()) == option.cost


def test_short_form_answers_like_the_router() -> None:
    """``route`` with its five arguments."""
    found = route(read("tiny"), ("Wuhan", "Duisburg"), (2, 12.0), MONDAY, None, 100_000.0)
    want = router().options(ask(origin="Wuhan", destination="Duisburg"))
    assert [one.cost for one in found] == [one.cost for one in want]


@pytest.mark.parametrize("seed", range(40))
def test_options_equal_brute_force_on_random_networks(seed: int) -> None:
    """Services of several stops, both-way transfers, borders, dwell limits and storage."""
    instance = random_instance(seed)
    index = Router(instance)
    rng = np.random.default_rng(seed)
    ids = [one.id for one in instance.terminals]
    for _ in range(4):
        origin, destination = rng.choice(ids, 2, replace=False)
        ready = instance.statement.horizon_start + timedelta(hours=int(rng.integers(0, 72)))
        request = Request(str(origin), str(destination), 1, 7.0, ready, value=20_000.0)
        shipment = shipment_of(instance, request, ids.index(origin), ids.index(destination))
        access = access_of(shipment)
        kept = tuple(one for one in instance.services if access.rides(one))
        closed = instance.model_copy(update={
            "departures": tuple(
                d for d in instance.departures if d.service in {one.id for one in kept}
            )
        })  # fmt: skip
        want = front(BruteForce(closed, request, shipment.loaded_tonnes).values(), 3)
        got = [(float(o.cost), o.hours, o.co2e_kg) for o in index.options(request)]
        assert len(got) == len(want)
        for one, other in zip(sorted(got), want, strict=True):
            assert one == pytest.approx(other, abs=0.011)


def test_a_connection_holds_as_likely_as_its_slack_allows() -> None:
    """Barge, ship and truck: 60 h at Yangshan less handling and cutoff, against 13 h mean delay.

    The truck at the end leaves when the boxes do, so the ship is the only connection to miss.
    """
    way = next(one for one in router().options(ask()) if Mode.SEA in one.modes)
    instance = router().index.instance
    handling = instance.terminal["shanghai-port"].handling_hours
    cutoff = instance.service["YSA-RTM"].cutoff_hours
    slack = 60 - handling - cutoff
    assert slack > 0
    assert way.reliability == pytest.approx(1 - np.exp(-slack / 13), abs=1e-9)
    train = next(one for one in router().options(ask()) if one.modes == (Mode.RAIL,))
    assert train.reliability == 1.0


def test_a_more_reliable_way_is_offered_only_where_it_is_asked_for() -> None:
    """Asked for, no option is beaten in all four measures; a limit leaves out what is below it."""
    found = router().options(ask(origin="changsha-rail"), reliable=True)
    values = [(float(o.cost), o.hours, o.co2e_kg, -o.reliability) for o in found]
    for one in values:
        assert not any(
            other != one and all(a <= b for a, b in zip(other, one, strict=True))
            for other in values
        )
    assert {one.cost for one in router().options(ask(origin="changsha-rail"))} <= {
        one.cost for one in found
    }
    sure = router().options(ask(least_reliability=0.95))
    assert sure
    assert all(one.reliability >= 0.95 for one in sure)
