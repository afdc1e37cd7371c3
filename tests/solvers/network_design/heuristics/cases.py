"""Cases that tests of heuristics and of pricing share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.network_design.statement.problem import NetworkDesign
from tests.solvers.network_design.random_designs import random_design


def single_runs(seed: int, lots: bool = True) -> NetworkDesign:
    """A random acyclic problem whose designs run at most once and where all may stay behind."""
    problem = random_design(seed, lots=lots)
    most = np.minimum(problem.y_max, 1)
    left = np.where(np.isfinite(problem.unserved_cost), problem.unserved_cost, 70.0)
    return replace(problem, y_max=most, y_min=np.minimum(problem.y_min, most), unserved_cost=left)
