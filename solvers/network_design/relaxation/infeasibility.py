"""Proofs that a problem has no solution: not even its relaxation has a point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.options import Clock, Options


def proved_infeasible(problem: NetworkDesign, clock: Clock) -> bool:
    """Whether even the relaxation has no point: phase 1 leaves some violation."""
    free = replace(
        problem,
        cost=np.zeros(problem.arcs),
        rate=np.zeros_like(problem.rate),
        exit_cost=np.zeros_like(problem.exit_cost),
        fixed_cost=np.zeros(problem.designs),
        unserved_cost=np.where(np.isfinite(problem.unserved_cost), 0.0, np.inf),
    )
    relaxation = Relaxation(Network.of(free), Options())
    if len(relaxation.unreachable):
        return True
    relaxed = relaxation.converge(clock)
    return relaxed.dual.bound > 1e-6 * max(1.0, float(problem.demand.max(initial=0.0)))
