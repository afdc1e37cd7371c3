"""From solutions back to words: itineraries, exact cents, closed departures, no circles."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from freight.domain.plan import ChargeKind, Dwell, Move, Ride
from freight.io import read
from freight.model.compile import compile_instance
from freight.model.decode import decode
from freight.model.totals import totals_of
from freight.model.trips import carriages_of
from solvers.arrays import Ragged
from solvers.network_design.loading.repair import mended
from solvers.network_design.statement.result import Solution
from solvers.network_design.statement.verify import verify
from tests.freight import hand
from tests.freight.random_instances import instances
from tests.freight.reference import solve_reference


@pytest.fixture(scope="module")
def tiny():
    """The hand-solved instance with its solution."""
    compiled = compile_instance(read("tiny"))
    objective, solution = solve_reference(compiled.problem)
    return compiled, objective, decode(compiled, solution)


def test_tiny_is_what_the_pencil_says(tiny):
    """Optimal cost and every charge of instances/tiny/README.md."""
    compiled, objective, decoded = tiny
    assert objective == pytest.approx(71_729.20, abs=1e-6)
    assert decoded.cost == Decimal("71729.20")
    assert totals_of(compiled.instance, decoded).by_charge == {
        "fixed": Decimal("20500.00"), "network": Decimal("500.00"), "leg": Decimal("36400.00"),
        "handling": Decimal("1140.00"), "transfer": Decimal("1360.00"),
        "border": Decimal("720.00"), "customs": Decimal("480.00"), "capital": Decimal("8229.20"),
        "lateness": Decimal("2400.00"),
    }  # fmt: skip


def test_tiny_itineraries(tiny):
    """S2 takes the shuttle, waits 24 h at Wuhan, rides to Duisburg and pays for each."""
    _, _, decoded = tiny
    found = {one.shipment: one for one in decoded.itineraries}
    move, dwell, ride = found["S2"].steps
    assert isinstance(move, Move)
    assert isinstance(dwell, Dwell)
    assert isinstance(ride, Ride)
    assert (dwell.terminal, dwell.handling_hours, dwell.storage_hours) == ("wuhan-rail", 0, 0)
    assert ride.departs.isoformat() == "2027-03-06T08:00:00+08:00"
    assert ride.borders == ("alashankou-dostyk",)
    assert ride.distance_km == 10_662
    assert found["S2"].delivered.isoformat() == "2027-03-21T05:00:00+01:00"
    # CO2e of S1: 47.7 t × 10,662 km × 20 g + 2 lifts × 6 TEU × 2 kg
    assert found["S1"].co2e_kg == pytest.approx(10_171.548 + 24)
    shares = [c for c in found["S4"].charges if c.kind is ChargeKind.FIXED]
    # 4 of 16 TEU over the same kilometres share 20,000
    assert [(c.amount, c.step) for c in shares] == [(Decimal("5000.00"), 2)]


def test_tiny_departures(tiny):
    """The Saturday train at 16 of 20 TEU, the committed barges and vessels, nothing else."""
    _, _, decoded = tiny
    runs = {one.departure: one for one in decoded.runs}
    train = runs["WUH-DUI@2027-03-06T08:00"]
    assert (train.load_factor, train.fixed_cost) == (0.8, Decimal("20000.00"))
    assert [leg.teu for leg in train.legs] == [16, 16, 16]
    assert len(runs) == 5
    assert runs["YLO-YSA@2027-03-09T20:00"].load_factor == 0


def by_hand(compiled, paths, y=None, unserved=None):
    """A solution from (commodity, carriages as (kind, refer) of the arcs to use, TEU)."""
    problem = compiled.problem
    exits = []
    for k, arcs, _ in paths:
        node = problem.head[arcs[-1]]
        exits.append(next(i for i in problem.exits[k] if problem.exit_node[i] == node))
    return Solution(
        y=np.array(problem.y_max if y is None else y, dtype=np.int64),
        commodity=np.array([k for k, _, _ in paths], dtype=np.int64),
        path_arcs=Ragged.of([arcs for _, arcs, _ in paths]),
        path_exit=np.array(exits, dtype=np.int64),
        amount=np.array([teu for *_, teu in paths], dtype=float),
        unserved=np.zeros(problem.commodities) if unserved is None else np.array(unserved),
    )


def all_paths(compiled, k):
    """Every path of a commodity as lists of arcs; for small networks."""
    problem = compiled.problem
    ends = set(problem.exit_node[problem.exits[k]].tolist())
    found, stack = [], [(int(problem.origin[k]), [])]
    while stack:
        node, arcs = stack.pop()
        if node in ends and arcs:
            found.append(arcs)
        for a in np.flatnonzero(problem.tail == node):
            stack.append((int(problem.head[a]), [*arcs, int(a)]))
    return found


def two_trains(*shipments, **service):
    """Optional trains A → B at hours 10 and 20."""
    made = hand.service("S", **{"committed": False, "fixed_cost_per_departure": 100} | service)
    return compile_instance(hand.instance(
        [hand.terminal("A"), hand.terminal("B")],
        [(made, hand.stops("S", ("A", 0, 0), ("B", 5, 5)), hand.leaves("S", 10, 20, most_runs=3))],
        shipments,
    ))  # fmt: skip


def test_pooled_boxes_go_back_to_their_shipments_by_id():
    """3 × 4 TEU pooled; 6 TEU go at 10 and 4 at 20: P1 and half of P2 first, then P2 and P3."""
    some = [hand.shipment(f"P{i}", "A", "B", 0, teu=4, gross_tonnes=40) for i in (3, 1, 2)]
    compiled = two_trains(*some)
    early, late = sorted(all_paths(compiled, 0), key=lambda arcs: compiled.problem.head[arcs[-1]])
    first = compiled.network.time[compiled.problem.head[early[-1]]]
    if first > compiled.network.time[compiled.problem.head[late[-1]]]:
        early, late = late, early
    solution = by_hand(compiled, [(0, late, 4), (0, early, 6)], unserved=[2.0])
    decoded = decode(compiled, solution)
    found = [(one.shipment, one.delivered.hour, one.teu) for one in decoded.itineraries]
    assert found == [("P1", 15, 4), ("P2", 15, 2), ("P2", 1, 2), ("P3", 1, 2)]
    assert [(one.shipment, one.teu, one.penalty) for one in decoded.unserved] == [
        ("P3", 2, Decimal("20000.00"))
    ]
    assert decode(compiled, solution) == decoded


def test_optional_departures_that_carry_nothing_are_closed():
    """Of two trains said to run three times each only the one needed runs, once."""
    compiled = two_trains(hand.shipment("P", "A", "B", 0))
    path = all_paths(compiled, 0)[0]
    decoded = decode(compiled, by_hand(compiled, [(0, path, 2)], y=[3, 3]))
    assert [(one.runs, one.fixed_cost) for one in decoded.runs] == [(1, Decimal("100.00"))]


def test_runs_cover_teu_and_tonnes():
    """47.8 t on trains of 20 t take three runs although the boxes fit one."""
    compiled = two_trains(
        hand.shipment("P", "A", "B", 0, teu=4, gross_tonnes=40), capacity_tonnes=20
    )
    path = all_paths(compiled, 0)[0]
    decoded = decode(compiled, by_hand(compiled, [(0, path, 4)], y=[3, 3]))
    assert [(one.runs, one.fixed_cost) for one in decoded.runs] == [(3, Decimal("300.00"))]


def circle(most_dwell_days=14, storage=240):
    """A → H at 0, H → X → H meanwhile, H → B at hour 100; storage at H is dear."""
    hub = hand.terminal("H", free_storage_hours=0, storage_cost_per_teu_day=storage)
    free = {"free_storage_hours": 72}
    trains = [("F", "A", "H", 0, 10), ("G", "H", "X", 20, 10), ("R", "X", "H", 60, 10),
              ("L", "H", "B", 100, 10)]  # fmt: skip
    return hand.instance(
        [hand.terminal("A"), hub, hand.terminal("X", **free), hand.terminal("B")],
        [
            (hand.service(name), hand.stops(name, (a, 0, 0), (b, hours, hours)),
             hand.leaves(name, leaves))
            for name, a, b, leaves, hours in trains
        ],
        [hand.shipment("P", "A", "B", 0)],
        defaults={"most_dwell_days": most_dwell_days},
    )  # fmt: skip


def circling(compiled):
    """A solution that rides the circle."""
    longest = max(
        all_paths(compiled, 0), key=lambda arcs: len(carriages_of(compiled.network, np.array(arcs)))
    )
    return by_hand(compiled, [(0, longest, 2)])


@pytest.mark.parametrize(("most_dwell_days", "cost"), [(14, 1800.0), (2, 20_000.0)])
def test_a_circle_breaks_the_rule_and_is_mended_alone(most_dwell_days, cost):
    """H-X-H comes to H twice. Mended, boxes wait 90 h × 10 × 2 TEU, or stay behind at 10,000."""
    compiled = compile_instance(circle(most_dwell_days))
    solution = circling(compiled)
    (fault,) = verify(compiled.problem, solution).violations
    assert (fault.kind, "comes to a place twice" in fault.message) == ("route", True)
    kept = mended(compiled.problem, solution)
    assert kept is not None
    assert verify(compiled.problem, kept).feasible
    assert verify(compiled.problem, kept).objective == pytest.approx(cost)


def test_an_empty_committed_departure_without_shipments_is_borne_by_nobody():
    """No itinerary at all: its fixed cost is unallocated and still in the cost."""
    compiled = compile_instance(hand.instance(
        [hand.terminal("A"), hand.terminal("B")],
        [(hand.service("S", fixed_cost_per_departure=70),
          hand.stops("S", ("A", 0, 0), ("B", 5, 5)), hand.leaves("S", 10))],
        [hand.shipment("P", "A", "B", 11)],
    ))  # fmt: skip
    _, solution = solve_reference(compiled.problem)
    decoded = decode(compiled, solution)
    assert (decoded.cost, decoded.penalty) == (Decimal("70.00"), Decimal("20000.00"))
    totals = totals_of(compiled.instance, decoded)
    assert totals.by_charge == {"unallocated": Decimal("70.00")}
    assert totals.by_owner == {"wuhan": Decimal("70.00")}


def test_empty_departures_are_borne_together():
    """Three empty trains of 10.01 each are one charge of 30.03 by owner and mode, by TEU."""
    empty = hand.service("E", fixed_cost_per_departure=10.01)
    some = [
        hand.shipment("P", "A", "B", 0, teu=2),
        hand.shipment("Q", "A", "B", 0, teu=4),
        hand.shipment("R", "A", "B", 0, owner="changsha"),
    ]
    compiled = compile_instance(hand.instance(
        [hand.terminal(x) for x in "ABC"],
        [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 5, 5)), hand.leaves("S", 10)),
         (empty, hand.stops("E", ("B", 0, 0), ("C", 5, 5)), hand.leaves("E", 10, 20, 30))],
        some,
    ))  # fmt: skip
    _, solution = solve_reference(compiled.problem)
    found = {
        one.shipment: [(c.kind.value, c.amount, c.reference, c.mode) for c in one.charges]
        for one in decode(compiled, solution).itineraries
    }
    assert found == {
        "P": [("network", Decimal("10.01"), "wuhan", "rail")],
        "Q": [("network", Decimal("20.02"), "wuhan", "rail")],
        "R": [],
    }


def test_cents_of_a_split_departure():
    """100.00 over three equal boxes: 33.34, 33.33, 33.33."""
    some = [hand.shipment(f"P{i}", "A", "B", 0, owner="wuhan") for i in range(3)]
    compiled = two_trains(*some)
    path = all_paths(compiled, 0)[0]
    decoded = decode(compiled, by_hand(compiled, [(0, path, 6)]))
    assert sorted(one.cost for one in decoded.itineraries) == [
        Decimal("33.33"), Decimal("33.33"), Decimal("33.34"),
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(instances())
def test_costs_add_up_to_the_objective(instance):
    """Cost and penalty are the solver's objective to the cent, and every sum is exact."""
    compiled = compile_instance(instance)
    if compiled.problem.arcs * compiled.problem.commodities > 1500:
        return
    objective, solution = solve_reference(compiled.problem)
    decoded = decode(compiled, solution)
    totals = totals_of(instance, decoded)
    for sums in (totals.by_charge, totals.by_mode, totals.by_owner):
        assert sum(sums.values(), Decimal(0)) == decoded.cost
    rounded = 0.005 * (1 + len(decoded.runs) + len(decoded.unserved))
    said = float(decoded.cost + decoded.penalty)
    assert said == pytest.approx(objective, abs=rounded)
