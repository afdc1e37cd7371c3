"""Designs that must run equally often, such as the same departure in every week of a timetable.

Tying designs with the same label ``τ(s)`` replaces their ``y[s]`` by one ``ȳ[τ(s)]``:

    fixed cost   ``f̄[t] = Σ_{s: τ(s)=t} f[s]``
    range        ``ȳ_min[t] = max_s y_min[s]``,  ``ȳ_max[t] = min_s y_max[s]``
    arcs, rows   belong to ``τ(s)`` instead of ``s``

Every method solves the tied problem as it is. A solution of it, with ``y[s] = ȳ[τ(s)]``, is a
solution of the first problem at the same cost, so the tied optimum is never below the free one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.arrays import Ints
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution


def tied(problem: NetworkDesign, label: Ints) -> NetworkDesign:
    """The problem with designs of equal ``label`` (shape S, values 0..T-1) made one.

    Raises ValueError when labels leave gaps, or tie designs whose ranges have nothing in common.
    """
    count = int(label.max(initial=-1)) + 1
    if len(label) != problem.designs or len(np.unique(label)) != count:
        raise ValueError(
            f"label has shape {label.shape} and {len(np.unique(label))} values up to {count - 1}. "
            f"Give every one of {problem.designs} designs a label from 0 on without gaps."
        )
    low, high = np.zeros(count, dtype=np.int64), np.full(count, np.iinfo(np.int64).max)
    np.maximum.at(low, label, problem.y_min)
    np.minimum.at(high, label, problem.y_max)
    apart = np.flatnonzero(low > high)
    if len(apart):
        t = int(apart[0])
        raise ValueError(f"Designs labelled {t} run at least {low[t]} and at most {high[t]} times.")
    names = {key: value for key, value in problem.names.items() if key != "designs"}
    return replace(
        problem,
        design=_moved(problem.design, label),
        fixed_cost=np.asarray(
            np.bincount(label, weights=problem.fixed_cost, minlength=count), dtype=np.float64
        ),
        y_min=low,
        y_max=high,
        row_design=_moved(problem.row_design, label),
        names=names,
    )


def untied(solution: Solution, label: Ints) -> Solution:
    """A solution of the tied problem as one of the first problem."""
    return replace(solution, y=solution.y[label])


def _moved(owner: Ints, label: Ints) -> Ints:
    """Labels in place of designs; -1 stays."""
    if not len(label):
        return owner
    return np.where(owner >= 0, label[np.maximum(owner, 0)], -1)
