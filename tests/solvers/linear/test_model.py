"""The sparse model and its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest
from scipy import sparse

from solvers.linear.backends.files import write_model
from solvers.linear.backends.highs import QuietHighs
from solvers.network_design.compact.model import build
from solvers.network_design.instances.random import Shape, random_design
from solvers.outcome import SolverFailed
from tests.solvers.linear.cases import knapsack


def test_value_includes_the_offset() -> None:
    """10 - 5 - 4.5."""
    assert knapsack().value(np.array([1.0, 0.0, 1.5])) == 0.5


def test_violated_rows_are_named_with_their_amount() -> None:
    """2 + 3 + 1.5 = 6.5 in a room of 4."""
    [breach] = knapsack().violated_rows(np.array([1.0, 1.0, 1.5]))
    assert (breach.name, breach.value, breach.upper, breach.amount) == ("room", 6.5, 4.0, 2.5)
    assert knapsack().violated_rows(np.array([1.0, 0.0, 1.5])) == []


def test_violated_columns_are_ranges_and_fractions() -> None:
    """C above 1.5, b half."""
    found = knapsack().violated_columns(np.array([0.0, 0.5, 2.0]))
    assert [(one.name, one.amount) for one in found] == [("c", 0.5), ("b", 0.5)]


def test_tolerance_is_relative_to_the_limit() -> None:
    """An excess of 1e-4 over a million is noise."""
    model = replace(knapsack(), row_upper=np.array([1e6]))
    values = np.array([5e5, 0.0, 1e-4])
    assert model.violated_rows(values) == []
    assert len(model.violated_rows(values, 1e-12)) == 1


def test_arrays_that_do_not_fit_are_all_named() -> None:
    """Two faults in one message."""
    with pytest.raises(ValueError, match=r"cost has shape \(2,\), expected \(3,\)\. row_lower hol"):
        replace(knapsack(), cost=np.zeros(2), row_lower=np.array([np.nan]))
    with pytest.raises(ValueError, match="matrix holds values that are not finite"):
        replace(knapsack(), matrix=sparse.csc_array(np.array([[np.inf, 3.0, 1.0]])))


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_files_read_back_as_the_same_model(tmp_path: Path, suffix: str) -> None:
    """Names, ranges and the optimum survive; nothing else is left in the folder."""
    write_model(knapsack(), tmp_path / f"model{suffix}")
    again = QuietHighs()  # type: ignore[no-untyped-call]
    assert again.readModel(str(tmp_path / f"model{suffix}")) == highspy.HighsStatus.kOk
    again.run()
    assert again.getObjectiveValue() == pytest.approx(0.5)
    assert [again.getColName(j)[1] for j in range(3)] == ["a", "b", "c"]
    assert len(list(tmp_path.iterdir())) == 1


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    """The message names the suffixes that work."""
    with pytest.raises(SolverFailed, match=r"model.txt: suffix '.txt' is not known. Use .mps or"):
        write_model(knapsack(), tmp_path / "model.txt")
    assert not list(tmp_path.iterdir())


def test_columns_of_the_arc_model_are_named_by_what_they_mean(tmp_path: Path) -> None:
    """X by commodity and arc, e by exit, z unserved, y runs; the LP file carries them."""
    model = build(random_design(0, Shape(exits=2))).model
    names = [model.column_name(j) for j in range(model.columns)]
    assert len(set(names)) == len(names)
    assert {name[0] for name in names} == set("xezy")
    write_model(model, tmp_path / "arc.lp")
    assert names[0] in (tmp_path / "arc.lp").read_text()
