"""The default instance: Wuhan, Changsha, Hefei and Nanchang to Europe and Central Asia and back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.emissions import EmissionFactor
from freight.domain.instance import Defaults, ExchangeRate, Instance, Owner, Statement
from freight.domain.service import Departure, Service, Stop
from freight.domain.terminal import Terminal
from freight.generate.demand import shipments
from freight.generate.facts import records, rows, tariffs
from freight.generate.lines import Line, Network, departures_of, service_of, stops_of
from freight.generate.links import transfers

FOLDER = "yangtze"
FIRST_MONDAY = date(2027, 3, 1)
HOME_ZONE = "Asia/Shanghai"


def yangtze_europe(weeks: int = 4, seed: int = 2027) -> Instance:
    """The shipped instance for other lengths and seeds; equal arguments give equal instances."""
    start = datetime.combine(FIRST_MONDAY, datetime.min.time(), ZoneInfo(HOME_ZONE))
    terminals = records(FOLDER, "terminals", Terminal)
    network = Network(FOLDER)
    lines = [Line(row, network) for row in rows(FOLDER, "lines")]
    services: list[Service] = [service_of(line) for line in lines]
    stops: list[Stop] = [stop for line in lines for stop in stops_of(line)]
    departures: list[Departure] = [
        one for line in lines for one in departures_of(line, FIRST_MONDAY, weeks)
    ]
    return Instance(
        statement=_statement(start, start + timedelta(weeks=weeks)),
        terminals=terminals,
        transfers=transfers(FOLDER),
        services=tuple(services),
        stops=tuple(stops),
        departures=tuple(departures),
        shipments=shipments(FOLDER, terminals, start, weeks, seed),
        emissions=records(FOLDER, "emissions", EmissionFactor),
    )


def _statement(start: datetime, end: datetime) -> Statement:
    tariff = tariffs(FOLDER)
    return Statement(
        name="yangtze-europe",
        title_en="Wuhan, Changsha, Hefei and Nanchang to Europe by rail, river, sea and air",
        title_zh="武汉、长沙、合肥、南昌—欧洲铁水空联运",
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
            most_dwell_days=10,
        ),
        exchange=(
            ExchangeRate(
                currency="CNY",
                per_base=tariff["cny_per_usd"],
                date=date(2025, 8, 7),
                source="derived from S67: 402.31 bn CNY = 56.34 bn USD",
            ),
            ExchangeRate(
                currency="EUR",
                per_base=tariff["eur_per_usd"],
                date=date(2025, 9, 20),
                source="assumption; S155 gives 0.93",
            ),
        ),
        owners=tuple(Owner.model_validate(row) for row in rows(FOLDER, "owners")),
    )
