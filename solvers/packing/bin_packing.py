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

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from solvers.arrays import Bools, Floats, Ints
from solvers.options import Clock, Options
from solvers.outcome import Outcome, SolverFailed, Stop, relative_gap

_RESTARTS = 200


@dataclass(frozen=True)
class Packing:
    """One instance of the problem above, as frozen arrays (symbols: see the module docstring)."""

    size: Ints
    capacity: Ints
    cost: Ints
    fits: Bools
    conflict: Ints

    @property
    def items(self) -> int:
        """Number of items."""
        return int(self.size.shape[1])

    @cached_property
    def apart(self) -> Bools:
        """Whether two items conflict; I×I."""
        found = np.zeros((self.items, self.items), dtype=np.bool_)
        found[self.conflict[:, 0], self.conflict[:, 1]] = True
        return found | found.T

    @cached_property
    def alone(self) -> Bools:
        """Whether an item on its own goes into a bin of each type; I×T."""
        small = (self.size[:, :, None] <= self.capacity[:, None, :]).all(axis=0)
        return np.asarray(small & self.fits)

    def check(self) -> list[str]:
        """Every contradiction, in words; empty when every item can be packed."""
        d, n, t = self.size.shape[0], self.items, len(self.cost)
        want = {"capacity": (d, t), "fits": (n, t), "conflict": (len(self.conflict), 2)}
        faults = [
            f"{name} has shape {getattr(self, name).shape}, expected {shape}."
            for name, shape in want.items()
            if getattr(self, name).shape != shape
        ]
        if faults:
            return faults
        if self.size.min(initial=0) < 0 or self.cost.min(initial=0) < 0:
            faults.append("size and cost must not be negative.")
        if self.conflict.size and not 0 <= self.conflict.min() <= self.conflict.max() < n:
            faults.append(f"conflict holds items outside 0..{n - 1}.")
        if (self.conflict[:, 0] == self.conflict[:, 1]).any():
            faults.append("An item must not be in conflict with itself.")
        if not faults:
            homeless = np.flatnonzero(~self.alone.any(axis=1)).tolist()
            faults += [f"Item {i} goes into no bin type." for i in homeless]
        return faults


@dataclass(frozen=True, slots=True)
class Bin:
    """Items, ascending, in one bin of a type."""

    type: int
    items: tuple[int, ...]


def faults(problem: Packing, bins: tuple[Bin, ...]) -> list[str]:
    """Every broken rule of a packing, in words; empty when it is feasible."""
    packed = [i for one in bins for i in one.items]
    often = np.bincount(np.array(packed, dtype=np.int64), minlength=problem.items)
    found = [f"Item {i} is packed {often[i]} times." for i in np.flatnonzero(often != 1)]
    for number, one in enumerate(bins):
        items = list(one.items)
        load = problem.size[:, items].sum(axis=1)
        for d in np.flatnonzero(load > problem.capacity[:, one.type]):
            limit = problem.capacity[d, one.type]
            found.append(f"Bin {number}: {load[d]} of dimension {d} exceeds {limit}.")
        found += [
            f"Bin {number}: item {i} must not go into type {one.type}."
            for i in items
            if not problem.fits[i, one.type]
        ]
        found += [
            f"Bin {number}: items {i} and {j} must not share a bin."
            for i, j in problem.conflict.tolist()
            if i in items and j in items
        ]
    return found


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

    Raises ValueError when ``problem.check()`` is not empty, SolverFailed when the model fails.
    """
    broken = problem.check()
    if broken:
        raise ValueError(" ".join(broken))
    clock = Clock(options)
    bins = greedy(problem, options.seed)
    bound = lower_bound(problem)
    stop: Stop | None = None
    if _cost(problem, bins) > bound * (1 + options.gap) + 1e-9:
        better, proved, done = _exact(problem, bins, options, clock)
        bound, stop = max(bound, proved), None if done else Stop.TIME
        if better is not None and _cost(problem, better) < _cost(problem, bins):
            bins = better
    wrong = faults(problem, bins)
    if wrong:
        raise SolverFailed(f"The packing breaks a rule: {wrong[0]}")
    objective = _cost(problem, bins)
    bound = min(bound, float(objective))
    closed = objective - bound <= options.gap * max(1.0, objective)
    outcome = Outcome.OPTIMAL if closed else Outcome.FEASIBLE
    why = None if closed else stop or Stop.CONVERGED
    return PackingResult(outcome, why, objective, bound, bins, clock.seconds)


def _cost(problem: Packing, bins: tuple[Bin, ...]) -> int:
    return int(sum(problem.cost[one.type] for one in bins))


def lower_bound(problem: Packing) -> float:
    """Cost that no packing can beat: the dearest dimension at the cheapest price of its room.

    With one price for all types also that price times a clique of conflicting items.
    """
    if not problem.items:
        return 0.0
    total = problem.size.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(problem.capacity > 0, problem.cost / problem.capacity, np.inf).min(axis=1)
    filled = max(float((total[total > 0] * price[total > 0]).max(initial=0.0)), 0.0)
    cheapest = int(problem.cost.min())
    largest = problem.capacity.max(axis=1)
    need = max((int(-(-t // c)) for t, c in zip(total, largest, strict=True) if c > 0), default=1)
    return max(filled, float(cheapest * max(1, need, len(_clique(problem.apart)))))


def _clique(apart: Bools) -> list[int]:
    """Items that conflict pairwise, found greedily from the most conflicting on."""
    found: list[int] = []
    for i in np.argsort(-apart.sum(axis=1), kind="stable").tolist():
        if all(apart[i, j] for j in found):
            found.append(i)
    return found


def greedy(problem: Packing, seed: int) -> tuple[Bin, ...]:
    """The best of many best-fit packings, in orders of decreasing size and at random around them.

    Johnson (1974), "Fast algorithms for bin packing"; each bin shrinks to its cheapest type.
    """
    rng = np.random.default_rng(seed)
    full = np.maximum(problem.capacity.max(axis=1, keepdims=True), 1)
    share = problem.size / full
    keys = [share.max(axis=0), share.sum(axis=0), *share, problem.apart.sum(axis=1) + share.max(0)]
    best: tuple[Bin, ...] = ()
    for trial in range(len(keys) + _RESTARTS):
        key = keys[trial % len(keys)]
        if trial >= len(keys):
            key = key * rng.uniform(0.7, 1.3, problem.items)
        bins = _best_fit(problem, np.argsort(-key, kind="stable"), share)
        if trial == 0 or _cost(problem, bins) < _cost(problem, best):
            best = bins
    return best


def _best_fit(problem: Packing, order: Ints, share: Floats) -> tuple[Bin, ...]:
    bins: list[list[int]] = []
    for i in order.tolist():
        choices = [b for b, items in enumerate(bins) if _cheapest(problem, [*items, i]) is not None]
        if choices:
            bins[max(choices, key=lambda b: float(share[:, bins[b]].sum()))].append(i)
        else:
            bins.append([i])
    packed = []
    for items in bins:
        kind = _cheapest(problem, items)
        packed.append(Bin(-1 if kind is None else kind, tuple(sorted(items))))
    return tuple(packed)


def _cheapest(problem: Packing, items: list[int]) -> int | None:
    """The cheapest type that takes the items together, None when there is none."""
    last = items[-1]
    if problem.apart[last, items].any():
        return None
    load = problem.size[:, items].sum(axis=1, keepdims=True)
    good = problem.fits[items].all(axis=0) & (load <= problem.capacity).all(axis=0)
    types = np.flatnonzero(good)
    return None if not len(types) else int(types[np.argmin(problem.cost[types])])


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


def _exact(
    problem: Packing, start: tuple[Bin, ...], options: Options, clock: Clock
) -> tuple[tuple[Bin, ...] | None, float, bool]:
    """Better bins or None, the bound, and whether the model was solved to the asked gap."""
    n, types = problem.items, len(problem.cost)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if not problem.apart[i, j]]
    column = {pair: n * types + c for c, pair in enumerate(pairs)}
    rows = _model(problem, column)
    where = np.array([(r, c) for r, c, _ in rows.entries], dtype=np.int64).T
    values = np.array([v for _, _, v in rows.entries])
    width = n * types + len(pairs)
    matrix = coo_array((values, (where[0], where[1])), shape=(len(rows.low), width)).tocsr()
    cost = np.zeros(width)
    cost[: n * types] = np.tile(problem.cost, n)
    high = np.ones(width)
    high[: n * types] = problem.alone.ravel()
    limit = min(1e7, max(0.01, clock.left))
    # Nothing dearer than the greedy packing is of use.
    most = LinearConstraint(cost[None, :], -np.inf, float(_cost(problem, start)))
    found = milp(
        cost,
        constraints=[LinearConstraint(matrix, np.array(rows.low), np.array(rows.high)), most],
        bounds=Bounds(0, high),
        integrality=np.ones(width, dtype=np.int64),
        options={"mip_rel_gap": options.gap, "time_limit": limit},
    )
    if found.status not in (0, 1):
        raise SolverFailed(f"The packing model ended with '{found.message}'.")
    bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    bins = None if found.x is None else _decode(problem, found.x, column)
    return bins, bound, found.status == 0


def _model(problem: Packing, column: dict[tuple[int, int], int]) -> _Rows:
    n, types = problem.items, len(problem.cost)
    rows = _Rows()
    for j in range(n):
        own = [(j * types + t, 1.0) for t in range(types)]
        rows.add(own + [(column[i, j], 1.0) for i in range(j) if (i, j) in column], 1.0, 1.0)
    for i in range(n):
        inside = [j for j in range(i + 1, n) if (i, j) in column]
        for d in range(problem.size.shape[0]):
            terms = [(column[i, j], float(problem.size[d, j])) for j in inside]
            terms += [
                (i * types + t, float(problem.size[d, i] - problem.capacity[d, t]))
                for t in range(types)
            ]
            rows.add(terms, -np.inf, 0.0)
        for j in inside:
            good = [(i * types + t, -1.0) for t in range(types) if problem.fits[j, t]]
            rows.add([(column[i, j], 1.0), *good], -np.inf, 0.0)
        for j, k in problem.conflict.tolist():
            if i < min(j, k) and (i, j) in column and (i, k) in column:
                own = [(i * types + t, -1.0) for t in range(types)]
                rows.add([(column[i, j], 1.0), (column[i, k], 1.0), *own], -np.inf, 0.0)
    return rows


def _decode(problem: Packing, x: Floats, column: dict[tuple[int, int], int]) -> tuple[Bin, ...]:
    n, types = problem.items, len(problem.cost)
    heads = {i: [i] for i in range(n) if x[i * types : (i + 1) * types].sum() > 0.5}
    for (i, j), c in column.items():
        if x[c] > 0.5:
            heads[i].append(j)
    kinds = {i: int(np.argmax(x[i * types : (i + 1) * types])) for i in heads}
    return tuple(Bin(kinds[i], tuple(items)) for i, items in heads.items())
