"""The time–space network: exact times, exact storage, few arcs, the rules of every arc."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import bellman_ford

from freight.model.chains import directed_moves, forward_chains
from freight.model.compile import compile_instance
from freight.model.drawing import build_network
from freight.model.moments import HOUR, local_days, micros, moment, span
from freight.model.network import Arc
from freight.model.trips import carriages_of
from freight.model.windows import cover
from solvers.network_design.pricing.once import once
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.statement.network import Network
from tests.freight import hand
from tests.freight.brute_force import BruteForce
from tests.freight.random_instances import instances


def kinds(network):
    """Number of arcs of each kind, by name, without those that are missing."""
    count = np.bincount(network.kind, minlength=len(Arc))
    return {kind.name: int(count[kind]) for kind in Arc if count[kind]}


def line(*departures, ready=0, dwell=None, **service):
    """A feeder A → H, then departures H → B at the given hours; one shipment A → B."""
    hub = hand.terminal("H", free_storage_hours=72, storage_cost_per_teu_day=24)
    return hand.instance(
        [hand.terminal("A"), hub, hand.terminal("B")],
        [
            (hand.service("F"), hand.stops("F", ("A", 0, 0), ("H", 10, 10)), hand.leaves("F", 0)),
            (hand.service("L", **service), hand.stops("L", ("H", 0, 0), ("B", 50, 50)),
             hand.leaves("L", *departures)),
        ],
        [hand.shipment("P", "A", "B", ready)],
        defaults={"most_dwell_days": dwell or 14},
    )  # fmt: skip


def cheapest(instance, k=0):
    """Cost per TEU and carriages of the best path of a commodity, without fixed costs.

    Boxes are cut into crumbs, so that no capacity is too small for one.
    """
    compiled = compile_instance(instance)
    problem = replace(compiled.problem, lot=np.zeros(compiled.problem.commodities))
    network = Network.of(problem)
    count = problem.commodities
    none = Multipliers(np.zeros(network.rows), np.zeros(count + 1, dtype=np.int64),
                       np.zeros(0, dtype=np.int64), np.zeros(0))  # fmt: skip
    pricer = once(network, Pricer(network))
    found = pricer.price(none, np.arange(count), np.full(count, np.inf))
    paths = dict(zip(found.commodity.tolist(), found.arcs, strict=False))
    carriages = carriages_of(compiled.network, paths[k]) if k in paths else ()
    return float(found.value[k]), carriages, compiled.network


def test_one_train_one_shipment():
    """A departure that one shipment can use takes five nodes and four arcs."""
    one = hand.instance(
        [hand.terminal("A"), hand.terminal("B")],
        [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 10, 10)), hand.leaves("S", 5))],
        [hand.shipment("P", "A", "B", 0)],
    )
    network = build_network(one)
    assert kinds(network) == {"LEG": 1, "LOAD": 1, "UNLOAD": 1, "KEEP": 1}
    assert network.nodes == 5


def test_times_are_exact_to_the_microsecond():
    """A third of an hour stays a third, in any time zone; no bucket rounds it."""
    assert span(1 / 3) == 1_200_000_000
    third = micros(hand.at(0)) + span(1 / 3)
    assert moment(third, "Asia/Almaty").isoformat() == "2027-03-01T05:20:00+05:00"


def test_local_days_follow_the_clock_of_the_terminal():
    """23:30 UTC is the next day in Shanghai."""
    late = np.array([micros(hand.at(23.5))])
    assert local_days(late, "UTC")[0] + 1 == local_days(late, "Asia/Shanghai")[0]


@pytest.mark.parametrize(
    ("departs", "storage"),
    [
        # In the hub at hour 10, free for 72 h until 82; 24 a day is 1 an hour.
        (50, 0),
        (82, 0),
        (83, 1),
        (110.5, 28.5),
        (10 + 14 * 24, 14 * 24 - 72),
    ],
)
def test_storage_is_exact_on_every_path(departs, storage):
    """Storage is paid by the hour beyond the free time and never before."""
    assert cheapest(line(departs))[0] == pytest.approx(storage, abs=1e-9)


def test_no_dwell_beyond_the_limit():
    """A departure later than the most dwell cannot be waited for, at the origin it can."""
    assert cheapest(line(10 + 48, dwell=2))[0] == 0
    assert cheapest(line(10 + 48.5, dwell=2))[0] == np.inf
    direct = hand.instance(
        [hand.terminal("A", storage_cost_per_teu_day=99, free_storage_hours=0), hand.terminal("B")],
        [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 9, 9)), hand.leaves("S", 900))],
        [hand.shipment("P", "A", "B", 0)],
        defaults={"most_dwell_days": 2},
    )
    assert cheapest(direct)[0] == 0  # 900 h with the shipper, no storage, no limit


def pre_carriage(cutoff, **more):
    """A truck of 2 h from Y to P in time for a ship that closes so many hours before it leaves."""
    ship = hand.service("SHIP", cutoff_hours=cutoff)
    return hand.instance(
        [hand.terminal("Y"), hand.terminal("P"), hand.terminal("Z")],
        [(ship, hand.stops("SHIP", ("P", 0, 0), ("Z", 20, 20)), hand.leaves("SHIP", 120))],
        [hand.shipment("s", "Y", "Z", 0)],
        [hand.transfer("truck", "Y", "P", 2, **more)],
        defaults={"most_dwell_days": 2},
    )


@pytest.mark.parametrize(("cutoff", "reached"), [(48, True), (48.01, False), (72, False)])
def test_no_wait_for_a_cutoff_beyond_the_most_dwell(cutoff, reached):
    """Boxes brought just in time wait from the cutoff on: 48 h are allowed, a minute more is not.

    From the terminal where they were handed over they may wait any time.
    """
    assert np.isfinite(cheapest(pre_carriage(cutoff))[0]) == reached
    instance = pre_carriage(cutoff)
    direct = instance.shipments[0].model_copy(update={"origin": "P"})
    assert cheapest(instance.model_copy(update={"shipments": (direct,)}))[0] == 0


@pytest.mark.parametrize("days", [0.5, 1, 2.5, 3, 14])
def test_a_full_day_is_waited_for_no_longer_than_the_most_dwell(days):
    """A transfer with a daily capacity starts up to three days later, within the most dwell."""
    one = hand.instance(
        [hand.terminal("A"), hand.terminal("B"), hand.terminal("C")],
        [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 9, 9)), hand.leaves("S", 0))],
        [hand.shipment("s", "A", "C", 0)],
        [hand.transfer("X", "B", "C", 2, capacity_teu_per_day=1)],
        defaults={"most_dwell_days": days},
    )
    network = build_network(one)
    starts = network.start[network.kind == Arc.TRANSFER] - micros(hand.at(9))
    assert sorted(starts.tolist()) == [d * 24 * HOUR for d in range(4) if d <= days]


def halting_trains(trains, handling, stay):
    """Trains A → X → B spread over two weeks that stay at X, where boxes are handled."""
    hub = hand.terminal("X", handling_hours=handling, storage_cost_per_teu_day=10)
    hours = [i * 336 / trains for i in range(trains)]
    calls = hand.stops("T", ("A", 0, 0), ("X", 20, 20 + stay), ("B", 60, 60))
    return hand.instance(
        [hand.terminal("A"), hub, hand.terminal("B")],
        [(hand.service("T"), calls, hand.leaves("T", *hours))],
        [hand.shipment("s", "A", "B", 0)],
    )


@pytest.mark.parametrize(("handling", "stay"), [(6, 0), (6, 8), (0, 0), (0, 5)])
def test_arcs_are_linear_in_departures(handling, stay):
    """Twice the trains take about twice the arcs, however long they stay where boxes wait."""
    few, many = (kinds(build_network(halting_trains(n, handling, stay))) for n in (400, 800))
    assert sum(many.values()) < 2.3 * sum(few.values())
    assert many["DWELL"] < 20 * 800


def test_a_train_is_never_left_for_itself_and_every_other_is_reached():
    """From each unloading at X just the later trains within the most dwell can be boarded."""
    one = halting_trains(60, 2, 8)
    network = build_network(one)
    calls, most = network.calls, span(14 * 24)
    boarded = {d: set() for d in range(60)}
    dwell = network.kind == Arc.DWELL
    onward: dict[int, list[int]] = {}
    for tail, head in zip(network.tail[dwell].tolist(), network.head[dwell].tolist(), strict=True):
        onward.setdefault(tail, []).append(head)
    lift = np.flatnonzero(network.kind == Arc.LOAD)
    loads = dict(zip(network.tail[lift].tolist(), network.refer[lift].tolist(), strict=True))
    for arc in np.flatnonzero(network.kind == Arc.UNLOAD):
        call, queue = int(network.refer[arc]), [int(network.head[arc])]
        while queue:
            node = queue.pop()
            queue += onward.get(node, [])
            if node in loads:
                boarded[int(calls.departure[call])].add(int(calls.departure[loads[node]]))
    at_hub = np.flatnonzero(calls.load & calls.unload)
    free = {int(calls.departure[c]): int(calls.arrive[c]) + span(2) for c in at_hub}
    leave = {int(calls.departure[c]): int(calls.depart[c]) for c in at_hub}
    for d, moment_free in free.items():
        window = {e for e, at in leave.items() if moment_free <= at <= moment_free + most}
        assert boarded[d] == window - {d}


@pytest.mark.parametrize(("departs", "reached"), [(16, True), (15.9, False)])
def test_cutoff(departs, reached):
    """A box must be free six hours before the departure: at the hub from hour 10."""
    assert np.isfinite(cheapest(line(departs, cutoff_hours=6))[0]) is np.bool_(reached)


def test_cheapest_of_many_departures_through_the_chains():
    """With hourly departures the hub is covered by chains, and each still has its own price."""
    hours = [float(h) for h in range(11, 300)]
    instance = line(*hours, ready=-500)
    cost, carriages, network = cheapest(instance)
    assert cost == 0
    assert len(carriages) == 2
    # one arrival: no more than its 289 pairs
    assert kinds(network)["DWELL"] <= 289


@pytest.mark.parametrize(("load", "unload"), [(True, False), (False, True), (False, False)])
def test_stop_flags(load, unload):
    """Nothing is loaded or unloaded where the stop says so."""
    rows = hand.stops("S", ("A", 0, 0), ("M", 10, 12), ("B", 20, 20))
    rows[1] |= {"load": load, "unload": unload}
    one = hand.instance(
        [hand.terminal("A"), hand.terminal("M"), hand.terminal("B")],
        [(hand.service("S"), rows, hand.leaves("S", 5))],
        [hand.shipment("P", "A", "M", 0), hand.shipment("Q", "M", "B", 0)],
    )
    assert np.isfinite(cheapest(one, 0)[0]) == unload
    assert np.isfinite(cheapest(one, 1)[0]) == load


def test_transfers_from_the_origin_start_just_in_time():
    """A shuttle of 4 h leaves so that it arrives at the loading deadline: 30 - 6 - 4 = 20."""
    one = hand.instance(
        [hand.terminal("A"), hand.terminal("B", free_storage_hours=0, storage_cost_per_teu_day=9),
         hand.terminal("C")],
        [(hand.service("S", cutoff_hours=6), hand.stops("S", ("B", 0, 0), ("C", 9, 9)),
          hand.leaves("S", 30))],
        [hand.shipment("P", "A", "C", 0)],
        [hand.transfer("road", "A", "B", 4, cost_per_teu=7)],
    )  # fmt: skip
    cost, carriages, _ = cheapest(one)
    # 6 h from the deadline to the departure are dwell: 9 / 24 × 6 = 2.25
    assert cost == pytest.approx(9.25)
    assert carriages[0].start == micros(hand.at(20))


def test_a_limited_transfer_may_start_on_later_days():
    """With a daily capacity there are starts 0, 24, 48 and 72 h after the arrival."""
    one = hand.instance(
        [hand.terminal("A"), hand.terminal("B"), hand.terminal("C")],
        [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 10, 10)), hand.leaves("S", 0))],
        [hand.shipment("P", "A", "C", 0)],
        [hand.transfer("road", "B", "C", 4, capacity_teu_per_day=2)],
    )
    network = build_network(one)
    starts = network.start[network.kind == Arc.TRANSFER]
    assert sorted((starts - micros(hand.at(10))) / HOUR) == [0, 24, 48, 72]


def test_chains_never_come_back():
    """Three terminals joined both ways: out of A there are A-B, A-C, A-B-C, A-C-B, no more."""
    ways = [
        hand.transfer(f"{a}{b}", a, b, 1, both_ways=True, cost_per_teu=cost)
        for a, b, cost in (("A", "B", 1), ("B", "C", 1), ("A", "C", 9))
    ]
    one = hand.instance([hand.terminal(x) for x in "ABC"], [], [], ways)
    links = forward_chains(0, directed_moves(one), {1, 2}, [0, 0, 0])
    # A-B-C (2 h, 2 USD) is dearer in time than A-C (1 h, 9 USD): both stay. A-C-B (2 h, 10 USD)
    # is beaten by A-B (1 h, 1 USD) and left out.
    assert sorted((one.end, one.offset // HOUR) for one in links) == [(1, 1), (2, 1), (2, 2)]


def test_boxes_do_not_go_back_aboard_what_they_left():
    """Unloading to load onto the same departure at the same call is no way to fill it."""
    rows = hand.stops("S", ("A", 0, 0), ("M", 10, 30), ("B", 40, 40))
    one = hand.instance(
        [hand.terminal(x) for x in "AMB"],
        [(hand.service("S"), rows, hand.leaves("S", 5, 10, 15))],
        [hand.shipment("P", "A", "B", 0), hand.shipment("Q", "M", "B", 0)],
    )
    network = build_network(one)
    dwell = np.flatnonzero(network.kind == Arc.DWELL)
    unloaded = {int(h): int(r) for h, r, k in
                zip(network.head, network.refer, network.kind, strict=True)
                if k == Arc.UNLOAD}  # fmt: skip
    loaded = {int(t): int(r) for t, r, k in
              zip(network.tail, network.refer, network.kind, strict=True)
              if k == Arc.LOAD}  # fmt: skip
    pairs = [(unloaded[int(network.tail[a])], loaded[int(network.head[a])]) for a in dwell]
    assert len(pairs) == 6  # 3 arrivals × 3 departures, all in reach, less the 3 own ones
    assert all(arrived != leaves for arrived, leaves in pairs)


@given(st.data())
def test_windows_are_covered_exactly(data):
    """Each event reaches its window and nothing else, at exactly linear cost, by few arcs."""
    size = data.draw(st.integers(1, 40))
    events = data.draw(st.integers(1, 60))
    lo = np.sort(data.draw(st.lists(st.integers(0, size), min_size=events, max_size=events)))
    hi = np.sort(data.draw(st.lists(st.integers(0, size), min_size=events, max_size=events)))
    hi = np.maximum(lo, hi)
    found = cover(lo, hi)
    extra = len(found.reference)
    place = np.concatenate([-np.arange(1, events + 1)[::-1], found.reference, np.arange(size)])
    first = [0, events, events + extra]
    arcs = [
        (found.pairs[0], first[2] + found.pairs[1]),
        (found.entries[0], first[1] + found.entries[1]),
        (first[1] + found.links[0], first[1] + found.links[1]),
        (first[1] + found.exits[0], first[2] + found.exits[1]),
    ]
    tail = np.concatenate([one for one, _ in arcs])
    head = np.concatenate([one for _, one in arcs])
    assert len(tail) <= min(int((hi - lo).sum()), 2 * events + 4 * size)
    nodes = len(place)
    cost = (place[head] - place[tail]).astype(float) + 1e-9
    assert (cost >= 0).all()
    graph = coo_array((cost, (tail, head)), shape=(nodes, nodes)).tocsr()
    far = bellman_ford(graph, indices=np.arange(events))[:, first[2] :]
    for e in range(events):
        inside = (np.arange(size) >= lo[e]) & (np.arange(size) < hi[e])
        assert (np.isfinite(far[e]) == inside).all()
        want = np.arange(size)[inside] - place[e]
        assert far[e][inside] == pytest.approx(want, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(instances())
def test_cheapest_itineraries_equal_those_of_plain_search(instance):
    """For every shipment the network's best path costs what a search by hand finds."""
    search = BruteForce(instance)
    compiled = compile_instance(instance)
    for k, members in enumerate(compiled.pools.members):
        cost, _, _ = cheapest(instance, k)
        by_hand = search.cheapest(instance.shipments[members[0]])
        assert cost == pytest.approx(np.inf if by_hand is None else by_hand, abs=1e-6)
