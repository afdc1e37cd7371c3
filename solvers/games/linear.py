"""Small dense linear programs on HiGHS, through scipy: what the core and its relatives need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from solvers.arrays import Floats
from solvers.outcome import SolverFailed


@dataclass(frozen=True)
class Program:
    """``min cost·v`` subject to ``less v ≤ most``, ``equal v = value``, free or bounded ``v``."""

    cost: Floats
    less: Floats
    most: Floats
    equal: Floats
    value: Floats
    upper: Floats
    """Upper bounds of the variables, ``inf`` for none; there are no lower bounds."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """An optimal vertex with the (non-negative) price of every ``≤`` row."""

    point: Floats
    objective: float
    price: Floats


def minimum(program: Program) -> Optimum | None:
    """Solve; None when infeasible. Raises SolverFailed when HiGHS ends in any other way."""
    bounds: list[tuple[float | None, float | None]] = [
        (None, None if np.isinf(most) else float(most)) for most in program.upper
    ]
    found = linprog(
        program.cost,
        A_ub=program.less,
        b_ub=program.most,
        A_eq=program.equal,
        b_eq=program.value,
        bounds=bounds,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status == 2:
        return None
    if found.status != 0 or found.x is None or found.fun is None:
        raise SolverFailed(f"HiGHS ended a cost-game program with: {found.message}")
    return Optimum(found.x, float(found.fun), -found.ineqlin.marginals)
