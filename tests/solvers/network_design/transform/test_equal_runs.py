"""Designs tied by label: same value as stating the ties by hand, solutions carried back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.arrays import Ragged
from solvers.network_design.exact.columns import ColumnGeneration
from solvers.network_design.relaxation.column_pool import Pool
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.verify import verify
from solvers.network_design.transform.equal_runs import tied, untied
from solvers.options import Options


def two_weeks(demand: tuple[float, float]) -> NetworkDesign:
    """One train a week over one arc each: fixed cost 10, 6 units; leaving one behind costs 4.

    Week w has nodes 2w → 2w+1 and a commodity of ``demand[w]`` units.
    """
    nothing = np.zeros(2)
    return NetworkDesign(
        nodes=4,
        tail=np.array([0, 2]), head=np.array([1, 3]), cost=np.ones(2),
        attribute=np.zeros((0, 2)), rate=np.zeros((0, 2)),
        group=np.zeros(2, dtype=np.int64), design=np.array([0, 1]),
        demand=np.array(demand, dtype=float), origin=np.array([0, 2]),
        exits=Ragged.of([[0], [1]]), exit_node=np.array([1, 3]), exit_cost=nothing,
        unserved_cost=np.full(2, 4.0), lot=nothing,
        allowed=np.full(2, np.iinfo(np.uint64).max, dtype=np.uint64), load=np.ones((1, 2)),
        fixed_cost=np.full(2, 10.0), y_min=np.zeros(2, dtype=np.int64),
        y_max=np.ones(2, dtype=np.int64), row_arcs=Ragged.of([[0], [1]]),
        row_dim=np.zeros(2, dtype=np.int64), row_limit=np.full(2, 6.0),
        row_design=np.array([0, 1]), row_floor=np.zeros(2, dtype=np.bool_),
    )  # fmt: skip


def cost(problem: NetworkDesign) -> float:
    """Optimal objective."""
    found = ColumnGeneration().solve(problem, Options(gap=0.0, threads=1))
    assert found.objective is not None
    return found.objective


def test_a_train_of_every_week_is_paid_every_week() -> None:
    """Demands 6 and 1: free, the first week runs (10 + 6) and 1 stays behind (4): 20.

    Tied, both run: 2·10 + 7 = 27, or none: 7·4 = 28.
    """
    problem = two_weeks((6, 1))
    label = np.array([0, 0])
    assert cost(problem) == pytest.approx(20)
    both = tied(problem, label)
    assert both.check() == []
    assert both.designs == 1
    assert cost(both) == pytest.approx(27)
    found = ColumnGeneration().solve(both, Options(gap=0.0, threads=1))
    assert found.solution is not None
    spread = untied(found.solution, label)
    assert spread.y.tolist() == [1, 1]
    checked = verify(problem, spread)
    assert checked.feasible
    assert checked.objective == pytest.approx(27)


def test_ties_that_do_not_pay_run_nothing() -> None:
    """Demands 4 and 1: together 20 + 5 = 25 against 5 · 4 = 20 left behind."""
    assert cost(tied(two_weeks((4, 1)), np.array([0, 0]))) == pytest.approx(20)


def test_labels_with_gaps_or_of_wrong_length_are_refused() -> None:
    """The message tells what labels are expected."""
    with pytest.raises(ValueError, match=r"every one of 2 designs a label from 0 on"):
        tied(two_weeks((1, 1)), np.array([0, 2]))
    with pytest.raises(ValueError, match=r"label has shape \(1,\)"):
        tied(two_weeks((1, 1)), np.array([0]))


def test_designs_without_a_common_range_cannot_be_tied() -> None:
    """One must run, the other must not."""
    problem = replace(two_weeks((1, 1)), y_min=np.array([1, 0]), y_max=np.array([1, 0]))
    with pytest.raises(ValueError, match="labelled 0 run at least 1 and at most 0 times"):
        tied(problem, np.array([0, 0]))


def test_a_pool_carries_itineraries_and_changes_no_value() -> None:
    """The second solve starts with the paths of the first; closed designs take none along."""
    pool = Pool()
    problem = two_weeks((6, 3))
    alone = cost(problem)
    method = ColumnGeneration(pool=pool)
    first = method.solve(problem, Options(gap=0.0, threads=1))
    assert first.objective == pytest.approx(alone)
    assert first.notes["shared_paths"] == 0
    assert len(pool.paths) == 2
    again = method.solve(problem, Options(gap=0.0, threads=1))
    assert again.objective == pytest.approx(alone)
    one = replace(problem, demand=np.array([6.0, 0.0]), y_max=np.array([1, 0]))
    half = method.solve(one, Options(gap=0.0, threads=1))
    assert half.objective == pytest.approx(16)
    assert len(pool.paths) == 2
    shut = method.solve(replace(problem, y_max=np.zeros(2, dtype=np.int64)), Options(threads=1))
    assert shut.notes["shared_paths"] == 0
    assert shut.objective == pytest.approx(9 * 4)
