"""Consolidation on the hand-solved instance: policies, costs, shares, bills, what changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from freight.billing import bills
from freight.consolidation.candidates import candidates
from freight.consolidation.cases import Case, Effort, Known, work, work_all
from freight.consolidation.coalitions import Players, coalition_problem
from freight.consolidation.engines import engines
from freight.consolidation.order import contained, ranked
from freight.consolidation.outcome import Consolidated, write_agreed, write_study
from freight.consolidation.policy import POLICIES, Policy, TrainKind, load_policy
from freight.consolidation.report import saving
from freight.consolidation.settle import borne, settled
from freight.consolidation.shape import shaped
from freight.consolidation.study import Study, consolidate
from freight.consolidation.trunk import rebuilt
from freight.domain.instance import Instance
from freight.domain.plan import Charge, ChargeKind, Itinerary
from freight.errors import AuditError, EngineError, InstanceError, NoSolution
from freight.io import read, write
from freight.io.plan_file import instance_of, read_plan
from freight.model.audit import audit
from freight.model.compile import compile_instance
from freight.planning import plan
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result
from solvers.options import Options
from solvers.outcome import Outcome, Stop

EFFORT = Effort(seconds=20.0, gap=0.0)
STUDY = Study(seconds=120.0, gap=0.0, workers=1)


@pytest.fixture(scope="module")
def tiny() -> Instance:
    """Two cities, four shipments."""
    return read("tiny")


@pytest.fixture(scope="module")
def found(tiny: Instance) -> Consolidated:
    """All five policies with the game of the joint one."""
    return consolidate(tiny, STUDY)


def objectives(found: Consolidated) -> dict[str, float]:
    """Cost and penalty by policy."""
    return {one.policy.id: one.figures.objective for one in found.report.policies}


def test_every_policy_costs_what_a_pencil_finds(found: Consolidated) -> None:
    """The five policies of tiny, worked by hand from its README.

    standalone: Wuhan has 8 TEU for a minimum of 10, so S1 and S3 go by sea: 31,706 + 3,797.20;
    Changsha's Friday train carries S2 + S4: 14,856 + 15,352 + 21,000; barges 1,000.
    joint, hub: the optimum of tiny. pickup, free: S2 and S4 board at Changsha and ride the 385 km
    to Wuhan for 385 · 400/3,950 = 38.99 a TEU instead of the shuttle's 100: 10 · 61.01 less.
    """
    costs = objectives(found)
    assert costs["standalone"] == pytest.approx(87_711.20, abs=0.005)
    assert costs["joint"] == pytest.approx(71_729.20, abs=0.005)
    assert costs["hub"] == pytest.approx(71_729.20, abs=0.005)
    gathered = 71_729.20 - 10 * (100 - 385 * 400 / 3950)
    assert costs["pickup"] == pytest.approx(gathered, abs=0.01)
    assert costs["free"] == pytest.approx(gathered, abs=0.01)


def test_more_freedom_is_never_dearer_beyond_the_gaps(found: Consolidated) -> None:
    """Free ≤ every other policy, joint ≤ standalone, and the bounds agree."""
    by_name = {one.policy.id: one.figures for one in found.report.policies}
    free = by_name["free"]
    for one in by_name.values():
        assert free.objective <= one.objective
        assert free.bound is not None
        assert free.bound <= one.objective
    assert by_name["joint"].objective <= by_name["standalone"].objective
    assert all(one.gap is not None and one.gap <= 0.005 for one in by_name.values())


def test_every_plan_survives_the_audit_of_its_own_instance(found: Consolidated) -> None:
    """Each policy's plan holds in the instance in which the policy is the law."""
    for name, one in found.plans.items():
        assert audit(found.instances[name], one) == []


def test_standalone_plans_keep_to_their_own_trains(found: Consolidated) -> None:
    """No box rides another city's trunk train, and the audit would name one that does."""
    instance = found.instances["standalone"]
    open_to = {one.id: one.open_to for one in instance.services}
    assert open_to["WUH-DUI"] == ("wuhan",)
    assert open_to["YSA-RTM"] == ()
    foreign = audit(instance, found.plans["joint"])
    assert any("WUH-DUI" in str(one) and "changsha" in str(one).lower() for one in foreign)


def test_the_saving_is_an_interval_from_both_bounds(found: Consolidated) -> None:
    """Joint saves 87,711.20 - 71,729.20 = 15,982 exactly here; open gaps widen it both ways."""
    reports = {one.policy.id: one for one in found.report.policies}
    assert reports["standalone"].saving is None
    joint = reports["joint"].saving
    assert joint is not None
    assert joint.in_hand == pytest.approx(15_982, abs=0.01)
    assert joint.percent_in_hand == pytest.approx(18.22, abs=0.01)
    wide = saving(
        "standalone",
        reports["standalone"].figures.model_copy(update={"bound": 87_000.0}),
        reports["joint"].figures.model_copy(update={"bound": 71_000.0}),
    )
    assert wide is not None
    # at least 87,000 - 71,729.20, at most 87,711.20 - 71,000
    assert (wide.at_least, wide.at_most) == pytest.approx((15_270.80, 16_711.20), abs=0.01)
    # 1 - 71,729.20 / 87,000 and 1 - 71,000 / 87,711.20
    share = (wide.percent_at_least, wide.percent_at_most)
    assert share == pytest.approx((17.553, 19.053), abs=0.001)
    assert found.report.published[0].low_percent == pytest.approx(20.19)


def test_coalitions_cost_what_their_members_cost_alone(found: Consolidated) -> None:
    """Wuhan alone 31,706 + 3,797.20 + 1,000; Changsha alone 14,856 + 15,352 + 21,000.

    The barges are Wuhan's commitment: alone, Changsha may use them and does not pay for them.
    """
    game = found.report.game
    assert game is not None
    assert game.coalitions["wuhan"] == pytest.approx((36_503.20, 36_503.20), abs=0.01)
    assert game.coalitions["changsha"] == pytest.approx((51_208, 51_208), abs=0.01)
    assert game.coalitions["wuhan+changsha"] == pytest.approx((71_729.20,) * 2, abs=0.01)
    assert game.core_exists == "certainly"


def test_allocations_add_up_to_the_cent_and_follow_their_rule(found: Consolidated) -> None:
    """Two players: Shapley and nucleolus split the saving of 15,982 in halves of 7,991."""
    game = found.report.game
    assert game is not None
    shares = {one.rule: one.amounts for one in game.allocations}
    for amounts in shares.values():
        assert sum(amounts.values()) == game.total == Decimal("71729.20")
    for rule in ("shapley", "nucleolus", "least-core"):
        assert float(shares[rule]["wuhan"]) == pytest.approx(36_503.20 - 7_991, abs=0.01)
    # 8 of 18 TEU are Wuhan's
    assert shares["teu"]["wuhan"] == Decimal("31879.64")
    even = 71_729.20 / (36_503.20 + 51_208)
    for rule in ("standalone", "equal-profit"):
        assert float(shares[rule]["changsha"]) == pytest.approx(51_208 * even, abs=0.01)


def test_who_would_rather_leave_is_named_with_the_amount(found: Consolidated) -> None:
    """By TEU-km the sea boxes of Wuhan weigh too much: it would pay more than alone."""
    game = found.report.game
    assert game is not None
    by_km = next(one for one in game.allocations if one.rule == "teu-km")
    wuhan = float(by_km.amounts["wuhan"])
    if wuhan > 36_503.20:
        assert by_km.in_core == "certainly not"
        assert by_km.would_leave[0].coalition == ("wuhan",)
        assert by_km.would_leave[0].at_least == pytest.approx(wuhan - 36_503.20, abs=0.02)
    else:
        assert by_km.in_core == "certainly"
    assert next(one for one in game.allocations if one.rule == "shapley").in_core == "certainly"


def test_bills_follow_the_chosen_allocation(found: Consolidated) -> None:
    """Settled plans cost the same, give every owner its share, pass the audit and bill it."""
    game = found.report.game
    assert game is not None
    for allocation in game.allocations:
        agreed = found.settled(allocation.rule)
        assert agreed.cost == found.plans["joint"].cost
        assert borne(agreed) == allocation.amounts
        assert agreed.totals.by_charge[ChargeKind.SETTLEMENT.value] == 0
        assert audit(found.instances["joint"], agreed) == []
        issued = bills(found.instances["joint"], agreed)
        assert sum(one.total for one in issued) == agreed.cost


def test_settlements_follow_from_what_was_agreed(found: Consolidated) -> None:
    """Moved between owners, spread otherwise, agreed otherwise or without an agreement: found."""
    agreed, home = found.agreed("shapley")
    assert agreed.agreement is not None
    shares = dict(agreed.agreement.shares)
    one, other = sorted(shares)
    shares[one] += 1
    short = {"agreement": agreed.agreement.model_copy(update={"shares": dict(shares)})}
    shares = shares | {other: shares[other] - 1}
    moved = {"agreement": agreed.agreement.model_copy(update={"shares": shares})}
    first = agreed.itineraries[0]
    lines = [c for c in first.charges if c.kind is ChargeKind.SETTLEMENT]
    assert len(lines) == 1
    for update, words in (
        ({"agreement": None}, "owners settle without an agreement."),
        (short, "owners agree on 71730.20 of a cost and penalty of 71729.20."),
        (moved, "settles"),
        ({"itineraries": (charged(first, lines[0], Decimal("0.01")), *agreed.itineraries[1:])},
         f"settles {lines[0].amount + Decimal('0.01')}, expected {lines[0].amount}."),
        ({"itineraries": (twice(first, lines[0]), *agreed.itineraries[1:])},
         "settles 2 times, expected once."),
    ):  # fmt: skip
        findings = audit(home, agreed.model_copy(update=update))
        assert [f for f in findings if f.code == "settlement" and words in f.message], words


def test_an_agreed_plan_of_an_earlier_version_is_held_to_what_can_be_seen(
    found: Consolidated,
) -> None:
    """It has neither snapshot nor agreement; its settlements still spread by TEU and cancel."""
    agreed, home = found.agreed("shapley")
    old = agreed.model_copy(update={"agreement": None, "snapshot": None, "source": None})
    assert audit(home, old) == []
    first = old.itineraries[0]
    line = next(c for c in first.charges if c.kind is ChargeKind.SETTLEMENT)
    dearer = (charged(first, line, Decimal("5.00")), *old.itineraries[1:])
    findings = audit(home, old.model_copy(update={"itineraries": dearer}))
    assert any("add up to 5.00, expected 0." in one.message for one in findings)


def charged(itinerary: Itinerary, line: Charge, more: Decimal) -> Itinerary:
    """An itinerary on which one line is dearer."""
    dearer = line.model_copy(update={"amount": line.amount + more})
    charges = tuple(dearer if one == line else one for one in itinerary.charges)
    return itinerary.model_copy(update={"charges": charges})


def twice(itinerary: Itinerary, line: Charge) -> Itinerary:
    """An itinerary on which one line stands once more, for nothing."""
    nothing = line.model_copy(update={"amount": Decimal("0.00")})
    return itinerary.model_copy(update={"charges": (*itinerary.charges, nothing)})


def test_shares_that_do_not_add_up_are_refused(found: Consolidated) -> None:
    """The message gives both sums; an unknown rule lists the known ones."""
    joint = found.plans["joint"]
    with pytest.raises(InstanceError, match=r"Shares add up to 5\.00, owners bear 71729\.20"):
        settled(joint, {"wuhan": Decimal(5)}, "ours")
    with pytest.raises(InstanceError, match=r"no allocation by 'dice'.*Choose shapley"):
        found.settled("dice")


def test_an_owner_without_boxes_cannot_settle(found: Consolidated) -> None:
    """There is no bill to put its settlement on."""
    joint = found.plans["joint"]
    shares = borne(joint) | {"nobody": Decimal("1.00")}
    shares["wuhan"] -= Decimal("1.00")
    with pytest.raises(InstanceError, match=r"nobody: It must settle 1\.00 but moves nothing"):
        settled(joint, shares, "ours")


def test_boxes_come_home_by_the_cheapest_ways(found: Consolidated) -> None:
    """Nine boxes go out, none comes back: half by sea at 450, half leased at 1,100 a FEU."""
    boxes = found.report.policies[1].boxes
    assert boxes is not None
    assert sum(one.out for one in boxes.cities) == 9
    assert boxes.cost == pytest.approx(4.5 * 450 + 4.5 * 1100)
    assert boxes.cost_of_leasing_all == pytest.approx(9 * 1100)
    assert (boxes.wagons_out, boxes.wagons_back) == (10, 0)


def test_figures_of_the_joint_plan(found: Consolidated) -> None:
    """Load, time, subsidy and border of one train of 16 TEU and 2 TEU by sea."""
    joint = found.report.policies[1].figures
    assert joint.trains == 1
    assert joint.load_factor == pytest.approx(16 / 20)
    assert joint.cost_per_feu == pytest.approx(71_729.20 / 9)
    # ready to delivered: 484 h for S1 and S4, 412 h for S2, 1,086 h for S3
    mean = (6 * 484 + 6 * 412 + 2 * 1086 + 4 * 484) / 18 / 24
    assert joint.mean_transit_days == pytest.approx(mean)
    assert joint.p90_transit_days == pytest.approx(1086 / 24)
    # 8 FEU by rail over 3,950 km in China; 10 TEU of them feed 385 km by transfer, not by ride
    basis = 8 * (680 + 2.754 * 3950) / 7
    assert joint.subsidies[1].subsidy == pytest.approx(0.2 * basis)
    assert joint.subsidies[1].cost_after == pytest.approx(71_729.20 - 0.2 * basis)
    [day] = joint.border_days
    assert (day.crossing, day.trains, day.teu) == ("alashankou-dostyk", 1, 16.0)
    assert day.day.isoformat() == "2027-03-11"


def test_hub_trains_start_at_the_gathering_centre_only(tiny: Instance) -> None:
    """With Changsha as the hub no train starts in Wuhan; an unknown city is refused."""
    network = candidates(tiny)
    hub = load_policy("hub").model_copy(update={"hubs": ("Changsha",)})
    offered = {one.id for one in shaped(network, hub).services}
    assert "CSX-DUI" in offered
    assert "WUH-DUI" not in offered
    assert "section.wuhan-rail.alashankou" not in offered
    nowhere = hub.model_copy(update={"hubs": ("Atlantis",)})
    with pytest.raises(InstanceError, match="No terminal lies in city 'Atlantis'"):
        shaped(network, nowhere)


def test_pickup_trains_gather_on_the_way(tiny: Instance) -> None:
    """Changsha starts 24 h of travel and 12 h of loading before Wuhan's train leaves."""
    network = candidates(tiny)
    name = "WUH-DUI.from.changsha-rail"
    stops = network.instance.stops_of[name]
    assert [one.terminal for one in stops][:2] == ["changsha-rail", "wuhan-rail"]
    assert (stops[1].arrive_hours, stops[1].depart_hours) == (24.0, 36.0)
    assert stops[1].load
    assert not stops[1].unload
    starts = [one.departs_at for one in network.instance.departures if one.service == name]
    assert [f"{one:%m-%dT%H:%M}" for one in starts if one] == ["03-01T20:00", "03-04T20:00"]
    assert network.trains[name].backers == {"wuhan", "changsha"}
    # Wuhan first and Changsha next would lead away from the border: no such train
    assert "CSX-DUI.from.wuhan-rail" not in network.trains


def test_trains_change_at_the_gauge(tiny: Instance) -> None:
    """A part at home with the fixed cost, a longer part behind the border without."""
    network = candidates(tiny)
    service = network.instance.service
    home, far = service["section.wuhan-rail.alashankou"], service["section.dostyk.duisburg-rail"]
    assert home.fixed_cost_per_departure == 20_000
    assert home.capacity_teu == 20
    assert far.fixed_cost_per_departure == 0
    # 71 wagons on broad gauge for 55 in China
    assert far.capacity_teu == pytest.approx(20 * 71 / 55)
    assert far.minimum_load_teu == pytest.approx(10 * 71 / 55)
    assert network.trains["section.dostyk.duisburg-rail"].backers == {"wuhan", "changsha"}


def test_legs_obey_the_sections_they_cross(tiny: Instance) -> None:
    """110 TEU in China, 82 on the leg that ends in Germany, none for barges."""
    stops = {(one.service, one.sequence): one for one in candidates(tiny).instance.stops}
    assert stops["WUH-DUI", 2].capacity_teu == 110
    assert stops["WUH-DUI", 2].capacity_tonnes == 3000 - 55 * 22
    assert stops["WUH-DUI", 4].capacity_teu == 82
    assert stops["YLO-YSA", 2].capacity_teu is None


def test_every_day_offers_trunk_trains_on_all_weekdays(tiny: Instance) -> None:
    """Barges keep their days."""
    offered = candidates(tiny, every_day=True).instance.departures
    days = {one.service: len(one.weekdays) for one in offered}
    assert days["WUH-DUI"] == 7
    assert days["YLO-YSA"] == 1


def test_a_policy_of_ones_own_is_a_file(tmp_path: Path, tiny: Instance) -> None:
    """Changsha may use Wuhan's trains, not the other way round; 12 TEU at least."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'id = "mine"\ntitle_en = "Mine"\ntitle_zh = "自定"\nsummary = "Ours."\nslots = "own"\n'
        'trains = ["direct"]\nminimum_load_teu = 12\n[share]\nwuhan = ["wuhan", "changsha"]\n',
        encoding="utf-8",
    )
    policy = load_policy(str(path))
    service = shaped(candidates(tiny), policy).service
    assert service["WUH-DUI"].open_to == ("wuhan", "changsha")
    assert service["CSX-DUI"].open_to == ("changsha",)
    assert service["WUH-DUI"].minimum_load_teu == 12
    assert service["YLO-YSA"].open_to == ()
    study = replace(STUDY, policies=("joint", str(path)), game_policy="none")
    # the optimum of tiny loads 16 TEU of both on Wuhan's train: allowed here too
    assert objectives(consolidate(tiny, study))["mine"] == pytest.approx(71_729.20, abs=0.005)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id = ", "It is no TOML"),
        ('id = "x"', "title_en: It is missing. Expected a title in English"),
        ('id = "x"\ntitle_en = "x"\ntitle_zh = "x"\nsummary = "x"\nslots = "some"', "'some'"),
        ('id = "x"\ntitle_en = "x"\ntitle_zh = "x"\nsummary = "x"\ncolour = "red"', "colour"),
        ('id = "x"\ntitle_en = "x"\ntitle_zh = "x"\nsummary = "x"\ntrains = []', "trains"),
    ],
)
def test_faulty_policy_files_are_explained(tmp_path: Path, text: str, message: str) -> None:
    """Every fault names the file and the field."""
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstanceError, match=message) as caught:
        load_policy(str(path))
    assert "bad.toml" in str(caught.value)


def test_unknown_policies_and_owners_are_named(tiny: Instance) -> None:
    """An id that is no file, and an owner that brings nothing."""
    with pytest.raises(InstanceError, match=r"Policy 'anarchy' is unknown.*standalone, joint"):
        load_policy("anarchy")
    stranger = load_policy("joint").model_copy(update={"share": {"wuhan": ("beijing",)}})
    with pytest.raises(InstanceError, match="Owner 'beijing' is unknown"):
        shaped(candidates(tiny), stranger)
    with pytest.raises(InstanceError, match="Policy 'hub' of the game is not among"):
        consolidate(tiny, replace(STUDY, policies=("joint",), game_policy="hub"))


def test_wider_policies_contain_narrower_ones(tiny: Instance) -> None:
    """Containment follows trains, slots and minimum loads."""
    network = candidates(tiny)
    by_name = {name: shaped(network, load_policy(name)) for name in POLICIES}
    for name in POLICIES:
        assert contained(by_name[name], by_name["free"])
    assert contained(by_name["standalone"], by_name["joint"])
    assert not contained(by_name["joint"], by_name["standalone"])
    assert not contained(by_name["pickup"], by_name["joint"])
    heavier = shaped(network, load_policy("joint").model_copy(update={"minimum_load_teu": 15.0}))
    assert contained(heavier, by_name["joint"])
    assert not contained(by_name["joint"], heavier)


def test_plans_and_bounds_move_between_policies(found: Consolidated) -> None:
    """A narrower policy's cheaper plan is taken over; a bound above a plan is a defect."""
    cheap, dear = found.plans["joint"], found.plans["standalone"]
    loose = dear.model_copy(update={"proof": dear.proof.model_copy(update={"bound": 70_000.0})})
    better = ranked(found.instances, {"standalone": cheap, "joint": loose})
    assert better.source == {"standalone": "standalone", "joint": "standalone"}
    assert better.plans["joint"].proof.objective == cheap.proof.objective
    assert better.plans["joint"].proof.bound == 70_000.0
    assert better.plans["joint"].instance_digest == found.instances["joint"].digest
    borrowed = ranked(found.instances, {"standalone": dear, "joint": None})
    assert borrowed.source["joint"] == "standalone"
    assert borrowed.plans["joint"].proof.gap is None
    with pytest.raises(NoSolution, match=r"Policy standalone: no plan found in time"):
        ranked(found.instances, {"standalone": None, "joint": cheap})
    unproved = dear.model_copy(update={"proof": dear.proof.model_copy(update={"bound": 1.0})})
    proved = ranked(found.instances, {"standalone": unproved, "joint": cheap})
    assert proved.plans["standalone"].proof.bound == cheap.proof.bound
    wrong = cheap.model_copy(update={"proof": cheap.proof.model_copy(update={"bound": 90_000.0})})
    with pytest.raises(AuditError, match=r"joint is proved to cost at least 90,000\.00"):
        ranked(found.instances, {"standalone": dear, "joint": wrong})


@pytest.mark.parametrize("policy", ["joint", "pickup"])
def test_a_coalition_costs_what_its_own_instance_costs(tiny: Instance, policy: str) -> None:
    """Solving on the joint arrays equals planning the members' own instance from scratch."""
    network, law = candidates(tiny), load_policy(policy)
    instance = shaped(network, law)
    players = Players(("wuhan", "changsha"), network.trains)
    cases = [Case(mask, str(mask), instance, players, mask) for mask in (1, 2, 3)]
    costs = work_all(tuple((one, Known()) for one in cases), EFFORT)
    for cost, members in zip(costs, (("wuhan",), ("changsha",), None), strict=True):
        own = shaped(network, law, members)
        foreign = {one.id for one in own.services if members and one.owner not in members}
        services = tuple(
            one.model_copy(update={"fixed_cost_per_departure": 0.0})
            if one.id in foreign and one.committed
            else one
            for one in own.services
        )
        alone = plan(rebuilt(own, services=services))
        assert cost.upper == pytest.approx(alone.proof.objective, abs=0.02)
        assert cost.lower == pytest.approx(cost.upper, abs=0.02)


def test_a_coalition_is_left_its_own_demand_and_trains(tiny: Instance) -> None:
    """Arrays of Changsha alone: no Wuhan boxes, no Wuhan train, barges for nothing."""
    network = candidates(tiny)
    compiled = compile_instance(shaped(network, load_policy("joint")))
    problem = coalition_problem(compiled, Players(("wuhan", "changsha"), network.trains), 0b10)
    assert problem.demand.sum() == 10
    runs = {
        one.service: int(most)
        for one, most in zip(compiled.network.calls.departures, problem.y_max, strict=True)
    }
    assert (runs["WUH-DUI"], runs["CSX-DUI"]) == (0, 1)
    committed = problem.y_min > 0
    assert (problem.fixed_cost[committed] == 0).all()
    assert problem.check() == []


def test_a_case_without_a_plan_in_time_keeps_an_honest_interval(
    tiny: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that finds nothing leaves 10 TEU of Changsha behind at 8,000 each; costs are ≥ 0."""
    monkeypatch.setattr("solvers.network_design.exact.arc_mip.ArcFlow.solve", _finds_nothing)
    network = candidates(tiny)
    players = Players(("wuhan", "changsha"), network.trains)
    law = shaped(network, load_policy("joint"))
    cost = work(Case("c", "c", law, players, 0b10), Known(), EFFORT)
    assert (cost.lower, cost.upper, cost.start) == (0.0, 80_000.0, "idle")


def _finds_nothing(_: object, problem: NetworkDesign, options: Options) -> Result:
    return Result(
        outcome=Outcome.NO_SOLUTION, stop=Stop.TIME, objective=None, bound=None, solution=None,
        seconds=0.0, method="arc-mip", backend="highs", seed=options.seed,
    )  # fmt: skip


def test_a_policy_that_finds_nothing_does_not_fail_the_study(
    tiny: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """18 TEU stay behind at 8,000 each, said so; policies that allow more take over what is there.

    Wuhan's committed barges run for 1,000 in any case.
    """
    monkeypatch.setattr("solvers.network_design.exact.arc_mip.ArcFlow.solve", _finds_nothing)
    said: list[str] = []
    found = consolidate(tiny, replace(STUDY, hear=said.append))
    for one in found.report.policies:
        assert one.figures.objective == pytest.approx(18 * 8_000 + 1_000)
        assert one.figures.teu_unserved == 18
    assert found.report.policies[2].plan_of == "idle"
    assert any(line.startswith("hub: 145,000") and "the plan of idle" in line for line in said)
    assert found.report.game is not None
    assert found.report.game.core_exists == "undecided"


def test_time_left_goes_to_policies_that_are_not_proved_well(
    tiny: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is found until all cases were tried once; then every policy is taken up again."""
    solve = ArcFlow.solve
    monkeypatch.setattr("solvers.network_design.exact.arc_mip.ArcFlow.solve", _finds_nothing)

    def last(*asked: Any) -> Any:
        monkeypatch.setattr("solvers.network_design.exact.arc_mip.ArcFlow.solve", solve)
        return asked[-1]

    monkeypatch.setattr("freight.consolidation.study._polish", last)
    again = consolidate(tiny, replace(STUDY, seconds=120.0))
    for one in again.report.policies:
        assert one.figures.gap == pytest.approx(0.0, abs=1e-6)
        assert one.figures.objective < 18 * 8_000 + 1_000


def test_a_weekly_pattern_that_finds_nothing_runs_no_train(
    tiny: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan leaves all 18 TEU behind and says what it is; the study does not fail."""
    monkeypatch.setattr("solvers.network_design.exact.arc_mip.ArcFlow.solve", _finds_nothing)
    study = replace(STUDY, policies=("joint",), weekly=True)
    [one] = consolidate(tiny, study).report.policies
    assert one.figures.objective == pytest.approx(18 * 8_000 + 1_000)
    assert one.figures.trains == 0


def test_a_failing_task_hands_on_its_error() -> None:
    """What it raised reaches whoever asked, not a wrapper of it."""
    with engines(1) as engine:
        assert engine.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            engine.submit(divmod, 7, 0).result()


def test_a_cluster_without_dask_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""

    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr("freight.packages.import_module", missing)
    with (
        pytest.raises(EngineError, match="distributed, which is not installed"),
        engines(2, "tcp://x:1"),
    ):
        pass


def test_a_study_is_written_whole(found: Consolidated, tmp_path: Path) -> None:
    """Report, plans, instances and the agreed plan, each readable again."""
    paths = write_study(found, tmp_path / "study")
    paths += write_agreed(found, tmp_path / "study", "shapley")
    assert {one.name for one in paths} >= {"consolidation.json", "joint.plan.json", "joint.json"}
    place = tmp_path / "study" / "agreed.plan.json"
    agreed = read_plan(place)
    # its instance lies beside it, so that bills are printed without naming one
    home = instance_of(agreed, place)
    assert home.digest == found.instances["joint"].digest
    billed: dict[str, Decimal] = {}
    for one in bills(home, agreed):
        owner = home.shipment[one.shipment].owner
        billed[owner] = billed.get(owner, Decimal(0)) + one.total
    assert found.report.game is not None
    shapley = next(one for one in found.report.game.allocations if one.rule == "shapley")
    assert billed == shapley.amounts
    assert (
        read(str(tmp_path / "study" / "joint.json")).digest == found.plans["joint"].instance_digest
    )
    again = type(found.report).model_validate_json(paths[0].read_text(encoding="utf-8"))
    assert again.game == found.report.game


@pytest.mark.parametrize("name", list(POLICIES))
def test_the_instance_that_a_policy_leaves_can_be_read_again(name: str, tmp_path: Path) -> None:
    """Of the large network too: trains past the horizon are not in it, cut-off shipments may be."""
    home = shaped(candidates(read("yangtze-europe")), load_policy(name))
    write(home, tmp_path / "home.json")
    again = read(tmp_path / "home.json")
    assert again.digest == home.digest
    assert again.statement.policy == name


def test_a_written_plan_of_every_policy_holds(found: Consolidated, tmp_path: Path) -> None:
    """Each is audited against the instance file beside it."""
    write_study(found, tmp_path)
    for name in found.plans:
        place = tmp_path / f"{name}.plan.json"
        assert audit(instance_of(read_plan(place), place), read_plan(place)) == []


def test_a_study_of_no_shipments_has_no_game(tiny: Instance) -> None:
    """Nobody brings anything: plans of nothing, and no cost to share."""
    found = consolidate(rebuilt(tiny, shipments=()), Study(seconds=20.0, workers=1))
    assert found.report.game is None
    assert {one.figures.teu for one in found.report.policies} == {0}


@pytest.mark.parametrize("name", ["agreed", "consolidation", "standalone.plan"])
def test_a_policy_may_not_take_the_name_of_a_file_of_the_study(
    tiny: Instance, tmp_path: Path, name: str
) -> None:
    """Said before anything is solved."""
    text = f'id = "{name}"\ntitle_en = "t"\ntitle_zh = "t"\nsummary = "s"\n'
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InstanceError, match=r"ours.toml, id: .* a study writes"):
        consolidate(tiny, Study(policies=(str(tmp_path / "ours.toml"),), seconds=20.0, workers=1))


def test_shares_that_rest_on_little_are_not_agreed(found: Consolidated) -> None:
    """Changsha alone is known to 10 % only: whoever signs would sign a guess."""
    game = found.report.game
    assert game is not None
    wide = game.coalitions | {"changsha": (0.9 * 51_208, 51_208.0)}
    report = found.report.model_copy(update={"game": game.model_copy(update={"coalitions": wide})})
    with pytest.raises(NoSolution, match=r"not agreed.*the gap of changsha is wider than 5 %"):
        replace(found, report=report).settled("shapley")


def test_a_weekly_pattern_runs_every_week(tiny: Instance) -> None:
    """Wuhan's trains of a longer horizon are tied by weekday and committed."""
    study = replace(STUDY, policies=("joint",), weekly=True, game_policy="joint")
    weekly = consolidate(tiny, study)
    assert weekly.report.game is None
    [instance], [one] = weekly.instances.values(), weekly.plans.values()
    assert audit(instance, one) == []
    assert "weekly pattern" in one.proof.method
    trunk = [service for service in instance.services if service.id in ("WUH-DUI", "CSX-DUI")]
    assert all(service.committed for service in trunk)
    # one Saturday train for 71,729.20 as before: the horizon of its timetable is one week
    assert one.proof.objective == pytest.approx(71_729.20, abs=0.005)


def test_policy_kinds_are_a_choice() -> None:
    """The shipped policies are those of the table, with their own ids."""
    assert [load_policy(name).id for name in POLICIES] == list(POLICIES)
    assert load_policy("standalone").may_ride("wuhan") == ("wuhan",)
    assert load_policy("free").trains == (TrainKind.DIRECT, TrainKind.PICKUP, TrainKind.SECTION)
    assert isinstance(load_policy("hub"), Policy)


def test_a_study_says_that_it_releases_committed_trains(tiny: Instance) -> None:
    """A committed trunk train is decided anew, and the remark names it."""
    tied = tuple(
        one.model_copy(update={"committed": True}) if one.id == "WUH-DUI" else one
        for one in tiny.services
    )
    study = replace(STUDY, policies=("joint",), game_policy="none")
    found = consolidate(rebuilt(tiny, services=tied), study)
    assert "decided anew: WUH-DUI." in found.report.remark
    assert found.report.policies[0].figures.objective == pytest.approx(71_729.20, abs=0.005)
    assert "decided anew" not in consolidate(tiny, study).report.remark
