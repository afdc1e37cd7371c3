"""Queries over the timetable index: undominated, cheapest distinct, profile, latest departure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from freight.domain.access import access_of
from freight.domain.waiting import MOST_TRANSFERS
from freight.model.moments import micros, moment
from freight.model.network import Arc
from freight.model.room import Daily
from freight.model.trips import Carriage, Shift, carriages_of
from freight.requests.routing import Request
from freight.routing.choice import labelled, measures, unbeaten
from freight.routing.options import Quoter, RouteOption
from freight.routing.priced import RESOLUTION, price_request
from freight.routing.request import shipment_of
from freight.routing.timetable_index import TimetableIndex
from solvers.arrays import Bools, Floats, Ints
from solvers.paths.multicriteria import can_reach, cheapest_distinct, pareto
from solvers.paths.query import Path, Query

Ends = tuple[int, int]
"""Positions of the terminals where a way begins and ends."""
Closed = tuple[Arc, Daily]
"""Loads or unloads at a terminal on a day."""
MOST_CLOSED = 30
"""Searches with other days closed, until what has no room is left out."""
MOST_CANDIDATES = 24
"""Cheapest ways that differ, among which a reliable one is looked for."""


class Search:
    """The answers to one request."""

    def __init__(self, index: TimetableIndex, request: Request) -> None:
        self.index = index
        self.priced = price_request(index, request)
        self._quoters: dict[Ends, Quoter] = {}

    def undominated(self, criteria: int = 3) -> tuple[RouteOption, ...]:
        """Every option that no other beats in cost, hours, CO2e (and changes), cheapest first."""
        asked = self.priced.request
        if asked.least_reliability is not None:
            return self.dependable(criteria, judged=False)
        wide = 4 if asked.most_changes is not None else criteria
        ways = [
            (path.value, self.carriages(path), self._ends(path))
            for path in self._with_room(self._pareto, wide)
        ]
        for way, ends in self._by_transfers_alone(wide):
            ways.append((np.array(self._quoter(ends).values(way)[:wide]), way, ends))
        kept = unbeaten([(value, len(way)) for value, way, _ in ways], RESOLUTION[:wide])
        options = [self._quoter(ways[i][2]).option(ways[i][1]) for i in kept]
        return labelled(tuple(sorted(options, key=lambda one: (one.cost, one.hours))))

    def dependable(self, criteria: int = 3, judged: bool = True) -> tuple[RouteOption, ...]:
        """Options that no other beats in the first criteria and, where ``judged``, reliability.

        Reliability is no sum over arcs, so candidates are taken and compared: the ways undominated
        in all four criteria and the cheapest ones that differ. A reliable way that is none of these
        is not found.
        """
        found = self._with_room(self._pareto, 4)
        ways = [(self.carriages(path), self._ends(path)) for path in found]
        ways += self._by_transfers_alone(4)
        known = [self._quoter(ends).option(way) for way, ends in dict.fromkeys(ways)]
        known += self.cheapest(MOST_CANDIDATES)
        least = self.priced.request.least_reliability or 0.0
        options = [one for one in known if one.reliability >= least]
        values = [measures(one, criteria, judged) for one in options]
        weight = [(value, one.changes) for one, value in zip(options, values, strict=True)]
        kept = [options[i] for i in unbeaten(weight, np.zeros(len(values[0]) if values else 0))]
        return labelled(tuple(sorted(kept, key=lambda one: (one.cost, one.hours))))

    def cheapest(self, k: int) -> tuple[RouteOption, ...]:
        """The ``k`` cheapest options that differ in their services or transfers."""
        asked = self.priced.request
        wide = k if asked.least_reliability is None else max(k, MOST_CANDIDATES)
        index = self.index
        found = self._with_room(
            lambda query: cheapest_distinct(index.paths, query, index.token, wide), 4
        )
        ways = [(self.carriages(path), self._ends(path)) for path in found]
        ways += self._by_transfers_alone(4)
        options = [self._quoter(ends).option(way) for way, ends in ways]
        within = [one for one in options if self._within(one)]
        return labelled(tuple(sorted(within, key=lambda one: one.cost)[:k]))

    def _pareto(self, query: Query) -> Sequence[Path]:
        return pareto(self.index.paths, query).paths

    def _with_room(
        self, find: Callable[[Query], Sequence[Path]], criteria: int
    ) -> tuple[Path, ...]:
        """What is found, without ways that a terminal has no room for on a day.

        Boxes that change vehicle within a day are lifted twice. Where that is too much, the search
        goes on twice: without loads there that day, and without unloads.
        """
        asked, room = self.priced.query(criteria), self.index.room
        kept: dict[tuple[int, ...], Path] = {}
        tried, queue = {frozenset[Closed]()}, [frozenset[Closed]()]
        for closed in queue:
            value = asked.value.copy()
            for kind, day in closed:
                value[:, room.lifts(kind, day)] = np.inf
            for path in find(replace(asked, value=value)):
                full = room.overfull(self.carriages(path), self.priced.request.teu)
                if full is None:
                    kept[path.arcs] = path
                    continue
                more = {closed | {(kind, full)} for kind in (Arc.LOAD, Arc.UNLOAD)} - tried
                more = set() if full.moves or len(queue) > MOST_CLOSED else more
                tried |= more
                queue += sorted(more, key=repr)
        return tuple(kept.values())

    def carriages(self, path: Path) -> tuple[Carriage, ...]:
        """What a path does."""
        arcs = np.array(path.arcs, dtype=np.int64)
        return carriages_of(self.index.network, arcs[self.index.tells[arcs]])

    def option(self, path: Path) -> RouteOption:
        """The option that a path of the network makes."""
        return self._quoter(self._ends(path)).option(self.carriages(path))

    def _ends(self, path: Path) -> Ends:
        terminal = self.index.network.terminal
        start = self.index.network.tail[path.arcs[0]]
        end = self.index.network.head[path.arcs[-1]]
        return int(terminal[start]), int(terminal[end])

    def _quoter(self, ends: Ends) -> Quoter:
        if ends not in self._quoters:
            shipment = shipment_of(self.index.instance, self.priced.request, *ends)
            self._quoters[ends] = Quoter(self.index, self.priced.request, shipment)
        return self._quoters[ends]

    def _by_transfers_alone(self, criteria: int) -> list[tuple[tuple[Carriage, ...], Ends]]:
        """Chains of transfers from door to door, begun when the boxes are ready."""
        moves, ready = self.index.network.moves, micros(self.priced.request.ready)
        limit = self.priced.query(criteria).limit
        found: list[tuple[tuple[Carriage, ...], Ends]] = []
        for chain in self._chains():
            start, shifts = ready, []
            for m in chain:
                shifts.append(Shift(m, start))
                start += moves[m].duration
            way: tuple[Carriage, ...] = tuple(shifts)
            ends = (moves[chain[0]].tail, moves[chain[-1]].head)
            within = (np.array(self._quoter(ends).values(way)[:criteria]) <= limit).all()
            if within and self._takes(way):
                found.append((way, ends))
        return found

    def _chains(self) -> Iterator[tuple[int, ...]]:
        """Up to three transfers in a row from an origin to a destination, no terminal twice."""
        moves, access = self.index.network.moves, access_of(self.priced.shipment)
        goals = set(self.priced.destinations)
        open_to = {
            place: [m for m in some if access.moves(moves[m].asks)]
            for place, some in self.index.moves_from.items()
        }
        starts = [m for place in self.priced.origins for m in open_to.get(place, ())]
        chains: list[tuple[int, ...]] = [(m,) for m in starts]
        while chains:
            chain = chains.pop()
            here = moves[chain[-1]].head
            if here in goals:
                yield chain
                continue
            seen = {moves[m].tail for m in chain}
            if len(chain) < MOST_TRANSFERS:
                chains += [(*chain, m) for m in open_to.get(here, ()) if moves[m].head not in seen]

    def transfer_ways(self) -> list[tuple[Quoter, tuple[Carriage, ...]]]:
        """Ways by transfers alone, with what prices them."""
        return [(self._quoter(ends), way) for way, ends in self._by_transfers_alone(3)]

    def takes(self, path: Path) -> bool:
        """Whether the days of a path have room for all boxes."""
        return self._takes(self.carriages(path))

    def _takes(self, way: tuple[Carriage, ...]) -> bool:
        """Whether the days of a way have room for all boxes."""
        return self.index.room.takes(way, self.priced.request.teu)

    def _within(self, option: RouteOption) -> bool:
        limit = self.priced.query(4).limit
        value = (float(option.cost), option.hours, option.co2e_kg, option.changes + 1)
        reliable = option.reliability >= (self.priced.request.least_reliability or 0.0)
        return reliable and bool((np.array(value) <= limit + RESOLUTION).all())

    def latest_departure(self) -> datetime | None:
        """Last moment at which boxes may still be handed over to be delivered by the due time.

        None when no way is in time, or none is asked for.
        """
        asked, network = self.priced.request, self.index.network
        if asked.due is None:
            return None
        due, ready = micros(asked.due), micros(asked.ready)
        in_time = network.time[self.priced.exits] <= due
        query = self.priced.query(4)
        reach = _reaches(self.index, query.value, self.priced.exits[in_time])
        moments = [
            int(network.time[node])
            for origin in self.priced.origins
            for node in network.kept.get(origin, np.zeros(0, np.int64)).tolist()
            if reach[node]
        ]
        for way, _ in self._by_transfers_alone(4):
            last = way[-1]
            if isinstance(last, Shift):
                duration = last.start + network.moves[last.move].duration - ready
                moments.append(due - duration)
        found = [at for at in moments if at >= ready]
        zone = self.index.instance.terminals[self.priced.origins[0]].time_zone
        return moment(max(found), zone) if found else None


def _reaches(index: TimetableIndex, value: Floats, exits: Ints) -> Bools:
    return can_reach(index.paths, np.isfinite(value.sum(axis=0)), exits)


def hours_of_week(start: datetime) -> list[datetime]:
    """Every hour of the week from a moment."""
    return [start + timedelta(hours=h) for h in range(168)]
