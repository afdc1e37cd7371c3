"""Costs of a problem worked out the slow way, for tests to compare with."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats
from solvers.network_design.statement.problem import NetworkDesign


def unit_costs(problem: NetworkDesign, k: int) -> Floats:
    """Unit cost of every arc for commodity ``k`` (``inf`` where not allowed); shape A."""
    cost = problem.cost + problem.rate[:, k] @ problem.attribute
    return np.where(problem.may_use(k), cost, np.inf)
