"""The routing benchmark on a folder of one small instance."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.vrp import Row, append_row, cases, measure, read_rows, table
from solvers.options import Options
from tests.solvers.vrp.files import LILIM, SOLOMON

QUICK = Options(time_limit_seconds=1.0)


def folder(tmp_path: Path) -> Path:
    """Two families of one instance each."""
    for family, text in (("solomon", SOLOMON), ("lilim", LILIM)):
        (tmp_path / family).mkdir()
        (tmp_path / family / "small.txt").write_text(text, encoding="utf-8")
        (tmp_path / family / "unknown.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_gap_is_taken_in_the_units_of_the_source(tmp_path: Path) -> None:
    """12.8 found against 10 known: 28 %; the instance without a reference is left out."""
    found = list(cases(folder(tmp_path), "solomon", {"Solomon_small": "10"}))
    assert [name for name, _, _ in found] == ["small"]
    row = measure("solomon", found[0], "enumeration", QUICK)
    assert (row.vehicles, row.distance) == (2, 12.8)
    assert row.gap == pytest.approx(0.28)


def test_vehicles_count_first_for_pickup_and_delivery(tmp_path: Path) -> None:
    """One vehicle is found: equal vehicles compare distance, else the vehicles are the gap."""
    root = folder(tmp_path)
    (case,) = cases(root, "lilim", {"LiLim_100_small": "1/10.0"})
    assert measure("lilim", case, "enumeration", QUICK).gap == pytest.approx(0.002, abs=1e-4)
    (case,) = cases(root, "lilim", {"LiLim_100_small": "2/10.0"})
    assert measure("lilim", case, "enumeration", QUICK).gap == pytest.approx(-0.5)


def test_results_are_appended_read_back_and_summed_up(tmp_path: Path) -> None:
    """Two rows of one method: the mean of 1 % and 3 %, the worst 3 %."""
    path = tmp_path / "results" / "vrp.csv"
    rows = [
        Row("solomon", name, "pyvrp", 60.0, 60.0, 9.0, 0.0, 0, "pyvrp 1", 10, 101.0, 0, 100.0, gap)
        for name, gap in (("a", 0.01), ("b", 0.03))
    ]
    assert read_rows(path) == []
    for row in rows:
        append_row(path, row)
    assert read_rows(path) == rows
    assert "| solomon | pyvrp | 2 | 0 | 2.00% | 3.00% | 9.0 |" in table(rows)
