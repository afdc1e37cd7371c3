"""Figures of merit, result files and tables of the benchmarks, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.contention import Contention
from benchmarks.measures import (
    gap_to,
    incumbents,
    primal_integral,
    proved_gap,
    time_to,
    time_to_best,
)
from benchmarks.one import Case, solve
from benchmarks.tables import (
    Reference,
    Row,
    append_row,
    read_best_known,
    read_rows,
    read_traces,
    with_ours,
)
from solvers.network_design.instances.dow import write_dow
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge

TRACE = [(1.0, None, 50.0), (2.0, 200.0, 50.0), (6.0, 100.0, 80.0), (7.0, 150.0, 90.0)]


def row(method: str, objective: float | None, violations: int = 0) -> Row:
    """A row of instance a."""
    return Row("a", method, 10.0, 0, 2, "feasible", "time", objective, 90.0, 10.0, 0.5, 99.0,
               violations, 0.1, "x=1", "")  # fmt: skip


def test_gaps() -> None:
    """(110 - 100) / 100 to the reference, (110 - 99) / 110 proved, minus when beaten."""
    assert gap_to(110.0, 100.0) == pytest.approx(0.1)
    assert gap_to(95.0, 100.0) == pytest.approx(-0.05)
    assert gap_to(None, 100.0) is None
    assert proved_gap(110.0, 99.0) == pytest.approx(0.1)
    assert proved_gap(110.0, None) is None


def test_times_count_improvements_only() -> None:
    """The value 150 at the end is no improvement on 100."""
    assert incumbents(TRACE) == [(2.0, 200.0), (6.0, 100.0)]
    assert time_to(TRACE, 200.0) == 2.0
    assert time_to(TRACE, 99.0) is None
    assert time_to_best(TRACE) == 6.0
    assert time_to_best([(1.0, None, 3.0)]) is None


def test_primal_integral_by_hand() -> None:
    """Gap 1 for 2 s, (200 - 100) / 200 for 4 s, 0 for 4 s, over 10 s: (2 + 2) / 10."""
    assert primal_integral(TRACE, 100.0, 10.0) == pytest.approx(0.4)
    assert primal_integral([], 100.0, 10.0) == 1.0
    assert primal_integral(TRACE, None, 10.0) is None


def test_rows_and_traces_survive_the_file(tmp_path: Path) -> None:
    """What was appended is read back; unknown stays unknown."""
    path = tmp_path / "mcnd-10s.csv"
    for one in (row("columns", 100.0), row("arc-mip:cbc", None)):
        append_row(path, one, TRACE)
    assert read_rows(path) == [row("columns", 100.0), row("arc-mip:cbc", None)]
    assert read_traces(path)[row("columns", None).key] == TRACE
    assert read_rows(tmp_path / "none.csv") == []


def test_references_are_known_or_ours(tmp_path: Path) -> None:
    """A value at hand wins; else the best feasible row counts, marked as ours."""
    (tmp_path / "bestknown.csv").write_text(
        "instance,nodes_arcs_commodities_cost_capacity,best_known,status,source\n"
        'b,"1,1,1,V,L",70,optimal,x\nc,"1,1,1,V,L",,unknown,x\n'
    )
    known = read_best_known(tmp_path)
    assert known == {"b": Reference(70.0, "optimal")}
    ours = with_ours(known, [row("x", 120.0), row("y", 110.0), row("z", 90.0, violations=1)])
    assert ours["a"] == Reference(110.0, "ours")


def test_tables_say_who_is_worse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns with 105 lose to HiGHS with 100, whose invalid rival with 90 does not count."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    for one in (row("columns", 105.0), row("arc-mip:highs", 100.0), row("arc-mip:scip", 90.0, 3)):
        append_row(tmp_path / "mcnd-10s.csv", one, TRACE)
    rivals = report.content("mcnd-10s rivals", {}, [])
    assert "| columns | 1 | 0 | a |" in rivals
    instances = report.content("mcnd-10s instances", {}, [])
    assert "| a | 100 ours | 5.00 [14.29] | 0.00 [10.00] | -10.00 [0.00] ✗3 |" in instances
    assert "| columns | 1/1 | 5.00 | 5.00 |" in report.content("mcnd-10s summary", {}, [])
    assert "No results yet" in report.content("other summary", {}, [])


def test_one_case_runs_from_file_to_record(tmp_path: Path) -> None:
    """A small instance is warmed up for, solved, verified and recorded, by CP-SAT without bound."""
    made = random_fixed_charge(3, FixedChargeShape(8, 24, 6))
    write_dow(made.problem(), tmp_path / "small.dow")
    found = {
        method: solve(Case(str(tmp_path / "small.dow"), method, 20.0, 0, 2))
        for method in ("arc-mip:highs", "arc-mip:cp-sat")
    }
    exact, whole = found.values()
    assert exact.outcome == "optimal"
    assert (exact.violations, whole.violations) == (0, 0)
    assert whole.bound is None
    assert exact.objective is not None
    assert whole.objective is not None
    assert whole.objective >= exact.objective - 1e-6
    assert exact.trace[-1][1] == exact.objective


def test_contention_is_not_negative() -> None:
    """Own work does not count as that of others."""
    watch = Contention()
    sum(i * i for i in range(10**6))
    others = watch.others_seconds()
    assert others is None or 0.0 <= others < 60.0


def test_a_busy_machine_is_confessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others took 3 of 10 seconds in one of two rows."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    append_row(tmp_path / "mcnd-10s.csv", row("columns", 105.0), TRACE)
    append_row(
        tmp_path / "mcnd-10s.csv", replace(row("matheuristic", 99.0), others_seconds=3.0), TRACE
    )
    assert "1 of 2 solves shared the machine" in report.content("mcnd-10s summary", {}, [])
