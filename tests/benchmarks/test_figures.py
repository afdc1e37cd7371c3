"""Figures of the benchmarks are drawn from result files, and only from what counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.figures import KINDS, _points, _ratios
from benchmarks.tables import Reference, Row, append_row

pytest.importorskip("matplotlib")


def row(instance: str, method: str, objective: float | None, violations: int = 0) -> Row:
    """A solve of ten seconds."""
    return Row(instance, method, 10.0, 0, 2, "feasible", "time", objective, 90.0, 10.0, 0.5, 99.0,
               violations, 0.1, "x=1", "")  # fmt: skip


def test_a_solution_that_breaks_a_row_counts_as_none() -> None:
    """Objectives by method in the order of the instances."""
    rows = [row("b", "one", 110.0), row("a", "one", 100.0), row("a", "two", 99.0, violations=1)]
    assert _ratios(rows) == {"one": [100.0, 110.0], "two": [None, None]}


def test_gaps_are_in_percent() -> None:
    """(110 - 100) / 100 is 10 %; an instance without a reference has no mark."""
    known = {"a": Reference(100.0, "optimal")}
    assert dict(_points([row("a", "one", 110.0), row("b", "one", 1.0)], known)) == {
        "one": [(10.0, pytest.approx(10.0))]
    }


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_drawn_beside_the_results(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page gets a picture that is there; without results it says so."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    known = {"a": Reference(100.0, "optimal")}
    assert report.content(f"mine {kind}", known, []) == "No results yet in `results/mine.csv`."
    trace = [(1.0, 120.0, 50.0), (5.0, 110.0, 90.0)]
    for method, objective in (("columns", 110.0), ("arc-mip:highs", 105.0)):
        append_row(tmp_path / "mine.csv", row("a", method, objective), trace)
    text = report.content(f"mine {kind}", known, [])
    assert f"(results/mine-{kind}.svg)" in text
    drawn = (tmp_path / f"mine-{kind}.svg").read_text(encoding="utf-8")
    assert "<svg" in drawn
