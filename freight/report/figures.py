"""Figures for papers, as vector PDF or SVG by matplotlib: profiles, primal–dual curves, fronts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from freight.domain.plan import Plan
from freight.errors import Fault, InstanceError
from freight.packages import needed

SIZE_INCHES = (5.2, 3.4)
FORMATS = (".pdf", ".svg", ".png")


def performance_profile(
    ratios: Mapping[str, Sequence[float | None]], path: Path, *, label: str = "time"
) -> None:
    """Performance profile of Dolan and Moré (2002, doi 10.1007/s101070100263).

    ``ratios[m][p]`` is what method m needs on problem p (time, gap + 1, …; None: not solved), all
    positive. With r[m, p] = t[m, p] / min over m of t[m, p], drawn is the share of problems with
    r[m, p] ≤ τ. Raises InstanceError for another suffix, ValueError without a problem.
    """
    table = np.array(
        [[np.inf if one is None else float(one) for one in row] for row in ratios.values()]
    )
    if table.size == 0 or not np.isfinite(table).any():
        raise ValueError("There is no solved problem to compare.")
    best = table.min(axis=0)
    solved = np.isfinite(best)
    relative = table[:, solved] / best[solved]
    most = max(2.0, float(relative[np.isfinite(relative)].max()) * 1.05)
    figure, axes = _figure()
    for name, row in zip(ratios, relative, strict=True):
        finite = np.sort(row[np.isfinite(row)])
        shares = np.arange(1, len(finite) + 1) / len(row)
        steps = np.concatenate(([1.0], finite, [most]))
        heights = np.concatenate(([0.0], shares, [shares[-1] if len(shares) else 0.0]))
        axes.step(steps, heights, where="post", label=name)
    axes.set(xscale="log", xlabel=f"{label} over the best", ylabel="share of problems")
    axes.set(ylim=(0, 1.02), xlim=(1, most))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("{x:g}")
    _finish(figure, axes, path)


Trace: TypeAlias = "Sequence[tuple[float, float | None, float | None]]"
"""Seconds, objective and bound as a solve went on."""


def convergence(plans: Mapping[str, Plan], path: Path) -> None:
    """Objective (solid) and bound (dashed) of one solve or several over time."""
    proofs = {name: plan.proof for name, plan in plans.items()}
    traces = {
        name: [*proof.trace, (proof.seconds, proof.objective, proof.bound)]
        for name, proof in proofs.items()
    }
    primal_dual(traces, path, unit=next(iter(plans.values())).currency)


def primal_dual(traces: Mapping[str, Trace], path: Path, *, unit: str = "objective") -> None:
    """Curves of traces: the objective solid, the bound dashed, a colour a name.

    What lies more than once the best objective above it, or half of it below, is cut off.
    """
    figure, axes = _figure()
    for name, points in traces.items():
        colour = None
        for index, style in ((1, "-"), (2, "--")):
            some = [(one[0], one[index]) for one in points if one[index] is not None]
            if some:
                x, y = zip(*some, strict=True)
                label = name if index == 1 else None
                line = axes.step(x, y, style, where="post", color=colour, label=label)[0]
                colour = line.get_color()
    axes.set(xlabel="seconds", ylabel=unit)
    _cut_off(axes, [value for points in traces.values() for _, value, _ in points if value])
    _finish(figure, axes, path)


def _cut_off(axes: Any, objectives: Sequence[float]) -> None:
    """Keep first guesses from flattening the rest."""
    if objectives:
        best = min(objectives)
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, best - 0.5 * abs(best)), min(high, best + abs(best)))


def pareto(
    fronts: Mapping[str, Sequence[tuple[float, float]]], axes_of: tuple[str, str],
    path: Path, *, scale: str = "linear",
) -> None:  # fmt: skip
    """Points with two goals to keep low each; those that none dominates are joined by a line.

    ``scale`` is matplotlib's name for the scale of the second goal.
    """
    figure, axes = _figure()
    axes.set_yscale(scale)
    for name, points in fronts.items():
        x, y = zip(*points, strict=True)
        dots = axes.scatter(x, y, s=14, alpha=0.5)
        front = undominated(points)
        fx, fy = zip(*front, strict=True)
        axes.step(fx, fy, where="post", color=dots.get_facecolor()[0], alpha=1, label=name)
    axes.set(xlabel=axes_of[0], ylabel=axes_of[1])
    _finish(figure, axes, path)


def undominated(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points that no other one beats in one goal without losing in the other, by the first."""
    found: list[tuple[float, float]] = []
    for one in sorted(set(points)):
        if not found or one[1] < found[-1][1]:
            found.append(one)
    return found


def _figure() -> tuple[Any, Any]:
    pyplot = needed("matplotlib.figure", "Figures need")
    figure = pyplot.Figure(figsize=SIZE_INCHES, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    return figure, axes


def _finish(figure: Any, axes: Any, path: Path) -> None:
    if path.suffix not in FORMATS:
        what = f"suffix '{path.suffix}' is none of a figure."
        raise InstanceError([Fault(str(path), None, None, what, f"Use {', '.join(FORMATS)}.")])
    axes.legend(frameon=False)
    # No date in the file: equal content, equal bytes.
    stamp = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}}.get(path.suffix)
    figure.savefig(path, metadata=stamp)
