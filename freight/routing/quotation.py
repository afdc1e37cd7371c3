"""A chosen route as a plan of its own, so that every report and the through bill can show it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from freight import __version__
from freight.domain.charges import fixed
from freight.domain.instance import Instance
from freight.domain.money import money, rounded
from freight.domain.plan import LegLoad, Plan, Proof, Ride, Run
from freight.model.decode import Decoded
from freight.model.totals import totals_of
from freight.routing.options import RouteOption, rides_of
from freight.routing.timetable_index import TimetableIndex, with_shipments

METHOD = "label setting"


def quotation(index: TimetableIndex, option: RouteOption) -> tuple[Instance, Plan]:
    """The instance with the quoted shipment alone, and the plan that sends it by the option.

    ``freight.billing.bills`` of the two is the through bill offered. Departures are listed with
    the quoted boxes alone on board; their fixed costs are in the plan's cost only by the shares
    charged at the load factor asked for, and nothing is proved about them.
    """
    shipment = option.shipment
    if shipment.lateness_cost_per_teu_day == 0.0:
        # No due time was asked for: the offer promises the delivery it plans.
        shipment = shipment.model_copy(update={"due": option.delivered})
    instance = with_shipments(index.instance, (shipment,))
    runs = tuple(_run(instance, ride, option) for ride in rides_of(option))
    decoded = Decoded(runs, (option.itinerary,), (), ())
    proof = Proof(
        outcome="feasible", stop="converged", objective=float(option.cost), bound=None, gap=None,
        method=METHOD, backend="none", seed=0, seconds=0.0, versions={"freight": __version__},
    )  # fmt: skip
    plan = Plan(
        instance=instance.statement.name, instance_digest=instance.digest,
        currency=option.currency, time_zone=instance.statement.time_zone, cost=option.cost,
        unserved_penalty=money(0, option.currency), proof=proof,
        totals=totals_of(instance, decoded),
        departures=runs, itineraries=(option.itinerary,), unserved=(),
    )  # fmt: skip
    return instance, plan.with_instance(instance)


def _run(instance: Instance, ride: Ride, option: RouteOption) -> Run:
    """The departure of a ride, carrying the quoted boxes from where they are loaded on."""
    service = instance.service[ride.service]
    stops = instance.stops_of[service.id]
    boarded = next(one for one in stops if one.sequence == ride.from_sequence)
    start = ride.departs - timedelta(hours=boarded.depart_hours)
    legs = []
    for before, here in pairwise(stops):
        aboard = ride.from_sequence <= before.sequence and here.sequence <= ride.to_sequence
        most_teu, most_tonnes = here.limits(service)
        legs.append(LegLoad(
            from_terminal=before.terminal, to_terminal=here.terminal, sequence=here.sequence,
            departs=start + timedelta(hours=before.depart_hours),
            arrives=start + timedelta(hours=here.arrive_hours),
            teu=option.itinerary.teu if aboard else 0.0,
            tonnes=option.itinerary.loaded_tonnes if aboard else 0.0,
            capacity_teu=most_teu, capacity_tonnes=most_tonnes,
        ))  # fmt: skip
    return Run(
        departure=ride.departure, service=service.id, owner=service.owner, mode=service.mode,
        committed=service.committed, runs=1, departs=start,
        fixed_cost=rounded(fixed.per_run(instance, service), option.currency), legs=tuple(legs),
        load_factor=max(one.teu / one.capacity_teu for one in legs),
    )  # fmt: skip
