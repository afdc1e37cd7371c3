"""The routing checker catches every rule broken on purpose, and agrees with PyVRP's arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.vrp.check import faults, loads, route_distance, schedule, total_cost
from solvers.vrp.problem import Fleet, Route, Routes
from tests.solvers.vrp.cases import line, pairs_on_line, random_problem


def routes(*tasks: tuple[int, ...]) -> Routes:
    """Routes of vehicle type 0."""
    return Routes(tuple(Route(0, one) for one in tasks))


def test_feasible_routes_have_no_faults_and_the_cost_of_their_distance() -> None:
    """Out to 10 and 20 and back (40), out to -5 and back (10): 50."""
    problem = line([10, 20, -5])
    assert faults(problem, routes((0, 1), (2,))) == []
    assert total_cost(problem, routes((0, 1), (2,))) == 50


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        (((0, 1),), "Task 2 is required and left undone."),
        (((0, 1), (2, 0)), "Task 0 is done 2 times."),
        (((0, 1, 2),), "Route 0: load 3 of dimension 0 exceeds the capacity 2."),
        (((0,), (1,), (2,), (0,)), "Vehicle type 0 runs 4 routes, 3 vehicles exist."),
    ],
)
def test_broken_service_capacity_and_fleet_rules_are_named(
    tasks: tuple[tuple[int, ...], ...], message: str
) -> None:
    """Undone, doubled, overloaded and over-used: each message names the culprit."""
    assert message in faults(line([10, 20, -5]), routes(*tasks))


def test_late_arrival_is_named_with_its_amount() -> None:
    """Task 1 at 20 closes at 15: arriving at 20 is 5 late."""
    problem = line([10, 20], late=np.array([50, 15]))
    assert faults(problem, routes((0, 1))) == ["Route 0: task 1 starts 5 after its window."]


def test_depot_window_and_shift_limits_are_checked() -> None:
    """A route of 40 against a depot that closes at 30, a shift of 35 and a range of 36."""
    problem = line([10, 20], depot_late=np.array([30]))
    short = replace(problem.fleet, most_duration=np.array([35]), most_distance=np.array([36]))
    found = faults(replace(problem, fleet=short), routes((0, 1)))
    assert found == [
        "Route 0: returns 10 after its shift or depot closes.",
        "Route 0: takes 40, more than 35.",
        "Route 0: drives 40, more than 36.",
    ]


def test_pairs_must_share_a_route_in_order() -> None:
    """A delivery before its pickup and a pickup without its delivery are both caught."""
    problem = pairs_on_line([(5, 10), (12, 3)])
    backwards = faults(problem, routes((1, 0), (2, 3)))
    assert "Route 0: task 1 delivers before task 0 picks up." in backwards
    apart = faults(problem, routes((0, 1, 2), (3,)))
    assert "Route 0: task 2 is done without the other task of its pair." in apart
    assert "Route 1: task 3 is done without the other task of its pair." in apart


def test_two_pairs_on_board_break_a_capacity_of_one() -> None:
    """Nested pairs carry 2 between the inner tasks; one after the other they carry 1."""
    problem = pairs_on_line([(5, 20), (10, 15)], capacity=1)
    assert faults(problem, routes((0, 2, 3, 1)))[0].startswith("Route 0: load 2 of dimension 0")
    assert faults(problem, routes((0, 1), (2, 3))) == []


def test_load_limit_of_a_single_move_is_checked() -> None:
    """The move between places 1 and 2 bears one unit; out with two to task 1 first breaks it."""
    problem = line([10, 20])
    limit = np.full((1, 1, 3, 3), 9, dtype=np.int64)
    limit[0, 0, 1, 2] = 0
    problem = replace(problem, fleet=replace(problem.fleet, arc_limit=limit))
    assert faults(problem, routes((0, 1))) == [
        "Route 0: load 1 of dimension 0 from place 1 to 2 exceeds the limit 0 there."
    ]
    assert faults(problem, routes((1, 0))) == []


def test_backhauls_share_the_vehicle_with_deliveries() -> None:
    """Pick up 2 before putting down 1: 3 on board between the two; the other order carries 2."""
    problem = line([10, 20], delivery=np.array([[0, 1]]), pickup=np.array([[2, 0]]))
    assert loads(problem, Route(0, (0, 1))).tolist() == [[1, 3, 2]]
    assert faults(problem, routes((0, 1)))[0].startswith("Route 0: load 3")
    assert faults(problem, routes((1, 0))) == []


def test_duration_waits_at_the_depot_rather_than_on_the_road() -> None:
    """A window that opens at 100, 10 away: leave at 90, return at 110, 20 in all."""
    times = schedule(line([10], early=np.array([100])), Route(0, (0,)))
    assert (times.leaves, times.begin, times.returns, times.duration) == (90, (100,), 110, 20)


def test_a_vehicle_waits_for_its_end_depot_to_open() -> None:
    """A depot that opens at 30: 10 out and 10 back leave at 10 at the latest, 20 in all."""
    times = schedule(line([10], depot_early=np.array([0])), Route(0, (0,)))
    assert times.returns == 20
    two = line([10], depot_place=np.array([0, 0]), depot_early=np.array([0, 30]),
               depot_late=np.array([99, 99]))  # fmt: skip
    fleet = replace(two.fleet, end_depot=np.array([1]))
    times = schedule(replace(two, fleet=fleet), Route(0, (0,)))
    assert (times.leaves, times.returns, times.duration) == (10, 30, 20)


def test_release_holds_the_vehicle() -> None:
    """Goods released at 30 reach a task 10 away at 40."""
    times = schedule(line([10], release=np.array([30])), Route(0, (0,)))
    assert (times.leaves, times.begin) == (30, (40,))


def test_statement_names_every_contradiction() -> None:
    """Wrong shapes, indices, windows and pairs are each reported in words."""
    good = line([10, 20])
    assert good.check() == []
    assert "service has shape (1,), expected (2,)." in replace(good, service=np.zeros(1)).check()
    assert "place holds values outside 0..2." in replace(good, place=np.array([1, 9])).check()
    early = replace(good, early=np.array([5, 9]), late=np.array([9, 5]))
    assert "early is later than late at tasks [1]." in early.check()
    paired = replace(good, pair=np.array([[0, 1]]), pair_load=np.ones((1, 1), np.int64))
    assert "Tasks of a pair must not also deliver from or pick up for a depot." in paired.check()
    slim = replace(good, fleet=replace(good.fleet, capacity=np.ones((2, 1), np.int64)))
    assert "fleet.capacity has shape (2, 1), not (1, 1)." in slim.check()


@pytest.mark.parametrize("seed", range(60))
def test_checker_agrees_with_pyvrp_on_random_routes(seed: int) -> None:
    """Distance, least duration, load and feasibility of a random route, by two implementations."""
    pyvrp = pytest.importorskip("pyvrp")
    from solvers.vrp.pyvrp_model import compile_problem

    problem = random_problem(seed)
    rng = np.random.default_rng(1000 + seed)
    partner = problem.partner()
    data, clients = compile_problem(problem)
    for vehicle in (0, 1):
        free = [v for v in range(problem.tasks) if partner[v] < 0 and rng.random() < 0.5]
        order = rng.permutation(free).astype(int).tolist()
        for n in range(problem.pairs):
            if rng.random() < 0.6:
                first = int(rng.integers(0, len(order) + 1))
                order.insert(first, int(problem.pair[n, 0]))
                order.insert(int(rng.integers(first + 1, len(order) + 1)), int(problem.pair[n, 1]))
        steps = [_activity(pyvrp, problem, clients, v) for v in order]
        theirs = pyvrp.Route(data, steps, vehicle)
        route = Route(vehicle, tuple(order))
        times = schedule(problem, route)
        assert theirs.distance() == route_distance(problem, route)
        mine = [text for text in faults(problem, Routes((route,))) if text.startswith("Route")]
        assert theirs.is_feasible() == (not mine), mine
        if not mine:
            assert theirs.duration() == times.duration


def _activity(pyvrp: object, problem: object, clients: list[int], v: int) -> object:
    kind = pyvrp.ActivityType  # type: ignore[attr-defined]
    activity = pyvrp.Activity  # type: ignore[attr-defined]
    for n, (pickup, delivery) in enumerate(problem.pair.tolist()):  # type: ignore[attr-defined]
        if v == pickup:
            return activity(kind.PICKUP, n)
        if v == delivery:
            return activity(kind.DELIVERY, n)
    return activity(kind.CLIENT, clients.index(v))


def test_uniform_fleet_has_one_type_without_limits() -> None:
    """The shorthand used by the readers: capacity per dimension, distance as the only cost."""
    fleet = Fleet.uniform(3, [7, 9], fixed_cost=4)
    assert fleet.capacity.tolist() == [[7], [9]]
    assert fleet.count.tolist() == [3]
    assert fleet.fixed_cost.tolist() == [4]
