"""What stands in the way of an itinerary in a plan: idle trains, full legs, full days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from freight.model.compile import Compiled
from freight.model.network import Arc
from freight.model.room import Room, Tight
from solvers.arrays import Bools, Ints
from solvers.paths.multicriteria import can_reach
from solvers.paths.network import PathNetwork

MOST_ASKED = 100
"""Departures of which it is worked out what could ride them."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A departure that does not run; a position in the network's departures."""

    departure: int


Obstacle = Idle | Tight


@dataclass(frozen=True)
class Beside:
    """A network of shipments left behind, with what the plan leaves on it.

    ``runs`` counts the runs of every departure in the plan.
    """

    compiled: Compiled
    room: Room
    runs: Ints

    def of(self, arcs: Sequence[int], lot: float, tonnes: float) -> list[Obstacle]:
        """What keeps a lot off a path, in the order of the way."""
        network = self.compiled.network
        found: list[Obstacle] = []
        for a in arcs:
            kind = Arc(int(network.kind[a]))
            on_board = kind <= Arc.UNLOAD
            departure = int(network.calls.departure[network.refer[a]]) if on_board else -1
            if on_board and not self.runs[departure]:
                if kind is Arc.LOAD:
                    found.append(Idle(departure))
                continue
            tight = self.room.tight(a, lot, tonnes)
            if tight is not None:
                found.append(tight)
        return list(dict.fromkeys(found))

    def closed(self, lot: float, tonnes: float) -> Bools:
        """Arcs that have no room for a lot."""
        short = self.room.teu < lot - 1e-9
        return np.asarray(short | (self.room.tonnes < tonnes - 1e-9), dtype=np.bool_)


class Riders:
    """Which commodities have an itinerary with a departure, whatever else is on board."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        problem = compiled.problem
        self._onward = PathNetwork.of(problem.nodes, problem.tail, problem.head)
        self._back = PathNetwork.of(problem.nodes, problem.head, problem.tail)
        self._known: dict[int, Ints] = {}

    def of(self, departure: int) -> Ints | None:
        """Commodities that could ride a departure; None once enough have been asked for."""
        if departure not in self._known:
            if len(self._known) >= MOST_ASKED:
                return None
            self._known[departure] = self._found(departure)
        return self._known[departure]

    def _found(self, departure: int) -> Ints:
        compiled, problem = self.compiled, self.compiled.problem
        network = compiled.network
        loads = np.flatnonzero(network.kind == Arc.LOAD)
        loads = loads[network.calls.departure[network.refer[loads]] == departure]
        service = compiled.instance.service[network.calls.departures[departure].service]
        fits = compiled.pools.lot <= service.capacity_teu
        found: list[int] = []
        for mask in np.unique(problem.allowed[fits]):
            mine = np.flatnonzero((problem.allowed == mask) & fits)
            open_ = problem.may_use(int(mine[0]))
            mounted = loads[open_[loads]]
            before = can_reach(self._onward, open_, problem.tail[mounted])
            behind = can_reach(self._back, open_, problem.head[mounted])
            found += [
                k for k in mine[before[problem.origin[mine]]].tolist()
                if behind[problem.exit_node[problem.exits[k]]].any()
            ]  # fmt: skip
        return np.array(sorted(found), dtype=np.int64)
