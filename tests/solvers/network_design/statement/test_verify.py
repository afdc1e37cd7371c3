"""The independent checker: it accepts what is right and names everything that is wrong."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Ragged
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.network_design.statement.verify import verify
from tests.solvers.network_design.checks import two_routes

GOOD = Solution(
    y=np.array([1, 1, 1]),
    commodity=np.array([0, 0]),
    path_arcs=Ragged.of([[1, 2], [0]]),
    path_exit=np.array([0, 0]),
    amount=np.array([6.0, 4.0]),
    unserved=np.array([0.0]),
)


def messages(problem: NetworkDesign, solution: Solution) -> list[str]:
    """Messages of all violations."""
    return [one.message for one in verify(problem, solution).violations]


def test_accepts_a_solution_and_costs_it() -> None:
    """Two routes: 50 for runs, 6·2 over node 1, 4·5 direct, together 82."""
    found = verify(two_routes(), GOOD)
    assert found.feasible
    assert found.objective == 82.0


def test_costs_attributes_exits_and_leftovers() -> None:
    """Rates times attributes, exit costs and unserved units enter the objective."""
    # 50 + 6·2 + 3·5 + 1·100 as above with one unit left; hours 2, 1, 1 at 0.5 per hour:
    # 6·(1 + 1)·0.5 + 3·2·0.5 = 9; nine units leave at an exit that costs 4: 36. Sum 222.
    problem = replace(
        two_routes(), attribute=np.array([[2.0, 1.0, 1.0]]), rate=np.array([[0.5]]),
        exit_cost=np.array([4.0]),
    )  # fmt: skip
    solution = replace(GOOD, amount=np.array([6.0, 3.0]), unserved=np.array([1.0]))
    assert verify(problem, solution).objective == 222.0


FAULTS = {
    "shape": (replace(GOOD, y=np.array([1])), "y has length 1, expected 3."),
    "position": (
        replace(GOOD, path_exit=np.array([0, 3])),
        "path_exit holds positions outside 0..0.",
    ),
    "finite": (
        replace(GOOD, amount=np.array([6.0, np.nan])),
        "amount holds values that are not finite.",
    ),
    "amount": (
        replace(GOOD, amount=np.array([10.0, 0.0])),
        "path 1 carries 0, expected more than 0.",
    ),
    "demand": (
        replace(GOOD, amount=np.array([6.0, 3.0])),
        "commodity 0 moves 9 and leaves 0 of 10.",
    ),
    "capacity": (
        replace(GOOD, amount=np.array([7.0, 3.0])),
        "row 1 takes 7, expected at most 6.",
    ),
    "linking": (
        replace(GOOD, y=np.array([1, 0, 1])),
        "commodity 0 has 6 on arc 1, whose design 1 runs 0 times.",
    ),
    "join": (
        replace(GOOD, path_arcs=Ragged.of([[2, 1], [0]])),
        "path 0 of commodity 0 has arcs that do not join.",
    ),
    "start": (
        replace(GOOD, path_arcs=Ragged.of([[2], [0]])),
        "path 0 of commodity 0 does not start at the origin.",
    ),
    "end": (
        replace(GOOD, path_arcs=Ragged.of([[1], [0]])),
        "path 0 of commodity 0 does not end at its exit.",
    ),
    "runs": (
        replace(GOOD, y=np.array([2, 1, 1])),
        "design 0 runs 2 times, expected a whole number in 0..1.",
    ),
    "unserved": (
        replace(GOOD, amount=np.array([6.0, 5.0]), unserved=np.array([-1.0])),
        "commodity 0 leaves -1, expected 0 to 10.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_names_what_is_wrong(fault: str) -> None:
    """Every kind of broken solution is named with its amount."""
    solution, message = FAULTS[fault]
    assert message in messages(two_routes(), solution)


def test_names_lots_classes_must_serve_and_foreign_exits() -> None:
    """What commodities ask for is checked as well as what arcs hold."""
    problem = two_routes(lot=4.0, unserved=np.inf)
    part = replace(GOOD, amount=np.array([6.0, 3.0]), unserved=np.array([1.0]))
    found = messages(problem, part)
    assert "commodity 0 has 6 on arc 1, not a multiple of its lot 4." in found
    assert "commodity 0 has 1 left behind, not a multiple of its lot 4." in found
    assert "commodity 0 must be served and leaves 1." in found
    closed = replace(problem, lot=np.array([0.0]), allowed=np.array([2], dtype=np.uint64))
    assert "commodity 0 may not use arc 0 (class 0)." in messages(closed, GOOD)
    foreign = replace(
        two_routes(), exits=Ragged.of([[1]]), exit_node=np.array([2, 2]), exit_cost=np.zeros(2)
    )
    assert "path 0 of commodity 0 leaves at an exit of another commodity." in messages(
        foreign, GOOD
    )


def test_minimum_rows_count_runs_and_names_are_used() -> None:
    """Two runs with a minimum of 3 each need 6 units; the row is called by its name."""
    problem = replace(
        two_routes(), y_max=np.array([2, 1, 1]), row_floor=np.array([True, False, False]),
        row_limit=np.array([3.0, 6.0, 6.0]), names={"rows": ["load of train 7", "b", "c"]},
    )  # fmt: skip
    solution = replace(GOOD, y=np.array([2, 1, 1]))
    [violation] = verify(problem, solution).violations
    assert (violation.kind, violation.amount) == ("minimum", 2.0)
    assert violation.message == "load of train 7 takes 4, expected at least 6."


def test_dimensions_are_summed_apart() -> None:
    """A second dimension in which a unit weighs 3 has its own row."""
    problem = replace(
        two_routes(), load=np.array([[1.0], [3.0]]), row_dim=np.array([0, 0, 1]),
        row_limit=np.array([8.0, 6.0, 17.0]),
    )  # fmt: skip
    [violation] = verify(problem, GOOD).violations
    assert violation.message == "row 2 takes 18, expected at most 17."


def test_noise_within_the_tolerance_passes() -> None:
    """A relative excess of 1e-7 is noise at 1e-6 and a fault at 1e-9."""
    solution = replace(GOOD, amount=np.array([6.0 + 6e-7, 4.0 - 6e-7]))
    assert verify(two_routes(), solution).feasible
    assert not verify(two_routes(), solution, tolerance=1e-9).feasible


@pytest.mark.slow
def test_large_solutions_are_checked_quickly() -> None:
    """20,000 commodities on 400,000 arcs take seconds, not minutes."""
    shape = FixedChargeShape(nodes=1000, arcs=400_000, commodities=20_000)
    problem = random_fixed_charge(1, shape).problem()
    direct = {
        (int(i), int(j)): a for a, (i, j) in enumerate(zip(problem.tail, problem.head, strict=True))
    }
    routes = [
        direct.get((int(o), int(d)))
        for o, d in zip(problem.origin, problem.exit_node, strict=True)
    ]  # fmt: skip
    served = np.array([a is not None for a in routes])
    solution = Solution(
        y=np.ones(problem.designs, dtype=np.int64), commodity=np.flatnonzero(served),
        path_arcs=Ragged.of([[a] for a in routes if a is not None]),
        path_exit=np.flatnonzero(served), amount=problem.demand[served],
        unserved=np.where(served, 0.0, problem.demand),
    )  # fmt: skip
    began = time.perf_counter()
    found = verify(problem, solution)
    assert time.perf_counter() - began < 20.0
    assert {one.kind for one in found.violations} <= {"must serve", "capacity"}
