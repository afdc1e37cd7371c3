"""Simple keys: shares in proportion to a measure, and equal relative savings.

Proportional          ``x_i = c(N) · m_i / Σ_j m_j``
Equal profit method   ``min f  s.t.  f ≥ x_i/c({i}) - x_j/c({j}) ∀ i, j,  x(N) = c(N),
                      x(S) ≤ c(S) - ε ∀ S`` with ``ε = min(0, ε of the least core)``

The method's optimum need not be unique; of all optima the one is taken whose relative costs differ
least from ``c(N) / Σ c({i})``, weighted by the costs alone.

References
    Frisk, Göthe-Lundgren, Jörnsten, Rönnqvist (2010), "Cost allocation in collaborative forest
    transportation", EJOR 205(2).
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats
from solvers.games.core import least_core
from solvers.games.game import CostGame
from solvers.games.linear import Program, minimum
from solvers.outcome import SolverFailed


def proportional(total: float, measure: Floats) -> Floats:
    """Shares of ``total`` in proportion to ``measure`` (shape n, not negative, not all 0).

    Raises ValueError for such a measure.
    """
    if (measure < 0).any() or float(measure.sum()) <= 0:
        raise ValueError(
            f"Shares in proportion to {measure.tolist()} do not exist. Give measures that are not "
            "negative and not all 0."
        )
    return np.asarray(total * measure / measure.sum(), dtype=np.float64)


def equal_profit(game: CostGame, epsilon: float | None = None) -> Floats:
    """Allocation in the core (least core when that is empty) of most equal relative savings.

    With ``epsilon``, in ``{x : x(S) ≤ c(S) - ε}`` instead: the ε of the least core gives its most
    equal point. Raises ValueError when a player alone costs nothing or less: its relative saving
    is undefined; SolverFailed when no allocation reaches ``epsilon``.
    """
    alone = game.alone / game.scale
    if (alone <= 0).any():
        player = int(np.argmin(alone))
        raise ValueError(
            f"Player {player} costs {game.alone[player]:g} alone: a relative saving needs a "
            "positive cost. Leave such players out or choose another rule."
        )
    if game.players == 1:
        return np.array([game.total])
    floor = min(0.0, least_core(game).epsilon) if epsilon is None else epsilon
    first = minimum(_spread(game, floor, None))
    if first is None:
        raise SolverFailed(f"No allocation lets every coalition save {floor:.10g}.")
    second = minimum(_spread(game, floor, first.objective))
    best = first if second is None else second
    return best.point[: game.players] * game.scale


def _spread(game: CostGame, epsilon: float, spread: float | None) -> Program:
    """Variables ``x``, highest and lowest relative cost, distance from the mean relative cost."""
    n, alone = game.players, game.alone / game.scale
    floor = epsilon / game.scale - 1e-12
    inside = game.indicator[game.proper]
    none, eye = np.zeros((n, n)), np.eye(n)
    one, nil = np.ones((n, 1)), np.zeros((n, 1))
    relative = eye / alone[:, None]
    blocks = [
        np.hstack([inside, np.zeros((len(inside), 2 + n))]),
        np.hstack([relative, -one, nil, none]),
        np.hstack([-relative, nil, one, none]),
        np.hstack([relative, nil, nil, -eye]),
        np.hstack([-relative, nil, nil, -eye]),
    ]
    mean = game.total / game.scale / float(alone.sum())
    most = [game.cost[game.proper] / game.scale - floor, np.zeros(2 * n)]
    most += [np.full(n, mean), np.full(n, -mean)]
    span = np.concatenate([np.zeros(n), [1.0, -1.0], np.zeros(n)])
    cost = span
    if spread is not None:
        blocks.append(span[None, :])
        most.append(np.array([spread + 1e-11]))
        cost = np.concatenate([np.zeros(n + 2), alone])
    return Program(
        cost=cost,
        less=np.vstack(blocks),
        most=np.concatenate(most),
        equal=np.concatenate([np.ones(n), np.zeros(2 + n)])[None, :],
        value=np.array([game.total / game.scale]),
        upper=np.full(2 * n + 2, np.inf),
    )
