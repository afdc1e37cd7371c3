"""Shapley value: what a player adds, averaged over every order in which the players could join.

``φ_i = Σ_{S∌i} |S|! (n-|S|-1)! / n! · (c(S∪{i}) - c(S))``

Sampled for many players: a round draws a random order and walks it forwards and backwards
(antithetic pair); a stratified round walks all its rotations as well, so that every player comes
once at every position. Rounds are independent and equally distributed, hence the confidence
interval by Student's t over the means of rounds. Where a few orders agree on a player, they tell
nothing of their spread: the interval is then as wide as that of what the player added in single
ones. Every order adds up to ``c(N)`` exactly, and so does the estimate. Where the orders met every
coalition, the value is computed from these costs exactly.

References
    Shapley (1953), "A value for n-person games".
    Castro, Gómez, Tejada (2009), "Polynomial calculation of the Shapley value based on sampling",
    Computers & Operations Research 36(5).
    Mitchell, Cooper, Frank, Holmes (2022), "Sampling permutations for Shapley value estimation",
    JMLR 23 (antithetic orders).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.stats import t as student

from solvers.arrays import Floats, Ints
from solvers.games.game import CostGame, membership

_AGREED = 1e-12  #: spread of rounds, relative to what players add, that is none
_FEW = 10  #: different orders, fewer than which may agree by chance

Oracle = Callable[[Sequence[int]], Sequence[float]]
"""Costs of many coalitions asked for at once, so that they may be computed in parallel."""


def join_weight(players: int) -> Floats:
    """Weight of joining a coalition of every size ``0..n-1``; shape n."""
    sizes = range(players)
    return np.array([1.0 / (players * comb(players - 1, size)) for size in sizes])


def shapley(game: CostGame) -> Floats:
    """Exact Shapley value, shape n; ``O(n 2^n)``."""
    belongs = membership(game.players)
    weight = join_weight(game.players)
    size = belongs.sum(axis=1)
    value = np.empty(game.players)
    for i in range(game.players):
        without = np.flatnonzero(~belongs[:, i])
        gain = game.cost[without | 1 << i] - game.cost[without]
        value[i] = float(weight[size[without]] @ gain)
    return value


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to sample: ``rounds`` ≥ 2 independent rounds, two orders each (2n when stratified)."""

    rounds: int = 50
    seed: int = 0
    confidence: float = 0.95
    stratified: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for too few rounds or a confidence outside (0, 1)."""
        if self.rounds < 2:
            raise ValueError(
                f"{self.rounds} rounds give no confidence interval. Ask for 2 or more."
            )
        if not 0.0 < self.confidence < 1.0:
            raise ValueError(f"confidence is {self.confidence:g}. Give a share between 0 and 1.")


@dataclass(frozen=True, slots=True)
class ShapleyEstimate:
    """Estimate with half-widths of its confidence intervals, one player at a time; shapes n."""

    value: Floats
    half_width: Floats
    confidence: float
    orders: int
    coalitions: int
    """Different coalitions whose cost was asked for."""

    @property
    def low(self) -> Floats:
        """Lower ends of the intervals."""
        return self.value - self.half_width

    @property
    def high(self) -> Floats:
        """Upper ends of the intervals."""
        return self.value + self.half_width


def sampled_shapley(
    players: int, costs: Oracle, sampling: Sampling | None = None
) -> ShapleyEstimate:
    """Shapley value of a game given by ``costs`` (asked once, for every coalition needed).

    Raises ValueError for more than 62 players: a coalition is a mask of 64 bits.
    """
    if not 1 <= players <= 62:
        raise ValueError(f"{players} players cannot be sampled. Give 1 to 62.")
    rules = sampling or Sampling()
    rng = np.random.default_rng(rules.seed)
    rounds = [_orders(rng, players, rules.stratified) for _ in range(rules.rounds)]
    every = np.concatenate(rounds)
    prefix = np.cumsum(np.left_shift(np.int64(1), every), axis=1)
    masks = np.unique(prefix)
    asked = [int(mask) for mask in masks]
    cost = np.asarray(costs(asked), dtype=np.float64)
    if len(asked) == (1 << players) - 1:
        whole = shapley(CostGame(np.concatenate([[0.0], cost])))
        exact = np.zeros(players)
        return ShapleyEstimate(whole, exact, rules.confidence, len(every), len(asked))
    reached = cost[np.searchsorted(masks, prefix)]
    gains = np.diff(reached, axis=1, prepend=0.0)
    by_player = np.empty_like(gains)
    np.put_along_axis(by_player, every, gains, axis=1)
    means = by_player.reshape(rules.rounds, -1, players).mean(axis=1)
    spread = means.std(axis=0, ddof=1) / np.sqrt(rules.rounds)
    factor = float(student.ppf(0.5 + rules.confidence / 2, rules.rounds - 1))
    few = len(np.unique(every, axis=0)) < _FEW
    agreed = few & (spread <= _AGREED * np.abs(gains).max())
    return ShapleyEstimate(
        value=means.mean(axis=0),
        half_width=np.where(agreed, np.ptp(by_player, axis=0), factor * spread),
        confidence=rules.confidence,
        orders=len(every),
        coalitions=len(asked),
    )


def _orders(rng: np.random.Generator, players: int, stratified: bool) -> Ints:
    """Orders of one round, one per row: an antithetic pair, or all rotations of both."""
    order = rng.permutation(players).astype(np.int64)
    shifts = range(players) if stratified else range(1)
    turned = [np.roll(order, shift) for shift in shifts]
    return np.array([one for each in turned for one in (each, each[::-1])])
