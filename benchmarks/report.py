"""Rewrite the tables of ``benchmarks/README.md`` from the result files.

    python -m benchmarks.report

A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``; NAME is ``FILE summary``,
``FILE instances``, ``FILE rivals``, ``backends``, ``routes``, ``scaling``, ``vrp summary`` or
``vrp instances``, FILE a result file without suffix. Everything else in the README is left alone.
``--instances`` names the folder whose ``bestknown.csv`` gaps are measured against.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean
from typing import TypeAlias

from benchmarks import scaling, vrp
from benchmarks.figures import CAPTIONS, KINDS, draw
from benchmarks.mcnd import DEFAULT_FOLDER, GENERAL, OURS
from benchmarks.measures import gap_to, primal_integral, proved_gap, time_to, time_to_best
from benchmarks.tables import (
    RESULTS,
    Reference,
    Row,
    Trace,
    read_best_known,
    read_rows,
    read_traces,
    with_ours,
)

NO_SCALING = "No results yet: run `python -m benchmarks.scaling`."
README = Path(__file__).parent / "README.md"
_MARK = re.compile(r"(<!-- table: (?P<name>[^>]*?) -->\n).*?(<!-- end -->)", re.DOTALL)
Traces: TypeAlias = "dict[tuple[object, ...], Trace]"


def percent(value: float | None, digits: int = 2) -> str:
    """A share as a percentage, a dash where unknown."""
    return "–" if value is None else f"{100 * value:z.{digits}f}"


def seconds(value: float | None) -> str:
    """Seconds with one decimal, a dash where unknown."""
    return "–" if value is None else f"{value:.1f}"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table, first column left, the others right."""
    rule = [":---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *lines])


class Study:
    """Rows (the last of each solve), traces and references of one result file."""

    def __init__(self, name: str, known: dict[str, Reference], every: Sequence[Row]) -> None:
        path = RESULTS / f"{name}.csv"
        self.rows = list({row.key: row for row in read_rows(path)}.values())
        self.traces: Traces = dict(read_traces(path))
        self.reference = with_ours(known, [*every, *self.rows])
        order = (*OURS, *GENERAL)
        present = {row.method for row in self.rows}
        self.methods = sorted(present, key=lambda m: order.index(m) if m in order else len(order))
        self.instances = sorted({row.instance for row in self.rows})

    def row(self, instance: str, method: str) -> Row | None:
        """The row of a pair, the last one when several seeds were run."""
        found = [r for r in self.rows if (r.instance, r.method) == (instance, method)]
        return found[-1] if found else None

    def best_value(self, instance: str) -> float | None:
        """Value that gaps of an instance are measured against."""
        known = self.reference.get(instance)
        return known.value if known else None

    def summary(self) -> str:
        """One line per method."""
        head = ("method", "solved", "mean gap %", "worst gap %", "mean proved %", "worst proved %",
                "to best s", "to 1 % s (reached)", "primal integral %", "peak MB")  # fmt: skip
        return table(head, [self._method(method) for method in self.methods]) + self._confession()

    def _confession(self) -> str:
        """Say when other programs took more than a tenth of the time of some solves."""
        shared = sum((row.others_seconds or 0.0) > 0.1 * row.seconds + 1.0 for row in self.rows)
        if not shared:
            return ""
        return (
            f"\n\n{shared} of {len(self.rows)} solves shared the machine with other programs that "
            "took more than a tenth of their time."
        )

    def _method(self, method: str) -> list[str]:
        rows = [row for row in self.rows if row.method == method]
        gaps = _known(gap_to(r.objective, self.best_value(r.instance)) for r in rows)
        proved = _known(proved_gap(r.objective, r.bound) for r in rows)
        traces = [(r, self.traces.get(r.key, [])) for r in rows]
        best = _known(time_to_best(trace) for _, trace in traces)
        near = _known(self._time_to_near(r, trace) for r, trace in traces)
        areas = _known(
            primal_integral(trace, self.best_value(r.instance), r.time_limit_seconds)
            for r, trace in traces
        )
        solved = sum(row.objective is not None and not row.violations for row in rows)
        return [
            method, f"{solved}/{len(rows)}", percent(_mean(gaps)), percent(max(gaps, default=None)),
            percent(_mean(proved)), percent(max(proved, default=None)), seconds(_mean(best)),
            f"{seconds(_mean(near))} ({len(near)})", percent(_mean(areas)),
            f"{max((row.peak_mb for row in rows), default=0):.0f}",
        ]  # fmt: skip

    def _time_to_near(self, row: Row, trace: Trace) -> float | None:
        best = self.best_value(row.instance)
        return None if best is None else time_to(trace, best + 0.01 * abs(best))

    def figure(self, file: str, kind: str) -> str:
        """Draw a figure beside the results; its place in the page."""
        path = RESULTS / f"{file}-{kind}.svg"
        if not draw(kind, self.rows, self.traces, self.reference, path):
            return f"Nothing to draw yet in `results/{file}.csv`."
        return f"![{CAPTIONS[kind]}](results/{path.name})\n\n{CAPTIONS[kind]}."

    def per_instance(self) -> str:
        """Gap to the reference for every pair, own proved gap in brackets."""
        head = ("instance", "reference", *self.methods)
        return table(head, [self._instance(name) for name in self.instances])

    def _instance(self, name: str) -> list[str]:
        known = self.reference.get(name)
        cells = [name, "–" if known is None else f"{known.value:.0f} {known.status}"]
        for method in self.methods:
            row = self.row(name, method)
            cells.append(" " if row is None else self._cell(row))
        return cells

    def _cell(self, row: Row) -> str:
        if row.message:
            return "failed"
        gap = percent(gap_to(row.objective, self.best_value(row.instance)))
        own = percent(proved_gap(row.objective, row.bound))
        broken = f" ✗{row.violations}" if row.violations else ""
        return f"{gap} [{own}]{broken}"

    def rivals(self) -> str:
        """How often each method of ours is at least as good as the best general solver."""
        general = [m for m in self.methods if m in GENERAL]
        lines = [self._duel(m, general) for m in self.methods if m in OURS]
        head = ("method", "instances a general solver solved", "never worse on", "worse on")
        return table(head, lines)

    def _duel(self, method: str, general: Sequence[str]) -> list[str]:
        worse, compared = [], 0
        for name in self.instances:
            values = _known(self._value(name, other) for other in general)
            if not values:
                continue
            compared += 1
            own, best = self._value(name, method), min(values)
            if own is None or own > best + 1e-6 * max(1.0, abs(best)):
                worse.append(name)
        return [method, str(compared), str(compared - len(worse)), ", ".join(worse) or "none"]

    def _value(self, instance: str, method: str) -> float | None:
        row = self.row(instance, method)
        return None if row is None or row.violations else row.objective


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _mean(values: Sequence[float]) -> float | None:
    return mean(values) if values else None


def backends_table() -> str:
    """Build and solve times of one model in several libraries."""
    path = RESULTS / "backends.csv"
    if not path.exists():
        return "No results yet: run `python -m benchmarks.backends`."
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    head = ("model", "rows × columns", "library", "build s", "solve s", "outcome", "objective")
    return table(head, [
        [r["case"], f"{r['rows']} × {r['columns']}", r["library"],
         f"{float(r['build_seconds']):.3f}", f"{float(r['solve_seconds']):.3f}", r["outcome"],
         r["objective"] and f"{float(r['objective']):.1f}"]
        for r in rows
    ])  # fmt: skip


def routes_table() -> str:
    """How long route queries take."""
    path = RESULTS / "routes.csv"
    if not path.exists():
        return "No results yet: run `python -m benchmarks.routes`."
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    head = ("instance", "arcs", "index s", "queries", "median ms", "99 % ms", "worst ms",
            "median CPU ms", "99 % CPU ms", "answered", "mean options",
            "busy with other programs %")  # fmt: skip
    return table(head, [
        [r["instance"], r["arcs"], r["index_seconds"], r["queries"], r["median_ms"], r["p99_ms"],
         r["worst_ms"], r["median_cpu_ms"], r["p99_cpu_ms"], r["answered"], r["mean_options"],
         f"{100 * float(r['others_seconds']) / max(float(r['seconds']), 1e-9):.0f}"]
        for r in rows
    ])  # fmt: skip


def vrp_table(kind: str) -> str:
    """Gaps of vehicle routing by family, or by instance."""
    rows = vrp.read_rows(vrp.RESULTS)
    if not rows:
        return f"No results yet in `results/{vrp.RESULTS.name}`."
    return vrp.table(rows) if kind == "summary" else vrp.per_instance(rows)


def content(name: str, known: dict[str, Reference], every: Sequence[Row]) -> str:
    """The table of a name."""
    if name == "backends":
        return backends_table()
    if name == "routes":
        return routes_table()
    if name == "scaling":
        lines = scaling.read()
        return table(scaling.HEAD, scaling.table_rows(lines)) if lines else NO_SCALING
    if name.startswith("vrp "):
        return vrp_table(name.removeprefix("vrp "))
    file, _, kind = name.partition(" ")
    study = Study(file, known, every)
    if not study.rows:
        return f"No results yet in `results/{file}.csv`."
    if kind in KINDS:
        return study.figure(file, kind)
    kinds = {
        "summary": study.summary, "instances": study.per_instance, "rivals": study.rivals,
    }  # fmt: skip
    if kind not in kinds:
        sys.exit(
            f"{README.name}: table '{name}' is unknown. Use FILE and one of "
            f"{', '.join([*kinds, *KINDS])}."
        )
    return kinds[kind]()


def main() -> None:
    """Rewrite every marked table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--instances", type=Path, default=DEFAULT_FOLDER)
    asked = parser.parse_args()
    known = read_best_known(asked.instances)
    if not known:
        sys.exit(f"{asked.instances}: no values in a bestknown.csv. Name its folder.")
    every = [row for path in sorted(RESULTS.glob("mcnd-*.csv")) for row in read_rows(path)]
    text = README.read_text(encoding="utf-8")

    def fill(mark: re.Match[str]) -> str:
        return f"{mark[1]}{content(mark['name'], known, every)}\n{mark[3]}"

    README.write_text(_MARK.sub(fill, text), encoding="utf-8")
    print(f"{README.name}: {len(_MARK.findall(text))} tables written.")


if __name__ == "__main__":
    main()
