"""Slope scaling: quick first solutions from linear problems alone.

The weak relaxation (no strong inequalities) with design costs ``f̃[s]`` pays a slope
``f̃[s] / limit`` per unit of load, since its ``y[s]`` is the filled part of a run. Starting from
``f̃ = f``, each round sets ``f̃[s] = f[s] / y[s]``, so that the slope of the last flow pays the whole
fixed cost, and keeps ``f̃`` where nothing flows (Crainic, Gendron, Hernu 2004, "A slope
scaling/Lagrangean perturbation heuristic with long-term memory for multicommodity capacitated
fixed-charge network design", J. Heuristics 10).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.arrays import Floats
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.result import Solution
from solvers.options import Clock, Options


def slope_scaled(
    network: Network, options: Options, clock: Clock, rounds: int
) -> Iterator[Solution]:
    """Solutions of successive rounds, each with all runs that its flow needs.

    Ends early when the designs of two rounds agree. Lots are ignored.
    """
    relaxation = Relaxation(network, options, strong=False)
    problem = network.problem
    charged = problem.fixed_cost.copy()
    before: Floats | None = None
    for _ in range(rounds):
        relaxed = relaxation.converge(clock, tolerance=1e-3)
        if relaxed.point is None or relaxed.point.penalty > 1e-6 or clock.over:
            return
        y = relaxed.point.y
        runs = np.ceil(y - 1e-7)
        yield relaxation.assemble(relaxed.point, runs)
        if before is not None and np.allclose(before, y, atol=1e-6):
            return
        before = y
        filled = np.divide(y, np.maximum(runs, 1.0))
        charged = np.where(y > 1e-6, problem.fixed_cost / np.maximum(filled, 1e-3), charged)
        relaxation.master.charge_designs(charged)
