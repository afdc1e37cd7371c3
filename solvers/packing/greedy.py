"""Packings made item by item: good ones soon, without a bound."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.options import Clock
from solvers.packing.problem import Bin, Packing

_RESTARTS = 200


def greedy(problem: Packing, seed: int, clock: Clock | None = None) -> tuple[Bin, ...]:
    """The best of many best-fit packings, in orders of decreasing size and at random around them.

    There is one at least, even where the clock is over.
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
        if trial == 0 or problem.cost_of(bins) < problem.cost_of(best):
            best = bins
        if clock is not None and clock.over:
            break
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
