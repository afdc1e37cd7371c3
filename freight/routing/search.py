"""Queries over the timetable index: undominated, cheapest distinct, profile, latest departure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from freight.domain.access import access_of
from freight.domain.charges import capital, lateness
from freight.domain.shipment import Shipment
from freight.errors import InstanceError
from freight.model.chains import MOST_IN_A_ROW
from freight.model.moments import HOUR, micros, moment, span
from freight.model.network import Arc
from freight.model.trips import Carriage, Shift, carriages_of
from freight.requests.routing import Request
from freight.routing.options import Quoter, RouteOption
from freight.routing.request import faults, places, shipment_of
from freight.routing.timetable_index import TimetableIndex
from solvers.arrays import Bools, Floats, Ints
from solvers.paths.multicriteria import Path, Query, can_reach, cheapest_distinct, pareto

Ends = tuple[int, int]
"""Positions of the terminals where a way begins and ends."""
COST, HOURS, CO2E, CHANGES = range(4)
_RESOLUTION = np.array([0.01, 1e-3, 1e-3, 0.5])
_LABELS = ("cheapest", "fastest", "greenest", "fewest changes", "most reliable")
MOST_CANDIDATES = 24
"""Cheapest ways that differ, among which a reliable one is looked for."""


@dataclass(frozen=True)
class Priced:
    """A request priced on the network. Positions of terminals; exits carry 4×E values."""

    request: Request
    origins: tuple[int, ...]
    destinations: tuple[int, ...]
    shipment: Shipment
    value: Floats
    source: Ints
    exits: Ints
    exit_value: Floats

    def query(self, criteria: int) -> Query:
        """Over the first 3 or all 4 criteria; limits on the rest are met by all 4 alone."""
        asked = self.request
        most = (asked.most_cost, asked.most_hours, asked.most_co2e_kg, asked.most_changes)
        # Changes of vehicle are one fewer than carriages.
        limit = np.array([np.inf if one is None else float(one) for one in most])
        limit[CHANGES] += 1
        return Query.of(
            self.value[:criteria],
            (self.source, np.zeros((criteria, len(self.source)))),
            (self.exits, self.exit_value[:criteria]),
            limit[:criteria],
            _RESOLUTION[:criteria],
        )


def price_request(index: TimetableIndex, request: Request) -> Priced:
    """Coefficients of every arc for the boxes asked for; raises InstanceError with all faults."""
    wrong = faults(index.instance, request)
    ends: list[tuple[int, ...]] = []
    for column, name in (("from", request.origin), ("to", request.destination)):
        try:
            ends.append(places(index.instance, name, column))
        except InstanceError as error:
            wrong += error.faults
    if wrong:
        raise InstanceError(wrong)
    shipment = shipment_of(index.instance, request, ends[0][0], ends[1][0])
    value = _values(index, request, shipment)
    exits = [index.network.ready.get(d, np.zeros(0, np.int64)) for d in ends[1]]
    node = np.concatenate(exits)
    node, exit_value = _exits(index, shipment, node)
    source = [index.network.first_kept(o, np.array([micros(request.ready)])) for o in ends[0]]
    start = np.concatenate(source)
    return Priced(request, ends[0], ends[1], shipment, value, start[start >= 0], node, exit_value)


def _values(index: TimetableIndex, request: Request, shipment: Shipment) -> Floats:
    network, teu = index.network, float(request.teu)
    cost = network.per_teu * teu + network.per_tonne * request.tonnes
    cost = cost + index.fixed_per_teu * (teu / request.load_factor)
    co2e = index.co2e_per_teu * teu + index.co2e_per_tonne * shipment.loaded_tonnes
    access = access_of(shipment)
    rideable = np.array([access.rides(one) for one in index.instance.services] + [True])
    closed = ~rideable[index.service]
    movable = np.array([access.moves(one.asks) for one in network.moves] + [True])
    closed |= ~movable[np.where(network.kind == Arc.TRANSFER, network.refer, -1)]
    closed |= (index.most_teu < teu) | (index.most_tonnes < shipment.loaded_tonnes)
    value = np.zeros((4, network.arcs))
    value[COST], value[CO2E], value[CHANGES] = cost, co2e, index.change
    value[:, closed] = np.inf
    return value


def _exits(index: TimetableIndex, shipment: Shipment, node: Ints) -> tuple[Ints, Floats]:
    """Deliveries that count, with capital and lateness, hours, and nothing else."""
    defaults, at = index.instance.statement.defaults, index.network.time[node]
    ready, due = micros(shipment.ready), micros(shipment.due)
    counts = (at >= ready) & (at <= due + span(24 * defaults.most_late_days))
    node, at = node[counts], at[counts]
    hours = (at - ready) / HOUR
    cost = capital.price(index.instance, shipment).per_teu_hour * shipment.teu * hours
    late = lateness.price(index.instance, shipment).per_teu_hour * shipment.teu
    cost = cost + late * np.maximum(0, at - due) / HOUR
    zero = np.zeros(len(node))
    return node, np.stack([cost, hours, zero, zero])


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
        found = pareto(self.index.paths, self.priced.query(wide))
        ways = [(path.value, self.carriages(path), self._ends(path)) for path in found.paths]
        for way, ends in self._by_transfers_alone(wide):
            ways.append((np.array(self._quoter(ends).values(way)[:wide]), way, ends))
        kept: list[RouteOption] = []
        for value, way, ends in ways:
            beaten = any(
                (other <= value + _RESOLUTION[:wide]).all() and other is not value
                for other, *_ in ways
            )
            if not beaten:
                kept.append(self._quoter(ends).option(way))
        return labelled(tuple(sorted(kept, key=lambda one: (one.cost, one.hours))))

    def dependable(self, criteria: int = 3, judged: bool = True) -> tuple[RouteOption, ...]:
        """Options that no other beats in the first criteria and, where ``judged``, reliability.

        Reliability is no sum over arcs, so candidates are taken and compared: the ways undominated
        in all four criteria and the cheapest ones that differ. A reliable way that is none of these
        is not found.
        """
        found = pareto(self.index.paths, self.priced.query(4)).paths
        ways = [(self.carriages(path), self._ends(path)) for path in found]
        ways += self._by_transfers_alone(4)
        known = [self._quoter(ends).option(way) for way, ends in dict.fromkeys(ways)]
        known += self.cheapest(MOST_CANDIDATES)
        least = self.priced.request.least_reliability or 0.0
        options = [one for one in known if one.reliability >= least]
        values = [_measures(one, criteria, judged) for one in options]
        kept = {
            one.itinerary.model_dump_json(): one
            for one, value in zip(options, values, strict=True)
            if not any((o <= value).all() and (o < value).any() for o in values)
        }
        return labelled(tuple(sorted(kept.values(), key=lambda one: (one.cost, one.hours))))

    def cheapest(self, k: int) -> tuple[RouteOption, ...]:
        """The ``k`` cheapest options that differ in their services or transfers."""
        asked = self.priced.request
        wide = k if asked.least_reliability is None else max(k, MOST_CANDIDATES)
        found = cheapest_distinct(self.index.paths, self.priced.query(4), self.index.token, wide)
        ways = [(self.carriages(path), self._ends(path)) for path in found]
        ways += self._by_transfers_alone(4)
        options = [self._quoter(ends).option(way) for way, ends in ways]
        within = [one for one in options if self._within(one)]
        return labelled(tuple(sorted(within, key=lambda one: one.cost)[:k]))

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
            if (np.array(self._quoter(ends).values(way)[:criteria]) <= limit).all():
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
            if len(chain) < MOST_IN_A_ROW:
                chains += [(*chain, m) for m in open_to.get(here, ()) if moves[m].head not in seen]

    def transfer_ways(self) -> list[tuple[Quoter, tuple[Carriage, ...]]]:
        """Ways by transfers alone, with what prices them."""
        return [(self._quoter(ends), way) for way, ends in self._by_transfers_alone(3)]

    def _within(self, option: RouteOption) -> bool:
        limit = self.priced.query(4).limit
        value = (float(option.cost), option.hours, option.co2e_kg, option.changes + 1)
        reliable = option.reliability >= (self.priced.request.least_reliability or 0.0)
        return reliable and bool((np.array(value) <= limit + _RESOLUTION).all())

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


def _measures(option: RouteOption, criteria: int, judged: bool) -> Floats:
    """What an option is judged by, less being better; rounded to the resolution of the search."""
    four = (float(option.cost), option.hours, option.co2e_kg, float(option.changes))
    unsure = (round(1.0 - option.reliability, 4),) if judged else ()
    return np.array([*(round(one, 2) for one in four[:criteria]), *unsure])


def _reaches(index: TimetableIndex, value: Floats, exits: Ints) -> Bools:
    return can_reach(index.paths, np.isfinite(value.sum(axis=0)), exits)


def labelled(options: tuple[RouteOption, ...]) -> tuple[RouteOption, ...]:
    """The options with what each is best in; the first one on a tie."""
    if not options:
        return options
    keys = (
        min(options, key=lambda one: (one.cost, one.hours)),
        min(options, key=lambda one: (one.hours, one.cost)),
        min(options, key=lambda one: (one.co2e_kg, one.cost)),
        min(options, key=lambda one: (one.changes, one.cost)),
        min(options, key=lambda one: (-round(one.reliability, 4), one.cost)),
    )
    return tuple(
        one.model_copy(update={
            "labels": tuple(label for label, best in zip(_LABELS, keys, strict=True) if best is one)
        })
        for one in options
    )  # fmt: skip


def hours_of_week(start: datetime) -> list[datetime]:
    """Every hour of the week from a moment."""
    return [start + timedelta(hours=h) for h in range(168)]
