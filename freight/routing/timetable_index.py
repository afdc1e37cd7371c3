"""The whole timetable as one network with what a TEU and a tonne pay and emit on every arc.

Built once for an instance; every query then prices it for its own boxes. The network is that of
:mod:`freight.model.network`, drawn for all terminals as origins and destinations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np

from freight.domain.charges import fixed
from freight.domain.footprint import leg_kg, lift_kg, transfer_kg
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.model.drawing import build_network, crossings_on_board
from freight.model.network import Arc, Network
from freight.model.room import Room, whole_room
from freight.requests.routing import Request
from freight.routing.request import EARLIEST, latest_moment, shipment_of
from solvers.arrays import Bools, Floats, Ints
from solvers.paths.network import PathNetwork

_MARGIN = timedelta(hours=1)


@dataclass(frozen=True)
class TimetableIndex:
    """Network and coefficients per arc (shape A).

    Costs are ``per_teu·TEU + per_tonne·gross tonnes + fixed_per_teu·TEU / load factor`` in the
    base currency, emissions ``co2e_per_teu·TEU + co2e_per_tonne·loaded tonnes`` in kg. ``service``
    is a position in ``Instance.services`` on arcs on board, -1 elsewhere; ``token`` tells services
    and transfers apart; ``change`` is 1 where a carriage begins. ``crossing`` is the border move
    that the leg ending at each stop passes, ``room`` what the arcs still take.
    """

    instance: Instance
    network: Network
    paths: PathNetwork
    fixed_per_teu: Floats
    co2e_per_teu: Floats
    co2e_per_tonne: Floats
    crossing: Ints
    room: Room
    service: Ints
    token: Ints
    change: Floats

    @cached_property
    def mode(self) -> list[Mode | None]:
        """Mode of the legs and transfers, None elsewhere; shape A."""
        by_service = [one.mode for one in self.instance.services]
        by_move = [one.transfer.mode for one in self.network.moves]
        found: list[Mode | None] = [None] * self.network.arcs
        for a in np.flatnonzero(self.network.kind == Arc.LEG).tolist():
            found[a] = by_service[self.service[a]]
        for a in np.flatnonzero(self.network.kind == Arc.TRANSFER).tolist():
            found[a] = by_move[self.network.refer[a]]
        return found

    @cached_property
    def moves_from(self) -> dict[int, list[int]]:
        """Transfers that start at each terminal, as positions in the network's moves."""
        found: dict[int, list[int]] = {}
        for m, one in enumerate(self.network.moves):
            found.setdefault(one.tail, []).append(m)
        return found

    @cached_property
    def tells(self) -> Bools:
        """Arcs that tell what a path does: loads, unloads and transfers; shape A."""
        return np.asarray(np.isin(self.network.kind, (Arc.LOAD, Arc.UNLOAD, Arc.TRANSFER)))


def index_of(instance: Instance) -> TimetableIndex:
    """Draw the network of an instance for every origin and destination."""
    network = build_network(_everywhere(instance))
    on_board = np.isin(network.kind, (Arc.LOAD, Arc.LEG, Arc.STAY))
    place = network.terminal.copy()
    # Passing a terminal on board is no visit, as in the plan's own rule.
    place[network.head[on_board]] = -1
    paths = PathNetwork.of(network.nodes, network.tail, network.head, place)
    service = _services(instance, network)
    co2e = _emissions(instance, network)
    crossing = crossings_on_board(instance, network.calls, network.moves)
    loads, moves = network.kind == Arc.LOAD, network.kind == Arc.TRANSFER
    token = np.where(loads, service + 1, 0)
    token = np.where(moves, network.refer + len(instance.services) + 1, token)
    return TimetableIndex(
        instance, network, paths, _fixed_shares(instance, network), co2e[0], co2e[1], crossing,
        whole_room(instance, network, crossing), service, token,
        (loads | moves).astype(np.float64),
    )  # fmt: skip


def _everywhere(instance: Instance) -> Instance:
    """The instance with one shipment out of and one into every terminal, ready before all."""
    count = len(instance.terminals)
    ready = instance.statement.horizon_start - EARLIEST - _MARGIN
    ask = Request("", "", 2, 1.0, ready, latest_moment(instance))
    ring = tuple(
        shipment_of(instance, ask, i, (i + 1) % count).model_copy(update={"id": f"q{i}"})
        for i in range(count)
    )
    return with_shipments(instance, ring)


def with_shipments(instance: Instance, shipments: tuple[object, ...]) -> Instance:
    """The instance with other shipments."""
    found = instance.model_copy(update={"shipments": shipments})
    # What is worked out from the other tables stays true and is kept; the rest is forgotten.
    for name in ("shipment", "digest"):
        vars(found).pop(name, None)
    return found


def _per_stop(network: Network, values: list[float]) -> Floats:
    """Values by stop on the arcs that a stop's leg makes, 0 elsewhere."""
    found = np.zeros(network.arcs)
    legs = np.flatnonzero(network.kind == Arc.LEG)
    found[legs] = np.array(values, dtype=np.float64)[network.calls.stop[network.refer[legs]]]
    return found


def _services(instance: Instance, network: Network) -> Ints:
    position = {one.id: i for i, one in enumerate(instance.services)}
    by_stop = np.array([position[one.service] for one in network.calls.stops], dtype=np.int64)
    found = np.full(network.arcs, -1, dtype=np.int64)
    aboard = np.flatnonzero(network.kind <= Arc.UNLOAD)
    found[aboard] = by_stop[network.calls.stop[network.refer[aboard]]]
    return found


def _fixed_shares(instance: Instance, network: Network) -> Floats:
    """Fixed cost per TEU of a full departure, spread over its legs by distance."""
    values = []
    for stop in network.calls.stops:
        service, stops = instance.service[stop.service], instance.stops_of[stop.service]
        whole = sum(one.distance_km for one in stops)
        share = stop.distance_km / whole if whole else 1.0 / (len(stops) - 1)
        values.append(fixed.per_run(instance, service) / service.capacity_teu * share)
    return _per_stop(network, values)


def _emissions(instance: Instance, network: Network) -> tuple[Floats, Floats]:
    stops, moves = network.calls.stops, [one.transfer for one in network.moves]
    pair = []
    for teu, tonnes in ((1.0, 0.0), (0.0, 1.0)):
        found = _per_stop(network, [leg_kg(instance, one, teu, tonnes) for one in stops])
        by_move = np.array([transfer_kg(instance, one, teu, tonnes) for one in moves] or [0.0])
        transfers = network.kind == Arc.TRANSFER
        found[transfers] = by_move[network.refer[transfers]]
        found[np.isin(network.kind, (Arc.LOAD, Arc.UNLOAD))] = lift_kg(instance, teu)
        pair.append(found)
    return pair[0], pair[1]
