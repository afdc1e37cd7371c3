"""What every coalition of owners would pay alone: one problem each, on the arrays of one policy.

For coalition ``S``

    ``q_S[k]``     demand of shipments of members, 0 of others
    ``y_max_S[s]`` 0 for trunk trains that no member can run
    ``f_S[s]``     0 for committed departures of outsiders, which run at their owners' expense

and everything else stays: terminals, borders and market slots are there for every coalition in
full. Itineraries therefore carry over from one coalition to the next (see
:mod:`solvers.network_design.relaxation.column_pool`), and so do plans: those of the two halves of a
coalition, side by side, are a plan of the whole wherever the capacities that they share allow it.
Each solve keeps its proved bound, so that ``c(S)`` is known as an interval.

Owners that bring no shipments, such as the open market, are no players. What their committed
departures cost, ``M``, is charged by TEU brought: ``c(S) + M q_S / q_N``; this leaves what every
rule makes of the rest untouched but for rules that compare whole costs.

A coalition's problem depends only on the trains that it may fill. Where two policies leave it the
same ones, such as ``standalone`` and ``joint`` a single owner, it is solved once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from freight.consolidation.candidates import Candidates, Train
from freight.consolidation.policy import Policy
from freight.consolidation.shape import closed
from freight.domain.instance import Instance
from freight.model.compile import Compiled
from solvers.games import members
from solvers.network_design.statement.problem import NetworkDesign

MOST_SPLITS = 3
"""Ways to put a coalition's start together that are tried."""
MOST_SPLIT_MEMBERS = 8
"""Beyond this many members not every split of a coalition is looked at."""

Offer = frozenset[tuple[str, frozenset[str], float]]
"""Trunk trains open to some owners: service, who of them may ride, minimum load."""


@dataclass(frozen=True)
class Players:
    """The owners that bring shipments, the trains that they can run, and those that may not run."""

    owners: tuple[str, ...]
    trains: Mapping[str, Train]
    closed: frozenset[str] = frozenset()


def table_of(network: Candidates, policy: Policy, owners: tuple[str, ...]) -> Players:
    """The players under one policy."""
    return Players(owners, network.trains, closed(network, policy))


def without(compiled: Compiled, closed: Collection[str]) -> Compiled:
    """The compiled instance with the departures of some optional services shut."""
    departures = compiled.network.calls.departures
    shut = np.array([one.service in closed for one in departures], dtype=np.bool_)
    problem = compiled.problem
    most = np.where(shut & (problem.y_min == 0), 0, problem.y_max)
    return replace(compiled, problem=replace(problem, y_max=most))


def coalition_problem(compiled: Compiled, players: Players, mask: int) -> NetworkDesign:
    """The joint problem left to one coalition (symbols: see above)."""
    inside = {players.owners[i] for i in members(mask)}
    instance, problem = compiled.instance, compiled.problem
    owner = np.array([instance.shipments[i].owner for i in compiled.pools.first])
    calls = compiled.network.calls
    trains = [players.trains.get(one.service) for one in calls.departures]
    shut = np.array([t is not None and not t.backers & inside for t in trains], dtype=np.bool_)
    theirs = np.array(
        [instance.service[one.service].owner not in inside for one in calls.departures],
        dtype=np.bool_,
    )
    always = problem.y_min > 0
    return replace(
        problem,
        demand=np.where(np.isin(owner, sorted(inside)), problem.demand, 0.0),
        y_max=np.where(shut & ~always, 0, problem.y_max),
        fixed_cost=np.where(theirs & always, 0.0, problem.fixed_cost),
    )


def offer_to(law: Instance, players: Players, mask: int) -> Offer:
    """The trunk trains that a coalition may run and fill under a policy."""
    inside = frozenset(players.owners[i] for i in members(mask))
    found = []
    for name, train in players.trains.items():
        service = law.service[name]
        riders = inside & frozenset(service.open_to) if service.open_to else inside
        if name not in players.closed and train.backers & inside and riders:
            found.append((name, riders, service.minimum_load_teu))
    return frozenset(found)


def separable(law: Instance, players: Players) -> bool:
    """Whether owners decide nothing together: every train that may run serves one of them.

    Then the costs of all owners alone add up to a lower bound: they share only capacities, which
    each of them had in full, and committed departures, which run in any case.
    """
    trunk = players.trains
    if any(not one.committed and one.id not in trunk for one in law.services):
        return False
    who = frozenset(players.owners)
    return all(
        len(riders) <= 1 and riders <= trunk[one.id].backers
        for one in law.services
        if one.id in trunk and one.id not in players.closed
        if (riders := frozenset(one.open_to or who) & who)
    )


def halves(mask: int, upper: Mapping[int, float], most: int = MOST_SPLITS) -> list[tuple[int, int]]:
    """The cheapest ways to split a coalition into two whose costs are known, at most so many."""
    found = [
        (upper[part] + upper[mask ^ part], part, mask ^ part)
        for part in _parts(mask)
        if part in upper and mask ^ part in upper
    ]
    return [(one, two) for _, one, two in sorted(found)[:most]]


def _parts(mask: int) -> Iterator[int]:
    """Half of every split; of a large coalition only those that leave one member alone."""
    if mask.bit_count() > MOST_SPLIT_MEMBERS:
        yield from (mask ^ 1 << i for i in members(mask))
        return
    part = (mask - 1) & mask
    while part > mask ^ part:
        yield part
        part = (part - 1) & mask


def teu_of(instance: Instance, owners: Sequence[str]) -> dict[str, int]:
    """TEU that every owner brings."""
    found = dict.fromkeys(owners, 0)
    for one in instance.shipments:
        found[one.owner] += one.teu
    return found
