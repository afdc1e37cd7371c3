"""What a request may still take: slots on legs, lifts at terminals, starts of transfers by day.

Without a plan that is all that the instance offers. With one it is what the plan leaves: only
trains and vessels that run in it, less what they carry, less what it lifts and moves on each day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Move, Plan, Ride
from freight.model.moments import EPOCH, local_days, micros, moment
from freight.model.network import Arc, Network
from freight.model.rows import leg_limits
from freight.model.trips import Aboard, Carriage, Shift
from solvers.arrays import Floats, Ints

TOLERANCE = 1e-9


class Daily(NamedTuple):
    """One day at a terminal (lifts there) or of a move (starts); ``place`` is a position."""

    moves: bool
    place: int
    day: int


class Tight(NamedTuple):
    """A limit that some boxes exceed; ``daily`` None: the leg that ends at ``call``."""

    call: int
    daily: Daily | None
    by_mass: bool
    limit: float
    """TEU, or loaded tonnes by mass, in all."""
    left: float


@dataclass(frozen=True)
class Room:
    """TEU and loaded tonnes that legs by call and arcs still take, and what days have given away.

    Shapes: ``legs_teu``, ``legs_tonnes``, ``whole_teu``, ``whole_tonnes`` (nothing taken yet) C,
    ``teu``, ``tonnes`` A; ``crossing`` is the border move that the leg to each stop passes.
    """

    instance: Instance
    network: Network
    crossing: Ints
    whole_teu: Floats
    whole_tonnes: Floats
    legs_teu: Floats
    legs_tonnes: Floats
    teu: Floats
    tonnes: Floats
    used: Mapping[Daily, float] = field(default_factory=dict)

    def tight(self, arc: int, teu: float, tonnes: float) -> Tight | None:
        """The limit that keeps so many boxes off an arc, None where there is room."""
        network, refer = self.network, int(self.network.refer[arc])
        kind, calls = Arc(int(network.kind[arc])), network.calls
        dailies: list[Daily] = []
        if kind is Arc.LEG:
            for by_mass, need, whole, left in (
                (False, teu, self.whole_teu, self.legs_teu),
                (True, tonnes, self.whole_tonnes, self.legs_tonnes),
            ):
                if left[refer] < need - TOLERANCE:
                    return Tight(refer, None, by_mass, float(whole[refer]), float(left[refer]))
            move = int(self.crossing[calls.stop[refer]])
            dailies = [self._start(move, int(calls.depart[refer - 1]))] if move >= 0 else []
        elif kind is Arc.TRANSFER:
            dailies = [self._start(refer, int(network.start[arc]))]
        elif kind in (Arc.LOAD, Arc.UNLOAD):
            at = calls.depart if kind is Arc.LOAD else calls.arrive
            place = int(calls.terminal[refer])
            dailies = [Daily(False, place, self._day(place, int(at[refer])))]
        for daily in dailies:
            left_then = self.left(daily)
            if left_then < teu - TOLERANCE:
                return Tight(-1, daily, False, left_then + self.used.get(daily, 0.0), left_then)
        return None

    def _limit(self, moves: bool, place: int) -> float:
        if moves:
            limit = self.network.moves[place].transfer.capacity_teu_per_day
        else:
            limit = self.instance.terminals[place].capacity_teu_per_day
        return np.inf if limit is None else limit

    def left(self, daily: Daily) -> float:
        """TEU left on a day."""
        return self._limit(daily.moves, daily.place) - self.used.get(daily, 0.0)

    def takes(self, carriages: tuple[Carriage, ...], teu: float) -> bool:
        """Whether the days of a way take so many TEU, lifted or moved twice on a day included."""
        return self.overfull(carriages, teu) is None

    def overfull(self, carriages: tuple[Carriage, ...], teu: float) -> Daily | None:
        """The first day that is too full for a way; None where it fits."""
        uses = Counter(self.uses(carriages))
        return next(
            (one for one, times in uses.items() if times * teu > self.left(one) + TOLERANCE), None
        )

    def lifts(self, kind: Arc, daily: Daily) -> Ints:
        """The LOAD or UNLOAD arcs of one day at a terminal."""
        calls = self.network.calls
        arcs = np.flatnonzero(self.network.kind == kind)
        call = self.network.refer[arcs]
        mine = calls.terminal[call] == daily.place
        arcs, at = arcs[mine], (calls.depart if kind == Arc.LOAD else calls.arrive)[call[mine]]
        zone = self.instance.terminals[daily.place].time_zone
        return np.asarray(arcs[local_days(at, zone) == daily.day], dtype=np.int64)

    def uses(self, carriages: tuple[Carriage, ...]) -> Iterator[Daily]:
        """The days with a limit that a way takes TEU of: lifts, transfers, borders on board."""
        for moves, place, at in self._stations(carriages):
            if self._limit(moves, place) < np.inf:
                where = self.network.moves[place].tail if moves else place
                yield Daily(moves, place, self._day(where, at))

    def _stations(self, carriages: tuple[Carriage, ...]) -> Iterator[tuple[bool, int, int]]:
        """Whether it is a move, the terminal or move, and the moment, of each lift and start."""
        calls = self.network.calls
        for one in carriages:
            if isinstance(one, Shift):
                yield True, one.move, one.start
                continue
            yield False, int(calls.terminal[one.load]), int(calls.depart[one.load])
            yield False, int(calls.terminal[one.unload]), int(calls.arrive[one.unload])
            for call in range(one.load + 1, one.unload + 1):
                move = int(self.crossing[calls.stop[call]])
                if move >= 0:
                    yield True, move, int(calls.depart[call - 1])

    def _start(self, move: int, at: int) -> Daily:
        return Daily(True, move, self._day(self.network.moves[move].tail, at))

    def _day(self, place: int, at: int) -> int:
        here = moment(at, self.instance.terminals[place].time_zone)
        return here.date().toordinal() - EPOCH.toordinal()


def whole_room(instance: Instance, network: Network, crossing: Ints, every: bool = False) -> Room:
    """What the instance offers of every departure: one run, or ``every`` one that it may make."""
    calls = network.calls
    runs = np.array([one.most_runs if every else 1 for one in calls.departures], dtype=np.float64)
    return _room(instance, network, crossing, runs)


def room_beside(whole: Room, plan: Plan) -> Room:
    """What a plan of the same instance leaves of it."""
    instance, network = whole.instance, whole.network
    runs = {one.departure: one.runs for one in plan.departures}
    count = [runs.get(one.id, 0) for one in network.calls.departures]
    empty = _room(instance, network, whole.crossing, np.array(count, dtype=np.float64))
    teu, tonnes = empty.legs_teu.copy(), empty.legs_tonnes.copy()
    used: Counter[Daily] = Counter()
    for itinerary, carriages in _planned(instance, network, plan):
        for one in carriages:
            if isinstance(one, Aboard):
                teu[one.load + 1 : one.unload + 1] -= itinerary.teu
                tonnes[one.load + 1 : one.unload + 1] -= itinerary.loaded_tonnes
        for daily in whole.uses(carriages):
            used[daily] += itinerary.teu
    return _by_arc(replace(empty, legs_teu=teu, legs_tonnes=tonnes, used=used))


def _room(instance: Instance, network: Network, crossing: Ints, runs: Floats) -> Room:
    calls = network.calls
    teu, tonnes = (one[calls.stop] * runs[calls.departure] for one in leg_limits(instance, network))
    none = np.zeros(0)
    return _by_arc(Room(instance, network, crossing, teu, tonnes, teu, tonnes, none, none))


def _planned(
    instance: Instance, network: Network, plan: Plan
) -> Iterator[tuple[Itinerary, tuple[Carriage, ...]]]:
    """Every itinerary of a plan as carriages of the network."""
    calls = network.calls
    begins = np.searchsorted(calls.departure, np.arange(len(calls.departures)))
    before = {one.id: int(at) - 1 for one, at in zip(calls.departures, begins, strict=True)}
    moves = {
        (one.transfer.id, instance.terminals[one.tail].id): m for m, one in enumerate(network.moves)
    }
    for itinerary in plan.itineraries:
        found: list[Carriage] = []
        for step in itinerary.steps:
            if isinstance(step, Ride):
                at = before[step.departure]
                found.append(Aboard(at + step.from_sequence, at + step.to_sequence))
            elif isinstance(step, Move):
                found.append(Shift(moves[step.transfer, step.from_terminal], micros(step.departs)))
        yield itinerary, tuple(found)


def _by_arc(room: Room) -> Room:
    """A room with legs by call as one by arc, the limits of the days included."""
    network, calls = room.network, room.network.calls
    legs = np.flatnonzero(network.kind == Arc.LEG)
    call = network.refer[legs]
    teu, tonnes = np.full(network.arcs, np.inf), np.full(network.arcs, np.inf)
    teu[legs], tonnes[legs] = room.legs_teu[call], room.legs_tonnes[call]
    for kind, at in ((Arc.LOAD, calls.depart), (Arc.UNLOAD, calls.arrive)):
        lifts = np.flatnonzero(network.kind == kind)
        here = network.refer[lifts]
        _limit(room, teu, (lifts, calls.terminal[here], at[here]), moves=False)
    shifts = np.flatnonzero(network.kind == Arc.TRANSFER)
    _limit(room, teu, (shifts, network.refer[shifts], network.start[shifts]), moves=True)
    passed = room.crossing[calls.stop[call]]
    board = passed >= 0
    on_board = (legs[board], passed[board], calls.depart[call[board] - 1])
    _limit(room, teu, on_board, moves=True)
    return replace(room, teu=teu, tonnes=tonnes)


def _limit(room: Room, teu: Floats, some: tuple[Ints, Ints, Ints], moves: bool) -> None:
    """Lower the TEU of arcs, each with its place and moment, to what their days have left."""
    arcs, place, at = some
    for one in np.unique(place):
        if room.left(Daily(moves, int(one), 0)) == np.inf:
            continue
        mine = np.flatnonzero(place == one)
        where = room.network.moves[int(one)].tail if moves else int(one)
        days = local_days(at[mine], room.instance.terminals[where].time_zone)
        left = {day: room.left(Daily(moves, int(one), day)) for day in np.unique(days).tolist()}
        found = np.array([left[day] for day in days.tolist()], dtype=np.float64)
        teu[arcs[mine]] = np.minimum(teu[arcs[mine]], found)
