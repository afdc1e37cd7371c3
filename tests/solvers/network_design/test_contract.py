"""Every method with every installed backend keeps the contract of ``checks``."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.network_design.registry import METHODS, method_class
from solvers.options import Options
from solvers.outcome import SolverFailed, SolverUnavailable
from tests.solvers.network_design import checks

CANDIDATES = checks.candidates()
EVERY = pytest.mark.parametrize("candidate", CANDIDATES, ids=[c.label for c in CANDIDATES])
SHAPES_AND_SEEDS = st.tuples(st.sampled_from(sorted(checks.SHAPES)), st.integers(0, 10_000))


@EVERY
@pytest.mark.parametrize("check", checks.CHECKS)
def test_contract(candidate: checks.Candidate, check: str) -> None:
    """The candidate passes the check."""
    checks.CHECKS[check](candidate)


@EVERY
@settings(
    max_examples=22,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(drawn=SHAPES_AND_SEEDS)
def test_agreement(candidate: checks.Candidate, drawn: tuple[str, int]) -> None:
    """On random instances of every shape all exact answers are the same to 1e-6."""
    checks.agrees(candidate, *drawn)


@EVERY
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(drawn=st.tuples(st.sampled_from(["units", "whole", "timed lots"]), st.integers(0, 10_000)))
def test_agreement_in_lots(candidate: checks.Candidate, drawn: tuple[str, int]) -> None:
    """Whole and unit lots agree too, where CP-SAT can take part."""
    checks.agrees(candidate, *drawn)


@pytest.mark.slow
@EVERY
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=SHAPES_AND_SEEDS)
def test_agreement_at_length(candidate: checks.Candidate, drawn: tuple[str, int]) -> None:
    """The same on fresh random instances, many more of them."""
    checks.agrees(candidate, *drawn)


@EVERY
def test_nothing_is_printed(candidate: checks.Candidate, capfd: pytest.CaptureFixture[str]) -> None:
    """Standard output stays clean, banner included."""
    candidate.solve(checks.two_routes(lot=1.0))
    assert capfd.readouterr().out == ""


@EVERY
def test_unsound_problem_is_refused(candidate: checks.Candidate) -> None:
    """A contradiction in the arrays is named before anything is solved."""
    problem = dataclasses.replace(checks.two_routes(lot=1.0), head=np.array([2, 1, 9]))
    with pytest.raises(SolverFailed, match=r"head holds values outside 0\.\.2\."):
        candidate.solve(problem, Options())


def test_unknown_method_names_the_known_ones() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(
        SolverUnavailable, match=r"Method 'simplex' is unknown. Choose one of arc-m"
    ):
        method_class("simplex")


@pytest.mark.parametrize("name", METHODS)
def test_every_method_of_the_table_has_candidates(name: str) -> None:
    """No method escapes the contract."""
    assert name in {candidate.method for candidate in CANDIDATES}
    assert method_class(name).name == name
