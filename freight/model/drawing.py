"""Draws the time–space network of an instance, terminal by terminal, with array operations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from freight.domain.charges import Price, handling, leg, storage
from freight.domain.instance import Instance
from freight.model.calls import Calls, calls_of
from freight.model.chains import (
    LATER_STARTS,
    DirectedMove,
    Link,
    backward_chains,
    crossing_price,
    directed_moves,
    forward_chains,
    renumbered,
    with_parents,
)
from freight.model.dwell import Boarding, draw_dwell
from freight.model.moments import HOUR, micros, span
from freight.model.network import Arc, Drawing, Network, without_dead_ends
from solvers.arrays import Floats, Ints


@dataclass(frozen=True)
class Demand:
    """What the shipments ask of the network, as positions of terminals and microseconds.

    Shapes: shipments. ``latest`` is the last moment at which a delivery counts as service.
    """

    origin: Ints
    destination: Ints
    ready: Ints
    due: Ints
    latest: Ints

    @cached_property
    def destinations(self) -> dict[int, set[int]]:
        """Destinations of every origin."""
        found: dict[int, set[int]] = {}
        for origin, end in zip(self.origin.tolist(), self.destination.tolist(), strict=True):
            found.setdefault(origin, set()).add(end)
        return found


def demand_of(instance: Instance) -> Demand:
    """Origin, destination and times of every shipment."""
    place = {one.id: i for i, one in enumerate(instance.terminals)}
    late = span(instance.statement.defaults.most_late_days * 24)
    some = instance.shipments
    return Demand(
        np.array([place[one.origin] for one in some], dtype=np.int64),
        np.array([place[one.destination] for one in some], dtype=np.int64),
        np.array([micros(one.ready) for one in some], dtype=np.int64),
        np.array([micros(one.due) for one in some], dtype=np.int64),
        np.array([micros(one.due) + late for one in some], dtype=np.int64),
    )


def build_network(instance: Instance) -> Network:
    """The network of an instance; only what its shipments can use."""
    demand = demand_of(instance)
    whole = _Builder(instance, demand).network()
    sources = [
        whole.first_kept(int(o), demand.ready[demand.origin == o]) for o in np.unique(demand.origin)
    ]
    sinks = []
    for d in np.unique(demand.destination):
        nodes = whole.ready.get(int(d), np.zeros(0, dtype=np.int64))
        sinks.append(nodes[whole.time[nodes] <= demand.latest[demand.destination == d].max()])
    joined = np.concatenate([*sources, np.zeros(0, dtype=np.int64)])
    ends = np.concatenate([*sinks, np.zeros(0, dtype=np.int64)])
    return without_dead_ends(whole, joined[joined >= 0], ends)


def crossings_on_board(instance: Instance, calls: Calls, moves: list[DirectedMove]) -> Ints:
    """The border move that the leg ending at each stop passes, -1 for none; shape of calls.stops.

    The first matching row of the transfers counts.
    """
    between: dict[tuple[str, str], int] = {}
    for m, move in enumerate(moves):
        if move.transfer.kind.crosses_border:
            key = (instance.terminals[move.tail].id, instance.terminals[move.head].id)
            between.setdefault(key, m)
    found = np.full(len(calls.stops), -1, dtype=np.int64)
    for i, (before, here) in enumerate(zip(calls.stops, calls.stops[1:], strict=False), start=1):
        if before.service == here.service:
            found[i] = between.get((before.terminal, here.terminal), -1)
    return found


@dataclass(frozen=True, slots=True)
class _Events:
    """Nodes with their moments; equal shapes."""

    nodes: Ints
    at: Ints


class _Builder:
    """Holds what the steps of the drawing share."""

    def __init__(self, instance: Instance, demand: Demand) -> None:
        self.instance = instance
        self.demand = demand
        self.calls = calls_of(instance)
        self.moves = directed_moves(instance)
        self.drawing = Drawing()
        hours = [span(one.handling_hours) for one in instance.terminals]
        self.handling = np.array(hours, dtype=np.int64)
        stops = self.calls.stops
        cutoff = [span(instance.service[one.service].cutoff_hours) for one in stops]
        self.cutoff = np.array(cutoff, dtype=np.int64)[self.calls.stop]
        self.gates = np.flatnonzero(self.calls.load)
        self.deadline = self.calls.depart - self.cutoff
        self.gate = np.full(len(self.calls), -1, dtype=np.int64)
        self.loads_at = self._by_terminal(self.gates)
        # Boxes that come by a transfer wait from the deadline on: no longer than the most dwell.
        most = span(instance.statement.defaults.most_dwell_days * 24)
        self.caught_at = self._by_terminal(self.gates[self.cutoff[self.gates] <= most])
        self.events: dict[int, list[_Events]] = {}
        self.kept: dict[int, _Events] = {}
        self.unloads: list[tuple[Ints, Ints]] = []
        self.unloaded_from = np.zeros(0, dtype=np.int64)

    def network(self) -> Network:
        """Everything drawn."""
        self.gate[self.gates] = self.drawing.add_nodes(
            self.deadline[self.gates], self.calls.terminal[self.gates]
        )
        out = self._draw_vehicles()
        self._draw_loads(out)
        self._draw_kept()
        ready = {}
        self.unloaded_from = np.full(self.drawing.nodes, -1, dtype=np.int64)
        for nodes, some in self.unloads:
            self.unloaded_from[nodes] = some
        for place, parts in self.events.items():
            nodes = np.concatenate([one.nodes for one in parts])
            at = np.concatenate([one.at for one in parts])
            order = np.argsort(at, kind="stable")
            ready[place] = nodes[order]
            loads = self.loads_at.get(place)
            if loads is not None:
                draw_dwell(self.drawing, self._boarding(place, loads), ready[place], at[order])
        kept = {place: one.nodes for place, one in self.kept.items()}
        return self.drawing.network(self.calls, self.moves, self.handling, kept, ready)

    def _boarding(self, place: int, loads: Ints) -> Boarding:
        """What may be loaded at a terminal, as the drawing of its dwell wants it."""
        instance = self.instance
        most = span(instance.statement.defaults.most_dwell_days * 24)
        price = storage.price(instance, instance.terminals[place])
        free = min(most, span(price.free_hours)) if price.per_teu_hour else most
        return Boarding(
            place, loads, self.calls.depart[loads], self.cutoff[loads], self.gate[loads],
            self.unloaded_from, most, free, price.per_teu_hour,
        )  # fmt: skip

    def _by_terminal(self, some: Ints) -> dict[int, Ints]:
        where = self.calls.terminal[some]
        return {int(place): some[where == place] for place in np.unique(where)}

    def _lift(self, some: Ints) -> tuple[Floats, Floats]:
        price = [handling.price(self.instance, one) for one in self.instance.terminals]
        return _gather(price, self.calls.terminal[some])

    def _draw_vehicles(self) -> Ints:
        """Nodes on board with their legs and stays, then unloads; OUT node of every call."""
        calls = self.calls
        every = np.arange(len(calls))
        apart = np.flatnonzero(calls.load & calls.unload)
        shared = self.drawing.add_nodes(
            np.where(calls.first, calls.depart, calls.arrive), calls.terminal
        )
        out = shared.copy()
        out[apart] = self.drawing.add_nodes(calls.depart[apart], calls.terminal[apart])
        self.drawing.add_arcs(Arc.STAY, shared[apart], out[apart], apart)
        ends = every[~calls.first]
        crossing = crossings_on_board(self.instance, calls, self.moves)
        price = [
            leg.price(self.instance, stop) + (
                crossing_price(self.instance, self.moves[m].transfer) if m >= 0 else Price()
            )
            for stop, m in zip(calls.stops, crossing, strict=True)
        ]  # fmt: skip
        self.drawing.add_arcs(
            Arc.LEG, out[ends - 1], shared[ends], ends, *_gather(price, calls.stop[ends])
        )
        self._draw_unloads(shared)
        return out

    def _draw_loads(self, out: Ints) -> None:
        """One lift from every gate to its departure."""
        some = self.gates
        self.drawing.add_arcs(Arc.LOAD, self.gate[some], out[some], some, *self._lift(some))

    def _draw_unloads(self, arrived: Ints) -> None:
        """One lift from every arrival to a READY event, and the transfers from there."""
        destinations = set(self.demand.destination.tolist())
        for place, some in self._by_terminal(np.flatnonzero(self.calls.unload)).items():
            at = self.calls.arrive[some] + self.handling[place]
            ready = self.drawing.add_nodes(at, place)
            self.drawing.add_arcs(Arc.UNLOAD, arrived[some], ready, some, *self._lift(some))
            self.unloads.append((ready, some))
            base = _Events(ready, at)
            self.events.setdefault(place, []).append(base)
            links = self._forward(place, destinations | set(self.loads_at))
            self._draw_forward(links, base, place)

    def _forward(self, root: int, useful: set[int]) -> list[Link]:
        """Chains from a terminal; where nothing can be loaded no dwell costs anything."""
        terminals = self.instance.terminals
        per_hour = [
            storage.price(self.instance, one).per_teu_hour if place in self.loads_at else 0.0
            for place, one in enumerate(terminals)
        ]
        return forward_chains(root, self.moves, useful, per_hour)

    def _draw_forward(self, links: list[Link], base: _Events, root: int) -> None:
        """READY events that chains of transfers lead to from base events at one terminal."""
        nodes: list[Ints] = []
        for link in links:
            tail = base.nodes if link.parent < 0 else nodes[link.parent]
            place = root if link.parent < 0 else links[link.parent].end
            head = self.drawing.add_nodes(base.at + link.offset, link.end)
            price = self.moves[link.move].price
            wait = storage.price(self.instance, self.instance.terminals[place])
            self.drawing.add_arcs(
                Arc.TRANSFER, tail, head, link.move,
                price.per_teu + wait.amount(1.0, link.wait / HOUR), price.per_tonne,
            )  # fmt: skip
            nodes.append(head)
            self.events.setdefault(link.end, []).append(_Events(head, base.at + link.offset))

    def _draw_kept(self) -> None:
        """The KEPT chain of every origin with everything that starts from it."""
        origins = set(self.demand.origin.tolist())
        just_in_time = {
            place: backward_chains(place, self.moves, origins) for place in self.caught_at
        }
        from_ready = {place: self._chains_from_origin(place) for place in origins}
        for place in sorted(origins):
            self._draw_kept_chain(place, just_in_time, from_ready[place])
        for place, links in just_in_time.items():
            self._draw_just_in_time(place, links)
        for place, links in from_ready.items():
            if links:
                kept = self.kept[place]
                starts = np.isin(kept.at, self._ready_starts(place))
                self._draw_forward(links, _Events(kept.nodes[starts], kept.at[starts]), place)

    def _chains_from_origin(self, origin: int) -> list[Link]:
        """Chains worth starting at the ready time: to a destination, or over a limited transfer.

        Any other chain that leads to a departure is taken just in time at no more cost. The first
        move starts at once: the KEPT chain itself has the later starts.
        """
        mine = self.demand.destinations[origin]
        links = self._forward(origin, mine | set(self.loads_at))
        keep = [one.end in mine or (one.limited and one.end in self.loads_at) for one in links]
        keep = with_parents(links, keep)
        for i, one in enumerate(links):
            keep[i] &= one.wait == 0 if one.parent < 0 else keep[one.parent]
        return renumbered(links, keep)

    def _ready_starts(self, origin: int) -> Ints:
        """Moments at which a chain of transfers may start: ready, and one to three days later."""
        ready = np.unique(self.demand.ready[self.demand.origin == origin])
        limited = any(m.limited for m in self.moves if m.tail == origin)
        return np.unique(np.add.outer(ready, (0, *LATER_STARTS) if limited else (0,)))

    def _draw_kept_chain(
        self, place: int, just_in_time: dict[int, list[Link]], from_ready: list[Link]
    ) -> None:
        loads = self.loads_at.get(place, np.zeros(0, dtype=np.int64))
        starts = [self.deadline[loads]]
        for goal, links in just_in_time.items():
            starts += [
                self.deadline[self.caught_at[goal]] - one.offset
                for one in links
                if one.end == place
            ]
        if from_ready:
            starts.append(self._ready_starts(place))
        at = np.unique(np.concatenate(starts))
        nodes = self.drawing.add_nodes(at, place)
        self.kept[place] = _Events(nodes, at)
        self.drawing.add_arcs(Arc.KEEP, nodes[:-1], nodes[1:])
        first = nodes[np.searchsorted(at, self.deadline[loads])]
        self.drawing.add_arcs(Arc.KEEP, first, self.gate[loads])

    def _draw_just_in_time(self, goal: int, links: list[Link]) -> None:
        """Chains of transfers that end at a terminal exactly at its loading deadlines."""
        loads = self.caught_at[goal]
        deadline = self.deadline[loads]
        inner = {one.parent for one in links}
        # Boxes dwell from the deadline to the departure, which the free time may not cover.
        price_of_wait = storage.price(self.instance, self.instance.terminals[goal])
        beyond = np.maximum(0.0, self.cutoff[loads] / HOUR - price_of_wait.free_hours)
        waits = price_of_wait.per_teu_hour * beyond
        nodes: list[Ints] = []
        for i, link in enumerate(links):
            head = self.gate[loads] if link.parent < 0 else nodes[link.parent]
            at = deadline - link.offset
            price = self.moves[link.move].price
            prices = (price.per_teu + waits if link.parent < 0 else price.per_teu, price.per_tonne)
            if link.end in self.kept:
                kept = self.kept[link.end]
                tail = kept.nodes[np.searchsorted(kept.at, at)]
                self.drawing.add_arcs(Arc.TRANSFER, tail, head, link.move, *prices)
            here = self.drawing.add_nodes(at, link.end) if i in inner else head[:0]
            if i in inner:
                self.drawing.add_arcs(Arc.TRANSFER, here, head, link.move, *prices)
            nodes.append(here)


def _gather(prices: list[Price], where: Ints) -> tuple[Floats, Floats]:
    """Prices of the chosen rows as two arrays."""
    teu = np.array([one.per_teu for one in prices], dtype=np.float64)
    tonne = np.array([one.per_tonne for one in prices], dtype=np.float64)
    return teu[where], tonne[where]
