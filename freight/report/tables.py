"""A plan as tables: pandas frames for a notebook, CSV or Parquet for other programs.

Column names carry units; amounts are in the plan's currency, times in UTC with their local form
beside them where people look at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd

from freight.domain.instance import Instance
from freight.domain.plan import Charge, ChargeKind, Dwell, Itinerary, Plan, Ride, Run, Step

Record = dict[str, Any]


def frames(plan: Plan, instance: Instance) -> dict[str, pd.DataFrame]:
    """Every table by name, in the order of a workbook's sheets."""
    return {name: frame(name, plan, instance) for name in TABLES}


def frame(name: str, plan: Plan, instance: Instance) -> pd.DataFrame:
    """One table by its name in ``TABLES``; raises KeyError for another."""
    names, rows = TABLES[name]
    return pd.DataFrame.from_records(list(rows(plan, instance)), columns=list(names))


def inputs(instance: Instance) -> dict[str, pd.DataFrame]:
    """The tables of an instance by name, one row a record, as they were read."""
    return {
        name: pd.DataFrame.from_records([one.model_dump(mode="json") for one in records])
        for name, records in instance
        if isinstance(records, tuple)
    }


def _plan(plan: Plan, instance: Instance) -> Iterator[Record]:
    totals, proof = plan.totals, plan.proof
    values: Mapping[str, tuple[Any, str]] = {
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


def _departures(plan: Plan, instance: Instance) -> Iterator[Record]:
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
            "departs": pd.Timestamp(run.departs).tz_convert("UTC"),
            "departs_local": _local(run, instance),
            "from_terminal": run.legs[0].from_terminal,
            "to_terminal": run.legs[-1].to_terminal,
            "most_teu": max(leg.teu for leg in run.legs),
            "load_factor": run.load_factor,
            "fixed_cost": float(run.fixed_cost),
            "currency": plan.currency,
        }


def _local(run: Run, instance: Instance) -> str:
    zone = ZoneInfo(instance.terminal[run.legs[0].from_terminal].time_zone)
    return f"{run.departs.astimezone(zone):%Y-%m-%d %H:%M}"


def _legs(plan: Plan, _instance: Instance) -> Iterator[Record]:
    for run in plan.departures:
        for leg in run.legs:
            yield {
                "departure": run.departure,
                "sequence": leg.sequence,
                "from_terminal": leg.from_terminal,
                "to_terminal": leg.to_terminal,
                "departs": pd.Timestamp(leg.departs).tz_convert("UTC"),
                "arrives": pd.Timestamp(leg.arrives).tz_convert("UTC"),
                "teu": leg.teu,
                "capacity_teu": leg.capacity_teu,
                "tonnes": leg.tonnes,
                "capacity_tonnes": leg.capacity_tonnes,
            }


def _itineraries(plan: Plan, instance: Instance) -> Iterator[Record]:
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
            "teu": one.teu,
            "modes": " ".join(_modes(one)),
            "departures": " ".join(s.departure for s in one.steps if isinstance(s, Ride)),
            "ready": pd.Timestamp(shipment.ready).tz_convert("UTC"),
            "delivered": pd.Timestamp(one.delivered).tz_convert("UTC"),
            "due": pd.Timestamp(shipment.due).tz_convert("UTC"),
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


def _steps(plan: Plan, _instance: Instance) -> Iterator[Record]:
    for number, one in enumerate(plan.itineraries, start=1):
        for index, step in enumerate(one.steps, start=1):
            yield {"itinerary": number, "shipment": one.shipment, "step": index} | _step(step)


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
        "starts": pd.Timestamp(start).tz_convert("UTC"),
        "ends": pd.Timestamp(end).tz_convert("UTC"),
        "co2e_kg": step.co2e_kg,
    }


def _costs(plan: Plan, _instance: Instance) -> Iterator[Record]:
    for number, one in enumerate(plan.itineraries, start=1):
        for charge in one.charges:
            yield {"itinerary": number, "shipment": one.shipment, "owner": one.owner} | _charge(
                charge, plan.currency
            )


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


def _owners(plan: Plan, instance: Instance) -> Iterator[Record]:
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


def _unserved(plan: Plan, _instance: Instance) -> Iterator[Record]:
    for one in plan.unserved:
        yield {
            "shipment": one.shipment,
            "owner": one.owner,
            "teu": one.teu,
            "penalty": float(one.penalty),
            "currency": plan.currency,
            "reason": one.reason,
            "reason_zh": one.reason_zh,
        }


Rows = Callable[[Plan, Instance], Iterator[Record]]


def _table(rows: Rows, names: str) -> tuple[tuple[str, ...], Rows]:
    return tuple(names.split()), rows


TABLES: Final[Mapping[str, tuple[tuple[str, ...], Rows]]] = MappingProxyType(
    {
        "plan": _table(_plan, "key value unit"),
        "departures": _table(
            _departures,
            "departure service name_en name_zh mode owner committed runs departs departs_local "
            "from_terminal to_terminal most_teu load_factor fixed_cost currency",
        ),
        "legs": _table(
            _legs,
            "departure sequence from_terminal to_terminal departs arrives teu capacity_teu "
            "tonnes capacity_tonnes",
        ),
        "itineraries": _table(
            _itineraries,
            "itinerary shipment owner origin destination goods_en goods_zh teu modes departures "
            "ready delivered due late_hours price cost currency co2e_kg",
        ),
        "steps": _table(
            _steps,
            "itinerary shipment step kind mode departure transfer from_terminal to_terminal "
            "starts ends distance_km co2e_kg",
        ),
        "costs": _table(
            _costs,
            "itinerary shipment owner charge invoiced mode reference step amount currency",
        ),
        "owners": _table(
            _owners,
            "owner name_en name_zh teu teu_late cost cost_per_teu settlement currency co2e_kg",
        ),
        "unserved": _table(_unserved, "shipment owner teu penalty currency reason reason_zh"),
    }
)
"""Name → columns and the function that gives its rows."""
