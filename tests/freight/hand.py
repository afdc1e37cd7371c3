"""Instances written by hand, a row at a time, with quiet defaults for what a test does not mean.

Amounts are USD, hours count from ``START`` (Monday 1 March 2027, 00:00 UTC), every terminal is in
UTC. Unless told otherwise nothing is handled, stored, late or tied up for money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from freight.domain.instance import Instance

START = datetime(2027, 3, 1, tzinfo=UTC)
SOURCE = "assumption: hand-made test data"
Row = dict[str, Any]


def at(hours: float) -> datetime:
    """The moment so many hours after the start."""
    return START + timedelta(hours=hours)


def terminal(name: str, **more: Any) -> Row:
    """A rail terminal in UTC."""
    return {
        "id": name, "name_en": name, "name_zh": name, "kind": "rail", "city": name,
        "country": "CN", "lat": 0, "lon": 0, "time_zone": "UTC", "handling_hours": 0,
        "handling_cost_per_teu": 0, "currency": "USD", "source": SOURCE,
    } | more  # fmt: skip


def service(name: str, **more: Any) -> Row:
    """A committed free train for 100 TEU."""
    return {
        "id": name, "name_en": name, "name_zh": name, "mode": "rail", "operator": f"Carrier {name}",
        "owner": "wuhan", "committed": True, "fixed_cost_per_departure": 0, "currency": "USD",
        "capacity_teu": 100, "capacity_tonnes": 5000, "emission_class": "rail", "source": SOURCE,
    } | more  # fmt: skip


def stops(name: str, *calls: tuple[str, float, float], **more: Any) -> list[Row]:
    """Stops as (terminal, arrive hours, depart hours); ``more`` holds for every leg."""
    return [
        {
            "service": name, "sequence": i + 1, "terminal": where, "arrive_hours": arrive,
            "depart_hours": depart, "distance_km": 100 if i else 0, "cost_per_teu": 0,
            "currency": "USD", "source": SOURCE,
        } | (more if i else {})
        for i, (where, arrive, depart) in enumerate(calls)
    ]  # fmt: skip


def leaves(name: str, *hours: float, most_runs: int = 1) -> list[Row]:
    """Departures of a service, in hours after the start."""
    return [{"service": name, "departs_at": at(one), "most_runs": most_runs} for one in hours]


def transfer(name: str, tail: str, head: str, hours: float, **more: Any) -> Row:
    """A road transfer, one way."""
    return {
        "id": name, "from_terminal": tail, "to_terminal": head, "both_ways": False, "kind": "road",
        "mode": "road", "operator": "Haulier", "hours": hours, "distance_km": 10,
        "cost_per_teu": 0, "currency": "USD", "source": SOURCE,
    } | more  # fmt: skip


def shipment(name: str, origin: str, destination: str, ready: float, **more: Any) -> Row:
    """Two TEU in one box, 20 t of goods, due long after."""
    return {
        "id": name, "owner": "wuhan", "consignor": "A", "consignee": "B", "origin": origin,
        "destination": destination, "container_type": "45G1", "teu": 2, "gross_tonnes": 20,
        "value": 0, "currency": "USD", "hs_code": "847130", "goods_en": "goods",
        "goods_zh": "goods", "packages": 1, "package_kind": "CT", "ready": at(ready),
        "due": at(2000), "source": SOURCE,
    } | more  # fmt: skip


def instance(
    terminals: Sequence[Row],
    services: Sequence[tuple[Row, Sequence[Row], Sequence[Row]]],
    shipments: Sequence[Row],
    transfers: Sequence[Row] = (),
    **statement: Any,
) -> Instance:
    """Put rows together; ``services`` come with their stops and departures."""
    defaults = {"unserved_cost_per_teu": 10_000, "lateness_cost_per_teu_day": 0}
    head = {
        "name": "hand", "title_en": "By hand", "title_zh": "手工", "horizon_start": at(0),
        "horizon_end": at(1000), "time_zone": "UTC", "currency": "USD",
        "capital_rate_per_year": 0, "capital_source": SOURCE,
        "exchange": [{"currency": "CNY", "per_base": 7, "date": "2027-03-01", "source": SOURCE}],
        "owners": [
            {"id": one, "name_en": one, "name_zh": one, "city": one}
            for one in ("wuhan", "changsha")
        ],
    }  # fmt: skip
    defaults |= statement.pop("defaults", {})
    return Instance.model_validate({
        "statement": head | {"defaults": defaults} | statement,
        "terminals": terminals, "transfers": transfers,
        "services": [one for one, _, _ in services],
        "stops": [row for _, rows, _ in services for row in rows],
        "departures": [row for _, _, rows in services for row in rows],
        "shipments": shipments,
        "emissions": [
            {"id": "rail", "unit": "g/tkm", "value": 20, "source": SOURCE},
            {"id": "hub", "unit": "kg/teu", "value": 2, "source": SOURCE},
        ],
    })  # fmt: skip
