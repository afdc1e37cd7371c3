"""Itineraries that visit a terminal twice where waiting is no way out, and how to forbid them.

The network cannot know where a box has been, so a solution may circle: to dodge storage, to
outwait the most dwell, to fill a minimum load. Decoding replaces circles by waits where it can.
Where it cannot, or only at a price, the commodity is forbidden to arrive by the arc that closes the
circle and the problem is solved again. Where no path of the commodity leads to that arc without
having been to the terminal before, nothing is lost by closing it, and with it all arrivals there of
which the same is true, and the later bound holds; where some does, only the bound of the first
problem holds, which allowed more. Commodities that still circle in the end are left behind.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from freight.model.compile import Compiled
from freight.model.network import Arc
from freight.model.trips import returns_of
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution

MOST_CLASSES = 64


def closing_arcs(compiled: Compiled, solution: Solution) -> set[tuple[int, int]]:
    """(commodity, arc) of the arrivals that close a circle in a solution."""
    return set(returns_of(compiled, solution))


def never_first(compiled: Compiled, commodity: int, place: int) -> set[int]:
    """Arcs that arrive at a terminal where every path of a commodity to them has been before."""
    network, problem = compiled.network, compiled.problem
    arrives = np.isin(network.kind, (Arc.UNLOAD, Arc.TRANSFER))
    arrives &= network.terminal[network.head] == place
    arrivals = np.flatnonzero(arrives)
    if network.terminal[problem.origin[commodity]] == place:
        return set(arrivals.tolist())
    open_ = problem.may_use(commodity) & ~arrives
    ones = np.ones(int(open_.sum()), dtype=np.int8)
    graph = csr_array(
        (ones, (network.tail[open_], network.head[open_])), shape=(problem.nodes, problem.nodes)
    )
    reached = breadth_first_order(
        graph, int(problem.origin[commodity]), directed=True, return_predecessors=False
    )
    return set(arrivals[~np.isin(network.tail[arrivals], reached)].tolist())


def closed_at_no_loss(compiled: Compiled, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """(commodity, arc) of all arrivals that can only close the circles some pairs close.

    Closing one arrival alone would send the boxes around by the next day's.
    """
    network = compiled.network
    circles = {(k, int(network.terminal[network.head[a]])) for k, a in pairs}
    return {(k, a) for k, place in circles for a in never_first(compiled, k, place)}


def left_behind(problem: NetworkDesign, commodities: set[int]) -> NetworkDesign:
    """The problem in which some commodities may use no arc."""
    allowed = problem.allowed.copy()
    allowed[sorted(commodities)] = 0
    return replace(problem, allowed=allowed)


def forbidden(problem: NetworkDesign, pairs: set[tuple[int, int]]) -> NetworkDesign | None:
    """The problem with some arcs closed to some commodities; None where classes run out.

    Arcs of one class that are closed to the same commodities form a new class, which everyone
    else may use who might use the old one.
    """
    closed: dict[int, set[int]] = {}
    for k, a in pairs:
        closed.setdefault(a, set()).add(k)
    groups: dict[tuple[int, frozenset[int]], list[int]] = {}
    for a, some in sorted(closed.items()):
        groups.setdefault((int(problem.group[a]), frozenset(some)), []).append(a)
    group, allowed = problem.group.copy(), problem.allowed.copy()
    first = int(group.max(initial=0)) + 1
    if first + len(groups) > MOST_CLASSES:
        return None
    for new, ((old, barred), arcs) in enumerate(groups.items(), first):
        might = (problem.allowed >> np.uint64(old)) & np.uint64(1)
        might[list(barred)] = 0
        group[arcs] = new
        allowed |= might << np.uint64(new)
    return replace(problem, group=group, allowed=allowed)
