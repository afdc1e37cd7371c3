"""The contract of every method, as checks that each combination of method and backend must pass.

In the manner of an estimator check of a machine-learning library: a new method appears in the
table of ``solvers.network_design.registry`` and is tested at once. A check takes a candidate and
raises AssertionError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from solvers.arrays import Ragged
from solvers.linear.backends import BACKENDS, backend, unavailable
from solvers.network_design.compact.model import build
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge
from solvers.network_design.instances.random import Shape, random_design
from solvers.network_design.registry import METHODS, method_class
from solvers.network_design.statement.method import Method
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign
from solvers.network_design.statement.result import Result
from solvers.network_design.statement.verify import verify
from solvers.options import Cancel, Options
from solvers.outcome import Outcome

EXACT = Options(gap=0.0)

SHAPES = {
    "plain": Shape(),
    "dear": Shape(designs=10, commodities=5, attributes=2, groups=2, exits=2),
    "runs": Shape(runs=3, dimensions=2, legs=2),
    "timed": Shape(nodes=8, designs=10, acyclic=True, legs=2, exits=2, dimensions=2),
    "floors": Shape(nodes=9, designs=12, acyclic=True, legs=2, floors=True),
    "whole": Shape(lots="whole", dimensions=2),
    "units": Shape(lots="unit", runs=2, legs=2),
    "timed lots": Shape(nodes=8, designs=10, acyclic=True, lots="whole", floors=True, exits=2),
    "must serve": Shape(must_serve=True),
}


@dataclass(frozen=True)
class Candidate:
    """A method with the backend that it is to use (None: the method takes none)."""

    method: str
    backend: str | None

    @property
    def label(self) -> str:
        """Name for test reports."""
        return self.method if self.backend is None else f"{self.method}-{self.backend}"

    def make(self) -> Method:
        """The method object with default parameters."""
        known: Callable[..., Method] = method_class(self.method)
        return known() if self.backend is None else known(backend=self.backend)

    def takes(self, problem: NetworkDesign) -> bool:
        """Whether the backend can take the compact model of a problem."""
        if self.backend is None or self.method != "arc-mip":
            return True
        return backend(self.backend).refusal(build(problem).model) is None

    def solve(self, problem: NetworkDesign, options: Options = EXACT) -> Result:
        """Solve with default parameters."""
        return self.make().solve(problem, options)


def candidates() -> list[Candidate]:
    """Every method with every installed backend that solves mixed-integer models."""
    found = []
    for name in METHODS:
        known: Any = method_class(name)
        chooses = is_dataclass(known) and "backend" in {one.name for one in fields(known)}
        usable = [b for b in BACKENDS if unavailable(b) is None and backend(b).traits.integer]
        found += [Candidate(name, b) for b in usable] if chooses else [Candidate(name, None)]
    return found


@lru_cache(maxsize=256)
def instance(shape: str, seed: int) -> NetworkDesign:
    """A random instance of a named shape."""
    return random_design(seed, SHAPES[shape])


@lru_cache(maxsize=256)
def reference(shape: str, seed: int) -> Result:
    """Its exact optimum by the compact model in HiGHS."""
    return ArcFlow().solve(instance(shape, seed), EXACT)


def two_routes(demand: float = 10.0, lot: float = 0.0, unserved: float = 100.0) -> NetworkDesign:
    """One commodity from node 0 to 2: direct (cost 5, capacity 8) or over 1 (cost 1 + 1, 6)."""
    return NetworkDesign(
        nodes=3, tail=np.array([0, 0, 1]), head=np.array([2, 1, 2]), cost=np.array([5.0, 1.0, 1.0]),
        attribute=np.zeros((0, 3)), rate=np.zeros((0, 1)), group=np.zeros(3, dtype=np.int64),
        design=np.array([0, 1, 2]), demand=np.array([demand]), origin=np.array([0]),
        exits=Ragged.of([[0]]), exit_node=np.array([2]), exit_cost=np.array([0.0]),
        unserved_cost=np.array([unserved]), lot=np.array([lot]),
        allowed=np.array([ALL_GROUPS], dtype=np.uint64), load=np.ones((1, 1)),
        fixed_cost=np.array([20.0, 15.0, 15.0]), y_min=np.zeros(3, dtype=np.int64),
        y_max=np.ones(3, dtype=np.int64), row_arcs=Ragged.of([[0], [1], [2]]),
        row_dim=np.zeros(3, dtype=np.int64), row_limit=np.array([8.0, 6.0, 6.0]),
        row_design=np.array([0, 1, 2]), row_floor=np.zeros(3, dtype=np.bool_),
    )  # fmt: skip


def close(left: float | None, right: float | None) -> bool:
    """Equal to 1e-6, relative above 1."""
    assert left is not None
    assert right is not None
    return abs(left - right) <= 1e-6 * max(1.0, abs(left), abs(right))


def check_hand_computed(candidate: Candidate) -> None:
    """All designs run: 20 + 15 + 15, six units over node 1 at 2, four direct at 5: 82."""
    # Direct alone: 20 + 8·5 + 2·100 = 260. Over node 1 alone: 30 + 6·2 + 4·100 = 442.
    problem = two_routes(lot=1.0)
    if not candidate.takes(problem):
        return
    result = candidate.solve(problem)
    assert close(result.objective, 82.0)
    assert result.bound is None or result.bound <= 82.0 + 1e-6
    assert result.solution is not None
    assert result.solution.y.tolist() == [1, 1, 1]
    assert sorted(result.solution.amount.tolist()) == [4.0, 6.0]


def check_leaves_behind(candidate: Candidate) -> None:
    """A unit costs 3 unserved: ten times 3 is cheaper than any run, nothing moves: 30."""
    problem = two_routes(lot=1.0, unserved=3.0)
    if not candidate.takes(problem):
        return
    result = candidate.solve(problem)
    assert close(result.objective, 30.0)
    assert result.solution is not None
    assert not result.solution.y.any()
    assert result.solution.unserved.tolist() == [10.0]


def check_verified(candidate: Candidate) -> None:
    """On every shape the solution is feasible and its objective the one recomputed.

    With one thread and with two: a method may share its work over processes then.
    """
    for shape in SHAPES:
        for seed in range(2):
            problem = instance(shape, seed)
            if not candidate.takes(problem):
                continue
            result = candidate.solve(problem, Options(threads=1 + seed))
            if result.solution is None:
                assert result.outcome is not Outcome.OPTIMAL
                continue
            found = verify(problem, result.solution)
            assert found.feasible, (shape, seed, found.violations)
            assert result.objective is not None
            assert abs(found.objective - result.objective) <= 1e-9 * max(1.0, abs(found.objective))
            if result.bound is not None:
                assert result.bound <= result.objective + 1e-6 * max(1.0, abs(result.objective))


def check_repeatable(candidate: Candidate) -> None:
    """The same seed gives the same answer, path by path."""
    problem = instance("units", 3)
    first, second = (candidate.solve(problem, Options(seed=7)) for _ in range(2))
    assert first.objective == second.objective
    assert first.solution is not None
    assert second.solution is not None
    assert first.solution.y.tolist() == second.solution.y.tolist()
    assert first.solution.path_arcs.values.tolist() == second.solution.path_arcs.values.tolist()
    assert first.solution.amount.tolist() == second.solution.amount.tolist()


def check_infeasible(candidate: Candidate) -> None:
    """Fifteen units must be served and only fourteen fit: no solution, and exact methods say so."""
    problem = two_routes(demand=15.0, lot=1.0, unserved=np.inf)
    if not candidate.takes(problem):
        return
    result = candidate.solve(problem)
    assert result.solution is None
    exact = candidate.make().traits.exact
    assert result.outcome is Outcome.INFEASIBLE or not exact


def check_unreachable(candidate: Candidate) -> None:
    """A commodity that must be served and cannot reach its exit makes the problem infeasible."""
    problem = two_routes(lot=1.0, unserved=np.inf)
    problem = type(problem)(**{**vars(problem), "allowed": np.zeros(1, dtype=np.uint64)})
    result = candidate.solve(problem)
    assert result.solution is None
    assert result.outcome is Outcome.INFEASIBLE or not candidate.make().traits.exact


@lru_cache(maxsize=1)
def sizeable() -> NetworkDesign:
    """An instance that no method proves within a second."""
    return random_fixed_charge(5, FixedChargeShape(24, 240, 80, 3.0, 15.0)).problem()


def check_time_limit(candidate: Candidate) -> None:
    """A limit of one second ends the solve within a few, with whatever is known."""
    problem = sizeable()
    if not candidate.takes(problem):
        return
    result = candidate.solve(problem, Options(time_limit_seconds=1.0, gap=0.0))
    assert result.seconds < 8.0
    if result.solution is not None:
        assert verify(problem, result.solution).feasible


def check_cancel(candidate: Candidate) -> None:
    """A solve that is cancelled before it starts ends at once and contradicts nothing."""
    cancel = Cancel()
    cancel.set()
    problem = sizeable()
    if not candidate.takes(problem):
        return
    result = candidate.solve(problem, Options(cancel=cancel, gap=0.0))
    assert result.seconds < 8.0
    assert result.outcome is not Outcome.OPTIMAL


class Ear:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.objectives: list[float] = []
        self.bounds: list[float] = []

    def improved(self, objective: float) -> None:
        """Remember an incumbent."""
        self.objectives.append(objective)

    def bounded(self, bound: float) -> None:
        """Remember a bound."""
        self.bounds.append(bound)

    def iterated(self, stage: str, iteration: int) -> None:
        """Nothing to remember."""


def check_stream(candidate: Candidate) -> None:
    """Incumbents only fall and bounds only rise, and the last ones are those of the result."""
    ear = Ear()
    problem = instance("whole", 1)
    result = candidate.solve(problem, Options(listener=ear))
    assert ear.objectives == sorted(ear.objectives, reverse=True)
    assert ear.bounds == sorted(ear.bounds)
    assert ear.objectives
    assert close(ear.objectives[-1], result.objective)
    assert all(b <= result.objective + 1e-4 for b in ear.bounds if result.objective is not None)


def check_record(candidate: Candidate) -> None:
    """The result says what made it."""
    result = candidate.solve(two_routes(lot=1.0), Options(seed=3))
    assert result.method == candidate.method
    assert result.seed == 3
    assert result.versions
    assert candidate.backend is None or result.backend == candidate.backend


def agrees(candidate: Candidate, shape: str, seed: int) -> None:
    """A proved optimum equals the reference, anything else stays on the right side of it.

    Odd seeds are solved with two threads.
    """
    problem = instance(shape, seed)
    if not candidate.takes(problem):
        return
    true = reference(shape, seed)
    found = candidate.solve(problem, replace(EXACT, threads=1 + seed % 2))
    if true.outcome is Outcome.INFEASIBLE:
        assert found.solution is None
        return
    if found.outcome is Outcome.OPTIMAL:
        assert close(found.objective, true.objective)
    best = true.objective
    assert best is not None
    slack = 1e-6 * max(1.0, abs(best))
    assert found.objective is None or found.objective >= best - slack
    assert found.bound is None or found.bound <= best + slack
    if candidate.make().traits.exact and candidate.backend is not None:
        assert found.outcome is Outcome.OPTIMAL


CHECKS: dict[str, Callable[[Candidate], None]] = {
    "hand computed": check_hand_computed,
    "leaves behind": check_leaves_behind,
    "verified": check_verified,
    "repeatable": check_repeatable,
    "infeasible": check_infeasible,
    "unreachable": check_unreachable,
    "time limit": check_time_limit,
    "cancel": check_cancel,
    "stream": check_stream,
    "record": check_record,
}
