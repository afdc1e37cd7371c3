"""Boxes of a policy's instance cross the border of home once: what is sold abroad stays there.

A plan on arrays alone might send a box bound for Europe to Almaty and home again, to fill a train
that must not run emptier than its minimum load. With home the countries of the owners' cities, arcs
that lead into home are closed to commodities that begin there and end abroad, arcs that lead out of
it to those that begin abroad and end there.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from freight.domain.instance import Instance
from freight.errors import EngineError
from freight.model.network import Network
from freight.model.pools import Pools
from solvers.arrays import Bools, Ints, Masks
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign

MOST_CLASSES = 63
"""Classes of arcs that a mask of 64 bits tells apart, one of them for what has run out."""


def crossed_once(
    instance: Instance, network: Network, pools: Pools, problem: NetworkDesign
) -> NetworkDesign:
    """The problem under the rule; raises EngineError where classes of arcs do not suffice."""
    home = instance.home_countries
    place = np.array([one.country in home for one in instance.terminals], dtype=np.bool_)
    # The node that is nowhere comes last; no arc meets it.
    at = np.append(place[network.terminal], False)
    before, after = at[problem.tail], at[problem.head]
    outbound, inbound = _directions(instance, pools)
    group, allowed = problem.group, problem.allowed
    for arcs, barred in ((after & ~before, outbound), (before & ~after, inbound)):
        if barred.any():
            group, allowed = _closed(group, allowed, arcs, barred)
    most = int(group.max(initial=0))
    if most >= MOST_CLASSES:
        raise EngineError(
            f"Services and borders make {most + 1} classes of legs, at most {MOST_CLASSES} can be "
            "told apart. Give fewer combinations of mode, reefer, dangerous and open_to."
        )
    return replace(problem, group=group, allowed=allowed)


def _directions(instance: Instance, pools: Pools) -> tuple[Bools, Bools]:
    """Commodities that leave home, and those that come home; shapes K."""
    home, land = instance.home_countries, instance.terminal
    some = [instance.shipments[i] for i in pools.first]
    starts = np.array([land[one.origin].country in home for one in some], dtype=np.bool_)
    ends = np.array([land[one.destination].country in home for one in some], dtype=np.bool_)
    return starts & ~ends, ends & ~starts


def _closed(group: Ints, allowed: Masks, arcs: Bools, barred: Bools) -> tuple[Ints, Masks]:
    """Groups and masks with some arcs closed to the barred commodities."""
    fresh, rights = group.copy(), allowed.copy()
    for old in np.unique(group[arcs]):
        new = int(fresh.max(initial=0)) + 1
        if new > 63:
            return np.full_like(group, 63), allowed
        fresh[arcs & (group == old)] = new
        might = (allowed >> np.uint64(old)) & np.uint64(1)
        might[barred] = 0
        rights = (rights & ~(np.uint64(1) << np.uint64(new)) & ALL_GROUPS) | might << np.uint64(new)
    return fresh, rights
