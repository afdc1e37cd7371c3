"""Itineraries that visit a terminal twice where waiting is no way out, and how to forbid them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from freight.errors import EngineError
from freight.model.compile import Compiled
from freight.model.decode import kept_returns
from freight.model.trips import returns_of
from solvers.problem import NetworkDesign
from solvers.result import Result

MOST_CLASSES = 64


def returning(compiled: Compiled, result: Result) -> list[tuple[int, int]]:
    """(commodity, arc) of the arrivals that make a decoded itinerary visit a terminal twice."""
    if result.solution is None or not kept_returns(compiled, result.solution):
        return []
    return returns_of(compiled, result.solution)


def forbidden(problem: NetworkDesign, pairs: list[tuple[int, int]]) -> NetworkDesign:
    """The problem with some arcs closed to some commodities.

    Each such arc gets a class of its own that everyone but those commodities may use. Raises
    EngineError when there are not enough classes.
    """
    group, allowed = problem.group.copy(), problem.allowed.copy()
    for arc in sorted({a for _, a in pairs}):
        new = int(group.max()) + 1
        if new >= MOST_CLASSES:
            raise EngineError(
                f"Too many itineraries visit a terminal twice: {len(pairs)}. Lower the storage "
                "prices or free more storage hours, so that waiting is no dearer than circling."
            )
        might = (allowed >> np.uint64(group[arc])) & np.uint64(1)
        may_not = np.array([k for k, a in pairs if a == arc], dtype=np.int64)
        might[may_not] = 0
        group[arc] = new
        allowed |= might << np.uint64(new)
    return replace(problem, group=group, allowed=allowed)
