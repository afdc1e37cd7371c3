"""A cost game: players ``0..n-1`` and the cost ``c(S)`` of every coalition ``S``.

A coalition is a bit mask: player ``i`` belongs to ``S`` when bit ``i`` of the mask is set. ``c`` is
an array of length ``2^n`` indexed by mask, ``c(∅) = 0``. An allocation ``x`` of shape n gives every
player a cost and adds up to ``c(N)``; ``x(S)`` is what the members of ``S`` pay together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.arrays import Bools, Floats, Ints

MOST_PLAYERS = 16
"""An explicit characteristic function beyond this size belongs into sampling instead."""


def members(mask: int) -> tuple[int, ...]:
    """Players of a coalition in ascending order."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def membership(players: int) -> Bools:
    """Whether player ``i`` belongs to coalition ``S``; shape ``2^n × n``."""
    masks = np.arange(1 << players, dtype=np.int64)
    return np.asarray((masks[:, None] >> np.arange(players)) & 1 == 1, dtype=np.bool_)


@dataclass(frozen=True)
class CostGame:
    """A game with every coalition's cost known; ``cost`` has shape ``2^n``.

    Raises ValueError when the length is no power of two, a cost is not finite or ``c(∅) ≠ 0``.
    """

    cost: Floats

    def __post_init__(self) -> None:
        """Check shape and values."""
        size = len(self.cost)
        if size < 2 or size & (size - 1) or size > 1 << MOST_PLAYERS:
            raise ValueError(
                f"cost has {size} entries. Give one per coalition, 2^n for 1 to "
                f"{MOST_PLAYERS} players."
            )
        if not np.isfinite(self.cost).all():
            raise ValueError("cost holds values that are not finite.")
        if self.cost[0] != 0.0:
            raise ValueError(f"The empty coalition costs {self.cost[0]:g}. It must cost 0.")

    @property
    def players(self) -> int:
        """Number of players."""
        return len(self.cost).bit_length() - 1

    @property
    def grand(self) -> int:
        """Mask of all players."""
        return len(self.cost) - 1

    @property
    def total(self) -> float:
        """``c(N)``: what is to be shared."""
        return float(self.cost[self.grand])

    @property
    def alone(self) -> Floats:
        """``c({i})`` of every player; shape n."""
        return np.asarray(self.cost[1 << np.arange(self.players)], dtype=np.float64)

    @cached_property
    def scale(self) -> float:
        """Largest absolute cost, at least the smallest normal number: what tolerances refer to."""
        return max(float(np.abs(self.cost).max()), float(np.finfo(np.float64).tiny))

    @cached_property
    def proper(self) -> Ints:
        """Masks of all coalitions except the empty and the grand one."""
        return np.arange(1, self.grand, dtype=np.int64)

    @cached_property
    def indicator(self) -> Floats:
        """1 where player ``i`` belongs to coalition ``S``; shape ``2^n × n``."""
        return membership(self.players).astype(np.float64)

    def paid(self, allocation: Floats) -> Floats:
        """``x(S)`` of every coalition; shape ``2^n``."""
        return np.asarray(self.indicator @ allocation, dtype=np.float64)

    @staticmethod
    def of(players: int, cost: Callable[[tuple[int, ...]], float]) -> CostGame:
        """Tabulate a function of the members of a coalition (never called with the empty one)."""
        values = [0.0, *(float(cost(members(mask))) for mask in range(1, 1 << players))]
        return CostGame(np.array(values))

    @staticmethod
    def from_table(players: int, table: Mapping[tuple[int, ...], float]) -> CostGame:
        """From costs by sorted tuple of members; raises KeyError for a coalition left out."""
        return CostGame.of(players, table.__getitem__)
