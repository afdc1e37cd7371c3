"""The best plan by trying them all: every way of every box that comes to no place twice.

Reads the arrays of a statement and shares nothing with the methods: ways are walked arc by arc,
lots are put on ways in every manner that keeps the ≤ rows, departures run as often as that needs,
and what misses a minimum then is no plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.network_design.statement.problem import NetworkDesign

MOST_WAYS = 400
MOST_STEPS = 300_000


class TooMany(Exception):
    """There are more ways, or more plans, than can be tried."""


@dataclass(frozen=True)
class Way:
    """Cost of a lot on one way, its load of every row, and the designs it needs."""

    cost: float
    use: np.ndarray
    designs: frozenset[int]


@dataclass
class _Tried:
    """The cheapest plan so far, and what has been tried."""

    best: float = np.inf
    steps: int = 0
    plan: list[tuple[int, int]] = field(default_factory=list)


def cheapest_plan(problem: NetworkDesign) -> float:
    """Cost of the cheapest plan, unserved penalties included; raises TooMany."""
    ways = [_ways(problem, k) for k in range(problem.commodities)]
    lots = [round(float(d / lot)) for d, lot in zip(problem.demand, problem.lot, strict=True)]
    left = problem.unserved_cost * problem.lot
    least = [n * min([float(left[k]), *(one.cost for one in ways[k])]) for k, n in enumerate(lots)]
    tried = _Tried()
    _put(problem, (ways, lots, left), (0, 0, 0), (0.0, np.zeros(problem.rows), ()), tried, least)
    return tried.best


def _put(problem, data, at, so_far, tried, least) -> None:
    """Put lot ``n`` of commodity ``k`` on its ways from ``first`` on, then all that follow."""
    ways, lots, left = data
    k, n, first = at
    cost, use, used = so_far
    tried.steps += 1
    if tried.steps > MOST_STEPS:
        raise TooMany
    if k == len(lots):
        tried.best = min(tried.best, cost + _runs(problem, use, used))
        return
    begun = n / lots[k] * least[k]
    if cost + sum(least[k:]) - begun >= tried.best - 1e-9:
        return
    for w in range(first, len(ways[k]) + 1):
        after = (k, n + 1, w) if n + 1 < lots[k] else (k + 1, 0, 0)
        if w == len(ways[k]):
            _put(problem, data, after, (cost + left[k], use, used), tried, least)
            continue
        way = ways[k][w]
        more = use + way.use
        if _fits(problem, more):
            _put(problem, data, after, (cost + way.cost, more, (*used, way)), tried, least)


def _fits(problem: NetworkDesign, use: np.ndarray) -> bool:
    most = np.ones(problem.rows)
    owned = problem.row_design >= 0
    most[owned] = problem.y_max[problem.row_design[owned]]
    return bool((problem.row_floor | (use <= problem.row_limit * most + 1e-9)).all())


def _runs(problem: NetworkDesign, use: np.ndarray, used: tuple[Way, ...]) -> float:
    """Fixed cost of the fewest runs that carry the load; inf where a minimum is missed."""
    y = problem.y_min.astype(float).copy()
    for s in frozenset().union(*(way.designs for way in used)) if used else ():
        y[s] = max(y[s], 1.0)
    for r in np.flatnonzero(~problem.row_floor & (problem.row_design >= 0)):
        s = problem.row_design[r]
        y[s] = max(y[s], np.ceil(use[r] / problem.row_limit[r] - 1e-9))
    runs = np.ones(problem.rows)
    owned = problem.row_design >= 0
    runs[owned] = y[problem.row_design[owned]]
    if (problem.row_floor & (use < problem.row_limit * runs - 1e-9)).any():
        return float("inf")
    return float(problem.fixed_cost @ y)


def _ways(problem: NetworkDesign, k: int) -> list[Way]:
    """Every way of a commodity, those alike in all that counts once."""
    exits: dict[int, float] = {}
    for i in problem.exits[k].tolist():
        node = int(problem.exit_node[i])
        exits[node] = min(exits.get(node, np.inf), float(problem.exit_cost[i]))
    ways: dict[tuple[bytes, frozenset[int]], Way] = {}
    for arcs in _walks(problem, k, set(exits)):
        end = int(problem.head[arcs[-1]]) if arcs else int(problem.origin[k])
        way = _way(problem, k, arcs, exits[end])
        key = (way.use.tobytes(), way.designs)
        if key not in ways or way.cost < ways[key].cost:
            ways[key] = way
    return list(ways.values())


def _walks(problem: NetworkDesign, k: int, ends: set[int]) -> list[list[int]]:
    """Every sequence of arcs from the origin to one of the ends that comes to no place twice."""
    leaving: dict[int, list[int]] = {}
    for a in np.flatnonzero(problem.may_use(k)).tolist():
        leaving.setdefault(int(problem.tail[a]), []).append(a)
    found: list[list[int]] = []
    open_: list[tuple[int, list[int], set[int]]] = []
    open_.append((int(problem.origin[k]), [], {int(problem.home[k])}))
    while open_:
        node, arcs, been = open_.pop()
        if node in ends:
            found.append(arcs)
        if len(found) > MOST_WAYS or len(open_) > 50 * MOST_WAYS:
            raise TooMany
        for a in leaving.get(node, []):
            place = int(problem.arrives[a])
            if place not in been:
                open_.append((int(problem.head[a]), [*arcs, a], been | ({place} - {-1})))
    return found


def _way(problem: NetworkDesign, k: int, arcs: list[int], leave: float) -> Way:
    unit = sum(float(problem.cost[a] + problem.rate[:, k] @ problem.attribute[:, a]) for a in arcs)
    use = np.zeros(problem.rows)
    for r in range(problem.rows):
        often = np.isin(problem.row_arcs[r], arcs).sum()
        use[r] = often * problem.load[problem.row_dim[r], k] * problem.lot[k]
    designs = frozenset(int(problem.design[a]) for a in arcs if problem.design[a] >= 0)
    return Way((unit + leave) * float(problem.lot[k]), use, designs)
