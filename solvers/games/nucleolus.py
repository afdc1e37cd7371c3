"""Nucleolus: the allocation that makes the least satisfied coalitions as satisfied as possible.

Among the imputations ``{x : x(N) = c(N), x_i ≤ c({i})}`` (all allocations: prenucleolus) it
maximizes lexicographically the excesses ``c(S) - x(S)`` sorted from the smallest. Stage ``j``
solves

``max ε``
    ``x(S) + ε ≤ c(S)``          ``∀ S`` not yet determined
    ``x(S) = c(S) - ε_i``        ``∀ S`` fixed at an earlier stage ``i``
    ``x(N) = c(N)``, ``x_i ≤ c({i})``

and fixes the coalitions whose row has a positive price: these, and not every row that happens to be
tight, hold in all optimal solutions. Coalitions in the linear span of fixed ones are determined and
dropped, so at most ``n - 1`` stages remain, after which the fixed equations are solved directly.

References
    Schmeidler (1969), "The nucleolus of a characteristic function game".
    Fromen (1997), "Reducing the number of linear programs needed for solving the nucleolus …",
    EJOR 98(3).
    Guajardo, Jörnsten (2015), "Common mistakes in computing the nucleolus", EJOR 241(3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Bools, Floats, Ints
from solvers.games.core import TOLERANCE
from solvers.games.game import CostGame
from solvers.games.linear import Optimum, Program, minimum
from solvers.outcome import SolverFailed

_PRICE = 1e-7
_SPAN = 1e-7


def nucleolus(game: CostGame) -> Floats:
    """The nucleolus, shape n.

    Raises ValueError when ``Σ c({i}) < c(N)``: then no allocation is acceptable to every single
    player and only the prenucleolus exists.
    """
    if float(game.alone.sum()) < game.total - TOLERANCE * game.scale:
        raise ValueError(
            f"Alone the players cost {game.alone.sum():.10g}, together {game.total:.10g}: there is "
            "no imputation. Use the prenucleolus."
        )
    return _lexicographic(game, game.alone)


def prenucleolus(game: CostGame) -> Floats:
    """The nucleolus over all allocations, shape n; equal to it wherever the core is non-empty."""
    return _lexicographic(game, np.full(game.players, np.inf))


@dataclass
class _Fixed:
    """Equations ``x(S) + ε_stage = c(S)`` found so far; stage -1 stands for no ``ε``."""

    rows: list[Floats]
    value: list[float]
    stage: list[int]


def _lexicographic(game: CostGame, upper: Floats) -> Floats:
    n, scale = game.players, game.scale
    if n == 1:
        return np.array([game.total])
    fixed = _Fixed([np.ones(n)], [game.total / scale], [-1])
    excess: list[float] = []
    free = game.proper[_outside(fixed.rows, game.indicator[game.proper])]
    while len(free) and np.linalg.matrix_rank(np.array(fixed.rows), tol=_SPAN) < n:
        found = _stage(game, free, fixed, excess, upper / scale)
        priced = free[found.price > _PRICE]
        if not len(priced):
            raise SolverFailed("A nucleolus program determined no coalition. Scale the costs.")
        for mask in priced:
            fixed.rows.append(game.indicator[mask])
            fixed.value.append(float(game.cost[mask]) / scale)
            fixed.stage.append(len(excess))
        excess.append(-found.objective)
        last = found.point[:n]
        free = free[_outside(fixed.rows, game.indicator[free])]
    return _solve(fixed, len(excess), last, upper / scale) * scale


def _stage(
    game: CostGame, free: Ints, fixed: _Fixed, excess: list[float], upper: Floats
) -> Optimum:
    n = game.players
    rows = np.array(fixed.rows)
    value = np.array(
        [v - (excess[s] if s >= 0 else 0.0) for v, s in zip(fixed.value, fixed.stage, strict=True)]
    )
    keep = _independent(rows)
    inside = game.indicator[free]
    found = minimum(
        Program(
            cost=np.append(np.zeros(n), -1.0),
            less=np.column_stack([inside, np.ones(len(free))]),
            most=game.cost[free] / game.scale,
            equal=np.column_stack([rows[keep], np.zeros(len(keep))]),
            value=value[keep],
            upper=np.append(upper, np.inf),
        )
    )
    if found is None:
        raise SolverFailed("A nucleolus program lost its solution to rounding. Scale the costs.")
    return found


def _solve(fixed: _Fixed, stages: int, last: Floats, upper: Floats) -> Floats:
    """The point that the fixed equations and binding upper bounds leave, without LP tolerances."""
    n = len(last)
    rows = np.zeros((len(fixed.rows), n + stages))
    for r, (row, stage) in enumerate(zip(fixed.rows, fixed.stage, strict=True)):
        rows[r, :n] = row
        if stage >= 0:
            rows[r, n + stage] = 1.0
    binding = np.flatnonzero(last > upper - 1e-9)
    unit = np.zeros((len(binding), n + stages))
    unit[np.arange(len(binding)), binding] = 1.0
    equations = np.vstack([rows, unit])
    value = np.concatenate([fixed.value, upper[binding]])
    point = np.linalg.lstsq(equations, value, rcond=None)[0]
    exact = np.abs(equations @ point - value).max() < 1e-9
    near = np.abs(point[:n] - last).max() < 1e-7
    return np.asarray(point[:n] if exact and near else last, dtype=np.float64)


def _outside(rows: list[Floats], candidates: Floats) -> Bools:
    """Which candidates are not linear combinations of ``rows``."""
    basis = np.linalg.svd(np.array(rows), full_matrices=False)
    directions = basis.Vh[basis.S > _SPAN]
    rest = candidates - candidates @ directions.T @ directions
    return np.asarray(np.linalg.norm(rest, axis=1) > _SPAN, dtype=np.bool_)


def _independent(rows: Floats) -> list[int]:
    """Positions of a largest set of linearly independent rows, the earliest first."""
    kept: list[int] = []
    for r in range(len(rows)):
        if np.linalg.matrix_rank(rows[[*kept, r]], tol=_SPAN) > len(kept):
            kept.append(r)
    return kept
