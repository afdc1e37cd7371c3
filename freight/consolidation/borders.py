"""Boxes cross the border of home once: what is sold abroad does not come back.

A plan on arrays alone might send a box bound for Europe to Almaty and home again, to fill a train
that must not run emptier than its minimum load. With home the countries of the owners' cities, arcs
that lead into home are closed to commodities that begin there and end abroad, arcs that lead out of
it to those that begin abroad and end there.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from freight.consolidation.trunk import home_countries
from freight.model.compile import Compiled
from solvers.problem import ALL_GROUPS, Bools, Ints, Masks

MOST_CLASSES = 56
"""Classes of arcs that may be used; the rest is for repairs of plans."""


def crossed_once(compiled: Compiled) -> Compiled:
    """The compiled instance under the rule; as it was where classes of arcs do not suffice."""
    problem, network = compiled.problem, compiled.network
    home = home_countries(compiled.instance)
    place = np.array([one.country in home for one in compiled.instance.terminals], dtype=np.bool_)
    at = place[network.terminal]
    before, after = at[problem.tail], at[problem.head]
    outbound, inbound = _directions(compiled)
    group, allowed = problem.group, problem.allowed
    for arcs, barred in ((after & ~before, outbound), (before & ~after, inbound)):
        group, allowed = _closed(group, allowed, arcs, barred)
    if int(group.max(initial=0)) >= MOST_CLASSES:
        return compiled
    return replace(compiled, problem=replace(problem, group=group, allowed=allowed))


def _directions(compiled: Compiled) -> tuple[Bools, Bools]:
    """Commodities that leave home, and those that come home; shapes K."""
    instance = compiled.instance
    home = home_countries(instance)
    some = [instance.shipments[i] for i in compiled.pools.first]
    land = instance.terminal
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
