"""Places that no path comes to twice, on random statements of every kind: the methods agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.network_design.registry import method_class
from solvers.network_design.statement.incumbent import DEFECT
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.options import Options
from solvers.outcome import Outcome, SolverFailed
from tests.solvers.network_design.random_designs import random_design

EXACT = Options(gap=0.0, threads=1, time_limit_seconds=60.0)
KINDS = [(acyclic, lots) for acyclic in (True, False) for lots in (True, False)]


def with_places(seed: int, acyclic: bool, lots: bool) -> NetworkDesign:
    """A random statement whose six nodes are at four places; a fifth of the arcs arrive nowhere."""
    problem = random_design(seed, acyclic=acyclic, lots=lots)
    rng = np.random.default_rng(seed)
    place = rng.integers(0, 4, problem.nodes)
    arrives = np.where(rng.random(problem.arcs) < 0.8, place[problem.head], -1)
    return replace(problem, arrives=arrives, home=place[problem.origin])


def agree(seed: int, acyclic: bool, lots: bool) -> bool:
    """Assert that methods agree; whether the optimum without the rule is another."""
    problem = with_places(seed, acyclic, lots)
    free = replace(problem, arrives=problem.arrives[:0], home=problem.home[:0])
    try:
        loose, first = (method_class("arc-mip")().solve(one, EXACT) for one in (free, problem))
    except SolverFailed:
        return False  # a minimum that only circulation meets
    for method in ("columns", "matheuristic"):
        other = method_class(method)().solve(problem, EXACT)
        assert DEFECT not in other.notes
        if method == "columns":
            assert (other.objective is None) == (first.objective is None)
        if first.objective is None or other.objective is None or other.solution is None:
            continue
        assert verify(problem, other.solution).feasible
        assert other.bound is None or other.bound <= first.objective + 1e-5
        if method == "columns":
            assert other.outcome is first.outcome is Outcome.OPTIMAL
            assert other.objective == pytest.approx(first.objective, abs=1e-5)
        assert other.objective >= first.objective - 1e-5
    if first.objective is None or loose.objective is None:
        return first.objective is None and loose.objective is not None
    return first.objective > loose.objective + 1e-6


@pytest.mark.parametrize(("acyclic", "lots"), KINDS)
def test_methods_agree_under_the_rule(acyclic: bool, lots: bool) -> None:
    """With cycles and without, divisible or in lots: one optimum, and the rule counts in some."""
    assert sum(agree(seed, acyclic, lots) for seed in range(9)) >= 1


@pytest.mark.slow
@pytest.mark.parametrize(("acyclic", "lots"), KINDS)
def test_methods_agree_under_the_rule_at_length(acyclic: bool, lots: bool) -> None:
    """The same on a hundred more."""
    assert sum(agree(seed, acyclic, lots) for seed in range(100, 200)) >= 10
