"""Random instances: repeatable, sound, and with the character asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge
from solvers.network_design.instances.random import random_design
from solvers.options import Options
from solvers.outcome import Outcome
from tests.solvers.network_design.checks import SHAPES


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**31), shape=st.sampled_from(sorted(SHAPES)))
def test_small_instances_are_sound_and_repeatable(seed: int, shape: str) -> None:
    """The statement holds no contradiction and the seed decides everything."""
    problem, again = (random_design(seed, SHAPES[shape]) for _ in range(2))
    assert problem.check() == []
    assert np.array_equal(problem.row_limit, again.row_limit)
    assert np.array_equal(problem.head, again.head)
    if SHAPES[shape].acyclic:
        assert (problem.head > problem.tail).all()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**31), fixed=st.sampled_from([0.2, 1.0, 8.0]),
    tight=st.sampled_from([2.0, 9.0]),
)  # fmt: skip
def test_fixed_charge_ratios_are_met(seed: int, fixed: float, tight: float) -> None:
    """F = |K| Σf / (Σq Σc) and C = |A| Σq / Σu come out within rounding."""
    made = random_fixed_charge(seed, FixedChargeShape(12, 60, 30, fixed, tight))
    assert made.problem().check() == []
    got = 30 * made.fixed_cost.sum() / (made.demand.sum() * made.variable_cost.sum())
    assert got == pytest.approx(fixed, rel=0.1)
    # Capacities are only ever raised, so the instance is at most as tight as asked.
    assert 60 * made.demand.sum() / made.capacity.sum() <= tight * 1.02


def test_fixed_charge_graphs_are_simple() -> None:
    """No parallel arcs, no loops, the number of arcs asked for."""
    made = random_fixed_charge(3, FixedChargeShape(15, 100, 10))
    assert len(set(zip(made.tail.tolist(), made.head.tolist(), strict=True))) == 100
    assert (made.tail != made.head).all()
    assert (made.origin != made.destination).all()


def test_tight_instances_stay_feasible() -> None:
    """With every design running the relaxation has a solution, though capacity is scarce."""
    made = random_fixed_charge(4, FixedChargeShape(10, 40, 20, 0.2, 19.0))
    result = ArcFlow().solve(made.problem(), Options(time_limit_seconds=20.0, gap=0.05))
    assert result.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [((5, 4, 3), "4 arcs do not fit 5 nodes. Use 5..20."), ((5, 21, 3), "21 arcs do not fit")],
)
def test_impossible_graphs_are_refused(sizes: tuple[int, int, int], message: str) -> None:
    """The message says how many arcs are possible."""
    with pytest.raises(ValueError, match=message):
        FixedChargeShape(*sizes)
