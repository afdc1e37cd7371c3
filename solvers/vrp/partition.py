"""The cheapest choice among listed routes: set partitioning.

Routes ``Ω`` with cost ``c[r]``, ``x[r] ∈ {0,1}``, undone tasks ``u[v] ∈ {0,1}``
    ``min Σ c[r] x[r] + Σ skip_cost[v] u[v]``
    ``Σ_{r∋v} x[r] + u[v] = 1`` for every task, ``u[v] = 0`` where required
    ``Σ_{r of type t} x[r] ≤ count[t]`` for every vehicle type, and the same for pools

Balinski, Quandt (1964), "On an integer program for a delivery problem", Operations Research 12(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from scipy.sparse import csc_array, vstack

from solvers.arrays import Ints
from solvers.linear.backends import LinearResult, backend
from solvers.linear.model import LinearModel
from solvers.options import Cancel, Clock, Silent
from solvers.outcome import Outcome, SolverFailed, Stop
from solvers.vrp.check import faults, total_cost
from solvers.vrp.problem import REQUIRED, Route, Routes, Routing
from solvers.vrp.result import RoutingResult, Trail

Column = tuple[int, Route]
"""Cost and route."""
_LAST_SECONDS = 2.0
"""For choosing among the routes at hand once time is over or the solve was cancelled."""


def cheapest(
    problem: Routing, columns: Sequence[Column], complete: bool, time: tuple[Trail, Clock]
) -> RoutingResult:
    """The best of the routes, proved where they are ``complete``: all that can pay.

    Raises SolverFailed when the model fails or its answer breaks a rule.
    """
    trail, clock = time
    options = trail.options
    stop = Stop.INTERRUPTED if options.cancel.raised else Stop.TIME
    limited = replace(options, listener=Silent(), time_limit_seconds=_seconds(clock, complete))
    if not complete:
        limited = replace(limited, cancel=Cancel())
    model, unit = _model(problem, columns)
    found = backend("highs").solve(model, limited)
    base = RoutingResult(
        Outcome.NO_SOLUTION, found.stop or stop, None, None, None, trail.seconds, "enumeration",
        options.seed,
    )  # fmt: skip
    if found.outcome is Outcome.INFEASIBLE and complete:
        return replace(base, outcome=Outcome.INFEASIBLE, stop=None)
    if found.values is None:
        return base
    chosen = np.flatnonzero(found.values[: len(columns)] > 0.5)
    routes = Routes(tuple(columns[i][1] for i in chosen.tolist()))
    proved = _bound(found, unit) if complete else None
    return _checked(problem, routes, (proved, found.outcome is Outcome.OPTIMAL), base, trail)


def _seconds(clock: Clock, complete: bool) -> float | None:
    if not complete:
        return max(_LAST_SECONDS, 0.0 if clock.left == float("inf") else clock.left)
    return None if clock.left == float("inf") else max(0.01, clock.left)


def _bound(found: LinearResult, unit: float) -> float | None:
    """What the model proves, rounded up: every cost is whole."""
    if found.bound is None:
        return None
    bound = found.bound * unit
    return float(ceil(bound - 1e-6 - 1e-9 * abs(bound)))


def _checked(
    problem: Routing,
    routes: Routes,
    proved: tuple[float | None, bool],
    base: RoutingResult,
    trail: Trail,
) -> RoutingResult:
    """The result with its bound; raises SolverFailed when it contradicts itself."""
    broken = faults(problem, routes)
    if broken:
        raise SolverFailed(f"Enumeration returned routes that are not feasible: {broken[0]}")
    objective = total_cost(problem, routes)
    bound, solved = proved
    if bound is not None and bound > objective:
        raise SolverFailed(f"The bound {bound:.0f} lies above the routes at {objective}.")
    trail.improved(objective)
    optimal = solved and bound is not None
    return replace(
        base, outcome=Outcome.OPTIMAL if optimal else Outcome.FEASIBLE,
        stop=None if optimal else base.stop, objective=objective, bound=bound, routes=routes,
        seconds=trail.seconds, trace=trail.points,
    )  # fmt: skip


def _model(problem: Routing, columns: Sequence[Column]) -> tuple[LinearModel, float]:
    """Routes and undone tasks as columns, and by what their costs are divided.

    Scaled by the dearest column, so that the solver's absolute tolerances mean the same always.
    """
    tasks, types = problem.tasks, problem.types
    pool, pools = problem.fleet.pool, problem.fleet.pool_limit
    held = np.zeros(0) if pool is None or pools is None else pools.astype(float)
    rows = [np.array([*route.tasks, tasks + route.vehicle], np.int64) for _, route in columns]
    matrix = _matrix(rows, tasks, tasks + types)
    if pool is not None:
        matrix = vstack([matrix, _pool_rows(pool, columns, matrix.shape[1], len(held))]).tocsc()
    costs = [cost for cost, _ in columns] + np.maximum(problem.skip_cost, 0).tolist()
    cost = np.array(costs, dtype=np.float64)
    high = np.ones(len(cost))
    high[len(columns) :] = problem.skip_cost != REQUIRED
    unit = max(1.0, float(cost.max(initial=1.0)) / 1e4)
    model = LinearModel(
        cost=cost / unit,
        matrix=matrix,
        row_lower=np.concatenate([np.ones(tasks), np.zeros(types + len(held))]),
        row_upper=np.concatenate([np.ones(tasks), problem.fleet.count.astype(float), held]),
        col_lower=np.zeros(len(cost)),
        col_upper=high,
        integral=np.ones(len(cost), dtype=np.bool_),
    )
    return model, unit


def _matrix(rows: list[Ints], tasks: int, height: int) -> csc_array:
    """Routes as columns over tasks and vehicle types, then one column per undone task."""
    undone = [np.array([v], dtype=np.int64) for v in range(tasks)]
    start = np.concatenate([[0], np.cumsum([len(one) for one in [*rows, *undone]])])
    index = np.concatenate([*rows, *undone]) if tasks else np.zeros(0, dtype=np.int64)
    return csc_array((np.ones(len(index)), index, start), shape=(height, len(start) - 1))


def _pool_rows(pool: Ints, columns: Sequence[Column], width: int, height: int) -> csc_array:
    """What the routes draw from every pool."""
    vehicle = np.array([route.vehicle for _, route in columns], dtype=np.int64)
    at = np.arange(len(columns))
    shape = (height, width)
    return csc_array((pool[vehicle, 1].astype(float), (pool[vehicle, 0], at)), shape=shape)
