"""A small network from Changsha to Europe, and plans on it written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from freight.domain.emissions import EmissionFactor, EmissionUnit
from freight.domain.instance import Defaults, ExchangeRate, Instance, Owner, Statement
from freight.domain.plan import (
    Charge,
    ChargeKind,
    Dwell,
    Itinerary,
    LegLoad,
    Move,
    Plan,
    Proof,
    Ride,
    Run,
    Step,
    Totals,
    Unserved,
)
from freight.domain.service import Mode, Service, Stop
from freight.domain.shipment import ContainerType, Shipment
from freight.domain.terminal import Terminal, TerminalKind
from freight.domain.timetable import departure_id
from freight.domain.transfer import CustomsMode, Transfer, TransferKind

ZONES = {
    "CN": "Asia/Shanghai",
    "KZ": "Asia/Almaty",
    "BY": "Europe/Minsk",
    "PL": "Europe/Warsaw",
    "DE": "Europe/Berlin",
    "NL": "Europe/Amsterdam",
    "BE": "Europe/Brussels",
}
PLACES = [
    ("CSX_P", "Changsha new port", "长沙新港(霞凝)", "river_port", "Changsha", "CN", "CNCSH"),
    ("YLO_P", "Wuhan Yangluo port", "武汉阳逻港", "river_port", "Wuhan", "CN", "CNWUH"),
    ("WUH_R", "Wuhan Wujiashan", "武汉吴家山", "rail", "Wuhan", "CN", "CNWUH"),
    ("CSX_R", "Changsha North", "长沙北", "rail", "Changsha", "CN", "CNCSH"),
    ("EHU_A", "Ezhou Huahu", "鄂州花湖", "airport", "Ezhou", "CN", "CNEZH"),
    ("YSA_S", "Shanghai Yangshan", "上海洋山", "sea_port", "Shanghai", "CN", "CNYSA"),
    ("ALA_B", "Alashankou", "阿拉山口", "border", "Alashankou", "CN", None),
    ("DOS_B", "Dostyk", "多斯特克", "border", "Dostyk", "KZ", None),
    ("BQT_B", "Brest", "布列斯特", "border", "Brest", "BY", "BYBQT"),
    ("MAL_B", "Małaszewicze", "马拉舍维奇", "border", "Małaszewicze", "PL", "PLMAA"),
    ("DUI_T", "Duisburg DIT", "杜伊斯堡", "rail", "Duisburg", "DE", "DEDUI"),
    ("DUI_P", "Duisburg river port", "杜伊斯堡内河港", "river_port", "Duisburg", "DE", "DEDUI"),
    ("RTM_S", "Rotterdam Maasvlakte", "鹿特丹", "sea_port", "Rotterdam", "NL", "NLRTM"),
    ("LGG_A", "Liège airport", "列日", "airport", "Liège", "BE", "BELGG"),
]
START = datetime(2026, 11, 30, 16, tzinfo=UTC)
SOURCE = "assumption"


def _terminals() -> tuple[Terminal, ...]:
    return tuple(
        Terminal(
            id=key,
            name_en=english,
            name_zh=chinese,
            kind=TerminalKind(kind),
            city=city,
            country=country,
            unlocode=code,
            lat=30,
            lon=110,
            time_zone=ZONES[country],
            handling_hours=6,
            handling_cost_per_teu=300,
            currency="CNY",
            source=SOURCE,
        )
        for key, english, chinese, kind, city, country, code in PLACES
    )


def _transfer(key: str, ends: tuple[str, str], kind: str, mode: str, customs: str) -> Transfer:
    return Transfer(
        id=key,
        from_terminal=ends[0],
        to_terminal=ends[1],
        kind=TransferKind(kind),
        mode=Mode(mode),
        operator="Terminal operators",
        hours=12,
        distance_km=10,
        cost_per_teu=100,
        customs=CustomsMode(customs),
        currency="CNY",
        source=SOURCE,
    )


TRANSFERS = (
    _transfer("YLO-WUH", ("YLO_P", "WUH_R"), "rail_water", "road", "integrated"),
    _transfer("ALA-DOS", ("ALA_B", "DOS_B"), "gauge_change", "rail", "transit"),
    _transfer("MAL-BQT", ("MAL_B", "BQT_B"), "gauge_change", "rail", "transit"),
    _transfer("DUI-DUI", ("DUI_P", "DUI_T"), "rail_water", "road", "none"),
    _transfer("EHU-WUH", ("WUH_R", "EHU_A"), "air_rail", "road", "none"),
)
SERVICES = [
    # id, English, Chinese, mode, operator, owner, stops as (terminal, arrives, departs, km)
    ("CSX-WUH-B", "Changsha–Wuhan feeder barge", "长沙—武汉集装箱支线", "barge",
     "Hunan Yuanyang Container Shipping", "changsha", [("CSX_P", 0, 0, 0), ("YLO_P", 40, 44, 480)]),
    ("CSX-WUH-R", "Changsha–Wuhan feeder train", "长沙—武汉集结班列", "rail", "China Railway",
     "changsha", [("CSX_R", 0, 0, 0), ("WUH_R", 9, 10, 360)]),
    ("X8017", "Wuhan–Duisburg block train", "武汉—杜伊斯堡中欧班列", "rail",
     "China Railway Container / KTZ Express / BTLC / DB Cargo", "wuhan",
     [("WUH_R", 0, 0, 0), ("ALA_B", 80, 96, 4100), ("DOS_B", 97, 120, 12),
      ("BQT_B", 264, 276, 5430), ("MAL_B", 278, 300, 8), ("DUI_T", 336, 340, 1110)]),
    ("AE7", "Yangshan–Rotterdam", "洋山—鹿特丹", "sea", "COSCO Shipping Lines", "wuhan",
     [("YSA_S", 0, 0, 0), ("RTM_S", 768, 790, 19472)]),
    ("YLO-YSA", "Yangluo–Yangshan river–sea shuttle", "阳逻—洋山江海直达", "barge",
     "Yangtze river–sea direct", "wuhan", [("YLO_P", 0, 0, 0), ("YSA_S", 72, 76, 1120)]),
    ("RTM-DUI", "Rotterdam–Duisburg barge", "鹿特丹—杜伊斯堡驳船", "barge", "Contargo", "wuhan",
     [("RTM_S", 0, 0, 0), ("DUI_P", 30, 34, 230)]),
    ("EHU-LGG", "Ezhou–Liège freighter", "鄂州—列日全货机", "air", "SF Airlines", "wuhan",
     [("EHU_A", 0, 0, 0), ("LGG_A", 12, 14, 8700)]),
]  # fmt: skip


def _services() -> tuple[tuple[Service, ...], tuple[Stop, ...]]:
    services, stops = [], []
    for key, english, chinese, mode, operator, owner, calls in SERVICES:
        services.append(
            Service(
                id=key,
                name_en=english,
                name_zh=chinese,
                mode=Mode(mode),
                operator=operator,
                owner=owner,
                committed=False,
                fixed_cost_per_departure=10000,
                currency="CNY",
                capacity_teu=100,
                capacity_tonnes=3000,
                cutoff_hours=24,
                reefer=True,
                dangerous=True,
                emission_class="rail",
                source=SOURCE,
            )
        )
        for number, (terminal, arrives, departs, km) in enumerate(calls, start=1):
            stops.append(
                Stop(
                    service=key,
                    sequence=number,
                    terminal=terminal,
                    arrive_hours=arrives,
                    depart_hours=departs,
                    distance_km=km,
                    cost_per_teu=100,
                    currency="CNY",
                    source=SOURCE,
                )
            )
    return tuple(services), tuple(stops)


def shipment(key: str, origin: str, destination: str, **changes: object) -> Shipment:
    """A shipment of ten 40-foot boxes of auto parts, or what the changes make of it."""
    fields: dict[str, object] = {
        "id": key,
        "owner": "changsha",
        "consignor": "Hunan Xingsha Auto Parts Co., Ltd.",
        "consignee": "Rhein-Ruhr Fahrzeugteile GmbH",
        "origin": origin,
        "destination": destination,
        "container_type": ContainerType.HC40,
        "teu": 20,
        "gross_tonnes": 184.0,
        "value": 9_300_000,
        "currency": "CNY",
        "hs_code": "8708",
        "goods_en": "Motor vehicle parts",
        "goods_zh": "汽车零部件",
        "packages": 10_200,
        "package_kind": "CT",
        "ready": START,
        "due": START + timedelta(days=30),
        "source": SOURCE,
    }
    return Shipment.model_validate(fields | changes)


def instance(*shipments: Shipment, sdr: bool = False) -> Instance:
    """The network with some shipments; ``sdr`` adds a rate for special drawing rights."""
    day = date(2026, 11, 2)
    rates = [
        ExchangeRate(currency="USD", per_base=0.14, date=day, source=SOURCE),
        ExchangeRate(currency="EUR", per_base=0.126, date=day, source=SOURCE),
    ]
    if sdr:
        rates.append(ExchangeRate(currency="XDR", per_base=0.1, date=day, source="IMF"))
    services, stops = _services()
    return Instance(
        statement=Statement(
            name="bill-case",
            title_en="Bill case",
            title_zh="单证算例",
            horizon_start=START,
            horizon_end=START + timedelta(days=28),
            time_zone="Asia/Shanghai",
            currency="CNY",
            capital_rate_per_year=0.05,
            capital_source=SOURCE,
            defaults=Defaults(unserved_cost_per_teu=100000, lateness_cost_per_teu_day=1000),
            exchange=tuple(rates),
            owners=(
                Owner(id="wuhan", name_en="Wuhan Platform", name_zh="武汉平台公司", city="Wuhan"),
                Owner(
                    id="changsha",
                    name_en="Changsha International Railport",
                    name_zh="长沙国际铁路港平台公司",
                    city="Changsha",
                ),
            ),
        ),
        terminals=_terminals(),
        transfers=TRANSFERS,
        services=services,
        stops=stops,
        departures=(),
        shipments=shipments,
        emissions=(
            EmissionFactor(id="rail", unit=EmissionUnit.G_PER_TKM, value=20, source=SOURCE),
        ),
    )


CASE = instance()


def home_country(stops: Sequence[Stop]) -> str:
    """Country where a service starts."""
    return CASE.terminal[stops[0].terminal].country


def ride(service: str, first: int, last: int, at: datetime, borders: Sequence[str] = ()) -> Ride:
    """A ride between two stops of a service, leaving the first of them at a moment."""
    stops = CASE.stops_of[service]
    start, end = stops[first - 1], stops[last - 1]
    home = CASE.service[service]
    km = sum(stop.distance_km for stop in stops[first:last])
    return Ride(
        departure=departure_id(service, at, ZONES[home_country(stops)]),
        service=service,
        mode=home.mode,
        carrier=home.operator,
        from_terminal=start.terminal,
        to_terminal=end.terminal,
        from_sequence=first,
        to_sequence=last,
        departs=at,
        arrives=at + timedelta(hours=end.arrive_hours - start.depart_hours),
        distance_km=km,
        co2e_kg=km * 0.4,
        borders=tuple(borders),
    )


def move(key: str, at: datetime) -> Move:
    """A transfer that starts at a moment."""
    found = CASE.transfer[key]
    return Move(
        transfer=key,
        transfer_kind=found.kind,
        mode=found.mode,
        carrier=found.operator,
        from_terminal=found.from_terminal,
        to_terminal=found.to_terminal,
        departs=at,
        arrives=at + timedelta(hours=found.hours),
        distance_km=found.distance_km,
        customs=found.customs,
        co2e_kg=12.5,
    )


def dwell(terminal: str, after: datetime, until: datetime, storage_hours: float = 0.0) -> Dwell:
    """A wait at a terminal."""
    return Dwell(
        terminal=terminal,
        arrives=after,
        departs=until,
        handling_hours=6,
        storage_hours=storage_hours,
        co2e_kg=4.0,
    )


def charge(kind: str, amount: str, step: int | None = None, reference: str = "") -> Charge:
    """One priced item."""
    return Charge(kind=ChargeKind(kind), amount=Decimal(amount), step=step, reference=reference)


def itinerary(
    of: Shipment, steps: Sequence[Step], teu: int | None = None, charges: Sequence[Charge] = ()
) -> Itinerary:
    """What some boxes of a shipment do; without charges it costs 1,000.00 a TEU for legs."""
    carried = of.teu if teu is None else teu
    last = steps[-1]
    delivered = last.departs if isinstance(last, Dwell) else last.arrives + timedelta(hours=6)
    return Itinerary(
        shipment=of.id,
        owner=of.owner,
        teu=carried,
        loaded_tonnes=of.loaded_tonnes * carried / of.teu,
        steps=tuple(steps),
        delivered=delivered,
        late_hours=of.late_hours(delivered),
        co2e_kg=sum(step.co2e_kg for step in steps),
        charges=tuple(charges) or (charge("leg", f"{1000 * carried}.00", 0, "leg"),),
    )


def plan(of: Instance, itineraries: Sequence[Itinerary], unallocated: str = "0.00") -> Plan:
    """A plan of some itineraries; what they do not carry is unserved."""
    cost = sum((one.cost for one in itineraries), Decimal(unallocated))
    carried = {one.id: 0 for one in of.shipments}
    for one in itineraries:
        carried[one.shipment] += one.teu
    left = [one for one in of.shipments if carried[one.id] < one.teu]
    return Plan(
        instance=of.statement.name,
        instance_digest=of.digest,
        currency=of.statement.currency,
        time_zone=of.statement.time_zone,
        cost=cost,
        unserved_penalty=Decimal("0.00"),
        unallocated=Decimal(unallocated),
        proof=_proof(float(cost)),
        totals=Totals(
            by_charge={},
            by_mode={},
            by_owner={},
            shipments=len(of.shipments),
            shipments_on_time=0,
            on_time_share=0.0,
            teu=sum(one.teu for one in of.shipments),
            teu_unserved=sum(one.teu - carried[one.id] for one in left),
            co2e_kg=0.0,
        ),
        departures=_runs(itineraries),
        itineraries=tuple(itineraries),
        unserved=tuple(
            Unserved(
                shipment=one.id,
                owner=one.owner,
                teu=one.teu - carried[one.id],
                penalty=Decimal("0.00"),
                reason="left out by hand",
            )
            for one in left
        ),
    )


def _proof(objective: float) -> Proof:
    return Proof(
        outcome="feasible",
        stop="time",
        objective=objective,
        bound=None,
        gap=None,
        method="by hand",
        backend="none",
        seed=0,
        seconds=0.0,
        versions={},
    )


def _runs(itineraries: Sequence[Itinerary]) -> tuple[Run, ...]:
    found: dict[str, Run] = {}
    for one in itineraries:
        for step in one.steps:
            if isinstance(step, Ride) and step.departure not in found:
                load = LegLoad(
                    from_terminal=step.from_terminal,
                    to_terminal=step.to_terminal,
                    sequence=step.to_sequence,
                    departs=step.departs,
                    arrives=step.arrives,
                    teu=one.teu,
                    tonnes=one.loaded_tonnes,
                    capacity_teu=100,
                    capacity_tonnes=3000,
                )
                found[step.departure] = Run(
                    departure=step.departure,
                    service=step.service,
                    owner=CASE.service[step.service].owner,
                    mode=step.mode,
                    committed=False,
                    runs=1,
                    departs=step.departs,
                    fixed_cost=Decimal("10000.00"),
                    legs=(load,),
                    load_factor=one.teu / 100,
                )
    return tuple(found.values())


def rail_water_steps(days: float = 2) -> list[Step]:
    """Changsha by barge to Yangluo, shuttle to Wujiashan, X8017 to Duisburg."""
    barge = ride("CSX-WUH-B", 1, 2, START + timedelta(days=days))
    shuttle = move("YLO-WUH", barge.arrives + timedelta(hours=6))
    leaves = shuttle.arrives + timedelta(hours=60)
    train = ride("X8017", 1, 6, leaves, ["ALA-DOS", "MAL-BQT"])
    return [barge, shuttle, dwell("WUH_R", shuttle.arrives, leaves), train]


def water_steps() -> list[Step]:
    """River–sea shuttle, ocean to Rotterdam, Rhine barge, truck to the terminal."""
    shuttle = ride("YLO-YSA", 1, 2, START + timedelta(days=2))
    ocean = ride("AE7", 1, 2, shuttle.arrives + timedelta(hours=100))
    rhine = ride("RTM-DUI", 1, 2, ocean.arrives + timedelta(hours=40))
    truck = move("DUI-DUI", rhine.arrives + timedelta(hours=6))
    wait = dwell("YSA_S", shuttle.arrives + timedelta(hours=6), ocean.departs, 22.0)
    wait_two = dwell("RTM_S", ocean.arrives + timedelta(hours=6), rhine.departs)
    return [shuttle, wait, ocean, wait_two, rhine, truck]


def rail_steps() -> list[Step]:
    """Feeder train from Changsha North, then X8017."""
    feeder = ride("CSX-WUH-R", 1, 2, START + timedelta(days=3))
    leaves = feeder.arrives + timedelta(hours=33)
    train = ride("X8017", 1, 6, leaves, ["ALA-DOS", "MAL-BQT"])
    return [feeder, dwell("WUH_R", feeder.arrives + timedelta(hours=6), leaves), train]


def air_rail_steps() -> list[Step]:
    """Feeder train to Wuhan, truck to Huahu, freighter to Liège."""
    feeder = ride("CSX-WUH-R", 1, 2, START + timedelta(days=1))
    truck = move("EHU-WUH", feeder.arrives + timedelta(hours=6))
    flight = ride("EHU-LGG", 1, 2, truck.arrives + timedelta(hours=30))
    return [feeder, truck, dwell("EHU_A", truck.arrives, flight.departs), flight]
