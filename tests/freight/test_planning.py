"""The main job: method, proof, reasons, refusals, and methods that agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings

from freight.errors import AuditError, InstanceError, NoSolution
from freight.io import read
from freight.model.compile import compile_instance
from freight.planning import Choice, choose, choose_method, plan
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.registry import method_class
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.result import Result
from solvers.options import Options
from solvers.outcome import Outcome, Stop
from tests.freight import hand
from tests.freight.random_instances import instances, random_instance

EXACT = Options(gap=0.0, time_limit_seconds=60)


def small(*shipments, most_late_days=30.0, **service):
    """One optional train A → B at hour 48."""
    return hand.instance(
        [hand.terminal("A"), hand.terminal("B")],
        [(hand.service("S", **{"committed": False} | service),
          hand.stops("S", ("A", 0, 0), ("B", 24, 24), cost_per_teu=50), hand.leaves("S", 48))],
        shipments or [hand.shipment("P", "A", "B", 0)],
        defaults={"most_late_days": most_late_days},
    )  # fmt: skip


@pytest.mark.parametrize("method", ["auto", "arc-mip", "columns", "matheuristic"])
def test_tiny_is_solved_to_its_hand_made_optimum(method):
    """Every method proves 71,729.20 USD and says so."""
    found = plan(read("tiny"), method, options=EXACT)
    assert (float(found.cost), found.proof.outcome, found.proof.stop) == (
        71_729.20, "optimal", None,
    )  # fmt: skip
    assert found.proof.bound == pytest.approx(71_729.20, rel=1e-6)
    assert found.proof.bound <= found.proof.objective
    assert found.proof.gap == pytest.approx(0.0, abs=1e-6)
    assert found.proof.method == ("arc-mip" if method == "auto" else method)
    assert found.proof.versions
    assert found.totals.shipments_on_time == 3
    assert found.instance_digest == read("tiny").digest


def test_auto_explains_its_choice():
    """Small problems are stated whole, larger ones solved over itineraries; both say why."""
    problem = compile_instance(small()).problem
    assert choose_method(problem) == (
        "arc-mip", "4 arcs × 1 commodities is small enough to state whole and solve exactly.",
    )  # fmt: skip
    many = replace(problem, demand=np.zeros(90_000))
    name, reason = choose_method(many)
    assert name != "arc-mip"
    assert reason.startswith("4 arcs × 90,000 commodities is too large to state whole")
    assert choose(small(), "columns").reason == "as asked."


@pytest.mark.parametrize(
    ("method", "backend", "message"),
    [
        ("magic", "highs", r"method: 'magic' is unknown\. Choose one of auto, arc-mip, "),
        ("arc-mip", "magic", r"backend: 'magic' is unknown\. Choose one of highs, "),
    ],
)
def test_unknown_engines_are_refused(method, backend, message):
    """Names of methods and backends are checked before anything is solved."""
    with pytest.raises(InstanceError, match=message):
        plan(small(), method, backend)


@pytest.mark.parametrize(
    ("instance", "reason"),
    [
        (small(hand.shipment("P", "A", "B", 49)),
         "No itinerary: no departures and transfers lead from A to B after it is ready on "
         "2027-03-03."),
        (small(hand.shipment("P", "A", "B", 0, modes=("sea",))),
         "No itinerary by the allowed modes (sea); without that limit there is one."),
        (small(hand.shipment("P", "A", "B", 0, reefer=True, dangerous="UN3480")),
         "No itinerary by services that take reefers and services that take dangerous goods "
         "(UN3480); without that limit there is one."),
        (small(hand.shipment("P", "A", "B", 0), open_to=("changsha",)),
         "No itinerary by services open to its owner; without that limit there is one."),
        (small(hand.shipment("P", "A", "B", 0, due=hand.at(24)), most_late_days=1),
         "Every itinerary arrives more than 1 day after the due time 2027-03-02."),
        (small(hand.shipment("P", "A", "B", 0, due=hand.at(24), modes=("sea",)), most_late_days=1),
         "No itinerary by the allowed modes (sea), and any other arrives more than 1 day late."),
        (small(hand.shipment("P", "A", "B", 0, unserved_cost_per_teu=40)),
         "Dearer than the penalty: its cheapest itinerary costs 50.00 USD per TEU before fixed "
         "costs, leaving it 40.00."),
        (small(hand.shipment("P", "A", "B", 0, unserved_cost_per_teu=60),
               fixed_cost_per_departure=21),
         "Its cheapest itinerary, at 50.00 USD per TEU before fixed costs, needs "
         "S@2027-03-03T00:00, which does not run: a run costs 21.00 USD, and leaving the 2 TEU "
         "that could ride it costs at most 20.00 more than carrying them. No other itinerary has "
         "room in this plan."),
    ],
)  # fmt: skip
def test_what_is_left_behind_says_why(instance, reason):
    """Two TEU stay, with the reason in words."""
    found = plan(instance, options=EXACT)
    assert [(one.teu, one.reason) for one in found.unserved] == [(2, reason)]
    assert found.itineraries == ()


@pytest.mark.parametrize(
    ("changes", "settings", "reason"),
    [
        ({"modes": ("sea",)}, {}, "限于允许的运输方式（海运）没有行程；取消该限制则有。"),
        ({"reefer": True, "dangerous": "UN3480"}, {},
         "限于接受冷藏箱的线路和接受危险货物（UN3480）的线路没有行程；取消该限制则有。"),
        ({"due": hand.at(24)}, {"most_late_days": 1},
         "所有行程都比约定期限2027-03-02晚1天以上。"),
        ({"due": hand.at(24), "modes": ("sea",)}, {"most_late_days": 1},
         "限于允许的运输方式（海运）没有行程，其他行程都逾期1天以上。"),
        ({"unserved_cost_per_teu": 40}, {},
         "高于未承运惩罚成本：不计固定费用，最便宜的行程每TEU 50.00 USD，"
         "不承运则每TEU 40.00 USD。"),
        ({"unserved_cost_per_teu": 60}, {"fixed_cost_per_departure": 21},
         "最便宜的行程（不计固定费用每TEU 50.00 USD）需要班次S@2027-03-03T00:00（未开行：每班"
         "21.00 USD，而不承运可乘用的2 TEU最多比承运多20.00）。本方案中没有其他可用的行程。"),
    ],
)  # fmt: skip
def test_what_is_left_behind_says_why_in_chinese(changes, settings, reason):
    """The same reasons for a reader of Chinese."""
    instance = small(hand.shipment("P", "A", "B", 0, **changes), **settings)
    found = plan(instance, options=EXACT)
    assert [one.reason_zh for one in found.unserved] == [reason]


def test_fixed_cost_is_worth_it_from_a_cent():
    """2 TEU × (60 - 50) save 20: a train of 19.99 runs, one of 20.01 does not."""
    for cost, runs in ((19.99, 1), (20.01, 0)):
        one = hand.shipment("P", "A", "B", 0, unserved_cost_per_teu=60)
        found = plan(small(one, fixed_cost_per_departure=cost), options=EXACT)
        assert len(found.departures) == runs


@dataclass(frozen=True)
class Rigged:
    """A method that changes what the exact one answers."""

    change: object
    name: ClassVar[str] = "rigged"
    traits: ClassVar[Traits] = ArcFlow.traits

    def solve(self, problem, options):
        """Answer, tampered with."""
        return self.change(ArcFlow().solve(problem, options))


def rigged(instance, change):
    """Plan with a method that lies."""
    compiled = compile_instance(instance)
    return plan(instance, Choice("rigged", "highs", "to test.", compiled, Rigged(change)))


def test_a_solution_that_breaks_a_row_is_not_believed():
    """A path that carries more than the shipment has is our defect, named."""

    def double(result):
        return replace(result, solution=replace(result.solution, amount=result.solution.amount * 2))

    with pytest.raises(AuditError, match=r"(?s)breaks its problem:\n.*moves 4 .*defect of the"):
        rigged(small(), double)


def test_an_objective_that_is_wrong_is_not_believed():
    """A method that says less than its paths cost is caught."""
    with pytest.raises(AuditError, match=r"(?s)objective .* is wrong:\n.*its paths cost 100\.000"):
        rigged(small(), lambda one: replace(one, objective=90.0, bound=90.0))


@pytest.mark.parametrize(
    ("outcome", "stop", "message"),
    [
        (Outcome.INFEASIBLE, None, r"^No plan exists: the limits .* contradict each other"),
        (Outcome.NO_SOLUTION, Stop.TIME, r"^No plan found: arc-mip stopped \(time\) after .* Give"),
    ],
)
def test_no_solution_says_what_to_do(outcome, stop, message):
    """Without a solution there is no plan but a reason."""

    def nothing(one: Result) -> Result:
        return replace(one, outcome=outcome, stop=stop, objective=None, bound=None, solution=None)

    with pytest.raises(NoSolution, match=message):
        rigged(small(), nothing)


def circle(most_dwell_days, storage, *more):
    """A → H, a detour H → X → H, H → B; dear storage at H makes circling tempting."""
    hub = hand.terminal("H", free_storage_hours=0, storage_cost_per_teu_day=storage)
    trains = [("F", "A", "H", 0), ("G", "H", "X", 20), ("R", "X", "H", 60), ("L", "H", "B", 100)]
    return hand.instance(
        [hand.terminal("A"), hub, hand.terminal("X"), hand.terminal("B")],
        [
            (hand.service(name), hand.stops(name, (a, 0, 0), (b, 10, 10), cost_per_teu=cost),
             hand.leaves(name, leaves))
            for name, a, b, leaves, cost in [*((*one, 0) for one in trains), *more]
        ],
        [hand.shipment("P", "A", "B", 0)],
        defaults={"most_dwell_days": most_dwell_days},
    )  # fmt: skip


def test_circling_does_not_dodge_storage():
    """Waiting 90 h at 10 an hour costs 2 × 900; the circle's 2 × 400 is no plan."""
    found = plan(circle(14, 240), options=EXACT)
    assert float(found.cost) == 1800.0
    # X is reached through H alone, so forbidding the way back loses nothing: proved.
    assert (found.proof.outcome, found.proof.bound) == ("optimal", pytest.approx(1800.0))


def test_the_bound_knows_that_boxes_come_to_no_place_twice():
    """By a dear train A → X the way X → H is no circle; the bound still is that of the rule."""
    found = plan(circle(14, 240, ("D", "A", "X", 5, 5000)), options=EXACT)
    assert float(found.cost) == 1800.0
    assert (found.proof.outcome, found.proof.bound) == ("optimal", pytest.approx(1800.0))


def test_circling_does_not_outwait_the_most_dwell():
    """Where boxes may not wait for the train they are left behind."""
    found = plan(circle(2, 0), options=EXACT)
    assert [one.teu for one in found.unserved] == [2]
    assert (found.proof.outcome, found.proof.bound) == ("optimal", pytest.approx(20_000.0))


@pytest.mark.parametrize("seed", range(25))
def test_methods_agree(seed):
    """The compact model and the columns prove the same optimum on random instances."""
    problem = compile_instance(random_instance(seed)).problem
    one, other = (method_class(name)().solve(problem, EXACT) for name in ("arc-mip", "columns"))
    assert one.outcome is Outcome.OPTIMAL
    assert other.outcome is Outcome.OPTIMAL
    assert one.objective == pytest.approx(other.objective, rel=1e-6, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(instances())
def test_plans_keep_their_promises(instance):
    """The bound lies below the objective, all boxes are accounted for, reasons are given."""
    found = plan(instance, "columns", options=EXACT)
    assert found.proof.bound <= found.proof.objective
    moved = sum(one.teu for one in found.itineraries)
    assert moved + found.totals.teu_unserved == sum(one.teu for one in instance.shipments)
    assert all(len(one.reason) > 20 for one in found.unserved)


def test_equal_seeds_make_equal_plans():
    """The same instance, method and seed give the same plan but for the clock."""
    some = [plan(read("tiny"), "columns", options=EXACT) for _ in range(2)]
    one, other = (p.model_dump(exclude={"proof"}) for p in some)
    assert one == other
