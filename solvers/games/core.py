"""The core: allocations that no coalition would rather leave.

Excess      ``e(S, x) = c(S) - x(S)``: what ``S`` saves by staying; negative: it would rather leave
Core        ``{x : x(N) = c(N), e(S, x) ≥ 0 ∀ S}``
Least core  ``max ε  s.t.  x(N) = c(N),  x(S) + ε ≤ c(S)  ∀ ∅ ≠ S ≠ N``; the core is non-empty
            exactly when the optimal ``ε ≥ 0``

The prices ``w`` of the least-core program are balanced weights: they add up to 1 and cover every
player equally. Where the core is empty, ``Σ_S w_S c(S) / cover < c(N)`` is the certificate of
Bondareva (1963) and Shapley (1967).

References
    Gillies (1959), "Solutions to general non-zero-sum games".
    Maschler, Peleg, Shapley (1979), "Geometric properties of the kernel, nucleolus, …", Math. OR 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Floats
from solvers.games.game import CostGame
from solvers.games.linear import Program, minimum
from solvers.outcome import SolverFailed

TOLERANCE = 1e-9
"""Of sums and excesses, relative to the largest cost of the game."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Whether an allocation is in the core, and who would rather leave.

    ``objections`` lists (coalition mask, amount it pays above its own cost), largest first.
    ``smallest_excess`` is the least any coalition saves by staying (negative: the worst
    objection), ``tightest`` that coalition.
    """

    in_core: bool
    smallest_excess: float
    tightest: int
    objections: tuple[tuple[int, float], ...]


def check_efficient(game: CostGame, allocation: Floats) -> None:
    """Raise ValueError when an allocation has another shape or does not add up to ``c(N)``."""
    if allocation.shape != (game.players,):
        raise ValueError(
            f"The allocation has shape {allocation.shape}. Give one amount for each of "
            f"{game.players} players."
        )
    off = float(allocation.sum()) - game.total
    if abs(off) > 1e-7 * max(game.scale, float(np.abs(allocation).max())):
        raise ValueError(
            f"The allocation adds up to {allocation.sum():.10g}, the cost to share is "
            f"{game.total:.10g}. Share exactly the cost of all players."
        )


def stability(game: CostGame, allocation: Floats, tolerance: float = TOLERANCE) -> Stability:
    """Compare what every coalition pays with its own cost.

    Raises ValueError when the allocation does not share ``c(N)``.
    """
    check_efficient(game, allocation)
    if game.players == 1:
        return Stability(True, 0.0, game.grand, ())
    excess = (game.cost - game.paid(allocation))[game.proper]
    slack = tolerance * game.scale
    unhappy = np.flatnonzero(excess < -slack)
    order = unhappy[np.argsort(excess[unhappy], kind="stable")]
    worst = int(np.argmin(excess))
    return Stability(
        in_core=not len(unhappy),
        smallest_excess=float(excess[worst]),
        tightest=int(game.proper[worst]),
        objections=tuple((int(game.proper[s]), float(-excess[s])) for s in order),
    )


@dataclass(frozen=True, slots=True)
class LeastCore:
    """``epsilon``: the most that every coalition can be sure to save (negative: core empty).

    ``point`` is one allocation that reaches it, ``weights`` the balanced weights that prove that
    no allocation does better, by coalition mask.
    """

    epsilon: float
    point: Floats
    weights: tuple[tuple[int, float], ...]


def least_core(game: CostGame) -> LeastCore:
    """Solve the least-core program; a single player has ``ε = 0``."""
    if game.players == 1:
        return LeastCore(0.0, np.array([game.total]), ())
    n, scale = game.players, game.scale
    inside = game.indicator[game.proper]
    program = Program(
        cost=np.append(np.zeros(n), -1.0),
        less=np.column_stack([inside, np.ones(len(inside))]),
        most=game.cost[game.proper] / scale,
        equal=np.append(np.ones(n), 0.0)[None, :],
        value=np.array([game.total / scale]),
        upper=np.full(n + 1, np.inf),
    )
    found = minimum(program)
    if found is None:
        raise SolverFailed("The least-core program has no solution, which no game allows.")
    paying = np.flatnonzero(found.price > 1e-9)
    return LeastCore(
        epsilon=-found.objective * scale,
        point=found.point[:n] * scale,
        weights=tuple((int(game.proper[s]), float(found.price[s])) for s in paying),
    )


def has_core(game: CostGame, tolerance: float = TOLERANCE) -> bool:
    """Whether any allocation satisfies every coalition."""
    return least_core(game).epsilon >= -tolerance * game.scale
