"""Routing methods: proved optima against brute force, and heuristics against proved optima."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.options import Cancel, Options
from solvers.outcome import Outcome, SolverUnavailable, Stop
from solvers.vrp import METHODS, routing_method
from solvers.vrp.best_of_both import BestOfBoth, Relay, RoutingMethod
from solvers.vrp.check import faults
from solvers.vrp.enumeration import Enumeration
from solvers.vrp.ortools_routing import OrTools
from solvers.vrp.problem import REQUIRED, Fleet, Route, Routes
from solvers.vrp.pyvrp_search import PyVrp
from tests.solvers.vrp.brute_force import brute_force
from tests.solvers.vrp.cases import line, pairs_on_line, random_problem, varied_problem

FAST = Options(time_limit_seconds=0.5)


@pytest.mark.parametrize("seed", range(25))
def test_enumeration_equals_brute_force(seed: int) -> None:
    """Every order of every set of five tasks, with all kinds of constraints at once."""
    problem = random_problem(seed, tasks=5)
    result = Enumeration().solve(problem, Options(gap=0.0))
    best = brute_force(problem)
    if best is None:
        assert result.outcome is Outcome.INFEASIBLE
    else:
        assert result.outcome is Outcome.OPTIMAL
        assert result.objective == best
        assert result.gap == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_enumeration_equals_brute_force_where_much_is_equal(seed: int) -> None:
    """Ties, exact fits, optional pairs, vehicles that cannot leave, releases after windows."""
    problem = varied_problem(seed, tasks=1 + seed % 4)
    assert problem.check() == []
    result = Enumeration().solve(problem, Options(gap=0.0))
    best = brute_force(problem)
    assert result.objective == best
    assert result.outcome is (Outcome.INFEASIBLE if best is None else Outcome.OPTIMAL)


@pytest.mark.parametrize("seeds", [range(24), pytest.param(range(24, 150), marks=pytest.mark.slow)])
def test_small_problems_are_solved_exactly_by_every_search(seeds: range) -> None:
    """150 problems of one to six tasks, every kind of constraint: the optimum, or infeasible."""
    for seed in seeds:
        problem = varied_problem(1000 + seed, tasks=1 + seed % 6)
        exact = Enumeration().solve(problem, Options(gap=0.0))
        for name in ("pyvrp", "best-of-both"):
            found = routing_method(name).solve(problem, FAST)
            assert (found.objective, found.outcome) == (exact.objective, exact.outcome), seed
            assert found.method == name


@pytest.mark.parametrize("method", [PyVrp(most_iterations=300), OrTools()])
@pytest.mark.parametrize("seed", range(6))
def test_searches_hold_every_rule_where_much_is_equal(method: PyVrp | OrTools, seed: int) -> None:
    """Nine tasks: whatever they return is feasible, and never better than any choice of routes."""
    problem = varied_problem(2000 + seed, tasks=9)
    found = method.solve(problem, replace(FAST, time_limit_seconds=0.2))
    if found.routes is not None:
        assert faults(problem, found.routes) == []
        exact = Enumeration().solve(problem, Options(gap=0.0))
        assert exact.objective is not None
        assert found.objective is not None
        assert found.objective >= exact.objective


@pytest.mark.parametrize("method", [PyVrp(most_iterations=300), OrTools(), Enumeration()])
def test_a_depot_that_no_vehicle_uses_is_not_visited(method: RoutingMethod) -> None:
    """One customer 10 away from the first depot, the second 30 away: there and back, 20."""
    problem = line([10], depot_place=np.array([0, 1]), depot_early=np.array([0, 0]),
                   depot_late=np.array([200, 200]))  # fmt: skip
    assert method.solve(problem, FAST).objective == 20


@pytest.mark.parametrize("method", [PyVrp(most_iterations=300), OrTools(), Enumeration()])
def test_a_task_released_after_its_window_is_left_or_infeasible(method: RoutingMethod) -> None:
    """Released at 50, closed at 40: skipped for 7; where it is required nothing is feasible."""
    late = line([10, 20], late=np.array([40, 99]), release=np.array([50, 0]))
    optional = replace(late, skip_cost=np.array([7, REQUIRED]))
    found = method.solve(optional, FAST)
    assert (found.objective, found.trace[-1].objective) == (47, 47)
    assert method.solve(late, FAST).outcome is Outcome.INFEASIBLE


@pytest.mark.parametrize("method", [PyVrp(most_iterations=300), OrTools(), Enumeration()])
def test_without_tasks_or_vehicles_there_is_nothing_to_search(method: RoutingMethod) -> None:
    """No tasks cost nothing; without vehicles all is left, or infeasible where it must be done."""
    assert method.solve(line([]), FAST).objective == 0
    none = line([10, 20], fleet=Fleet.uniform(0, [2]), skip_cost=np.array([7, 8]))
    assert method.solve(none, FAST).objective == 15
    must = replace(none, skip_cost=np.array([7, REQUIRED]))
    assert method.solve(must, FAST).outcome is Outcome.INFEASIBLE


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"depot_early": np.array([9]), "depot_late": np.array([5])}, "depot_early is later"),
        ({"skip_cost": np.array([-7])}, "skip_cost holds values below -1"),
        ({"fleet": Fleet.uniform(-1, [2])}, "fleet.count holds negative values"),
        ({"fleet": Fleet.uniform(1, [-2])}, "fleet.capacity holds negative values"),
        ({"early": np.array([9]), "late": np.array([5])}, "early is later than late at tasks"),
    ],
)
def test_a_contradiction_is_refused_by_every_method(
    name: str, changes: dict[str, object], message: str
) -> None:
    """Preconditions are checked where the problem is stated, not in a library below."""
    with pytest.raises(ValueError, match=message):
        routing_method(name).solve(line([10], **changes), FAST)


def test_time_that_is_over_leaves_the_best_of_the_routes_at_hand() -> None:
    """Cancelled at once, enumeration has routes of one task each: 2 · (1 + … + 12), unproved."""
    cancel = Cancel()
    cancel.set()
    wide = line(list(range(1, 13)))
    result = Enumeration().solve(wide, Options(cancel=cancel))
    assert result.outcome is Outcome.FEASIBLE
    assert (result.objective, result.bound) == (156, None)
    assert result.stop is Stop.INTERRUPTED


def test_a_dear_vehicle_is_saved_before_distance() -> None:
    """Windows of ten tasks fit one vehicle only in one order; a second vehicle costs 100,000."""
    places = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    late = np.array([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    fleet = Fleet.uniform(10, [10], 100_000)
    result = PyVrp(patience=200).solve(line(places, late=late, fleet=fleet), Options())
    assert result.objective == 100_200


@pytest.mark.parametrize("method", [PyVrp(most_iterations=300), OrTools()])
@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5])
def test_heuristics_are_feasible_and_reach_small_optima(method: PyVrp | OrTools, seed: int) -> None:
    """On six tasks with every kind of constraint both solvers find the proved optimum."""
    problem = random_problem(seed)
    exact = Enumeration().solve(problem, Options(gap=0.0))
    found = method.solve(problem, FAST)
    if exact.outcome is Outcome.INFEASIBLE:
        assert found.outcome is Outcome.NO_SOLUTION
        return
    assert found.routes is not None
    assert faults(problem, found.routes) == []
    assert found.objective == exact.objective
    assert found.trace[-1].objective == found.objective


@pytest.mark.parametrize("name", ["pyvrp", "ortools", "enumeration"])
def test_hand_checked_delivery_case(name: str) -> None:
    """Four tasks at 10, 20, -5, -8 with room for 2: 2·20 + 2·8 = 56."""
    result = routing_method(name).solve(line([10, 20, -5, -8]), FAST)
    assert result.objective == 56


@pytest.mark.parametrize("name", ["pyvrp", "ortools", "enumeration"])
def test_hand_checked_pickup_and_delivery_case(name: str) -> None:
    """5→20 and 10→15 nest on one trip of 40; with room for one box it takes 5→20→10→15: 50."""
    wide = pairs_on_line([(5, 20), (10, 15)], capacity=2)
    assert routing_method(name).solve(wide, FAST).objective == 40
    # One after the other: 0-5-20-10-15-0 drives 5+15+10+5+15 = 50; 0-10-15-5-20-0: 10+5+10+15+20.
    narrow = pairs_on_line([(5, 20), (10, 15)], capacity=1)
    assert routing_method(name).solve(narrow, FAST).objective == 50


def test_optional_task_is_skipped_when_it_does_not_pay() -> None:
    """A task 100 away costs 200 to do alone: left undone for 150, done for 250."""
    cheap = line([10, 100], skip_cost=np.array([REQUIRED, 150]))
    # Done: 200. Skipped: 20 + 150 = 170.
    assert Enumeration().solve(cheap, FAST).objective == 170
    dear = replace(cheap, skip_cost=np.array([REQUIRED, 250]))
    assert Enumeration().solve(dear, FAST).objective == 200


def test_infeasible_problem_is_proved_so() -> None:
    """A task that closes before any vehicle reaches it."""
    result = Enumeration().solve(line([10], late=np.array([5])), FAST)
    assert result.outcome is Outcome.INFEASIBLE
    assert result.routes is None


def test_draught_like_limit_on_a_move_changes_the_route() -> None:
    """With one unit allowed from the depot to place 2, the farther task cannot go first with 2."""
    problem = line([10, 20])
    limit = np.full((1, 1, 3, 3), 9, dtype=np.int64)
    limit[0, 0, 0, 1] = 1
    limit[0, 0, 0, 2] = 1
    limited = replace(problem, fleet=replace(problem.fleet, arc_limit=limit))
    # Two boxes can no longer leave together: 2·10 + 2·20.
    assert Enumeration().solve(limited, FAST).objective == 60
    for name in ("pyvrp", "ortools", "best-of-both"):
        with pytest.raises(SolverUnavailable, match="no load limits on single moves"):
            routing_method(name).solve(limited, FAST)


def test_types_that_share_a_pool_do_not_draw_more_than_it_holds() -> None:
    """Two types of capacity 2 and 1 share one vehicle: one route of two tasks, one skipped."""
    problem = line([10, 20, -5], skip_cost=np.array([90, 90, 30]))
    two = {
        name: np.repeat(getattr(problem.fleet, name), 2)
        for name in ("start_depot", "end_depot", "fixed_cost", "distance_cost", "duration_cost",
                     "early", "late", "most_duration", "most_distance", "profile")
    }  # fmt: skip
    fleet = Fleet(count=np.array([1, 1]), capacity=np.array([[2, 1]]), **two,
                  pool=np.array([[0, 1], [0, 1]]), pool_limit=np.array([1]))  # fmt: skip
    result = Enumeration().solve(replace(problem, fleet=fleet), FAST)
    # Out to 10 and 20 and back is 40; -5 is skipped for 30. Doing -5 as well takes a second route.
    assert result.objective == 70
    both = Routes((Route(0, (0, 1)), Route(1, (2,))))
    assert faults(replace(problem, fleet=fleet), both) == ["Pool 0 gives 2, it holds 1."]


def test_enumeration_refuses_what_it_cannot_list() -> None:
    """Ten tasks without any limit have millions of routes; the message offers another method."""
    wide = line(list(range(1, 11)))
    wide = replace(wide, fleet=replace(wide.fleet, capacity=np.array([[99]])))
    with pytest.raises(SolverUnavailable, match="Use 'best-of-both'"):
        Enumeration(most_labels=500).solve(wide, FAST)


def test_best_of_both_takes_the_better_result_and_names_the_winner() -> None:
    """Two processes; the notes hold what each of them found."""
    problem = line([10, 20, -5, -8, 30, -40, 33, -7, 12])
    methods = (PyVrp(most_iterations=200), OrTools(plain=True))
    result = BestOfBoth(methods).solve(problem, FAST)
    assert result.routes is not None
    assert faults(problem, result.routes) == []
    assert result.objective == min(result.notes["pyvrp"], result.notes["ortools"])
    assert result.method == "best-of-both"
    assert result.notes["winner"] in ("pyvrp", "ortools")


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5])
def test_relay_never_ends_behind_its_first_half(seed: int) -> None:
    """PyVRP takes over the routes of OR-Tools, pairs and all, and reaches the small optimum."""
    problem = random_problem(seed)
    exact = Enumeration().solve(problem, Options(gap=0.0))
    result = Relay(share=0.5).solve(problem, FAST)
    assert result.objective == exact.objective
    assert result.method == "relay"
    assert result.routes is not None
    start = PyVrp(most_iterations=0).improve(problem, FAST, result.routes)
    assert start.objective == result.objective


def test_a_raised_cancel_flag_stops_at_once() -> None:
    """Cancelled before it starts, PyVRP says interrupted and does not use its time."""
    cancel = Cancel()
    cancel.set()
    result = PyVrp().solve(line([10, 20]), Options(time_limit_seconds=30, cancel=cancel))
    assert result.stop is Stop.INTERRUPTED
    assert result.seconds < 5


def test_without_a_limit_the_search_ends_when_nothing_gets_better() -> None:
    """Patience, not time, ends it."""
    result = PyVrp(patience=50).solve(line([10, 20, -5, -8, 10, 20, -5, -8, 1]), Options())
    assert result.stop is Stop.CONVERGED
    # Two by two, the far ones together: 2 · (20 + 10 + 8 + 5) and once more for the odd one.
    assert result.objective == 2 * (20 + 10 + 8 + 5 + 1)


def test_unknown_method_names_the_known_ones() -> None:
    """The message lists every entry of the table."""
    with pytest.raises(SolverUnavailable, match=", ".join(METHODS)):
        routing_method("magic")
