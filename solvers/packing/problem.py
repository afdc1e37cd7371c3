"""What is packed into what, and whether bins hold: no method shares anything with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.arrays import Bools, Ints

MOST_TOTAL = 2**53
"""Up to here sums of whole numbers are exact in floating point too."""


@dataclass(frozen=True)
class Packing:
    """One instance as frozen arrays; symbols as in :mod:`solvers.packing.bin_packing`."""

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

    def cost_of(self, bins: tuple[Bin, ...]) -> int:
        """What bins cost together."""
        return int(sum(int(self.cost[one.type]) for one in bins))

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
        for name in ("size", "capacity", "cost"):
            if getattr(self, name).min(initial=0) < 0:
                faults.append(f"{name} must not be negative.")
        if int(self.size.sum(axis=1).max(initial=0)) > MOST_TOTAL:
            faults.append(f"The sizes of a dimension come to more than {MOST_TOTAL}.")
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
