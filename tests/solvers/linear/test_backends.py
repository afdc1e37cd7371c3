"""Backends: one model, one answer, whichever library solves it."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from solvers.linear import backends
from solvers.linear.backends import BACKENDS, backend, traits_of, unavailable
from solvers.linear.backends.cp_sat import progress as cp_sat_progress
from solvers.linear.backends.cp_sat import scaled
from solvers.linear.backends.recording import Recorder
from solvers.linear.backends.scip import progress as scip_progress
from solvers.linear.model import LinearModel
from solvers.network_design.compact.model import build
from solvers.options import Cancel, Options
from solvers.outcome import Outcome, SolverFailed, SolverUnavailable, Stop
from tests.solvers.linear.cases import knapsack
from tests.solvers.network_design.checks import Ear, instance, reference

EXACT = Options(gap=0.0)
MIP = [name for name in BACKENDS if backend(name).traits.integer]
LP = [name for name in BACKENDS if backend(name).traits.continuous]
DUALS = [name for name in BACKENDS if backend(name).traits.lp_duals]


def random_model(seed: int, *, whole: bool) -> LinearModel:
    """A feasible bounded model of 8 columns and 5 rows (≤, ≥, = and a range) with whole data."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-3, 6, (5, 8)).astype(float)
    inside = rng.integers(0, 5, 8).astype(float)
    activity = matrix @ inside
    lower = activity - np.array([np.inf, 2, 0, 3, np.inf])
    upper = activity + np.array([2, np.inf, 0, 1, 4])
    return LinearModel(
        cost=rng.integers(-9, 10, 8).astype(float), matrix=sparse.csc_array(matrix),
        row_lower=lower, row_upper=upper, col_lower=np.zeros(8), col_upper=np.full(8, 6.0),
        integral=np.full(8, whole), offset=float(rng.integers(-5, 6)),
    )  # fmt: skip


def hard(seed: int = 0) -> LinearModel:
    """A multidimensional knapsack that no backend closes within seconds."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(5, 100, (30, 120)).astype(float)
    return LinearModel(
        cost=-(weight.sum(axis=0) + rng.integers(1, 60, 120)), matrix=sparse.csc_array(weight),
        row_lower=np.full(30, -np.inf), row_upper=np.floor(weight.sum(axis=1) / 2),
        col_lower=np.zeros(120), col_upper=np.ones(120), integral=np.ones(120, dtype=bool),
    )  # fmt: skip


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_whole_models_agree(seed: int) -> None:
    """All MIP backends find the same optimum, state it as their bound and break no row."""
    model = random_model(seed, whole=True)
    best = backend("highs").solve(model, EXACT).objective
    for name in MIP:
        found = backend(name).solve(model, EXACT)
        assert found.outcome is Outcome.OPTIMAL, name
        assert found.objective == pytest.approx(best, abs=1e-6), name
        assert found.bound == pytest.approx(best, abs=2e-3), name
        assert found.values is not None
        assert model.violated_rows(found.values) == []
        assert model.violated_columns(found.values) == []


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_linear_programs_agree(seed: int) -> None:
    """All LP backends find the same optimum; their duals prove it."""
    model = random_model(seed, whole=False)
    best = backend("highs").solve(model, EXACT).objective
    for name in LP:
        found = backend(name).solve(model, EXACT)
        assert found.outcome is Outcome.OPTIMAL, name
        assert found.objective == pytest.approx(best, abs=1e-5), name
        assert (found.row_duals is not None) == backend(name).traits.lp_duals, name
        if found.row_duals is not None:
            assert dual_value(model, found.row_duals) == pytest.approx(best, abs=1e-4), name


def dual_value(model: LinearModel, duals: np.ndarray) -> float:
    """Bound that row duals prove: offset + Σ rows at their limit + Σ columns at theirs."""
    low = np.where(np.isfinite(model.row_lower), model.row_lower, 0.0)
    high = np.where(np.isfinite(model.row_upper), model.row_upper, 0.0)
    noise = np.abs(duals) < 1e-6
    assert (noise | (duals < 0) | np.isfinite(model.row_lower)).all()
    assert (noise | (duals > 0) | np.isfinite(model.row_upper)).all()
    reduced = model.cost - model.matrix.T @ duals
    rows = np.where(duals > 0, duals * low, duals * high).sum()
    columns = np.where(reduced > 0, reduced * model.col_lower, reduced * model.col_upper).sum()
    return float(model.offset + rows + columns)


@pytest.mark.parametrize("name", DUALS)
def test_dual_signs_are_the_same_everywhere(name: str) -> None:
    """Min 2a + 3b, a + b ≥ 4 (dual 2, one more unit costs 2), a ≤ 6 in a row (dual 0)."""
    model = LinearModel(
        cost=np.array([2.0, 3.0]), matrix=sparse.csc_array(np.array([[1.0, 1.0], [1.0, 0.0]])),
        row_lower=np.array([4.0, -np.inf]), row_upper=np.array([np.inf, 6.0]),
        col_lower=np.zeros(2), col_upper=np.full(2, 9.0), integral=np.zeros(2, dtype=bool),
    )  # fmt: skip
    found = backend(name).solve(model, EXACT)
    assert found.row_duals == pytest.approx([2.0, 0.0], abs=1e-5)
    assert found.reduced_costs == pytest.approx([0.0, 1.0], abs=1e-5)


@pytest.mark.parametrize("name", LP)
def test_mixed_or_linear_knapsack(name: str) -> None:
    """10 - 5 - 3·1.5 = 0.5; without whole columns 10 - 5 - 4.5 - 4/6 = -1/6."""
    # Room left after a and c: 4 - 2 - 1.5 = 0.5, a sixth of b: 0.5 / 3 · 4 = 2/3.
    relaxed = replace(knapsack(), integral=np.zeros(3, dtype=bool))
    found = backend(name).solve(relaxed, EXACT)
    assert found.objective == pytest.approx(0.5 - 2 / 3, abs=1e-5)
    if backend(name).traits.integer:
        mixed = backend(name).solve(knapsack(), EXACT)
        assert mixed.objective == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("name", BACKENDS)
def test_infeasible_is_infeasible(name: str) -> None:
    """Eight columns of at most 6 cannot sum to 49."""
    model = LinearModel(
        cost=np.ones(8), matrix=sparse.csc_array(np.ones((1, 8))), row_lower=np.array([49.0]),
        row_upper=np.array([np.inf]), col_lower=np.zeros(8), col_upper=np.full(8, 6.0),
        integral=np.full(8, backend(name).traits.integer),
    )  # fmt: skip
    found = backend(name).solve(model, EXACT)
    assert found.outcome is Outcome.INFEASIBLE
    assert found.values is None


@pytest.mark.parametrize("name", LP)
def test_unbounded_is_an_error(name: str) -> None:
    """Nobody holds a column that pays for itself."""
    model = replace(
        knapsack(), row_upper=np.array([np.inf]), row_lower=np.array([0.0]),
        col_upper=np.full(3, np.inf), integral=np.zeros(3, dtype=bool),
    )  # fmt: skip
    with pytest.raises(SolverFailed, match=r"bounded|Bound its columns"):
        backend(name).solve(model, EXACT)


@pytest.mark.parametrize("name", MIP)
def test_a_time_limit_keeps_the_best_and_its_bound(name: str) -> None:
    """Stopped by time: never called optimal, bound below objective."""
    found = backend(name).solve(hard(), Options(time_limit_seconds=1.0, gap=0.0))
    assert found.outcome is Outcome.FEASIBLE
    assert found.stop is Stop.TIME
    assert found.objective is not None
    assert found.bound is not None
    assert found.bound < found.objective
    assert found.seconds < 5.0


@pytest.mark.parametrize("name", MIP)
def test_a_cancel_from_another_thread_keeps_the_best(name: str) -> None:
    """Cancelled after half a second: interrupted, with values, on this thread's listener."""
    cancel, ear = Cancel(), Ear()
    threading.Timer(0.5, cancel.set).start()
    found = backend(name).solve(hard(), Options(cancel=cancel, gap=0.0, listener=ear))
    assert found.stop is Stop.INTERRUPTED
    assert found.values is not None
    assert found.seconds < 5.0
    assert ear.objectives == sorted(ear.objectives, reverse=True)
    assert len(found.trace) >= 1


@pytest.mark.parametrize("name", [n for n in MIP if backend(n).traits.warm_start])
def test_a_start_is_at_least_kept(name: str) -> None:
    """Given a good solution and less than a second, the answer is no worse."""
    model = hard(1)
    good = backend("highs").solve(model, Options(time_limit_seconds=1.0))
    assert good.objective is not None
    again = backend(name).solve(model, Options(time_limit_seconds=0.7, gap=0.0), good.values)
    assert again.objective is not None
    assert again.objective <= good.objective + 1e-6


def test_threads_may_change_within_a_process() -> None:
    """HiGHS keeps one thread count per process; asking for another one still solves."""
    for threads in (1, 2, 1):
        found = backend("highs").solve(knapsack(), Options(threads=threads))
        assert found.objective == pytest.approx(0.5)


def test_a_cutoff_row_at_the_optimum_is_no_error() -> None:
    """Asked for better than the optimum by a hair, HiGHS answers within tolerance or not at all."""
    problem = instance("runs", 47)
    best = reference("runs", 47).objective
    assert best is not None
    stated = build(problem).model
    cut = replace(
        stated,
        matrix=sparse.csc_array(
            sparse.vstack([stated.matrix, sparse.csc_array(stated.cost[None, :])])
        ),
        row_lower=np.append(stated.row_lower, -np.inf),
        row_upper=np.append(stated.row_upper, best * (1 - 1e-9)),
    )
    found = backend("highs").solve(cut, EXACT)
    assert found.objective is None or found.objective == pytest.approx(best, rel=1e-6)


def test_cp_sat_refuses_with_advice() -> None:
    """Continuous columns, open ranges, fine coefficients and huge sums are named."""
    solver, whole = backend("cp-sat"), random_model(1, whole=True)
    with pytest.raises(SolverUnavailable, match=r"column c is continuous .1 are.* Use highs, scip"):
        solver.solve(knapsack(), EXACT)
    cases = {
        "column c3 has no finite range": replace(
            whole, col_upper=np.where(np.arange(8) == 3, np.inf, 6.0)
        ),
        "row r0 has coefficients finer than 1e-6": replace(
            whole, matrix=sparse.csc_array(whole.matrix.toarray() / 3)
        ),
        "the objective has coefficients finer": replace(whole, cost=whole.cost / 7),
        "its sums may overflow": replace(whole, cost=whole.cost * 1e18),
    }
    for words, model in cases.items():
        assert words in (solver.refusal(model) or "")


def test_cp_sat_scales_on_purpose() -> None:
    """Rows in tenths and costs in hundredths become whole, sides round inwards."""
    base = random_model(3, whole=True)
    model = replace(
        base, matrix=sparse.csc_array(base.matrix.toarray() / 10), cost=base.cost / 100,
        row_lower=base.row_lower / 10 - 0.04, row_upper=base.row_upper / 10 + 0.04,
    )  # fmt: skip
    whole, scale = scaled(model)
    assert scale == 100.0
    assert np.array_equal(whole.matrix.toarray(), base.matrix.toarray())
    assert np.array_equal(whole.row_upper, base.row_upper)
    ear = Ear()
    found = backend("cp-sat").solve(model, Options(gap=0.0, listener=ear))
    assert found.objective == pytest.approx(
        backend("highs").solve(model, EXACT).objective, abs=1e-9
    )
    assert ear.objectives[-1] == pytest.approx(found.objective)
    assert ear.bounds[-1] <= ear.objectives[-1] + 1e-9


def test_a_row_that_no_whole_number_meets_is_infeasible_for_cp_sat() -> None:
    """2a = 5 has no whole solution; rounding the side inwards leaves nothing."""
    model = LinearModel(
        cost=np.ones(1), matrix=sparse.csc_array(np.array([[1.0]])), row_lower=np.array([2.5]),
        row_upper=np.array([2.5]), col_lower=np.zeros(1), col_upper=np.full(1, 9.0),
        integral=np.ones(1, dtype=bool),
    )  # fmt: skip
    assert backend("cp-sat").solve(model, EXACT).outcome is Outcome.INFEASIBLE


@pytest.mark.parametrize("name", ["glop", "pdlp"])
def test_lp_solvers_refuse_integers(name: str) -> None:
    """The message names the column and what to use."""
    with pytest.raises(SolverUnavailable, match=f"'{name}' solves linear .* column a is integer"):
        backend(name).solve(knapsack(), EXACT)


def test_cbc_refuses_a_model_without_rows() -> None:
    """Its file reader would not take one; HiGHS does."""
    model = replace(
        knapsack(), matrix=sparse.csc_array((0, 3)), row_lower=np.zeros(0), row_upper=np.zeros(0)
    )
    assert "needs at least one row" in (backend("cbc").refusal(model) or "")
    assert backend("highs").solve(model, EXACT).objective == pytest.approx(10 - 5 - 4 - 4.5)


def test_a_missing_package_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason says what to install, an unknown name says what exists."""
    monkeypatch.setattr(backends, "find_spec", lambda _: None)
    assert unavailable("scip") == ("Backend 'scip' needs the package ortools. Install it with pip.")
    with pytest.raises(SolverUnavailable, match="needs the package PuLP"):
        backend("cbc")
    with pytest.raises(SolverUnavailable, match=r"'gurobi' is unknown. Choose one of highs, scip"):
        unavailable("gurobi")


def test_traits_are_known_even_of_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend that cannot be loaded can do nothing and says why; the list still comes."""
    assert traits_of("highs").integer
    monkeypatch.setitem(sys.modules, "solvers.linear.backends.cbc", None)
    monkeypatch.setattr(backends, "find_spec", lambda _: None)
    assert not traits_of("cbc").integer
    assert "needs the package PuLP" in traits_of("cbc").summary


SCIP_LINE = (
    "d 1.2s|     1 |     0 |   433 |     - |    20M |   0 |  85 |  79 |  76 |   0 |  0 |   5 |   0 "
    "| 8.896438e+02 | 9.670000e+02 |   2.61%| unknown"
)


def test_progress_lines_are_understood() -> None:
    """SCIP's table and CP-SAT's log give incumbent and bound, SCIP's lowered by its rounding."""
    incumbent, bound = scip_progress(SCIP_LINE)
    assert incumbent == 967.0
    assert bound == pytest.approx(889.6438, abs=1e-3)
    assert bound is not None
    assert bound < 889.6438
    assert scip_progress(SCIP_LINE.replace(" 9.670000e+02 ", "      --      "))[0] is None
    assert scip_progress("presolving:") == (None, None)
    assert cp_sat_progress("#3  0.8s best:-866  next:[-891,-867] lns") == (-866.0, -891.0)
    assert cp_sat_progress("#Bound  0.3s best:inf   next:[5,90] core") == (None, 5.0)
    assert cp_sat_progress("#Done 1.0s") == (None, None)


def test_recorder_passes_on_improvements_only() -> None:
    """Worse incumbents, weaker bounds and infinities are not news."""
    ear = Ear()
    recorder = Recorder(Options(listener=ear))
    for value in (np.inf, 9.0, 10.0, 8.0):
        recorder.incumbent(value)
    for value in (-np.inf, -1e30, 1.0, 0.5, 2.0):
        recorder.proved(value)
    assert (ear.objectives, ear.bounds) == ([9.0, 8.0], [1.0, 2.0])
    assert [(p.objective, p.bound) for p in recorder.trace][-1] == (8.0, 2.0)


SCRIPT = """
import {first}, {second}, {third}
from solvers.linear.backends import BACKENDS, backend
from solvers.options import Options
from tests.solvers.linear.cases import knapsack
from dataclasses import replace
import numpy as np
for name in BACKENDS:
    mip = backend(name).traits.integer and backend(name).traits.continuous
    model = knapsack() if mip else replace(
        knapsack(), integral=np.full(3, backend(name).traits.integer),
        col_upper=np.ones(3),
    )
    assert backend(name).solve(model, Options()).objective is not None
"""


@pytest.mark.parametrize("order", list(permutations(["highspy", "ortools.math_opt", "pulp"])))
def test_libraries_share_a_process_in_any_order_and_print_nothing(order: tuple[str, ...]) -> None:
    """Each import order solves with every backend and leaves both streams empty."""
    first, second, third = order
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(first=first, second=second, third=third)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
