"""Steps, itineraries and runs as a plan shows them, in the local time of each terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from freight.domain.charges import fixed, storage
from freight.domain.footprint import leg_kg, lift_kg, transfer_kg
from freight.domain.instance import Instance
from freight.domain.money import rounded
from freight.domain.plan import Charge, Dwell, Itinerary, LegLoad, Move, Ride, Run
from freight.model.compile import Compiled
from freight.model.moments import HOUR, moment
from freight.model.pricing import Pricer, Wait
from freight.model.trips import Aboard, Shift, Trip, delivered
from solvers.arrays import Floats


def itinerary(pricer: Pricer, trip: Trip, charges: Sequence[Charge]) -> Itinerary:
    """A trip with its charges; lifts on and off count in the CO2e of the ride between them."""
    instance, network = pricer.instance, pricer.network
    shipment = instance.shipments[trip.shipment]
    tonnes = shipment.loaded_tonnes * trip.teu / shipment.teu
    steps: list[Ride | Move | Dwell] = []
    for one in pricer.steps(trip):
        if isinstance(one, Aboard):
            steps.append(_ride(pricer, one, trip.teu, tonnes))
        elif isinstance(one, Shift):
            steps.append(_move(pricer, one, trip.teu, tonnes))
        else:
            steps.append(_dwell(pricer, one))
    destination = instance.terminal[shipment.destination]
    at = moment(delivered(network, trip.carriages[-1]), destination.time_zone)
    return Itinerary(
        shipment=shipment.id, owner=shipment.owner, teu=trip.teu, loaded_tonnes=tonnes,
        steps=tuple(steps), delivered=at, late_hours=shipment.late_hours(at),
        co2e_kg=sum(one.co2e_kg for one in steps), charges=tuple(charges),
    )  # fmt: skip


def _ride(pricer: Pricer, one: Aboard, teu: int, tonnes: float) -> Ride:
    instance, calls = pricer.instance, pricer.network.calls
    service = instance.service[calls.departure_of(one.load).service]
    first, last = calls.stop_of(one.load), calls.stop_of(one.unload)
    legs = [calls.stop_of(c) for c in range(one.load + 1, one.unload + 1)]
    crossings = [int(pricer.crossing[calls.stop[c]]) for c in range(one.load + 1, one.unload + 1)]
    return Ride(
        departure=calls.departure_of(one.load).id, service=service.id, mode=service.mode,
        carrier=service.operator, from_terminal=first.terminal, to_terminal=last.terminal,
        from_sequence=first.sequence, to_sequence=last.sequence,
        departs=_at(pricer, int(calls.depart[one.load]), first.terminal),
        arrives=_at(pricer, int(calls.arrive[one.unload]), last.terminal),
        distance_km=sum(stop.distance_km for stop in legs),
        co2e_kg=sum(leg_kg(instance, stop, teu, tonnes) for stop in legs)
        + 2 * lift_kg(instance, teu),
        borders=tuple(pricer.network.moves[m].transfer.id for m in crossings if m >= 0),
    )  # fmt: skip


def _move(pricer: Pricer, one: Shift, teu: int, tonnes: float) -> Move:
    instance = pricer.instance
    move = pricer.network.moves[one.move]
    transfer = move.transfer
    start, end = instance.terminals[move.tail].id, instance.terminals[move.head].id
    return Move(
        transfer=transfer.id, transfer_kind=transfer.kind, mode=transfer.mode,
        carrier=transfer.operator, from_terminal=start, to_terminal=end,
        departs=_at(pricer, one.start, start),
        arrives=_at(pricer, one.start + move.duration, end),
        distance_km=transfer.distance_km, customs=transfer.customs,
        co2e_kg=transfer_kg(instance, transfer, teu, tonnes),
    )  # fmt: skip


def _dwell(pricer: Pricer, one: Wait) -> Dwell:
    terminal = pricer.instance.terminals[one.terminal]
    return Dwell(
        terminal=terminal.id,
        arrives=_at(pricer, one.arrives, terminal.id),
        departs=_at(pricer, one.departs, terminal.id),
        handling_hours=(one.free_from - one.arrives) / HOUR,
        storage_hours=storage.price(pricer.instance, terminal).beyond(one.hours),
    )


def _at(pricer: Pricer, at: int, terminal: str) -> datetime:
    return _local(pricer.instance, at, terminal)


def _local(instance: Instance, at: int, terminal: str) -> datetime:
    return moment(at, instance.terminal[terminal].time_zone)


@dataclass(frozen=True, slots=True)
class Load:
    """TEU and tonnes on the leg ending at each call, and what one run takes by stop."""

    teu: Mapping[int, int]
    tonnes: Mapping[int, float]
    most_teu: Floats
    most_tonnes: Floats


def run(compiled: Compiled, departure: int, runs: int, load: Load) -> Run:
    """A departure that runs, with the loads of its legs; capacities count all its runs."""
    instance, calls = compiled.instance, compiled.network.calls
    dated = calls.departures[departure]
    service = instance.service[dated.service]
    first = int(calls.departure.searchsorted(departure))
    legs = []
    for call in range(first + 1, first + len(instance.stops_of[service.id])):
        before, here = calls.stop_of(call - 1), calls.stop_of(call)
        legs.append(LegLoad(
            from_terminal=before.terminal, to_terminal=here.terminal, sequence=here.sequence,
            departs=_local(instance, int(calls.depart[call - 1]), before.terminal),
            arrives=_local(instance, int(calls.arrive[call]), here.terminal),
            teu=load.teu.get(call, 0), tonnes=load.tonnes.get(call, 0.0),
            capacity_teu=float(load.most_teu[calls.stop[call]]) * runs,
            capacity_tonnes=float(load.most_tonnes[calls.stop[call]]) * runs,
        ))  # fmt: skip
    return Run(
        departure=dated.id, service=service.id, owner=service.owner, mode=service.mode,
        committed=service.committed, runs=runs, departs=dated.departs_at,
        fixed_cost=rounded(
            fixed.per_run(instance, service) * runs, instance.statement.currency
        ), legs=tuple(legs),
        load_factor=max((one.teu / one.capacity_teu for one in legs), default=0.0),
    )  # fmt: skip
