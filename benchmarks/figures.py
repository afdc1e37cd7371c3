"""Figures of one result file: how methods compare, how they close in, what quality costs.

Drawn by :mod:`freight.report.figures` as SVG into ``benchmarks/results``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

from benchmarks.measures import gap_to
from benchmarks.tables import Reference, Row, Trace
from freight.report.figures import pareto, performance_profile, primal_dual

KINDS = ("profile", "curves", "front")
CAPTIONS = {
    "profile": "Share of instances on which a method comes within a factor of the best objective",
    "curves": "Objective (solid) and bound (dashed) over time on the open instance with most steps",
    "front": "Gap to the reference against seconds, a mark a solve",
}
Traces = Mapping[tuple[object, ...], Trace]


def draw(
    kind: str, rows: Sequence[Row], traces: Traces, known: Mapping[str, Reference], path: Path
) -> bool:
    """Draw one kind of figure; whether the rows hold anything to draw."""
    if kind == "profile":
        ratios = _ratios(rows)
        if not any(value for values in ratios.values() for value in values):
            return False
        performance_profile(ratios, path, label="objective")
    elif kind == "curves":
        curves = _curves(rows, traces)
        if not curves:
            return False
        primal_dual(curves, path)
    else:
        points = dict(_points(rows, known))
        if not points:
            return False
        pareto(points, ("seconds", "gap to the reference, %"), path, scale="symlog")
    return True


def _ratios(rows: Sequence[Row]) -> dict[str, list[float | None]]:
    """Objectives by method in the order of the instances; None where there is none that counts."""
    found = {
        (row.method, row.instance): row.objective
        for row in rows
        if row.objective is not None and row.objective > 0 and not row.violations
    }
    instances = sorted({row.instance for row in rows})
    methods = dict.fromkeys(row.method for row in rows)
    return {one: [found.get((one, name)) for name in instances] for one in methods}


def _curves(rows: Sequence[Row], traces: Traces) -> dict[str, Trace]:
    """Traces by method of the instance that tells most: many steps, and not soon over."""
    steps: dict[str, list[int]] = {}
    for row in rows:
        many = 0 if row.outcome == "optimal" else len(traces.get(row.key, ()))
        steps.setdefault(row.instance, []).append(many)
    if not steps:
        return {}
    shown = max(sorted(steps), key=lambda name: mean(steps[name]))
    return {
        row.method: _counting(row, traces[row.key])
        for row in rows
        if row.instance == shown and traces.get(row.key)
    }


def _counting(row: Row, trace: Trace) -> Trace:
    """The trace without its bounds where the method's bound does not count."""
    if row.bound is not None:
        return trace
    return [(seconds, objective, None) for seconds, objective, _ in trace]


def _points(
    rows: Sequence[Row], known: Mapping[str, Reference]
) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Seconds and gap in percent of every solve, by method."""
    for method in dict.fromkeys(row.method for row in rows):
        own = [row for row in rows if row.method == method and row.instance in known]
        gaps = [(row.seconds, gap_to(row.objective, known[row.instance].value)) for row in own]
        points = [(seconds, 100 * gap) for seconds, gap in gaps if gap is not None]
        if points:
            yield method, points
