"""A request with the coefficients of every arc for its boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from freight.domain.access import access_of
from freight.domain.charges import capital, lateness
from freight.domain.shipment import Shipment
from freight.errors import InstanceError
from freight.model.moments import HOUR, micros, span
from freight.model.network import Arc
from freight.model.room import TOLERANCE
from freight.requests.routing import Request
from freight.routing.request import faults, places, shipment_of
from freight.routing.timetable_index import TimetableIndex
from solvers.arrays import Floats, Ints
from solvers.paths.query import Query

COST, HOURS, CO2E, CHANGES = range(4)
RESOLUTION = np.array([0.01, 1e-3, 1e-3, 0.5])


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
            RESOLUTION[:criteria],
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
    closed |= index.room.teu < teu - TOLERANCE
    closed |= index.room.tonnes < shipment.loaded_tonnes - TOLERANCE
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
