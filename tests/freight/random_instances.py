"""Small valid instances for everybody's tests: seeded, quick to solve, with every rule in play.

``random_instance(seed)`` makes one; ``instances()`` is the hypothesis strategy over seeds. Two to
six terminals in three time zones, one to four services of two to four stops, optional and
committed, transfers with and without daily capacity, gauge changes on board and between terminals,
tight legs in TEU and tonnes, minimum loads, shipments that split or travel whole, reefers,
dangerous goods, limits on modes, lateness, storage, foreign currency.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from freight.domain.instance import Instance

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2027, 3, 1, tzinfo=ZONE)
ZONES = ("Asia/Shanghai", "Asia/Almaty", "Europe/Berlin")
MODES = ("rail", "barge", "sea", "air")
BOXES = {"22G1": 1, "42G1": 2, "45G1": 2}
SOURCE = "assumption: random test data"


def instances(most: int = 10_000) -> st.SearchStrategy[Instance]:
    """Random instances by seed, so that a failure names the seed."""
    return st.integers(0, most).map(random_instance)


def random_instance(seed: int) -> Instance:
    """The instance of a seed; equal seeds give equal instances."""
    rng = Random(seed)
    names = [f"T{i}" for i in range(rng.randint(2, 6))]
    services, stops, departures = [], [], []
    for s in range(rng.randint(2, 4)):
        made, where, leave = _service(rng, f"S{s}", names)
        services.append(made)
        stops += where
        departures += leave
    return Instance.model_validate({
        "statement": _statement(rng, f"random-{seed}"),
        "terminals": [_terminal(rng, name) for name in names],
        "transfers": _transfers(rng, names, stops),
        "services": services, "stops": stops, "departures": departures,
        "shipments": [_shipment(rng, i, stops) for i in range(rng.randint(2, 6))],
        "emissions": [
            {"id": "line", "unit": "g/tkm", "value": 20, "source": SOURCE},
            {"id": "hub", "unit": "kg/teu", "value": 2, "source": SOURCE},
        ],
    })  # fmt: skip


def _statement(rng: Random, name: str) -> dict[str, Any]:
    return {
        "name": name, "title_en": name, "title_zh": name,
        "horizon_start": START, "horizon_end": START + timedelta(days=10),
        "time_zone": "Asia/Shanghai", "currency": "USD",
        "capital_rate_per_year": rng.choice([0.0, 0.06, 0.2]), "capital_source": SOURCE,
        "defaults": {
            "unserved_cost_per_teu": rng.choice([2500, 9000]),
            "lateness_cost_per_teu_day": rng.choice([0, 50, 150]),
            "most_late_days": rng.choice([3, 10, 30]),
            "most_dwell_days": rng.choice([3, 7, 14]),
        },
        "exchange": [{"currency": "CNY", "per_base": 7, "date": "2027-03-01", "source": SOURCE}],
        "owners": [
            {"id": f"owner{i}", "name_en": f"Owner {i}", "name_zh": f"Owner {i}", "city": "City"}
            for i in range(2)
        ],
    }  # fmt: skip


def _terminal(rng: Random, name: str) -> dict[str, Any]:
    return {
        "id": name, "name_en": name, "name_zh": name, "kind": "rail",
        "city": "City" if int(name[1:]) % 3 else "Town",
        "country": "CN", "lat": 30, "lon": 110, "time_zone": rng.choice(ZONES),
        "handling_hours": rng.choice([0, 2, 6.5]),
        "handling_cost_per_teu": rng.choice([0, 20, 35.5]),
        "handling_cost_per_tonne": rng.choice([0, 0, 1.25]),
        "currency": rng.choice(["USD", "CNY"]),
        "capacity_teu_per_day": rng.choice([None, None, 8, 20]),
        "free_storage_hours": rng.choice([0, 12, 48]),
        "storage_cost_per_teu_day": rng.choice([0, 10, 90]), "source": SOURCE,
    }  # fmt: skip


def _service(
    rng: Random, name: str, names: list[str]
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    committed = rng.random() < 0.4
    capacity = rng.randint(4, 14)
    service = {
        "id": name, "name_en": name, "name_zh": name, "mode": rng.choice(MODES),
        "operator": f"Carrier {name}", "owner": f"owner{rng.randint(0, 1)}",
        "committed": committed, "fixed_cost_per_departure": rng.choice([0, 500, 2500]),
        "currency": "USD", "capacity_teu": capacity,
        "capacity_tonnes": capacity * rng.choice([8, 30]),
        "minimum_load_teu": 0 if committed else rng.choice([0, 2, 5]),
        "cutoff_hours": rng.choice([0, 4, 12]), "reefer": rng.random() < 0.8,
        "dangerous": rng.random() < 0.8,
        "open_to": ["owner0"] if rng.random() < 0.15 else [],
        "emission_class": "line", "source": SOURCE,
    }  # fmt: skip
    route = rng.sample(names, rng.randint(2, min(4, len(names))))
    return service, _stops(rng, name, route), _departures(rng, name)


def _stops(rng: Random, name: str, route: list[str]) -> list[dict[str, Any]]:
    made, hours = [], 0.0
    for i, terminal in enumerate(route):
        arrive = hours + (rng.choice([5, 17.25, 40]) if i else 0)
        hours = arrive + (rng.choice([0, 3, 10]) if 0 < i < len(route) - 1 else 0)
        made.append({
            "service": name, "sequence": i + 1, "terminal": terminal,
            "arrive_hours": arrive, "depart_hours": hours,
            "distance_km": rng.choice([0, 100, 750]) if i else 0,
            "cost_per_teu": rng.choice([80, 300, 333.33]) if i else 0,
            "cost_per_tonne": rng.choice([0, 0, 2.5]) if i else 0, "currency": "USD",
            "capacity_teu": rng.choice([None, None, 4]),
            "load": i == 0 or rng.random() < 0.8,
            "unload": i == len(route) - 1 or rng.random() < 0.8,
            "source": SOURCE,
        })  # fmt: skip
    return made


def _departures(rng: Random, name: str) -> list[dict[str, Any]]:
    runs = rng.choice([1, 1, 2])
    if rng.random() < 0.7:
        days = rng.sample(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], rng.randint(1, 3))
        clock = f"{rng.randint(0, 23):02d}:30"
        return [{"service": name, "weekdays": days, "departs_local": clock, "most_runs": runs}]
    at = START + timedelta(hours=rng.randint(6, 200))
    return [{"service": name, "departs_at": at, "most_runs": runs}]


def _transfers(rng: Random, names: list[str], stops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = []
    for i in range(rng.randint(0, 4)):
        kind = rng.choice(["road", "rail_water", "gauge_change", "border"])
        a, b = rng.sample(names, 2)
        if kind in ("gauge_change", "border"):
            j = rng.randrange(len(stops) - 1)
            if stops[j]["service"] == stops[j + 1]["service"]:
                a, b = stops[j]["terminal"], stops[j + 1]["terminal"]
        made.append({
            "id": f"X{i}", "from_terminal": a, "to_terminal": b,
            "both_ways": rng.random() < 0.6, "kind": kind, "mode": "road",
            "operator": "Haulier", "hours": rng.choice([1, 3.5, 24]), "distance_km": 30,
            "cost_per_teu": rng.choice([15, 60]), "cost_per_tonne": rng.choice([0, 1]),
            "customs": "transit", "customs_cost_per_teu": rng.choice([0, 12]),
            "currency": rng.choice(["USD", "CNY"]),
            "capacity_teu_per_day": rng.choice([None, None, 4, 12]),
            "emission_class": "hub", "source": SOURCE,
        })  # fmt: skip
    return made


def _shipment(rng: Random, number: int, stops: list[dict[str, Any]]) -> dict[str, Any]:
    same = rng.random() < 0.5
    first = rng.choice(stops)
    others = [one for one in stops if one["terminal"] != first["terminal"]]
    ahead = [
        one
        for one in others
        if one["service"] == first["service"] and one["sequence"] > first["sequence"]
    ]
    after = ahead if same and ahead else others
    box = rng.choice(list(BOXES))
    teu = BOXES[box] * rng.randint(1, 3)
    ready = START + timedelta(hours=rng.randint(-24, 120))
    return {
        "id": f"P{number}", "owner": f"owner{rng.randint(0, 1)}", "consignor": "A",
        "consignee": "B", "origin": first["terminal"], "destination": rng.choice(after)["terminal"],
        "container_type": box, "teu": teu, "gross_tonnes": teu * rng.choice([4, 11.5, 20]),
        "value": rng.choice([0, 20_000, 700_000]), "currency": rng.choice(["USD", "CNY"]),
        "hs_code": "847130", "goods_en": "goods", "goods_zh": "goods", "packages": 10,
        "package_kind": "CT", "ready": ready, "due": ready + timedelta(hours=rng.randint(24, 300)),
        "lateness_cost_per_teu_day": rng.choice([None, 30]),
        "unserved_cost_per_teu": rng.choice([None, None, 600]),
        "modes": rng.choice([()] * 6 + [("rail", "sea"), ("barge",)]),
        "splittable": rng.random() < 0.7, "reefer": rng.random() < 0.15,
        "dangerous": "UN3480" if rng.random() < 0.15 else None, "source": SOURCE,
    }  # fmt: skip
