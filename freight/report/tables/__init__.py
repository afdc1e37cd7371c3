"""A plan as tables: pandas frames for a notebook, CSV or Parquet for other programs.

Column names carry units; amounts are in the plan's currency, times in UTC with their local form
beside them where people look at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.report.tables import lanes, loading, modes, money, movements, offered
from freight.report.tables.record import Record


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
        for name in type(instance).model_fields
        if isinstance(records := getattr(instance, name), tuple)
    }


Rows = Callable[[Plan, Instance], Iterator[Record]]


def _table(rows: Rows, names: str) -> tuple[tuple[str, ...], Rows]:
    return tuple(names.split()), rows


TABLES: Final[Mapping[str, tuple[tuple[str, ...], Rows]]] = MappingProxyType(
    {
        "plan": _table(money.whole, "key value unit"),
        "modes": _table(
            modes.modes, "mode departures teu teu_km load_factor cost currency co2e_kg"
        ),
        "lanes": _table(
            lanes.lanes,
            "from_city to_city week main_mode shipments teu teu_late mean_days cost cost_per_feu "
            "price_per_feu currency",
        ),
        "departures": _table(
            movements.departures,
            "departure service name_en name_zh mode owner committed runs departs departs_local "
            "from_terminal to_terminal most_teu load_factor fixed_cost currency",
        ),
        "loading": _table(
            loading.loading,
            "departure from_terminal departs to_terminal arrives shipment owner consignor "
            "consignee container_type boxes teu goods_en goods_zh goods_tonnes loaded_tonnes "
            "dangerous reefer destination due",
        ),
        "not_running": _table(
            offered.not_running,
            "departure service name_en name_zh mode owner departs departs_local from_terminal "
            "to_terminal capacity_teu minimum_load_teu fixed_cost currency",
        ),
        "legs": _table(
            movements.legs,
            "departure sequence from_terminal to_terminal departs arrives teu capacity_teu "
            "tonnes capacity_tonnes",
        ),
        "itineraries": _table(
            movements.itineraries,
            "itinerary shipment owner consignor consignee origin destination goods_en goods_zh teu "
            "modes departures ready delivered due slack_hours late_hours price cost currency "
            "co2e_kg",
        ),
        "steps": _table(
            movements.steps,
            "itinerary shipment step kind mode departure transfer from_terminal to_terminal "
            "starts ends distance_km co2e_kg",
        ),
        "costs": _table(
            money.costs,
            "itinerary shipment owner charge invoiced mode reference step amount currency",
        ),
        "owners": _table(
            money.owners,
            "owner name_en name_zh teu teu_late cost cost_per_teu settlement currency co2e_kg",
        ),
        "unserved": _table(
            money.unserved,
            "shipment owner consignor consignee origin destination due teu penalty currency reason "
            "reason_zh",
        ),
    }
)
"""Name → columns and the function that gives its rows; a new table is one file and one entry."""
