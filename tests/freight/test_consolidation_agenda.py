"""What a study solves, in which order, and what flows from one case to the next."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from freight.consolidation import Study, consolidate
from freight.consolidation.agenda import Agenda, Job, Slot
from freight.consolidation.candidates import candidates
from freight.consolidation.coalitions import halves, separable
from freight.consolidation.engines import Inline
from freight.consolidation.game import Table
from freight.consolidation.policy import load_policy
from freight.consolidation.settle import borne
from freight.consolidation.shape import shaped
from freight.consolidation.trunk import rebuilt
from freight.domain.instance import Instance
from freight.errors import EngineError, InstanceError
from freight.io import read
from freight.model.compile import compile_instance
from freight.planning import plan

STUDY = Study(seconds=120.0, gap=0.0, workers=1)


@pytest.fixture(scope="module")
def tiny() -> Instance:
    """Two cities, four shipments."""
    return read("tiny")


def with_market(tiny: Instance) -> Instance:
    """The barges of tiny, which cost 1,000, belong to an owner that brings nothing."""
    owners = tiny.statement.owners
    market = owners[0].model_copy(update={"id": "market"})
    statement = tiny.statement.model_copy(update={"owners": (*owners, market)})
    services = tuple(
        one.model_copy(update={"owner": "market"}) if one.committed else one
        for one in tiny.services
    )
    return rebuilt(tiny, statement=statement, services=services)


def test_owners_alone_are_solved_once_for_standalone_and_the_game(tiny: Instance) -> None:
    """Seven solves make five policies and the game of joint: its single owners are standalone's."""
    said: list[str] = []
    found = consolidate(tiny, replace(STUDY, hear=said.append))
    names = sorted(line.split(":")[0] for line in said)
    assert names == ["changsha", "free", "hub", "joint", "pickup", "standalone", "wuhan"]
    assert found.report.policies[0].plan_of == "owners side by side"
    assert found.report.policies[0].figures.gap == pytest.approx(0.0, abs=1e-6)


def test_only_policies_that_leave_nothing_to_decide_together_fall_apart(tiny: Instance) -> None:
    """Standalone does, joint does not; a train of somebody else's that one may ride counts."""
    network = candidates(tiny)
    apart = {name: Table.of(network, load_policy(name)) for name in ("standalone", "joint", "hub")}
    assert {name: separable(one.law, one.players) for name, one in apart.items()} == {
        "standalone": True, "joint": False, "hub": False,
    }  # fmt: skip
    lent = load_policy("standalone").model_copy(update={"share": {"wuhan": ("changsha",)}})
    table = Table.of(network, lent)
    assert not separable(table.law, table.players)


def test_equal_offers_have_equal_keys(tiny: Instance) -> None:
    """Wuhan alone is the same case under standalone and joint, not under free."""
    network = candidates(tiny)
    keys = {name: Table.of(network, load_policy(name)).key(1) for name in ("standalone", "joint")}
    assert keys["standalone"] == keys["joint"]
    assert Table.of(network, load_policy("free")).key(1) != keys["joint"]


def test_an_owner_that_brings_nothing_does_not_play(tiny: Instance) -> None:
    """The market's 1,000 are shared by TEU, 8 and 10 of 18; everything still adds up to the cent.

    Alone, Wuhan would pay 35,503.20 and Changsha 51,208 without the barges that run in any case.
    """
    found = consolidate(with_market(tiny), replace(STUDY, policies=("standalone", "joint")))
    game = found.report.game
    assert game is not None
    assert game.owners == ("wuhan", "changsha")
    assert "Not in the game, for they bring no shipments: market." in found.report.remark
    assert game.coalitions["wuhan"][1] == pytest.approx(35_503.20 + 1_000 * 8 / 18, abs=0.01)
    assert game.coalitions["changsha"][1] == pytest.approx(51_208 + 1_000 * 10 / 18, abs=0.01)
    assert found.report.policies[0].figures.objective == pytest.approx(87_711.20, abs=0.01)
    assert found.report.policies[0].figures.gap == pytest.approx(0.0, abs=1e-6)
    for one in game.allocations:
        assert sum(one.amounts.values()) == game.total == Decimal("71729.20")
        assert borne(found.settled(one.rule)) == one.amounts


def test_shipped_policies_that_make_no_sense_are_left_out(tiny: Instance) -> None:
    """Without trains of Wuhan there is no centre there; asked for by name, it is refused."""
    bare = rebuilt(
        tiny,
        services=tuple(one for one in tiny.services if one.id != "WUH-DUI"),
        stops=tuple(one for one in tiny.stops if one.service != "WUH-DUI"),
        departures=tuple(one for one in tiny.departures if one.service != "WUH-DUI"),
    )
    found = consolidate(bare, STUDY)
    assert [one.policy.id for one in found.report.policies] == [
        "standalone", "joint", "pickup", "free",
    ]  # fmt: skip
    assert "Policy hub is left out: No trunk train starts or ends" in found.report.remark
    with pytest.raises(InstanceError, match="No trunk train starts or ends at home in 'Wuhan'"):
        consolidate(bare, replace(STUDY, policies=("hub",)))


def test_a_policy_given_twice_is_refused(tiny: Instance) -> None:
    """Its second plan would replace the first."""
    with pytest.raises(InstanceError, match="'joint' is given twice"):
        consolidate(tiny, replace(STUDY, policies=("joint", "joint")))


def test_boxes_bound_abroad_do_not_come_home_again(tiny: Instance) -> None:
    """Arcs into China are closed to boxes that leave it, and to nobody else; costs stay."""
    whole = candidates(tiny).instance
    compiled = compile_instance(whole)
    statement = whole.statement.model_copy(update={"policy": "mine"})
    ruled = compile_instance(rebuilt(whole, statement=statement))
    land = np.array([one.country for one in tiny.terminals])[compiled.network.terminal]
    tail, head = compiled.problem.tail, compiled.problem.head
    into = (land[head] == "CN") & (land[tail] != "CN")
    for k in range(ruled.problem.commodities):
        before, after = compiled.problem.may_use(k), ruled.problem.may_use(k)
        assert not after[into].any()
        assert (before[~into] == after[~into]).all()
    assert ruled.problem.check() == []


def test_splits_of_a_coalition_are_the_cheapest_known() -> None:
    """Of {0,1,2}: 3 + 4 beats 5 + 3; what is not known is no split."""
    costs = {0b001: 4.0, 0b010: 5.0, 0b110: 3.0, 0b101: 3.0}
    assert halves(0b111, costs) == [(0b110, 0b001), (0b101, 0b010)]
    assert halves(0b111, costs, most=1) == [(0b110, 0b001)]
    assert halves(0b1, costs) == []


def agenda(seconds: float, workers: int, met: list[tuple[str, Slot]]) -> Agenda[None]:
    """An agenda whose jobs end at once and are noted with what they were given."""

    def begin(job: Job, slot: Slot) -> Future[None]:
        met.append((str(job.key), slot))
        return Inline().submit(lambda: None)

    return Agenda(time.perf_counter() + seconds, workers, begin, lambda *_: None)


def test_time_is_shared_by_weight_and_never_eats_up_a_chain() -> None:
    """100 s, two workers: a (1) before b (3) gets 25 s at most; c, alone in its chain, 40 s.

    c's share is 200 · 1/5; a's would be as much, but b needs three quarters of the wall time.
    """
    met: list[tuple[str, Slot]] = []
    jobs = [Job("c", 1.0), Job("b", 3.0, frozenset("a")), Job("a", 1.0)]
    agenda(100.0, 2, met).carry_out(jobs)
    order = [name for name, _ in met]
    assert order == ["a", "c", "b"]
    given = dict(met)
    assert given["a"].seconds == pytest.approx(25.0, abs=0.5)
    assert given["b"].seconds == pytest.approx(100.0, abs=0.5)
    assert given["b"].threads == 2
    assert given["a"].threads == 1


def test_late_jobs_still_get_a_moment() -> None:
    """After the deadline every job has one second."""
    met: list[tuple[str, Slot]] = []
    agenda(-5.0, 1, met).carry_out([Job("a", 1.0)])
    assert met[0][1].seconds == 1.0


def test_jobs_that_wait_for_nothing_on_the_agenda_are_refused() -> None:
    """Waiting for ever would look like work."""
    with pytest.raises(ValueError, match="1 jobs wait for jobs that are not on the agenda"):
        agenda(1.0, 1, []).carry_out([Job("a", 1.0, frozenset("z"))])


def test_a_lost_worker_is_told() -> None:
    """A broken pool ends the study with a message, not with a traceback."""
    from concurrent.futures.process import BrokenProcessPool

    def begin(_: Job, __: Slot) -> Future[None]:
        future: Future[None] = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future

    lost: Agenda[None] = Agenda(time.perf_counter() + 9.0, 1, begin, lambda *_: None)
    with pytest.raises(EngineError, match="A worker process ended before its job did"):
        lost.carry_out([Job("a", 1.0)])


def of_four(tiny: Instance) -> Instance:
    """S3 and S4 belong to two more owners, who have no trains of their own."""
    owners = tiny.statement.owners
    more = tuple(owners[0].model_copy(update={"id": name}) for name in ("yueyang", "xiangtan"))
    statement = tiny.statement.model_copy(update={"owners": (*owners, *more)})
    theirs = {"S3": "yueyang", "S4": "xiangtan"}
    shipments = tuple(
        one.model_copy(update={"owner": theirs.get(one.id, one.owner)}) for one in tiny.shipments
    )
    return rebuilt(tiny, statement=statement, shipments=shipments)


def test_fifteen_coalitions_cost_what_their_own_instances_cost(tiny: Instance) -> None:
    """Each is planned from scratch; no coalition costs more than its parts, and rules add up."""
    instance = of_four(tiny)
    found = consolidate(instance, STUDY)
    game = found.report.game
    assert game is not None
    assert len(game.coalitions) == 15
    network, law = candidates(instance), load_policy("joint")
    for name, (low, high) in game.coalitions.items():
        who = name.split("+")
        own = shaped(network, law, who)
        services = tuple(
            one.model_copy(update={"fixed_cost_per_departure": 0.0})
            if one.committed and one.owner not in who
            else one
            for one in own.services
        )
        alone = plan(rebuilt(own, services=services)).proof.objective
        assert (low, high) == pytest.approx((alone, alone), abs=0.05)
    for name, (_, high) in game.coalitions.items():
        for other, (_, more) in game.coalitions.items():
            if not set(name.split("+")) & set(other.split("+")):
                both = set(name.split("+")) | set(other.split("+"))
                whole = next(c for n, c in game.coalitions.items() if set(n.split("+")) == both)
                assert whole[0] <= high + more + 0.05
    for one in game.allocations:
        assert sum(one.amounts.values()) == game.total


def test_sampled_shares_enclose_the_exact_ones(tiny: Instance) -> None:
    """Thirty rounds over four owners, 99 % intervals would be wider still."""
    instance = of_four(tiny)
    study = replace(STUDY, policies=("standalone", "joint"))
    exact = consolidate(instance, study).report.game
    sampled = consolidate(instance, replace(study, sampled=30)).report.sampled
    assert exact is not None
    assert sampled is not None
    shapley = next(one for one in exact.allocations if one.rule == "shapley").amounts
    assert sum(sampled.amounts.values()) == exact.total
    for one in sampled.shares:
        slack = one.high - one.low + 1.0
        assert one.low - slack <= float(shapley[one.owner]) <= one.high + slack
        assert one.alone == pytest.approx(exact.coalitions[one.owner][1])


def test_too_many_owners_are_sampled(tiny: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the most owners that are solved one by one, nobody has to ask for it."""
    monkeypatch.setattr("freight.consolidation.study.MOST_OWNERS", 3)
    found = consolidate(of_four(tiny), replace(STUDY, policies=("joint",)))
    assert found.report.game is None
    assert found.report.sampled is not None
    assert [one.owner for one in found.report.sampled.shares][2:] == ["yueyang", "xiangtan"]


def test_the_cheapest_policy_may_be_shared(tiny: Instance) -> None:
    """Pickup and free cost the same; the game is played where the cost is least."""
    found = consolidate(tiny, replace(STUDY, game_policy="cheapest"))
    game = found.report.game
    assert game is not None
    assert game.policy in {"pickup", "free"}
    assert float(game.total) == min(one.figures.objective for one in found.report.policies)
