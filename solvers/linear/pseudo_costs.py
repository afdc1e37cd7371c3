"""Pseudo-costs: what rounding an integer column down or up has cost, column by column.

Bénichou et al. (1971), "Experiments in mixed-integer linear programming", Mathematical Programming
1; product of both directions: Achterberg, Koch, Martin (2005), "Branching rules revisited".
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats, Ints

_LEAST_STEP = 1e-6


class PseudoCosts:
    """Average rise of the bound per unit of rounding, for each column and direction.

    ``weight`` (> 0, by column) is what unknown rises are proportional to; scores are products of
    rises of at least ``least`` each.
    """

    def __init__(self, weight: Floats, least: float) -> None:
        self.weight, self.least = weight, least
        self._rise = np.zeros((2, len(weight)))
        self._count = np.zeros((2, len(weight)))

    def learn(self, column: int, up: int, step: float, rise: float) -> None:
        """One observed branch: ``up`` is 0 or 1, ``step`` how far the column was moved."""
        self._rise[up, column] += max(rise, 0.0) / max(step, _LEAST_STEP)
        self._count[up, column] += 1.0

    def seen(self, columns: Ints | int) -> Floats:
        """How often the columns were branched on in the less known direction."""
        return np.asarray(self._count[:, columns].min(axis=0))

    def score(self, fraction: Floats) -> Floats:
        """Product of expected rises; unknown columns take the average by weight."""
        known = self._count > 0.0
        mean = self._rise / np.maximum(self._count, 1.0)
        ratio = (mean / self.weight)[known].mean() if known.any() else 1.0
        guess = np.where(known, mean, ratio * self.weight)
        down, up = guess[0] * fraction, guess[1] * (1.0 - fraction)
        return np.asarray(np.maximum(down, self.least) * np.maximum(up, self.least))
