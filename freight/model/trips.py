"""From the paths of a solution to what the boxes of each shipment do.

The paths of a commodity are shared out among its shipments lot by lot: shipments by id, paths by
delivery and then by what they use, so the same solution always gives the same trips.

A trip that comes back to a terminal is cut: the boxes wait there instead, where the most dwell
allows it. This never needs more capacity and drops cost other than storage; it may leave a
departure below its minimum load, so departures are looked at again afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from freight.model.compile import Compiled
from freight.model.moments import span
from freight.model.network import Arc, Network
from solvers.arrays import Ints
from solvers.network_design.statement.result import Solution

LOAD, UNLOAD, TRANSFER = int(Arc.LOAD), int(Arc.UNLOAD), int(Arc.TRANSFER)
"""The kinds of arcs that a path is read from; they follow each other."""


@dataclass(frozen=True, slots=True)
class Aboard:
    """On board of one departure, from the call where it is loaded to that where it is unloaded."""

    load: int
    unload: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One transfer, by its position in the network's moves and its start in microseconds."""

    move: int
    start: int


Carriage = Aboard | Shift


@dataclass(frozen=True, slots=True)
class Trip:
    """What ``teu`` TEU of one shipment (a position in the instance) do, in order."""

    shipment: int
    teu: int
    carriages: tuple[Carriage, ...]


@dataclass(frozen=True)
class Trips:
    """Trips by shipment, and TEU left behind by shipment."""

    trips: list[Trip]
    left: dict[int, int]


def trips_of(compiled: Compiled, solution: Solution, cut: bool = True) -> Trips:
    """Trips of every shipment, those with the same carriages merged; ``cut``: without returns."""
    found: dict[tuple[int, tuple[Carriage, ...]], int] = {}
    left: dict[int, int] = {}
    paths = _paths_by_commodity(compiled, solution)
    for k, members in enumerate(compiled.pools.members):
        lot = round(float(compiled.pools.lot[k]))
        lots = [(one, round(amount / lot)) for one, amount in paths.get(k, [])]
        for i, carriages, count in _share(compiled, members, lots, lot):
            if carriages is None:
                left[i] = left.get(i, 0) + count * lot
            else:
                key = (i, without_returns(compiled, carriages) if cut else carriages)
                found[key] = found.get(key, 0) + count * lot
    trips = [Trip(i, teu, carriages) for (i, carriages), teu in found.items()]
    return Trips(sorted(trips, key=lambda t: (t.shipment, _order(compiled.network, t))), left)


def _order(network: Network, trip: Trip) -> tuple[int, str]:
    return delivered(network, trip.carriages[-1]), repr(trip.carriages)


def _paths_by_commodity(
    compiled: Compiled, solution: Solution
) -> dict[int, list[tuple[tuple[Carriage, ...], float]]]:
    """Carriages and TEU of the paths of every commodity, in a fixed order."""
    network = compiled.network
    found: dict[int, list[tuple[tuple[Carriage, ...], float]]] = {}
    for p, k in enumerate(solution.commodity):
        carriages = carriages_of(network, solution.path_arcs[p])
        found.setdefault(int(k), []).append((carriages, float(solution.amount[p])))
    for some in found.values():
        some.sort(key=lambda one: (delivered(network, one[0][-1]), repr(one[0])))
    return found


def _share(
    compiled: Compiled,
    members: list[int],
    lots: list[tuple[tuple[Carriage, ...], int]],
    lot: int,
) -> Iterator[tuple[int, tuple[Carriage, ...] | None, int]]:
    """(shipment, carriages or None where left behind, lots): both lists used up in order."""
    queue = iter(lots)
    carriages, have = next(queue, (None, 0))
    for i in members:
        need = round(compiled.instance.shipments[i].teu / lot)
        while need:
            while carriages is not None and have == 0:
                carriages, have = next(queue, (None, 0))
            taken = need if carriages is None else min(need, have)
            yield i, carriages, taken
            need -= taken
            have -= taken


def carriages_of(network: Network, arcs: Ints) -> tuple[Carriage, ...]:
    """What a path does: its loads, unloads and transfers tell it all."""
    kinds = network.kind[arcs]
    telling = (kinds >= LOAD) & (kinds <= TRANSFER)
    some = arcs[telling]
    columns = (kinds[telling].tolist(), network.refer[some].tolist(), network.start[some].tolist())
    found: list[Carriage] = []
    loaded = -1
    for kind, refer, start in zip(*columns, strict=True):
        if kind == LOAD:
            loaded = refer
        elif kind == UNLOAD:
            found.append(Aboard(loaded, refer))
        else:
            found.append(Shift(refer, start))
    return tuple(found)


def begins(network: Network, one: Carriage) -> int:
    """Moment at which a carriage leaves."""
    return int(network.calls.depart[one.load]) if isinstance(one, Aboard) else one.start


def ends(network: Network, one: Carriage) -> int:
    """Moment at which a carriage arrives."""
    if isinstance(one, Aboard):
        return int(network.calls.arrive[one.unload])
    return one.start + network.moves[one.move].duration


def delivered(network: Network, one: Carriage) -> int:
    """Moment at which boxes are free to go on after a carriage, handling included."""
    if isinstance(one, Shift):
        return ends(network, one)
    return ends(network, one) + int(network.handling[network.calls.terminal[one.unload]])


def places(network: Network, carriages: tuple[Carriage, ...]) -> list[int]:
    """Terminals of a trip: where it starts, then where each carriage ends."""
    found: list[int] = []
    for one in carriages:
        if isinstance(one, Aboard):
            tail, head = network.calls.terminal[[one.load, one.unload]]
        else:
            tail, head = network.moves[one.move].tail, network.moves[one.move].head
        found += [int(head)] if found else [int(tail), int(head)]
    return found


def without_returns(compiled: Compiled, carriages: tuple[Carriage, ...]) -> tuple[Carriage, ...]:
    """The same trip with every return to a terminal replaced by a wait there, where allowed."""
    network = compiled.network
    most = span(compiled.instance.statement.defaults.most_dwell_days * 24)
    carriages = _still_aboard(network, carriages)
    visited = places(network, carriages)
    for i, place in enumerate(visited):
        for j in range(len(visited) - 1, i, -1):
            if visited[j] == place and _may_wait(network, carriages, (i, j), most):
                return without_returns(compiled, carriages[:i] + carriages[j:])
    return carriages


def _still_aboard(network: Network, carriages: tuple[Carriage, ...]) -> tuple[Carriage, ...]:
    """Unloading from a departure to load it again at the same call is staying on board."""
    for i, (one, after) in enumerate(pairwise(carriages)):
        if isinstance(one, Aboard) and isinstance(after, Aboard) and one.unload == after.load:
            joined = (Aboard(one.load, after.unload),)
            return _still_aboard(network, carriages[:i] + joined + carriages[i + 2 :])
    return carriages


def _may_wait(
    network: Network, carriages: tuple[Carriage, ...], span_of: tuple[int, int], most: int
) -> bool:
    """Whether boxes may stay at visit ``i`` until the carriage after visit ``j`` leaves."""
    i, j = span_of
    if i == 0 or j == len(carriages):
        return j < len(carriages) or i > 0
    return begins(network, carriages[j]) - delivered(network, carriages[i - 1]) <= most


def returns_of(compiled: Compiled, solution: Solution) -> list[tuple[int, int]]:
    """(commodity, arc) wherever a path of the solution arrives at a terminal for another time."""
    network = compiled.network
    found = []
    for p, k in enumerate(solution.commodity):
        arcs = solution.path_arcs[p]
        seen = {int(network.terminal[network.tail[arcs[0]]])} if len(arcs) else set()
        for a in arcs[np.isin(network.kind[arcs], (Arc.UNLOAD, Arc.TRANSFER))]:
            place = int(network.terminal[network.head[a]])
            if place in seen:
                found.append((int(k), int(a)))
            seen.add(place)
    return sorted(set(found))


def returns(network: Network, trip: Trip) -> bool:
    """Whether a trip visits a terminal twice or is unloaded only to be loaded again."""
    visited = places(network, trip.carriages)
    return len(set(visited)) < len(visited)


def load_of(compiled: Compiled, trips: list[Trip]) -> tuple[dict[int, int], dict[int, float]]:
    """TEU and loaded tonnes on the leg ending at each call that any trip uses."""
    teu: dict[int, int] = {}
    tonnes: dict[int, float] = {}
    for trip in trips:
        shipment = compiled.instance.shipments[trip.shipment]
        each = shipment.loaded_tonnes / shipment.teu
        for one in trip.carriages:
            for call in range(one.load + 1, one.unload + 1) if isinstance(one, Aboard) else ():
                teu[call] = teu.get(call, 0) + trip.teu
                tonnes[call] = tonnes.get(call, 0.0) + trip.teu * each
    return teu, tonnes


def lifts_on(network: Network, trips: list[Trip]) -> Ints:
    """TEU loaded onto every departure, over all its stops; shape departures."""
    found = np.zeros(len(network.calls.departures), dtype=np.int64)
    for trip in trips:
        for one in trip.carriages:
            if isinstance(one, Aboard):
                found[network.calls.departure[one.load]] += trip.teu
    return found
