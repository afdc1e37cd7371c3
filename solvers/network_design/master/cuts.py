"""Cuts on designs and flows together, and what prices on them mean for paths and designs.

A cut states ``Σ_s weight[s] y[s] - Σ_i worth[i] x[commodity[i], arc[i]] ≥ least`` with
``worth ≥ 0``. Flow enters by commodity and arc, so a price ``ω ≥ 0`` on the cut is a surcharge
``ω worth[i]`` on that arc for that commodity, and pricing stays a shortest path problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.arrays import Bools, Floats, Ints
from solvers.network_design.statement.paths import Itineraries

_UNMET = 1e-6  #: by which a cut must be missed to count as unmet


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut of the module docstring; ``design``/``weight`` and the flow triples are parallel."""

    design: Ints
    weight: Floats
    commodity: Ints
    arc: Ints
    worth: Floats
    least: float


class Cuts:
    """The cuts of one master, in the order of adding."""

    def __init__(self, arcs: int) -> None:
        self._arcs = arcs
        self._all: list[Cut] = []
        self._key = self._cut = np.zeros(0, dtype=np.int64)
        self._worth: Floats = np.zeros(0)
        self._design = self._of = np.zeros(0, dtype=np.int64)
        self._weight = self.least = np.zeros(0)

    def __len__(self) -> int:
        return len(self._all)

    def add(self, cuts: Sequence[Cut]) -> None:
        """Take more cuts."""
        first = len(self._all)
        keys = [cut.commodity * self._arcs + cut.arc for cut in cuts]
        number = [np.full(len(key), first + i) for i, key in enumerate(keys)]
        key, cut = np.concatenate([self._key, *keys]), np.concatenate([self._cut, *number])
        worth = np.concatenate([self._worth, *(one.worth for one in cuts)])
        order = np.argsort(key, kind="stable")
        self._key, self._cut, self._worth = key[order], cut[order], worth[order]
        own = [np.full(len(one.design), first + i) for i, one in enumerate(cuts)]
        self._of = np.concatenate([self._of, *own])
        self._design = np.concatenate([self._design, *(one.design for one in cuts)])
        self._weight = np.concatenate([self._weight, *(one.weight for one in cuts)])
        self.least = np.concatenate([self.least, [one.least for one in cuts]])
        self._all.extend(cuts)

    def steps(self, paths: Itineraries) -> tuple[Ints, Ints, Floats]:
        """Cut, path and worth of every step of a path that a cut counts."""
        steps = paths.pairs(self._arcs)
        first = np.searchsorted(self._key, steps, side="left")
        count = np.searchsorted(self._key, steps, side="right") - first
        path = np.repeat(paths.arcs.owners(), count)
        at = np.arange(len(path)) - np.repeat(np.cumsum(count) - count, count)
        at += np.repeat(first, count)
        return self._cut[at], path, self._worth[at]

    def room(self, low: Floats, high: Floats) -> Floats:
        """How far each cut exceeds its least value at best, with designs in these ranges.

        Negative: no flow at all meets the cut.
        """
        best = np.where(self._weight > 0.0, high[self._design], low[self._design])
        most = np.bincount(self._of, weights=self._weight * best, minlength=len(self))
        return np.asarray(most - self.least, dtype=np.float64)

    def propagated(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Ranges without the end values of 0–1 designs that would leave some cut unmet."""
        low, high = low.copy(), high.copy()
        tight = np.abs(self._weight) > self.room(low, high)[self._of] + _UNMET
        tight &= high[self._design] - low[self._design] == 1.0
        up, down = tight & (self._weight > 0.0), tight & (self._weight < 0.0)
        low[self._design[up]] = high[self._design[up]]
        high[self._design[down]] = np.minimum(high, low)[self._design[down]]
        return low, high

    def surcharges(self, price: Floats) -> tuple[Ints, Ints, Floats]:
        """Commodity, arc and price per unit of flow that prices of the cuts amount to."""
        paid = price[self._cut] * self._worth
        used = paid > 0.0
        commodity, arc = np.divmod(self._key[used], self._arcs)
        return commodity, arc, paid[used]

    def unmet(self, low: Floats, high: Floats) -> Bools:
        """Which cuts no flow meets with designs in these ranges."""
        return np.asarray(self.room(low, high) < -_UNMET, dtype=np.bool_)

    def charge(self, price: Floats, reduced: Floats) -> float:
        """Take the worth of designs in cuts off ``reduced``; returns ``Σ price · least``."""
        total = 0.0
        for i in np.flatnonzero(price > 0.0).tolist():
            cut = self._all[i]
            np.subtract.at(reduced, cut.design, price[i] * cut.weight)
            total += float(price[i] * cut.least)
        return total
