"""Large plans for the report: shipments on real services, drawn by seed, not optimized."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from freight.domain.instance import Instance
from freight.domain.plan import (
    Charge,
    ChargeKind,
    Dwell,
    Itinerary,
    LegLoad,
    Plan,
    Proof,
    Ride,
    Run,
    Totals,
)
from freight.domain.timetable import DatedDeparture, dated_departures
from freight.io import read

KINDS = (ChargeKind.FIXED, ChargeKind.LEG, ChargeKind.HANDLING, ChargeKind.CAPITAL)


def large_case(count: int, seed: int = 1) -> tuple[Plan, Instance]:
    """A plan of ``count`` shipments on the services of ``yangtze-europe``, each on one departure.

    Loads follow from the itineraries and totals from the charges; nothing is optimized.
    """
    base = read("yangtze-europe")
    draw = random.Random(seed)
    departures = dated_departures(base)
    models = base.shipments
    loads: defaultdict[tuple[str, int], int] = defaultdict(int)
    shipments, itineraries = [], []
    for number in range(count):
        dated = draw.choice(departures)
        stops = base.stops_of[dated.service]
        first = draw.randrange(len(stops) - 1)
        last = draw.randrange(first + 1, len(stops))
        model = draw.choice(models)
        shipment = model.model_copy(
            update={
                "id": f"B-{number:05d}",
                "origin": stops[first].terminal,
                "destination": stops[last].terminal,
                "ready": dated.at(stops[first].depart_hours) - timedelta(hours=60),
                "due": dated.at(stops[last].arrive_hours) + timedelta(hours=draw.randint(-48, 240)),
            }
        )
        shipments.append(shipment)
        for stop in stops[first + 1 : last + 1]:
            loads[dated.id, stop.sequence] += shipment.teu
        itineraries.append(_itinerary(base, shipment, dated, (first, last), draw))
    instance = base.model_copy(update={"shipments": tuple(shipments)})
    runs = tuple(_run(base, one, loads) for one in departures)
    return _plan(instance, runs, tuple(itineraries)), instance


def _itinerary(base, shipment, dated: DatedDeparture, ends, draw) -> Itinerary:
    service, stops = base.service[dated.service], base.stops_of[dated.service]
    start, end = stops[ends[0]], stops[ends[1]]
    kilometres = sum(one.distance_km for one in stops[ends[0] + 1 : ends[1] + 1])
    ride = Ride(
        departure=dated.id,
        service=service.id,
        mode=service.mode,
        carrier=service.operator,
        from_terminal=start.terminal,
        to_terminal=end.terminal,
        from_sequence=start.sequence,
        to_sequence=end.sequence,
        departs=dated.at(start.depart_hours),
        arrives=dated.at(end.arrive_hours),
        distance_km=kilometres,
        co2e_kg=kilometres * shipment.loaded_tonnes * 0.02,
    )
    dwell = Dwell(
        terminal=start.terminal,
        arrives=ride.departs - timedelta(hours=60),
        departs=ride.departs,
        handling_hours=0,
        storage_hours=0,
    )
    charges = tuple(
        Charge(
            kind=kind,
            amount=Decimal(draw.randint(10_000, 900_000)) / 100,
            reference=dated.id,
            mode=None if kind is ChargeKind.CAPITAL else service.mode,
        )
        for kind in KINDS
    )
    late = max(0.0, (ride.arrives - shipment.due).total_seconds() / 3600)
    return Itinerary(
        shipment=shipment.id,
        owner=shipment.owner,
        teu=shipment.teu,
        loaded_tonnes=shipment.loaded_tonnes,
        steps=(dwell, ride),
        delivered=ride.arrives,
        late_hours=late,
        co2e_kg=ride.co2e_kg,
        charges=charges,
    )


def _run(base, dated: DatedDeparture, loads) -> Run:
    service, stops = base.service[dated.service], base.stops_of[dated.service]
    legs = tuple(
        LegLoad(
            from_terminal=before.terminal,
            to_terminal=after.terminal,
            sequence=after.sequence,
            departs=dated.at(before.depart_hours),
            arrives=dated.at(after.arrive_hours),
            teu=loads[dated.id, after.sequence],
            tonnes=0,
            capacity_teu=service.capacity_teu * dated.most_runs,
            capacity_tonnes=service.capacity_tonnes * dated.most_runs,
        )
        for before, after in pairwise(stops)
    )
    return Run(
        departure=dated.id,
        service=service.id,
        owner=service.owner,
        mode=service.mode,
        committed=service.committed,
        runs=dated.most_runs,
        departs=dated.departs_at,
        fixed_cost=Decimal("1000.00"),
        legs=legs,
        load_factor=max(leg.teu / leg.capacity_teu for leg in legs),
    )


def _plan(instance: Instance, runs, itineraries) -> Plan:
    sums: dict[str, defaultdict[str, Decimal]] = {
        name: defaultdict(Decimal) for name in ("charge", "mode", "owner")
    }
    for one in itineraries:
        for charge in one.charges:
            sums["charge"][charge.kind.value] += charge.amount
            sums["mode"][charge.mode.value if charge.mode else "terminal"] += charge.amount
            sums["owner"][one.owner] += charge.amount
    cost = sum(sums["owner"].values(), Decimal("0.00"))
    teu = sum(one.teu for one in instance.shipments)
    punctual = [one for one in itineraries if not one.late_hours]
    return Plan(
        instance=instance.statement.name,
        instance_digest=instance.digest,
        currency=instance.statement.currency,
        time_zone=instance.statement.time_zone,
        cost=cost,
        unserved_penalty=Decimal("0.00"),
        proof=Proof(
            outcome="feasible",
            stop="time",
            objective=float(cost),
            bound=0.97 * float(cost),
            gap=0.03,
            method="drawn",
            backend="none",
            seed=1,
            seconds=60,
            versions={},
            trace=(
                (5, 1.2 * float(cost), 0.5 * float(cost)),
                (30, float(cost), 0.97 * float(cost)),
            ),
        ),
        totals=Totals(
            by_charge=dict(sums["charge"]),
            by_mode=dict(sums["mode"]),
            by_owner=dict(sums["owner"]),
            shipments=len(instance.shipments),
            shipments_on_time=len(punctual),
            on_time_share=sum(one.teu for one in punctual) / teu,
            teu=teu,
            teu_unserved=0,
            co2e_kg=sum(one.co2e_kg for one in itineraries),
        ),
        departures=runs,
        itineraries=itineraries,
        unserved=(),
    )
