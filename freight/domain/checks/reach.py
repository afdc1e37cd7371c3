"""Whether a shipment can arrive at all, and when at the earliest.

Both answers leave out capacity, money, dwell limits and the rule that no terminal is passed
twice, so a shipment that is refused here can be in no plan. The earliest arrival is found by
labels on terminals: a departure is boarded at a stop once the box is there by the loading
deadline, and every later stop that unloads gets a label (arrival plus handling); transfers start
at once. Shipments of one origin that may use the same services share their labels, the latest
ready first, since a departure that a later box catches an earlier one catches too (cf. the
self-pruning connection search of Delling, Katz and Pajor, 2012).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from freight.domain.access import Access, access_of, asked_by
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.domain.shipment import Shipment
from freight.domain.timetable import dated_departures

_SLACK_HOURS = 1e-6


@dataclass(frozen=True, slots=True)
class _Call:
    """A departure at a stop: hours since 1970, UTC."""

    terminal: str
    deadline: float
    available: float
    load: bool
    unload: bool


Moves = Mapping[str, Sequence[tuple[str, float]]]
"""(terminal, hours) that transfers lead to, by the terminal where they start."""


@dataclass(frozen=True, slots=True)
class Group:
    """Services and transfers that some shipments may use; ``names`` of all tell groups apart."""

    names: tuple[str, ...]
    rides: tuple[str, ...]
    transfers: Moves


@dataclass(frozen=True)
class Network:
    """What moves between the terminals of an instance."""

    instance: Instance

    @cached_property
    def departures(self) -> Mapping[str, Sequence[Sequence[_Call]]]:
        """Every dated departure as its calls, by service."""
        found: dict[str, list[list[_Call]]] = {}
        for one in dated_departures(self.instance):
            start = one.departs_at.timestamp() / 3600.0
            found.setdefault(one.service, []).append(self._calls(one.service, start))
        return found

    def _calls(self, service: str, start: float) -> list[_Call]:
        cutoff = self.instance.service[service].cutoff_hours
        return [
            _Call(
                stop.terminal,
                start + stop.depart_hours - cutoff,
                start + stop.arrive_hours + self.instance.terminal[stop.terminal].handling_hours,
                stop.load,
                stop.unload,
            )
            for stop in self.instance.stops_of[service]
        ]

    @cached_property
    def asks(self) -> Mapping[str, Mode | None]:
        """The mode that every transfer asks for."""
        return {one.id: asked_by(self.instance, one) for one in self.instance.transfers}

    def _transfers(self, some: Iterable[str]) -> Moves:
        found: dict[str, list[tuple[str, float]]] = {}
        for one in (self.instance.transfer[name] for name in some):
            found.setdefault(one.from_terminal, []).append((one.to_terminal, one.hours))
            if one.both_ways:
                found.setdefault(one.to_terminal, []).append((one.from_terminal, one.hours))
        return found

    @cached_property
    def groups(self) -> list[Group]:
        """Groups of shipments met so far: those of one may go the same ways."""
        return []

    @cached_property
    def _group_of(self) -> dict[Access, int]:
        return {}

    def group(self, shipment: Shipment) -> int:
        """The group of a shipment, an index of ``groups``."""
        key = access_of(shipment)
        if key not in self._group_of:
            rides = tuple(one.id for one in self.instance.services if key.rides(one))
            moves = tuple(name for name, mode in self.asks.items() if key.moves(mode))
            names = (*rides, "", *moves)
            known = [one.names for one in self.groups]
            if names not in known:
                self.groups.append(Group(names, rides, self._transfers(moves)))
            self._group_of[key] = [one.names for one in self.groups].index(names)
        return self._group_of[key]

    def reachable(self, origin: str, group: int) -> set[str]:
        """Terminals that some chain of services and transfers leads to, whatever the time."""
        mine = self.groups[group]
        ways: dict[str, list[str]] = {
            key: [name for name, _ in some] for key, some in mine.transfers.items()
        }
        for service in mine.rides:
            stops = self.instance.stops_of[service]
            for number, stop in enumerate(stops):
                if stop.load:
                    later = [one.terminal for one in stops[number + 1 :] if one.unload]
                    ways.setdefault(stop.terminal, []).extend(later)
        found, queue = {origin}, deque([origin])
        while queue:
            for name in ways.get(queue.popleft(), ()):
                if name not in found:
                    found.add(name)
                    queue.append(name)
        return found


class _Labels:
    """Earliest hours at every terminal for boxes of one origin, improving from call to call.

    ``boarded`` has the first stop at which a run has been boarded; ``waiting`` by terminal the
    loading deadlines in order, and (run, stop) of those not boarded yet.
    """

    def __init__(self, transfers: Moves, runs: Sequence[Sequence[_Call]]) -> None:
        self.transfers = transfers
        self.runs = runs
        self.known: dict[str, float] = {}
        self.queue: list[tuple[float, str]] = []
        self.boarded: dict[int, int] = {}
        self.waiting: dict[str, tuple[list[float], list[tuple[int, int]]]] = {}
        calls: dict[str, list[tuple[float, int, int]]] = {}
        for run, stops in enumerate(runs):
            for number, call in enumerate(stops[:-1]):
                if call.load:
                    calls.setdefault(call.terminal, []).append((call.deadline, run, number))
        for name, some in calls.items():
            some.sort()
            self.waiting[name] = ([one[0] for one in some], [one[1:] for one in some])

    def arrival(self, ready: float, origin: str, destination: str, limit: float) -> float | None:
        """Earliest hour at the destination; None when it is later than the limit."""
        heapq.heappush(self.queue, (ready, origin))
        while self.queue and self.queue[0][0] <= limit:
            if self.known.get(destination, float("inf")) <= self.queue[0][0]:
                break
            hour, terminal = heapq.heappop(self.queue)
            if hour < self.known.get(terminal, float("inf")):
                self.known[terminal] = hour
                self._leave(terminal, hour)
        found = self.known.get(destination)
        return None if found is None or found > limit else found

    def _leave(self, terminal: str, hour: float) -> None:
        for name, hours in self.transfers.get(terminal, ()):
            self._reach(name, hour + hours)
        if terminal not in self.waiting:
            return
        deadlines, calls = self.waiting[terminal]
        first = bisect_left(deadlines, hour - _SLACK_HOURS)
        for run, number in calls[first:]:
            self._board(run, number)
        del deadlines[first:], calls[first:]

    def _board(self, run: int, number: int) -> None:
        stops = self.runs[run]
        last = self.boarded.get(run, len(stops) - 1)
        for call in stops[number + 1 : last + 1]:
            if call.unload:
                self._reach(call.terminal, call.available)
        self.boarded[run] = min(number, last)

    def _reach(self, terminal: str, hour: float) -> None:
        if hour < self.known.get(terminal, float("inf")):
            heapq.heappush(self.queue, (hour, terminal))


def earliest_arrivals(
    network: Network, shipments: Iterable[Shipment], limits: Mapping[str, float]
) -> Iterator[tuple[Shipment, float | None]]:
    """Earliest delivery of every shipment in hours since 1970; None: later than its limit."""
    groups: dict[tuple[str, int], list[tuple[float, Shipment]]] = {}
    for one in shipments:
        key = (one.origin, network.group(one))
        groups.setdefault(key, []).append((one.ready.timestamp() / 3600.0, one))
    for (origin, group), some in groups.items():
        mine = network.groups[group]
        runs = [run for name in mine.rides for run in network.departures.get(name, ())]
        labels = _Labels(mine.transfers, runs)
        some.sort(key=itemgetter(0), reverse=True)
        for ready, one in some:
            yield one, labels.arrival(ready, origin, one.destination, limits[one.id])
