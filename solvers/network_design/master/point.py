"""One point of the master linear program, and the prices that go with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Prices:
    """Dual prices in the units of the statement.

    ``row`` (≥ 0 for ≤, ≤ 0 for ≥ rows) per unit of load, ``strong`` (≥ 0) per unit of flow of each
    strong inequality, ``cut`` (≥ 0) per cut, ``serve`` per unit of each commodity's demand.
    """

    row: Floats
    strong: Floats
    cut: Floats
    serve: Floats


@dataclass(frozen=True, slots=True)
class Point:
    """One optimal point of the master: its value, shares and designs, penalties still in use.

    ``short`` lists designs whose minimum rows fall short.
    """

    value: float
    y: Floats
    share: Floats
    unserved: Floats
    penalty: float
    prices: Prices
    short: Ints

    def shares(self, paths: int) -> Floats:
        """Shares of the first ``paths`` paths, 0 of those added after the point was found."""
        return np.concatenate([self.share, np.zeros(paths - len(self.share))])
