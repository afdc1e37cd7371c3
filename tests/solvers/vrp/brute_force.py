"""The optimum of a small routing problem, by every order of every set of its tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import numpy as np

from solvers.vrp.check import faults, route_cost
from solvers.vrp.problem import REQUIRED, Route, Routes, Routing


def brute_force(problem: Routing) -> int | None:
    """Least objective over every order of every set of tasks; None when nothing is feasible."""
    relaxed = replace(problem, skip_cost=np.maximum(problem.skip_cost, 0))
    best: dict[tuple[int, int], int] = {}
    for t in range(problem.types):
        for size in range(1, problem.tasks + 1):
            for order in permutations(range(problem.tasks), size):
                route = Route(t, order)
                if not faults(relaxed, Routes((route,))):
                    key = (t, sum(1 << v for v in order))
                    cost = route_cost(problem, route)
                    best[key] = min(cost, best.get(key, cost))
    return _cover(problem, best)


def _cover(problem: Routing, best: dict[tuple[int, int], int]) -> int | None:
    states = {(0, (0,) * problem.types): 0}
    for v in range(problem.tasks):
        grown: dict[tuple[int, tuple[int, ...]], int] = {}
        for state, cost in states.items():
            for key, value in _steps(problem, best, state, v):
                grown[key] = min(cost + value, grown.get(key, cost + value))
        states = grown
    return min(states.values(), default=None)


def _steps(
    problem: Routing,
    best: dict[tuple[int, int], int],
    state: tuple[int, tuple[int, ...]],
    v: int,
) -> Iterator[tuple[tuple[int, tuple[int, ...]], int]]:
    """What can become of a task: done already, left, or on one more route; with its cost."""
    done, used = state
    if done >> v & 1:
        yield state, 0
        return
    if problem.skip_cost[v] != REQUIRED:
        yield (done | 1 << v, used), int(problem.skip_cost[v])
    for (t, tasks), price in best.items():
        if tasks >> v & 1 and not tasks & done and used[t] < problem.fleet.count[t]:
            more = tuple(n + (t == i) for i, n in enumerate(used))
            if _pooled(problem, more):
                yield (done | tasks, more), price


def _pooled(problem: Routing, used: tuple[int, ...]) -> bool:
    """Whether every pool holds what so many routes of each type draw from it."""
    pool, limit = problem.fleet.pool, problem.fleet.pool_limit
    if pool is None or limit is None:
        return True
    drawn = np.bincount(pool[:, 0], weights=np.array(used) * pool[:, 1], minlength=len(limit))
    return bool((drawn <= limit).all())
