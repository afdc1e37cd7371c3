"""What it costs: the plan as a whole, its charges line by line, owners, boxes left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from freight.domain.instance import Instance
from freight.domain.plan import Charge, ChargeKind, Plan
from freight.report.tables.record import Record, Value, utc


def whole(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row a figure of the plan as a whole."""
    totals, proof = plan.totals, plan.proof
    values: Mapping[str, tuple[Value, str]] = {
        "instance": (plan.instance, ""),
        "title_en": (instance.statement.title_en, ""),
        "title_zh": (instance.statement.title_zh, ""),
        "cost": (float(plan.cost), plan.currency),
        "unserved_penalty": (float(plan.unserved_penalty), plan.currency),
        "unallocated": (float(plan.unallocated), plan.currency),
        "shipments": (totals.shipments, ""),
        "shipments_on_time": (totals.shipments_on_time, ""),
        "on_time_share": (totals.on_time_share, "of TEU"),
        "teu": (totals.teu, "TEU"),
        "teu_unserved": (totals.teu_unserved, "TEU"),
        "co2e": (totals.co2e_kg, "kg"),
        "departures": (sum(run.runs for run in plan.departures), ""),
        "bound": (proof.bound, plan.currency),
        "gap": (proof.gap, ""),
        "outcome": (proof.outcome, ""),
        "method": (proof.method, ""),
        "backend": (proof.backend, ""),
        "seed": (proof.seed, ""),
        "seconds": (proof.seconds, "s"),
        "instance_digest": (plan.instance_digest, ""),
    }
    for key, (value, unit) in values.items():
        yield {"key": key, "value": value, "unit": unit}


def costs(plan: Plan, _instance: Instance) -> Iterator[Record]:
    """A row a charge of every itinerary."""
    for number, one in enumerate(plan.itineraries, start=1):
        place: Record = {"itinerary": number, "shipment": one.shipment, "owner": one.owner}
        for charge in one.charges:
            yield place | _charge(charge, plan.currency)


def _charge(charge: Charge, currency: str) -> Record:
    return {
        "charge": charge.kind.value,
        "invoiced": charge.kind.invoiced,
        "mode": charge.mode.value if charge.mode else None,
        "reference": charge.reference,
        "step": None if charge.step is None else charge.step + 1,
        "amount": float(charge.amount),
        "currency": currency,
    }


def owners(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row an owner, also one that moves nothing."""
    for owner in instance.statement.owners:
        own = [one for one in plan.itineraries if one.owner == owner.id]
        teu = sum(one.teu for one in own)
        cost = sum((one.cost for one in own), start=plan.cost * 0)
        settled = sum(
            (c.amount for one in own for c in one.charges if c.kind is ChargeKind.SETTLEMENT),
            start=plan.cost * 0,
        )
        yield {
            "owner": owner.id,
            "name_en": owner.name_en,
            "name_zh": owner.name_zh,
            "teu": teu,
            "teu_late": sum(one.teu for one in own if one.late_hours > 0),
            "cost": float(cost),
            "cost_per_teu": float(cost) / teu if teu else None,
            "settlement": float(settled),
            "currency": plan.currency,
            "co2e_kg": sum(one.co2e_kg for one in own),
        }


def unserved(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row a shipment of which boxes stay behind."""
    for one in plan.unserved:
        shipment = instance.shipment[one.shipment]
        yield {
            "shipment": one.shipment,
            "owner": one.owner,
            "consignor": shipment.consignor,
            "consignee": shipment.consignee,
            "origin": shipment.origin,
            "destination": shipment.destination,
            "due": utc(shipment.due),
            "teu": one.teu,
            "penalty": float(one.penalty),
            "currency": plan.currency,
            "reason": one.reason,
            "reason_zh": one.reason_zh,
        }
