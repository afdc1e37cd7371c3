"""Itineraries that come to no place twice, found exactly where the rule binds.

A node of a time–space network is a place at a moment, so a path that passes no node twice may still
come back to a place: to dodge storage, to outwait a limit, to fill a minimum. With ``arrives[a]``
the place at which arc ``a`` ends a move and ``home[k]`` the place where commodity ``k`` begins, the
rule is that

    ``home[k]`` and the ``arrives[a] ≥ 0`` of a path's arcs are all different.

*Pricing* (``pricing.once``) solves the shortest path problem without the rule first. Where its path
comes back to places ``C``, states (node, ``V ⊆ C`` visited) take the place of nodes and arrivals at
a place in ``V`` are closed; the path found may come back to other places, which join ``C``, until
it does not come back at all ("decremental state space relaxation"). Each such problem allows more
than the rule, so its value is a lower bound, and the last one is exact.

*The arc model* (``compact.pairs``) states the flow of a commodity over the same states: what flows
over an arc is the sum over its states, and every path of such a flow keeps the rule at the places
of ``C``. ``C`` grows by the places that paths of an optimum come back to.

Nothing of this is stated, or costs anything, where no path comes back.

References
    Righini, Salani (2008), "New dynamic programming algorithms for the resource constrained
    elementary shortest path problem", Networks 51(3).
    Boland, Dethridge, Dumitrescu (2006), "Accelerated label setting algorithms for the elementary
    resource constrained shortest path problem", Operations Research Letters 34(1).
    Baldacci, Mingozzi, Roberti (2011), "New route relaxation and pricing strategies for the vehicle
    routing problem", Operations Research 59(5).
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Bools, Ints, Ragged, Small, compiled
from solvers.network_design.statement.problem import NetworkDesign


def returning(problem: NetworkDesign, commodity: Ints, arcs: Ragged) -> Bools:
    """Whether each path comes to a place twice; False everywhere where the rule is not stated."""
    if not problem.once:
        return np.zeros(len(arcs), dtype=np.bool_)
    return np.asarray(
        _returning(
            commodity, arcs.start, arcs.values, problem.arrives, problem.home, no_place(problem)
        )
    )


def places_met_again(problem: NetworkDesign, k: int, path: Ints) -> tuple[int, ...]:
    """The places that a path of ``k`` comes back to."""
    come = np.append(problem.home[k], problem.arrives[path])
    place, count = np.unique(come[come >= 0], return_counts=True)
    return tuple(place[count > 1].tolist())


def no_place(problem: NetworkDesign) -> Bools:
    """False for every place."""
    most = max(int(problem.arrives.max(initial=-1)), int(problem.home.max(initial=-1)))
    return np.zeros(most + 1, dtype=np.bool_)


@compiled
def _returning(
    commodity: Ints, start: Ints, values: Ints, arrives: Ints, home: Ints, seen: Bools
) -> Bools:  # fmt: skip
    found = np.zeros(len(commodity), np.bool_)
    for i in range(len(commodity)):
        path = values[start[i] : start[i + 1]]
        found[i] = comes_back(path, arrives, home[commodity[i]], seen)
    return found


@compiled
def comes_back(arcs: Ints | Small, arrives: Ints, home: int, seen: Bools) -> bool:
    """Whether a path comes to a place twice; ``seen`` (per place, all False) is left as it was."""
    twice = False
    if home >= 0:
        seen[home] = True
    for a in arcs:
        p = arrives[a]
        if p >= 0:
            twice |= seen[p]
            seen[p] = True
    for a in arcs:
        if arrives[a] >= 0:
            seen[arrives[a]] = False
    if home >= 0:
        seen[home] = False
    return bool(twice)
