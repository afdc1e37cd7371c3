"""From words to arrays: pools, classes, rows, exits, and what does not change them."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freight.domain.instance import Instance
from freight.errors import EngineError
from freight.model.compile import compile_instance
from freight.model.network import Arc
from tests.freight import hand
from tests.freight.random_instances import instances
from tests.freight.reference import solve_reference


def simple(*shipments, services=None, **terminal):
    """A train from A (as told) to B at hour 48 for the given shipments."""
    return hand.instance(
        [hand.terminal("A", **terminal), hand.terminal("B")],
        services or [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 24, 24)),
                      hand.leaves("S", 48))],
        shipments or [hand.shipment("P", "A", "B", 0)],
    )  # fmt: skip


def optional(name="S", **service):
    """A service that the plan decides on, from A to B at hour 48."""
    made = hand.service(name, **{"committed": False} | service)
    return (made, hand.stops(name, ("A", 0, 0), ("B", 24, 24)), hand.leaves(name, 48, most_runs=3))


def rows(problem):
    """Limits of the rows by name."""
    return dict(zip(problem.names["rows"], problem.row_limit.tolist(), strict=True))


def test_interchangeable_shipments_are_one_commodity():
    """Equal data pools, whatever the id; any difference that costs keeps apart."""
    alike = [hand.shipment(name, "A", "B", 0) for name in ("P2", "P1")]
    others = [
        hand.shipment("P3", "A", "B", 0, owner="changsha"),
        hand.shipment("P4", "A", "B", 0, lateness_cost_per_teu_day=5),
        hand.shipment("P5", "A", "B", 0, gross_tonnes=21),
        hand.shipment("P6", "A", "B", 0, splittable=False, teu=4, gross_tonnes=40),
    ]
    compiled = compile_instance(simple(*alike, *others))
    names = [[compiled.instance.shipments[i].id for i in some] for some in compiled.pools.members]
    assert names == [["P1", "P2"], ["P3"], ["P4"], ["P5"], ["P6"]]
    assert compiled.problem.demand.tolist() == [4, 2, 2, 2, 4]
    assert compiled.problem.lot.tolist() == [2, 2, 2, 2, 4]
    assert compiled.problem.names["commodities"][0] == "P1 and 1 more"


def test_exits_cost_capital_and_lateness_by_hand():
    """Delivered at 48 + 24 h: 72 h of capital and 12 h late."""
    one = hand.shipment(
        "P", "A", "B", 0, value=146_000, due=hand.at(60), lateness_cost_per_teu_day=48
    )
    instance = hand.instance(
        [hand.terminal("A"), hand.terminal("B")],
        [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 24, 24)), hand.leaves("S", 48))],
        [one], capital_rate_per_year=0.06,
    )  # fmt: skip
    # per TEU: 73,000 × 0.06 / 8,760 = 0.5 an hour × 72 h = 36; late 12 h × 2 an hour = 24
    assert compile_instance(instance).problem.exit_cost == pytest.approx([60])


def test_deliveries_after_the_latest_do_not_count():
    """Delivery at 72 h counts up to most_late_days after the due time, to the second."""
    for days, exits in ((1.0, 1), (0.99, 0)):
        instance = hand.instance(
            [hand.terminal("A"), hand.terminal("B")],
            [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("B", 24, 24)),
              hand.leaves("S", 48))],
            [hand.shipment("P", "A", "B", 0, due=hand.at(48))],
            defaults={"most_late_days": days},
        )  # fmt: skip
        assert len(compile_instance(instance).problem.exits[0]) == exits


def test_arcs_cost_what_the_price_list_says():
    """Load 10 + 1/t, leg 50 + 2/t, gauge change 45 + customs 30 on board, unload 20."""
    instance = hand.instance(
        [hand.terminal("A", handling_cost_per_teu=10, handling_cost_per_tonne=1),
         hand.terminal("B", handling_cost_per_teu=20)],
        [(hand.service("S"),
          hand.stops("S", ("A", 0, 0), ("B", 24, 24), cost_per_teu=50, cost_per_tonne=2),
          hand.leaves("S", 48))],
        [hand.shipment("P", "A", "B", 0)],
        [hand.transfer("G", "B", "A", 24, both_ways=True, kind="gauge_change", cost_per_teu=45,
                       customs_cost_per_teu=30, capacity_teu_per_day=1)],
    )  # fmt: skip
    compiled = compile_instance(instance)
    problem, kind = compiled.problem, compiled.network.kind
    assert problem.cost[kind == Arc.LEG] == pytest.approx([125])
    assert problem.attribute[0, kind == Arc.LEG] == pytest.approx([2])
    assert problem.cost[kind == Arc.LOAD] == pytest.approx([10])
    assert problem.attribute[0, kind == Arc.LOAD] == pytest.approx([1])
    assert problem.cost[kind == Arc.UNLOAD] == pytest.approx([20])
    assert problem.rate.tolist() == [[10]]  # 20 t over 2 TEU
    # on board counts against the border's day, at A when the leg starts: hour 48 is 3 March
    assert rows(problem)["G 2027-03-03: TEU of starts from A"] == 1


def test_rows_of_an_optional_departure():
    """Capacity per run linked to its design, a minimum load, no tonnes that cannot bind."""
    one = optional(capacity_teu=20, minimum_load_teu=8, capacity_tonnes=280)
    problem = compile_instance(simple(services=[one])).problem
    # 20 t of goods and 3.9 t of box on 2 TEU: 11.95 t per TEU × 20 TEU = 239 t < 280 t
    assert rows(problem) == {
        "S@2027-03-03T00:00 A-B: TEU": 20,
        "S@2027-03-03T00:00: minimum load": 8,
    }
    assert problem.row_design.tolist() == [0, 0]
    assert problem.row_floor.tolist() == [False, True]
    assert (problem.y_min.tolist(), problem.y_max.tolist()) == ([0], [3])
    heavy = optional(capacity_teu=20, capacity_tonnes=230)
    assert rows(compile_instance(simple(services=[heavy])).problem) == {
        "S@2027-03-03T00:00 A-B: TEU": 20,
        "S@2027-03-03T00:00 A-B: tonnes": 230,
    }


def test_a_committed_departure_is_always_open():
    """Its legs belong to no design, its limits count all its runs, its cost is a constant."""
    service = hand.service("S", capacity_teu=5, fixed_cost_per_departure=700)
    one = (service, hand.stops("S", ("A", 0, 0), ("B", 9, 9)), hand.leaves("S", 48, most_runs=2))
    problem = compile_instance(
        simple(hand.shipment("P", "A", "B", 0, teu=40, gross_tonnes=1), services=[one])
    ).problem
    assert rows(problem) == {"S@2027-03-03T00:00 A-B: TEU": 10}
    assert problem.design.max() == -1
    assert (problem.y_min.tolist(), problem.y_max.tolist()) == ([2], [2])
    assert problem.fixed_cost.tolist() == [700]


def test_daily_limits_count_lifts_of_the_local_day():
    """Two departures on one day at A share a row where they can break it; 10 TEU cannot."""
    pair = (
        hand.service("S", capacity_teu=6), hand.stops("S", ("A", 0, 0), ("B", 24, 24)),
        hand.leaves("S", 48, 60),
    )  # fmt: skip
    some = [hand.shipment("P", "A", "B", 0, teu=20, gross_tonnes=9)]
    tight = compile_instance(simple(*some, services=[pair], capacity_teu_per_day=10)).problem
    assert rows(tight)["A 2027-03-03: TEU of lifts"] == 10
    loose = compile_instance(simple(*some, services=[pair], capacity_teu_per_day=12)).problem
    assert "A 2027-03-03: TEU of lifts" not in rows(loose)


@pytest.mark.parametrize(
    ("shipment", "service", "allowed"),
    [
        ({}, {}, True),
        ({"modes": ("sea",)}, {}, False),
        ({"modes": ("sea", "rail")}, {}, True),
        ({"reefer": True}, {}, False),
        ({"reefer": True}, {"reefer": True}, True),
        ({"dangerous": "UN3480"}, {"reefer": True}, False),
        ({"dangerous": "UN3480"}, {"dangerous": True}, True),
        ({}, {"open_to": ("changsha",)}, False),
        ({}, {"open_to": ("changsha", "wuhan")}, True),
    ],
)
def test_classes_admit_whom_the_service_takes(shipment, service, allowed):
    """Modes, reefers, dangerous goods and owners decide who may use the arcs of a service."""
    one = optional(**service)
    problem = compile_instance(
        simple(hand.shipment("P", "A", "B", 0, **shipment), services=[one])
    ).problem
    assert bool(problem.may_use(0).all()) is allowed


def test_too_many_classes_are_refused():
    """Sixty-four services open to different owners cannot be told apart."""
    owners = [f"o{i}" for i in range(64)]
    services = [optional(f"S{i}", open_to=(owner,)) for i, owner in enumerate(owners)]
    shipments = [hand.shipment(f"P{i}", "A", "B", 0, owner=o) for i, o in enumerate(owners)]
    with pytest.raises(
        EngineError, match=r"^The services and transfers admit 64 different sets .* at most 63 "
    ):
        compile_instance(simple(*shipments, services=services))


def test_a_shipment_without_a_way_starts_nowhere():
    """Ready after the last departure: it has an origin apart, no exit, and its penalty."""
    compiled = compile_instance(simple(hand.shipment("P", "A", "B", 49)))
    problem = compiled.problem
    assert problem.arcs == 0
    assert problem.names["nodes"][int(problem.origin[0])] == "nowhere"
    assert len(problem.exits[0]) == 0
    assert problem.unserved_cost.tolist() == [10_000]


def test_names_say_where_and_when():
    """Names of arcs and nodes are made on demand, in local time, and end like a list."""
    problem = compile_instance(simple()).problem
    names = problem.names["arcs"]
    legs = [one for one in names if one.startswith("leg")]
    assert legs == ["leg S@2027-03-03T00:00 A 2027-03-03T00:00 > B 2027-03-04T00:00"]
    assert names[-1] == names[len(names) - 1] == names[:][-1]
    with pytest.raises(IndexError, match=r"^99 is not in 0\.\.3\.$"):
        names[99]


@settings(max_examples=60, deadline=None)
@given(instances())
def test_every_instance_states_a_sound_problem(instance):
    """No contradiction in the arrays, and as much demand as there is cargo."""
    problem = compile_instance(instance).problem
    assert problem.check() == []
    assert problem.demand.sum() == sum(one.teu for one in instance.shipments)
    assert (problem.demand % problem.lot == 0).all()
    assert (problem.cost >= 0).all()


@settings(max_examples=15, deadline=None)
@given(instances(300), st.integers(0, 9))
def test_the_order_of_rows_does_not_matter(instance, seed):
    """Shuffled tables state a problem with the same optimum."""
    rng = Random(seed)
    tables = {}
    for name in ("terminals", "services", "stops", "departures", "shipments"):
        rows = list(getattr(instance, name))
        rng.shuffle(rows)
        tables[name] = rows
    fields = {name: getattr(instance, name) for name in Instance.model_fields}
    after = Instance.model_validate(fields | tables)
    one, other = compile_instance(instance).problem, compile_instance(after).problem
    if one.arcs * one.commodities < 1500:
        assert solve_reference(one)[0] == pytest.approx(solve_reference(other)[0], rel=1e-9)
    assert (one.arcs, one.nodes, one.rows) == (other.arcs, other.nodes, other.rows)
    assert np.sort(one.cost) == pytest.approx(np.sort(other.cost))


def test_equal_instances_make_equal_arrays():
    """Compiling twice gives the same arrays, bit by bit."""
    one, other = (compile_instance(simple()).problem for _ in range(2))
    for name in ("tail", "head", "cost", "exit_cost", "row_limit", "origin", "allowed"):
        assert (getattr(one, name) == getattr(other, name)).all()
