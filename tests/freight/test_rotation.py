"""Barge rotations on a small river by hand; draught, windows, weeks and the vessels they need."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from freight.domain.instance import Instance
from freight.errors import EngineError, InstanceError
from freight.io import read
from freight.model.drawing import build_network
from freight.report.rotation_view import sentence
from freight.rotation import (
    Berth,
    Flow,
    River,
    RotationRules,
    Section,
    Vessel,
    VesselOffer,
    assumed_offers,
    problem_of,
    rotations,
    vessels,
    yangtze,
)
from freight.rotation.problem import lots_of
from freight.rotation.services import Operator, services_of
from solvers.options import Cancel, Options
from solvers.outcome import Outcome
from solvers.vrp.check import faults
from solvers.vrp.problem import Route, Routes
from tests.solvers.vrp.brute_force import brute_force

PROOF = Options(time_limit_seconds=60, gap=0.0)
DEPTHS = (3.0,) * 3 + (5.0,) * 6 + (3.0,) * 3


def section(name: str, a: str, b: str, km: float, **changes: object) -> Section:
    """A stretch sailed at 10 km/h down and 5 km/h up, 3 m deep in winter and 5 m in summer."""
    return Section(section=name, from_port=a, to_port=b, km=km, hours_down=km / 10,
                   hours_up=km / 5, lock_hours=0, depth_m=DEPTHS, source="test").model_copy(
                       update=changes)  # fmt: skip


RIVER = River((section("upper", "up", "mid", 100), section("lower", "mid", "sea", 200)))
HULL = Vessel(vessel_class="barge", nominal_teu=100, deadweight_tonnes=1000, design_draught_m=4.3,
              light_draught_m=1.3, source="test")  # fmt: skip
OFFER = VesselOffer(vessel=HULL, count=3, cost_per_week=1000, cost_per_km=1, cost_per_call=10,
                    currency="CNY", source="test")  # fmt: skip
SUMMER = RotationRules(home_port="sea", month=7, call_hours=2, teu_per_hour=20)
WINTER = SUMMER.model_copy(update={"month": 1})


def flow(a: str, b: str, teu: int, **changes: object) -> Flow:
    """Boxes of 10 t."""
    return Flow(from_port=a, to_port=b, teu_per_week=teu, tonnes_per_teu=10).model_copy(
        update=changes
    )


def test_draught_decides_what_a_vessel_may_carry() -> None:
    """5 m less 0.3 is deeper than 4.3: full. 3 m less 0.3: (2.7 - 1.3) / 3.0 of 1000 t."""
    assert HULL.load_tonnes(5.0, 0.3) == 1000
    assert HULL.load_tonnes(3.0, 0.3) == pytest.approx(1400 / 3)
    assert HULL.load_tonnes(1.0, 0.3) == 0


def test_published_load_of_a_known_ship_at_low_water() -> None:
    """Hanhai 5 at 4.5 m carries about 579 TEU of 12 t, by the same formula."""
    ship = next(one for one in vessels() if one.vessel_class == "hanhai-1124")
    assert ship.load_tonnes(4.5, 0.3) / 12 == pytest.approx(579, abs=1)


def test_one_round_by_hand() -> None:
    """40 TEU from up to sea in summer: up 300 km empty and down again, two calls.

    60 h up, 2 h call, 2 h to load 40 TEU, 30 h down, 2 h call, 2 h to unload: 98 h, one week.
    Cost 1000 + 600 km + 2 calls (up, sea) of 10 = 1620 a week; the home port costs no more.
    """
    found = rotations(RIVER, [flow("up", "sea", 40)], [OFFER], SUMMER, PROOF)
    assert found.outcome is Outcome.OPTIMAL
    assert found.gap == 0.0
    assert found.cost == Decimal("1620.00")
    (one,) = found.rotations
    assert (one.weeks, one.distance_km) == (1, 600)
    assert one.returns_home_hours - one.leaves_home_hours == pytest.approx(98)
    assert [(call.port, call.loaded_teu, call.unloaded_teu) for call in one.calls] == [
        ("up", 40, 0),
        ("sea", 0, 40),
    ]


def test_low_water_takes_two_rounds_where_high_water_takes_one() -> None:
    """60 TEU of 10 t are 600 t: allowed in July, above the 467 t of January."""
    rules = {"lot_teu": 30}
    flows = [flow("up", "sea", 60)]
    summer = rotations(RIVER, flows, [OFFER], SUMMER.model_copy(update=rules), PROOF)
    winter = rotations(RIVER, flows, [OFFER], WINTER.model_copy(update=rules), PROOF)
    assert len(summer.rotations) == 1
    carried = [one.calls[0].tonnes_on_leaving for one in winter.rotations]
    assert max(carried) <= 1400 / 3
    assert winter.cost > summer.cost
    shallow = winter.rotations[0].calls[0]
    assert shallow.shallowest == "upper"
    assert shallow.most_tonnes_ahead == pytest.approx(1400 / 3, abs=1)


def test_the_checker_catches_a_vessel_that_draws_too_much() -> None:
    """Both lots at once in January: the move down breaks the limit of its shallowest section."""
    lots = [flow("up", "sea", 30), flow("up", "sea", 30)]
    problem = problem_of(RIVER, lots, [OFFER], WINTER)
    broken = faults(problem, Routes((Route(0, (0, 2, 1, 3)),)))
    assert any("exceeds the limit 466 there" in text for text in broken)
    assert faults(problem, Routes((Route(0, (0, 1)), Route(0, (2, 3))))) == []


def test_a_longer_round_needs_more_vessels_and_they_are_counted() -> None:
    """At half the speed the round takes 188 h: two weeks, two vessels; one alone cannot do it."""
    slow = River(tuple(
        one.model_copy(update={"hours_down": one.hours_down * 2, "hours_up": one.hours_up * 2})
        for one in RIVER.sections
    ))  # fmt: skip
    found = rotations(slow, [flow("up", "sea", 40)], [OFFER], SUMMER, PROOF)
    assert [one.weeks for one in found.rotations] == [2]
    assert found.cost == Decimal("2620.00")
    single = OFFER.model_copy(update={"count": 1})
    none = rotations(slow, [flow("up", "sea", 40)], [single], SUMMER, PROOF)
    assert none.outcome is Outcome.INFEASIBLE
    assert len(none.left) == 1


def test_vessels_of_a_class_are_shared_by_its_rotations() -> None:
    """Two rounds of two weeks would need four vessels; with three one lot is left behind."""
    slow = River(tuple(
        one.model_copy(update={"hours_down": one.hours_down * 2, "hours_up": one.hours_up * 2})
        for one in RIVER.sections
    ))  # fmt: skip
    full = flow("up", "sea", 100, tonnes_per_teu=9.0, penalty_per_teu=500.0)
    rules = SUMMER.model_copy(update={"lot_teu": 100, "most_weeks": 2})
    found = rotations(slow, [full, full], [OFFER], rules, PROOF)
    assert len(found.rotations) == 1
    assert len(found.left) == 1


def test_a_vessel_filled_to_the_kilogram_goes_once() -> None:
    """Three lots of 141 t on a hull of 423 t: 1620 a week, proved; of 422.9 t it takes two."""
    full = OFFER.model_copy(update={"vessel": HULL.model_copy(update={"deadweight_tonnes": 423})})
    less = OFFER.model_copy(update={"vessel": HULL.model_copy(update={"deadweight_tonnes": 422.9})})
    rules = SUMMER.model_copy(update={"lot_teu": 10})
    flows = [flow("up", "sea", 30, tonnes_per_teu=14.1)]
    found = rotations(RIVER, flows, [full], rules, PROOF)
    assert (found.cost, found.gap, len(found.rotations)) == (Decimal("1620.00"), 0.0, 1)
    assert found.rotations[0].calls[0].tonnes_on_leaving == 423
    assert len(rotations(RIVER, flows, [less], rules, PROOF).rotations) == 2


def test_depth_that_bears_a_load_exactly_is_used() -> None:
    """3.1 m less 0.3: half of the way from 1.3 to 4.3 m, 500 of 1000 t, and 50 TEU of 10 t."""
    shallow = River(tuple(
        one.model_copy(update={"depth_m": (3.1,) * 12}) for one in RIVER.sections
    ))  # fmt: skip
    found = rotations(shallow, [flow("up", "sea", 50)], [OFFER], SUMMER, PROOF)
    assert len(found.rotations) == 1
    assert found.rotations[0].calls[0].tonnes_on_leaving == 500


def test_a_round_of_exactly_a_week_needs_one_vessel() -> None:
    """90 h under way, 38.475 h for each of two calls, three lots of 10.5 minutes, twice: 168 h."""
    rules = SUMMER.model_copy(update={
        "call_hours": 38.475, "teu_per_hour": 40, "lot_teu": 7, "most_weeks": 2
    })  # fmt: skip
    found = rotations(RIVER, [flow("up", "sea", 21)], [OFFER], rules, PROOF)
    (only,) = found.rotations
    assert (only.weeks, only.returns_home_hours - only.leaves_home_hours) == (1, 168)
    more = rules.model_copy(update={"call_hours": 38.48})
    assert rotations(RIVER, [flow("up", "sea", 21)], [OFFER], more, PROOF).rotations[0].weeks == 2


@settings(max_examples=10, deadline=None)
@given(
    teu=st.lists(st.sampled_from([10, 18, 20, 30]), min_size=1, max_size=2),
    deadweight=st.sampled_from([282.0, 423.0, 543.857142857, 564.0]),
    penalty=st.sampled_from([None, 20.0, 81.0]),
    month=st.sampled_from([1, 7]),
)
def test_rotations_with_exact_fits_and_ties_equal_enumeration(
    teu: list[int], deadweight: float, penalty: float | None, month: int
) -> None:
    """Lots of 14.1 t a TEU on hulls that some of them fill: cost by every order of every set."""
    hull = HULL.model_copy(update={"deadweight_tonnes": deadweight})
    offer = OFFER.model_copy(update={"vessel": hull})
    rules = SUMMER.model_copy(update={"month": month, "most_weeks": 1, "lot_teu": 30})
    ends = [("up", "sea"), ("mid", "sea")]
    flows = [
        flow(a, b, amount, tonnes_per_teu=14.1, penalty_per_teu=penalty)
        for (a, b), amount in zip(ends, teu, strict=False)
    ]
    lots, _ = lots_of(RIVER, flows, [offer], rules)
    assume(len(lots) <= 2)
    found = rotations(RIVER, flows, [offer], rules, PROOF)
    best = brute_force(problem_of(RIVER, lots, [offer], rules))
    assert best == (None if found.outcome is Outcome.INFEASIBLE else 100 * found.cost)


def test_lots_larger_than_every_vessel_are_cut_and_said_so() -> None:
    """300 TEU in one lot on hulls of 100 TEU: three of 100; what depth forbids is said as well."""
    rules = SUMMER.model_copy(update={"lot_teu": 300})
    lots, remarks = lots_of(RIVER, [flow("up", "sea", 300)], [OFFER], rules)
    assert [one.teu_per_week for one in lots] == [100, 100, 100]
    assert remarks == (
        "Lots from up to sea are cut to 100 TEU: no vessel carries more there in that month.",
    )
    heavy = [flow("up", "sea", 70, tonnes_per_teu=99.0)]
    refused = rotations(RIVER, heavy, [OFFER], SUMMER, PROOF)
    assert refused.outcome is Outcome.INFEASIBLE
    assert refused.remarks[0] == (
        "No vessel carries more than 10 TEU from up to sea in that month, so these 70 cannot go; "
        "--lot-teu 10 cuts them into lots that can."
    )
    dry = RIVER.sections[0].model_copy(update={"depth_m": (1.5,) * 12})
    river = River((dry, RIVER.sections[1]))
    found = rotations(river, [flow("up", "sea", 10)], [OFFER], SUMMER, PROOF)
    assert found.outcome is Outcome.INFEASIBLE
    assert found.remarks == (
        "No vessel carries a TEU of 10 t from up to sea in that month.",
        "Lots travel whole: smaller ones, such as --lot-teu 5, may carry more.",
    )


def test_cancelled_rotations_are_the_best_so_far_and_claim_no_proof() -> None:
    """Cancelled before it starts: single lots are known; the view says that nothing is proved."""
    cancel = Cancel()
    cancel.set()
    flows = [flow("up", "sea", 40, penalty_per_teu=500.0), flow("mid", "sea", 40)]
    found = rotations(RIVER, flows, [OFFER], SUMMER, replace(PROOF, cancel=cancel))
    assert (found.outcome, found.bound) == (Outcome.FEASIBLE, None)
    assert found.rotations
    assert "nothing is proved" in sentence(found)


def test_berth_windows_shift_the_round() -> None:
    """A berth at ``up`` that opens at hour 100 is not called at before."""
    berth = Berth(port="up", opens_hours=100, closes_hours=120)
    found = rotations(RIVER, [flow("up", "sea", 40)], [OFFER], SUMMER, PROOF, [berth])
    call = found.rotations[0].calls[0]
    assert 100 <= call.arrives_hours <= 120
    never = Berth(port="up", opens_hours=1, closes_hours=2)
    assert rotations(
        RIVER, [flow("up", "sea", 40)], [OFFER], SUMMER, PROOF, [never]
    ).outcome is Outcome.INFEASIBLE  # fmt: skip


def test_a_flow_that_does_not_pay_is_left() -> None:
    """Carrying 10 TEU costs 1620; leaving them for 100 each costs 1000."""
    cheap = flow("up", "sea", 10, penalty_per_teu=100.0)
    found = rotations(RIVER, [cheap], [OFFER], SUMMER, PROOF)
    assert found.rotations == ()
    assert found.cost == Decimal("1000.00")
    assert found.left == (cheap,)


def test_faults_are_named() -> None:
    """A port off the river, two currencies, a river with a loop, too many lots."""
    with pytest.raises(InstanceError, match="'moon' is not on the river"):
        rotations(RIVER, [flow("moon", "sea", 1)], [OFFER], SUMMER, PROOF)
    dollars = OFFER.model_copy(update={"currency": "USD"})
    with pytest.raises(InstanceError, match="different currencies"):
        rotations(RIVER, [flow("up", "sea", 1)], [OFFER, dollars], SUMMER, PROOF)
    with pytest.raises(InstanceError, match="without loops"):
        River((*RIVER.sections, section("again", "sea", "up", 1)))
    many = [flow("up", "sea", 40)] * 12
    with pytest.raises(EngineError, match="Raise lot_teu") as caught:
        rotations(RIVER, many, [OFFER], SUMMER.model_copy(update={"lot_teu": 10}),
                  replace(PROOF, time_limit_seconds=1))  # fmt: skip
    assert "best-of-both" not in str(caught.value)


def test_the_yangtze_has_every_port_and_winter_is_no_deeper_than_summer() -> None:
    """Eight ports; July is nowhere shallower than January; every row has a source."""
    river = yangtze()
    assert len(river.ports) == 8
    for one in river.sections:
        assert one.depth_m[6] >= one.depth_m[0]
        assert one.source
    km, hours = river.sail("changsha-xianing", "shanghai-waigaoqiao")
    assert (km, hours) == (180 + 260 + 260 + 352 + 488, 16 + 18 + 12 + 20 + 28)


def test_rotations_become_services_that_an_instance_accepts() -> None:
    """No port twice in a service, cost shared out whole, and the network can be drawn."""
    river, offers = yangtze(), assumed_offers(4)[:1]
    rules = RotationRules(home_port="shanghai-waigaoqiao", month=3)
    flows = [
        Flow(from_port="hefei-paihe", to_port="shanghai-waigaoqiao", teu_per_week=60,
             tonnes_per_teu=12),
        Flow(from_port="shanghai-waigaoqiao", to_port="hefei-paihe", teu_per_week=30,
             tonnes_per_teu=10),
    ]  # fmt: skip
    found = rotations(river, flows, offers, rules, PROOF)
    operator = Operator("Test line", "market", "barge-small", "rotation of March")
    services, stops, departures = services_of(found, river, rules, vessels(), operator)
    assert sum(one.fixed_cost_per_departure for one in services) == pytest.approx(
        float(found.cost), abs=0.02
    )
    for one in services:
        ports = [stop.terminal for stop in stops if stop.service == one.id]
        assert len(set(ports)) == len(ports) >= 2
    base = read("yangtze-europe")
    tables = {name: getattr(base, name) for name in Instance.model_fields}
    tables["services"] += services
    tables["stops"] += stops
    tables["departures"] += departures
    assert build_network(Instance(**tables)).nodes > 0
