"""The master before any path, strong inequality or cut: its columns and its standing rows.

Columns: runs of the designs, unserved shares, shortfalls of minimum rows. Rows: one for the demand
of each commodity, then one for each row of the network (see
:mod:`solvers.network_design.master.master`).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array

from solvers.arrays import Floats, Ints
from solvers.network_design.statement.network import Network


@dataclass(frozen=True, slots=True)
class _Block:
    """Entries, and limits, of some rows of the program."""

    row: Ints
    column: Ints
    value: Floats
    lower: Floats
    upper: Floats


def initial_program(network: Network, unit: float, penalty: float) -> highspy.HighsLp:
    """The program with costs divided by ``unit`` and ``penalty`` on what must not be.

    The penalty is per unit of demand that must be served and of load that a minimum row misses.
    """
    cost, lower, upper = _columns(network, penalty)
    blocks = [_convexity(network), _rows(network)]
    entries = [np.concatenate([getattr(block, name) for block in blocks])
               for name in ("value", "row", "column", "lower", "upper")]  # fmt: skip
    rows = network.problem.commodities + network.rows
    matrix = csc_array((entries[0], (entries[1], entries[2])), shape=(rows, len(cost)))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost / unit, lower, upper
    lp.row_lower_, lp.row_upper_ = entries[3], entries[4]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    return lp


def shortfalls(network: Network) -> Ints:
    """Rows with a column for what they miss.

    A branch may oblige any design to run, so every minimum row may fall short for a while.
    """
    return np.flatnonzero(network.row_floor)


def _columns(network: Network, penalty: float) -> tuple[Floats, Floats, Floats]:
    """Costs and ranges of ``y``, ``z`` and ``t``."""
    problem, forced = network.problem, shortfalls(network)
    must = ~np.isfinite(problem.unserved_cost)
    served = problem.demand * np.where(must, penalty, problem.unserved_cost)
    limit = network.row_limit[forced]
    cost = [problem.fixed_cost, served, penalty * np.where(limit > 0.0, limit, 1.0)]
    lower = [problem.y_min, np.zeros(problem.commodities + len(forced))]
    upper = [problem.y_max, _asked(network), np.full(len(forced), highspy.kHighsInf)]
    return np.concatenate(cost), np.concatenate(lower), np.concatenate(upper)


def _asked(network: Network) -> Floats:
    """1 for every commodity with demand, else 0."""
    return np.where(network.problem.demand > 0.0, 1.0, 0.0)


def _convexity(network: Network) -> _Block:
    """``z[k] = 1`` before there are paths."""
    problem = network.problem
    k = np.arange(problem.commodities)
    asked = _asked(network)
    return _Block(k, problem.designs + k, np.ones(len(k)), asked, asked)


def _rows(network: Network) -> _Block:
    """``0 ≤ y[s_r]`` (or 1) for rows of sense ≤, ``t[r] ≥ y[s_r]`` (or 1) for those of sense ≥."""
    problem, limit, forced = network.problem, network.row_limit, shortfalls(network)
    count, owned = problem.commodities, np.flatnonzero(network.row_design >= 0)
    factor = np.where(limit[owned] > 0.0, 1.0, 0.0)
    free = np.where((network.row_design < 0) & (limit > 0.0), 1.0, 0.0)
    first = problem.designs + count
    return _Block(
        np.concatenate([count + owned, count + forced]),
        np.concatenate([network.row_design[owned], first + np.arange(len(forced))]),
        np.concatenate([-factor, np.ones(len(forced))]),
        np.where(network.row_floor, free, -highspy.kHighsInf),
        np.where(network.row_floor, highspy.kHighsInf, free),
    )
