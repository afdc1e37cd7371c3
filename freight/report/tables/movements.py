"""What moves: departures with their legs, itineraries with their steps."""

from __future__ import annotations

from collections.abc import Iterator

from freight.domain.clock import clock_text
from freight.domain.instance import Instance
from freight.domain.plan import Dwell, Itinerary, Plan, Ride, Run, Step
from freight.report.tables.record import Record, utc


def departures(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row a departure of the plan."""
    for run in plan.departures:
        service = instance.service[run.service]
        yield {
            "departure": run.departure,
            "service": run.service,
            "name_en": service.name_en,
            "name_zh": service.name_zh,
            "mode": run.mode.value,
            "owner": run.owner,
            "committed": run.committed,
            "runs": run.runs,
            "departs": utc(run.departs),
            "departs_local": _local(run, instance),
            "from_terminal": run.legs[0].from_terminal,
            "to_terminal": run.legs[-1].to_terminal,
            "most_teu": max(leg.teu for leg in run.legs),
            "load_factor": run.load_factor,
            "fixed_cost": float(run.fixed_cost),
            "currency": plan.currency,
        }


def _local(run: Run, instance: Instance) -> str:
    return clock_text(run.departs, instance.terminal[run.legs[0].from_terminal].time_zone, " ")


def legs(plan: Plan, _instance: Instance) -> Iterator[Record]:
    """A row a leg of every departure."""
    for run in plan.departures:
        for leg in run.legs:
            yield {
                "departure": run.departure,
                "sequence": leg.sequence,
                "from_terminal": leg.from_terminal,
                "to_terminal": leg.to_terminal,
                "departs": utc(leg.departs),
                "arrives": utc(leg.arrives),
                "teu": leg.teu,
                "capacity_teu": leg.capacity_teu,
                "tonnes": leg.tonnes,
                "capacity_tonnes": leg.capacity_tonnes,
            }


def itineraries(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row an itinerary, with its customer, due date and slack."""
    for number, one in enumerate(plan.itineraries, start=1):
        shipment = instance.shipment[one.shipment]
        invoiced = sum((c.amount for c in one.charges if c.kind.invoiced), start=one.cost * 0)
        yield {
            "itinerary": number,
            "shipment": one.shipment,
            "owner": one.owner,
            "origin": shipment.origin,
            "destination": shipment.destination,
            "goods_en": shipment.goods_en,
            "goods_zh": shipment.goods_zh,
            "consignor": shipment.consignor,
            "consignee": shipment.consignee,
            "teu": one.teu,
            "modes": " ".join(_modes(one)),
            "departures": " ".join(s.departure for s in one.steps if isinstance(s, Ride)),
            "ready": utc(shipment.ready),
            "delivered": utc(one.delivered),
            "due": utc(shipment.due),
            "slack_hours": (shipment.due - one.delivered).total_seconds() / 3600,
            "late_hours": one.late_hours,
            "price": float(invoiced),
            "cost": float(one.cost),
            "currency": plan.currency,
            "co2e_kg": one.co2e_kg,
        }


def _modes(itinerary: Itinerary) -> list[str]:
    return list(
        dict.fromkeys(step.mode.value for step in itinerary.steps if not isinstance(step, Dwell))
    )


def steps(plan: Plan, _instance: Instance) -> Iterator[Record]:
    """A row a step of every itinerary."""
    for number, one in enumerate(plan.itineraries, start=1):
        for index, step in enumerate(one.steps, start=1):
            place: Record = {"itinerary": number, "shipment": one.shipment, "step": index}
            yield place | _step(step)


def _step(step: Step) -> Record:
    if isinstance(step, Dwell):
        ends = {"from_terminal": step.terminal, "to_terminal": step.terminal}
        what: Record = {"mode": None, "departure": None, "transfer": None, "distance_km": 0.0}
    else:
        ride = isinstance(step, Ride)
        ends = {"from_terminal": step.from_terminal, "to_terminal": step.to_terminal}
        what = {
            "mode": step.mode.value,
            "departure": step.departure if isinstance(step, Ride) else None,
            "transfer": None if ride else getattr(step, "transfer", None),
            "distance_km": step.distance_km,
        }
    start, end = sorted((step.departs, step.arrives))
    return {
        "kind": step.kind,
        **what,
        **ends,
        "starts": utc(start),
        "ends": utc(end),
        "co2e_kg": step.co2e_kg,
    }
