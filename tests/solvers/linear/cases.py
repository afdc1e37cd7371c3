"""Models that tests of linear programs share."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from solvers.linear.model import LinearModel


def knapsack() -> LinearModel:
    """Max 5a + 4b + 3c, weights 2, 3, 1, room 4, a and b whole: a = 1, c = 1.5 gives 9.5."""
    return LinearModel(
        cost=np.array([-5.0, -4.0, -3.0]), matrix=sparse.csc_array(np.array([[2.0, 3.0, 1.0]])),
        row_lower=np.array([-np.inf]), row_upper=np.array([4.0]), col_lower=np.zeros(3),
        col_upper=np.array([1.0, 1.0, 1.5]), integral=np.array([True, True, False]), offset=10.0,
        column_name=lambda j: "abc"[j], row_name=lambda _: "room",
    )  # fmt: skip
