"""The restricted integer program over the itineraries at hand.

The master of :mod:`solvers.network_design.master.master` with ``y`` integer and, for a commodity
with a lot, whole lots on every itinerary: ``λ[p] = (lot/q) n[p]``, ``n[p]`` integer. Its optimum is
feasible for the problem; it is a bound on nothing, since itineraries are missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, diags_array, vstack

from solvers.arrays import Bools, Floats
from solvers.linear.backends.highs import Highs
from solvers.linear.model import LinearModel
from solvers.network_design.master.master import Master
from solvers.network_design.statement.incumbent import assemble
from solvers.network_design.statement.result import Solution
from solvers.options import Options
from solvers.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Restriction:
    """Ranges of the designs, paths to offer, and the value that a solution has to beat.

    Without ``lots``, flows may be divided at will: much easier, and right about the designs where
    lots are small.
    """

    low: Floats
    high: Floats
    offered: Bools
    cutoff: float = float("inf")
    lots: bool = True


def restricted_model(master: Master, restriction: Restriction) -> LinearModel:
    """The integer program over the offered paths; columns: designs, unserved, shortfalls, paths."""
    problem = master.network.problem
    lp = master.linear()
    designs, count, first = problem.designs, problem.commodities, master.first_path
    lower, upper = lp.col_lower.copy(), lp.col_upper.copy()
    lower[:designs], upper[:designs] = restriction.low, restriction.high
    upper[designs : designs + count][~np.isfinite(problem.unserved_cost)] = 0.0
    upper[designs + count : first] = 0.0
    size = column_size(master)
    integral = np.zeros(lp.columns, dtype=np.bool_)
    integral[:designs] = True
    if restriction.lots:
        integral[designs : designs + count] = problem.lot > 0.0
        integral[first:] = problem.lot[master.paths.commodity] > 0.0
    matrix = csc_array(lp.matrix @ diags_array(size))
    cost, low, high = lp.cost * size, lp.row_lower, lp.row_upper
    if np.isfinite(restriction.cutoff):
        matrix = csc_array(vstack([matrix, csc_array(cost[None, :])], format="csc"))
        low = np.append(low, -np.inf)
        high = np.append(high, restriction.cutoff / master.unit)
    columns = np.concatenate([np.arange(first), first + np.flatnonzero(restriction.offered)])
    return LinearModel(
        cost[columns], csc_array(matrix[:, columns]), low, high, lower[columns] / size[columns],
        upper[columns] / size[columns], integral[columns],
    )  # fmt: skip


def column_size(master: Master) -> Floats:
    """Share of demand that one unit of each master column stands for."""
    problem = master.network.problem
    demand = np.where(problem.demand > 0.0, problem.demand, 1.0)
    one = np.where(problem.lot > 0.0, problem.lot / demand, 1.0)
    fixed = master.first_path - problem.commodities - problem.designs
    return np.concatenate(
        [np.ones(problem.designs), one, np.ones(fixed), one[master.paths.commodity]]
    )


def solve_restricted(
    master: Master, restriction: Restriction, options: Options
) -> tuple[Solution | None, float]:
    """Best solution of the restricted program found, and a bound over the paths offered."""
    model = restricted_model(master, restriction)
    answer = Highs().solve(model, options)
    bound = -np.inf if answer.bound is None else answer.bound * master.unit
    if answer.outcome is Outcome.INFEASIBLE:
        bound = restriction.cutoff
    if answer.values is None:
        return None, bound
    solution = restricted_solution(master, restriction, answer.values)
    return solution, min(bound, restriction.cutoff)


def restricted_solution(master: Master, restriction: Restriction, values: Floats) -> Solution:
    """The solution that values of the columns of the restricted model stand for."""
    problem = master.network.problem
    if not restriction.lots:
        problem = problem.divisible
    first, designs = master.first_path, problem.designs
    keep = np.ones(first + len(master.paths), dtype=np.bool_)
    keep[first:] = restriction.offered
    size = column_size(master)[keep]
    values = values * size
    offered = master.paths.take(np.flatnonzero(restriction.offered))
    y = np.round(values[:designs]).astype(np.int64)
    unserved = values[designs : designs + problem.commodities]
    return assemble(problem, offered, values[first:], unserved, y)
