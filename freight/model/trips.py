"""From the paths of a solution to what the boxes of each shipment do.

The paths of a commodity are shared out among its shipments lot by lot: shipments by id, paths by
delivery and then by what they use, so the same solution always gives the same trips.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from freight.model.compile import Compiled
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


def trips_of(compiled: Compiled, solution: Solution) -> Trips:
    """Trips of every shipment, those with the same carriages merged."""
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
                key = (i, carriages)
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
