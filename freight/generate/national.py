"""The whole China–Europe system: an instance for scale, calibrated to national totals.

Volumes are those of 2025 by market and direction, trains and their borders follow from them (see
:mod:`freight.generate.timetable_design`). Filled shipment by shipment in random order, each on its
cheapest way with room, four weeks use 1,537 of the 1,668 trains with 104 TEU each; observed were
1,536 (20,022 a year) with 102. Weights of cities without a source are assumptions.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.emissions import EmissionFactor
from freight.domain.instance import Defaults, ExchangeRate, Instance, Owner, Statement
from freight.generate.atlas import CHINA, Atlas, atlas
from freight.generate.facts import records
from freight.generate.national_demand import shipments
from freight.generate.national_network import (
    departures_of,
    service_of,
    stops_of,
    terminals,
    transfers,
)
from freight.generate.timetable_design import trains

FIRST_MONDAY = date(2027, 3, 1)
HOME_ZONE = "Asia/Shanghai"


def national(weeks: int = 4, seed: int = 2027) -> Instance:
    """Cities, trains and shipments of the whole system; equal arguments, equal instances."""
    start = datetime.combine(FIRST_MONDAY, datetime.min.time(), ZoneInfo(HOME_ZONE))
    places = atlas()
    offered = trains(places)
    return Instance(
        statement=_statement(places, start, start + timedelta(weeks=weeks)),
        terminals=terminals(places),
        transfers=transfers(places),
        services=tuple(service_of(places, one) for one in offered),
        stops=tuple(stop for one in offered for stop in stops_of(places, one)),
        departures=tuple(
            row
            for number, one in enumerate(offered)
            for row in departures_of(one, number, FIRST_MONDAY, weeks)
        ),
        shipments=shipments(places, start, weeks, seed),
        emissions=records("yangtze", "emissions", EmissionFactor),
    )


def _statement(places: Atlas, start: datetime, end: datetime) -> Statement:
    return Statement(
        name="national",
        title_en="The whole China–Europe rail system, generated",
        title_zh="中欧班列全国网络（生成算例）",
        horizon_start=start,
        horizon_end=end,
        time_zone=HOME_ZONE,
        currency="USD",
        capital_rate_per_year=0.18,
        capital_source="derived: 0.05% of the value a day, the floor of in-transit inventory cost",
        defaults=Defaults(
            unserved_cost_per_teu=12000,
            lateness_cost_per_teu_day=60,
            most_late_days=30,
            most_dwell_days=7,
        ),
        exchange=(
            ExchangeRate(
                currency="CNY",
                per_base=places.tariff["cny_per_usd"],
                date=date(2025, 8, 7),
                source="derived from S67: 402.31 bn CNY = 56.34 bn USD",
            ),
        ),
        owners=tuple(
            Owner(
                id=one.id,
                name_en=f"{one.name_en} platform",
                name_zh=f"{one.name_zh}平台",
                city=one.name_en,
            )
            for one in places.served(CHINA)
        ),
    )
