"""Packing items into bins of several types under conflicts, in several dimensions, with a bound.

Sets
    ``I`` items, ``T`` bin types, ``D`` dimensions (weight, volume, …), ``C`` conflicting pairs.

Parameters (integers)
    ``size[d,i]`` of an item, ``capacity[d,t]`` and ``cost[t]`` of a bin, ``fits[i,t]`` whether an
    item may go into a bin of a type, ``conflict[c]`` two items that may not share a bin.

Variables (items in order, the first item of a bin represents it)
    ``x[i,j] ∈ {0,1}``, ``i ≤ j``: item ``j`` is in the bin represented by ``i``;
    ``y[i,t] ∈ {0,1}``: item ``i`` represents a bin of type ``t``; ``x[i,i] = Σ_t y[i,t]``.

Objective
    ``min Σ_i Σ_t cost[t] y[i,t]``

Constraints
    ``Σ_{i≤j} x[i,j] = 1``                                          every item in one bin
    ``Σ_{j≥i} size[d,j] x[i,j] ≤ Σ_t capacity[d,t] y[i,t]``          every dimension of every bin
    ``x[i,j] ≤ Σ_{t: fits[j,t]} y[i,t]``                            an item fits its bin's type
    ``x[i,j] + x[i,k] ≤ x[i,i]``  for ``(j,k) ∈ C``, ``i < j < k``     conflicts

References
    Jansen, Öhring (1997), "Approximation algorithms for time constrained scheduling" (conflicts).
    Martello, Toth (1990), "Knapsack Problems", ch. 8 (bounds).
    Campêlo, Corrêa, Frota (2004), "Cliques, holes and the vertex coloring polytope",
    Information Processing Letters 89(4) (representatives).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

import numpy as np
from scipy.sparse import csc_array

from solvers.arrays import Bools, Floats
from solvers.linear.backends import backend
from solvers.linear.model import LinearModel
from solvers.options import Clock, Options, Silent
from solvers.outcome import Outcome, SolverFailed, Stop, relative_gap
from solvers.packing.greedy import greedy
from solvers.packing.problem import Bin, Packing, faults

_LARGEST = 2**20
"""Coefficients of a row are divided by a power of two, which is exact, until they lie below."""
_ROUNDS = 50


@dataclass(frozen=True)
class PackingResult:
    """Bins with a proved lower bound on the cost of any packing."""

    outcome: Outcome
    stop: Stop | None
    objective: int
    bound: float
    bins: tuple[Bin, ...]
    seconds: float

    @property
    def gap(self) -> float:
        """Relative distance of the objective to the bound."""
        return relative_gap(self.objective, self.bound) or 0.0


def pack(problem: Packing, options: Options) -> PackingResult:
    """Pack every item: greedy packings, then the exact model unless their bound closes the gap.

    Where time is over or it is cancelled, the best so far. Raises ValueError when
    ``problem.check()`` is not empty, SolverFailed when the model fails or contradicts the bins.
    """
    broken = problem.check()
    if broken:
        raise ValueError(" ".join(broken))
    clock = Clock(options)
    bins = greedy(problem, options.seed, clock)
    bound = lower_bound(problem)
    stop: Stop | None = None
    if problem.cost_of(bins) > bound * (1 + options.gap):
        bins, proved, stop = _exact(problem, bins, options, clock)
        bound = max(bound, proved)
    wrong = faults(problem, bins)
    objective = problem.cost_of(bins)
    if bound > objective:
        wrong = [*wrong, f"It costs {objective}, proved are {bound}."]
    if wrong:
        raise SolverFailed(f"The packing breaks a rule: {wrong[0]}")
    closed = objective - bound <= options.gap * max(1.0, objective)
    outcome = Outcome.OPTIMAL if closed else Outcome.FEASIBLE
    why = None if closed else stop or Stop.CONVERGED
    return PackingResult(outcome, why, objective, float(bound), bins, clock.seconds)


def lower_bound(problem: Packing) -> int:
    """Cost that no packing can beat: the dearest dimension at the cheapest price of its room.

    In whole units of cost; also the cheapest bin times a clique of conflicting items, and times
    the fewest bins that hold a dimension.
    """
    if not problem.items:
        return 0
    total = problem.size.sum(axis=1).tolist()
    cheapest, filled, fewest = int(problem.cost.min()), 0, 1
    for need, rooms in zip(total, problem.capacity.tolist(), strict=True):
        prices = [
            Fraction(cost, room)
            for cost, room in zip(problem.cost.tolist(), rooms, strict=True)
            if room > 0
        ]
        if need and prices:
            filled = max(filled, ceil(need * min(prices)))
            fewest = max(fewest, -(-need // max(rooms)))
    return max(filled, cheapest * max(fewest, len(_clique(problem.apart))))


def _clique(apart: Bools) -> list[int]:
    """Items that conflict pairwise, found greedily from the most conflicting on."""
    found: list[int] = []
    for i in np.argsort(-apart.sum(axis=1), kind="stable").tolist():
        if all(apart[i, j] for j in found):
            found.append(i)
    return found


class _Rows:
    """Rows of a sparse model as they are written."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        """One row ``low ≤ Σ value · column ≤ high``."""
        self.entries += [(len(self.low), column, value) for column, value in terms]
        self.low.append(low)
        self.high.append(high)

    def model(self, cost: Floats, high: Floats) -> LinearModel:
        """The rows with binary columns."""
        at, column, value = (np.array(part) for part in zip(*self.entries, strict=True))
        shape = (len(self.low), len(cost))
        matrix: csc_array = csc_array((value.astype(np.float64), (at, column)), shape=shape)
        return LinearModel(
            cost=cost, matrix=matrix, row_lower=np.array(self.low), row_upper=np.array(self.high),
            col_lower=np.zeros(len(cost)), col_upper=high,
            integral=np.ones(len(cost), dtype=np.bool_),
        )  # fmt: skip


def _exact(
    problem: Packing, start: tuple[Bin, ...], options: Options, clock: Clock
) -> tuple[tuple[Bin, ...], int, Stop | None]:
    """Bins no dearer than ``start``, the proved bound in whole units, and why it stopped early.

    A backend keeps rows to a tolerance. What it puts together beyond a capacity is forbidden, and
    the model solved again; every bound so far stays one.
    """
    n, types = problem.items, len(problem.cost)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if not problem.apart[i, j]]
    column = {pair: n * types + c for c, pair in enumerate(pairs)}
    cost = np.zeros(n * types + len(pairs))
    cost[: n * types] = np.tile(problem.cost, n)
    high = np.ones(len(cost))
    high[: n * types] = problem.alone.ravel()
    rows = _model(problem, column)
    # Nothing dearer than the greedy packing is of use.
    rows.add(list(enumerate(cost[: n * types].tolist())), -np.inf, problem.cost_of(start))
    unit = max(1.0, float(cost.max()) / 1e4)
    bound = 0
    for _ in range(_ROUNDS):
        limit = None if clock.left == float("inf") else max(0.01, clock.left)
        limited = replace(options, listener=Silent(), time_limit_seconds=limit)
        found = backend("highs").solve(rows.model(cost / unit, high), limited)
        if found.bound is not None:
            bound = max(bound, _whole_bound(found.bound * unit))
        if found.values is None:
            return start, bound, found.stop or Stop.CONVERGED
        bins = _decode(problem, found.values, column)
        overfull = [one for one in bins if _overfull(problem, one)]
        if not overfull:
            better = problem.cost_of(bins) < problem.cost_of(start)
            return bins if better else start, bound, found.stop
        for one in overfull:
            _forbid(problem, one, rows, column)
    return start, bound, Stop.ITERATIONS


def _whole_bound(bound: float) -> int:
    """Every packing costs a whole number: what is proved, rounded up."""
    return max(0, ceil(bound - 1e-6 - 1e-9 * abs(bound)))


def _overfull(problem: Packing, one: Bin) -> bool:
    load = problem.size[:, list(one.items)].sum(axis=1)
    return bool((load > problem.capacity[:, one.type]).any())


def _forbid(problem: Packing, one: Bin, rows: _Rows, column: dict[tuple[int, int], int]) -> None:
    """Its items do not share a bin of its type, nor of one that is no larger."""
    head, *others = one.items
    types = len(problem.cost)
    room = problem.capacity[:, [one.type]]
    small = np.flatnonzero((problem.capacity <= room).all(axis=0)).tolist()
    terms = [(column[head, j], 1.0) for j in others]
    terms += [(head * types + t, 1.0) for t in small]
    rows.add(terms, -np.inf, float(len(others)))


def _model(problem: Packing, column: dict[tuple[int, int], int]) -> _Rows:
    n, types = problem.items, len(problem.cost)
    rows = _Rows()
    for j in range(n):
        own = [(j * types + t, 1.0) for t in range(types)]
        rows.add(own + [(column[i, j], 1.0) for i in range(j) if (i, j) in column], 1.0, 1.0)
    for i in range(n):
        inside = [j for j in range(i + 1, n) if (i, j) in column]
        for d in range(problem.size.shape[0]):
            _room_row(problem, rows, (d, i, inside), column)
        for j in inside:
            good = [(i * types + t, -1.0) for t in range(types) if problem.fits[j, t]]
            rows.add([(column[i, j], 1.0), *good], -np.inf, 0.0)
        for j, k in problem.conflict.tolist():
            if i < min(j, k) and (i, j) in column and (i, k) in column:
                own = [(i * types + t, -1.0) for t in range(types)]
                rows.add([(column[i, j], 1.0), (column[i, k], 1.0), *own], -np.inf, 0.0)
    return rows


def _room_row(
    problem: Packing,
    rows: _Rows,
    where: tuple[int, int, list[int]],
    column: dict[tuple[int, int], int],
) -> None:
    """What is in the bin of an item fits one dimension."""
    d, i, inside = where
    types = len(problem.cost)
    shrink = 1.0
    while int(problem.capacity[d].max()) / shrink > _LARGEST:
        shrink *= 2
    terms = [(column[i, j], int(problem.size[d, j]) / shrink) for j in inside]
    terms += [
        (i * types + t, int(problem.size[d, i] - problem.capacity[d, t]) / shrink)
        for t in range(types)
    ]
    rows.add(terms, -np.inf, 0.0)


def _decode(problem: Packing, x: Floats, column: dict[tuple[int, int], int]) -> tuple[Bin, ...]:
    n, types = problem.items, len(problem.cost)
    heads = {i: [i] for i in range(n) if x[i * types : (i + 1) * types].sum() > 0.5}
    for (i, j), c in column.items():
        if x[c] > 0.5:
            heads[i].append(j)
    kinds = {i: int(np.argmax(x[i * types : (i + 1) * types])) for i in heads}
    return tuple(Bin(kinds[i], tuple(items)) for i, items in heads.items())
