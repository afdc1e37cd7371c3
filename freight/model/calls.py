"""Calls of dated departures as arrays: a call is one departure at one of its stops.

Calls of a departure follow each other in stop order, so the leg that ends at call ``c`` starts at
call ``c - 1`` unless ``c`` is the first of its departure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from freight.domain.instance import Instance
from freight.domain.service import Stop
from freight.domain.timetable import DatedDeparture, dated_departures
from freight.model.moments import micros, span
from solvers.arrays import Bools, Ints


@dataclass(frozen=True)
class Calls:
    """Arrays of shape C (calls); times in microseconds.

    ``departure`` and ``stop`` are positions in ``departures`` and ``stops``; ``terminal`` is a
    position in ``Instance.terminals``. ``load`` and ``unload`` are what may be done there.
    """

    departures: list[DatedDeparture]
    stops: list[Stop]
    departure: Ints
    stop: Ints
    terminal: Ints
    arrive: Ints
    depart: Ints
    load: Bools
    unload: Bools
    first: Bools
    last: Bools

    def __len__(self) -> int:
        return len(self.departure)

    @cached_property
    def stop_position(self) -> dict[tuple[str, int], int]:
        """Position in ``stops`` by service and sequence."""
        return {(one.service, one.sequence): i for i, one in enumerate(self.stops)}

    def stop_of(self, call: int) -> Stop:
        """The stop that a call is made at."""
        return self.stops[int(self.stop[call])]

    def departure_of(self, call: int) -> DatedDeparture:
        """The departure that makes a call."""
        return self.departures[int(self.departure[call])]


def calls_of(instance: Instance) -> Calls:
    """Every call within the horizon, departures by time and then by id."""
    departures = dated_departures(instance)
    by_service: dict[str, list[int]] = {}
    for d, one in enumerate(departures):
        by_service.setdefault(one.service, []).append(d)
    terminal = {one.id: i for i, one in enumerate(instance.terminals)}
    stops: list[Stop] = []
    parts: list[tuple[Ints, ...]] = []
    for service, members in by_service.items():
        some = instance.stops_of[service]
        base = np.array([micros(departures[d].departs_at) for d in members], dtype=np.int64)
        parts.append(_calls_of_service(some, base, np.array(members), len(stops), terminal))
        stops.extend(some)
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else None
    columns = joined or [np.zeros(0, dtype=np.int64)] * 9
    order = np.lexsort((columns[1], columns[0]))
    departure, stop, place, arrive, depart, load, unload, first, last = (
        column[order] for column in columns
    )
    flags = (one.astype(np.bool_) for one in (load, unload, first, last))
    return Calls(departures, stops, departure, stop, place, arrive, depart, *flags)


def _calls_of_service(
    stops: tuple[Stop, ...], base: Ints, members: Ints, first_stop: int, terminal: dict[str, int]
) -> tuple[Ints, ...]:
    n, m = len(stops), len(base)
    sequence = np.arange(n)
    arrive = np.array([span(one.arrive_hours) for one in stops], dtype=np.int64)
    depart = np.array([span(one.depart_hours) for one in stops], dtype=np.int64)
    load = np.array([one.load for one in stops]) & (sequence < n - 1)
    unload = np.array([one.unload for one in stops]) & (sequence > 0)
    place = np.array([terminal[one.terminal] for one in stops], dtype=np.int64)
    per_stop = (first_stop + sequence, place, load, unload, sequence == 0, sequence == n - 1)
    stop, where, loads, unloads, first, last = (
        np.tile(one.astype(np.int64), m) for one in per_stop
    )
    return (
        np.repeat(members.astype(np.int64), n), stop, where,
        np.add.outer(base, arrive).ravel(), np.add.outer(base, depart).ravel(),
        loads, unloads, first, last,
    )  # fmt: skip
