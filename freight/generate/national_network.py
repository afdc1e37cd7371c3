"""Terminals, transfers and services of the whole system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from freight.domain.service import Departure, Mode, Service, Stop, Weekday
from freight.domain.terminal import Terminal, TerminalKind
from freight.domain.transfer import CustomsMode, Transfer, TransferKind
from freight.generate.atlas import BREST, CHINA, EU, EU_GATEWAY, Atlas, Border, City
from freight.generate.timetable_design import Train

WEEKDAYS = tuple(Weekday)
WAGONS, EU_TEU, MINIMUM_TEU = 55, 82, 82
CUTOFF_HOURS, CALL_HOURS = 48.0, 24.0
HANDLING_HOURS, STORAGE_FREE_HOURS, STORAGE_USD = 8.0, 96.0, 10.0
ASSUMED = "hours, fees and storage assumption"


def terminals(atlas: Atlas) -> tuple[Terminal, ...]:
    """Every city and every border station."""
    border = [one for pair in (*atlas.borders, atlas.brest) for one in (pair.inner, pair.outer)]
    stations = [one for one in border if one.id not in atlas.city]
    return tuple(_terminal(atlas, one) for one in (*atlas.city.values(), *stations))


def _terminal(atlas: Atlas, city: City) -> Terminal:
    kind = {"city": TerminalKind.DEPOT, "border": TerminalKind.BORDER}.get(
        city.role, TerminalKind.RAIL
    )
    lift = atlas.tariff["rail_lift"] if city.market == CHINA else atlas.tariff["rail_eu_lifts"] / 2
    return Terminal(
        id=city.id,
        name_en=city.name_en,
        name_zh=city.name_zh,
        kind=kind,
        city=city.name_en,
        country=city.country,
        lat=city.lat,
        lon=city.lon,
        time_zone=city.time_zone,
        handling_hours=0 if kind is TerminalKind.DEPOT else HANDLING_HOURS,
        handling_cost_per_teu=0 if kind is TerminalKind.DEPOT else lift / 2,
        currency="USD",
        free_storage_hours=STORAGE_FREE_HOURS,
        storage_cost_per_teu_day=STORAGE_USD,
        source=f"{city.source}; {ASSUMED}",
    )


def transfers(atlas: Atlas) -> tuple[Transfer, ...]:
    """Catchments to their centres, centres to hubs and gateways, and the borders."""
    found = [_border(atlas, one) for one in (*atlas.borders, atlas.brest)]
    for city in atlas.city.values():
        centre = atlas.city[atlas.centre[city.id]]
        if centre is not city:
            found.append(_link(atlas, city, centre))
        elif city.market == CHINA and atlas.hub(city.id) != city.id:
            found.append(_link(atlas, city, atlas.city[atlas.hub(city.id)]))
        elif city.gateway is not None:
            found.append(_link(atlas, city, atlas.city[city.gateway]))
    return tuple(found)


def _border(atlas: Atlas, one: Border) -> Transfer:
    brest = one.inner.id == BREST
    tariff = atlas.tariff
    busier = 0.5 if brest else tariff["busier_direction"]
    daily = one.trains_per_day * busier * (EU_TEU if brest else tariff["observed_load_teu"])
    return Transfer(
        id=f"{one.inner.id}--{one.outer.id}",
        from_terminal=one.inner.id,
        to_terminal=one.outer.id,
        kind=TransferKind.GAUGE_CHANGE,
        mode=Mode.RAIL,
        operator="Border stations",
        hours=one.hours,
        distance_km=one.km,
        cost_per_teu=tariff["eu_border_feu" if brest else "border_feu"] / 2,
        customs=CustomsMode.TRANSIT if brest else CustomsMode.FULL,
        customs_cost_per_teu=tariff["transit_feu" if brest else "customs_feu"] / 2,
        currency="USD",
        capacity_teu_per_day=float(round(daily, -1)),
        emission_class="gauge",
        source=f"{one.source}; capacity derived from trains a day; prices assumption",
    )


def _link(atlas: Atlas, city: City, centre: City) -> Transfer:
    """A feeder: by truck where it is short, by rail beyond."""
    net = _net_of(city)
    km = max(10.0, atlas.km(city, centre, net))
    truck = km <= atlas.tariff["rail_feeder_km"]
    return Transfer(
        id=f"{city.id}--{centre.id}",
        from_terminal=city.id,
        to_terminal=centre.id,
        kind=TransferKind.ROAD if truck else TransferKind.RAIL_RAIL,
        mode=Mode.ROAD if truck else Mode.RAIL,
        operator="Truckers" if truck else "Feeder trains",
        hours=round(2 + km / 50, 1) if truck else atlas.hours(km, net) + CALL_HOURS,
        distance_km=km,
        cost_per_teu=_link_price(atlas, km, net, truck=truck),
        currency="USD",
        emission_class=("truck-eu" if net == "eu" else "truck-cn") if truck else f"rail-{net}",
        source="km derived: great circle by a factor; hours and price assumption",
    )


def _net_of(city: City) -> str:
    return {CHINA: "cn", EU: "eu"}.get(city.market, "1520")


def _link_price(atlas: Atlas, km: float, net: str, *, truck: bool) -> float:
    tariff = atlas.tariff
    if truck and net == "eu":
        box = tariff["truck_eu_base"] + tariff["truck_eu_km"] * km
    elif truck:
        box = (tariff["truck_cn_base"] + tariff["truck_cn_km"] * km) / tariff["cny_per_usd"]
    elif net == "cn":
        box = tariff["feeder_km"] * km / tariff["cny_per_usd"] + 2 * tariff["rail_lift"]
    else:
        per_km = tariff["rail_eu_km" if net == "eu" else "local_1520_feu_km"]
        box = per_km * km + tariff["rail_eu_lifts"]
    return round(box / 2, 1)


def service_id(train: Train) -> str:
    """``xian-duisburg.alashankou`` away from China, ``duisburg-xian.alashankou`` towards it."""
    ends = (train.chinese, train.foreign) if train.out else (train.foreign, train.chinese)
    return f"{ends[0]}-{ends[1]}.{train.border.inner.id}"


def service_of(atlas: Atlas, train: Train) -> Service:
    """The service of equal trains: take-or-pay of the China leg is its fixed cost."""
    tariff = atlas.tariff
    chinese, foreign = atlas.city[train.chinese], atlas.city[train.foreign]
    ends = (chinese, foreign) if train.out else (foreign, chinese)
    km = atlas.km(chinese, train.border.inner, "cn")
    box = tariff["cn_base"] + tariff["cn_km"] * km
    fixed = tariff["train_fixed"] * tariff["cny_per_usd"] + tariff["pay_wagons"] * box
    return Service(
        id=service_id(train),
        name_en=f"{ends[0].name_en}-{ends[1].name_en} by {train.border.inner.name_en}",
        name_zh=f"{ends[0].name_zh}—{ends[1].name_zh}（{train.border.inner.name_zh}）",
        mode=Mode.RAIL,
        operator=f"{chinese.name_en} train operator",
        owner=train.chinese,
        committed=False,
        fixed_cost_per_departure=round(fixed, -2),
        currency="CNY",
        capacity_teu=2 * WAGONS,
        capacity_tonnes=tariff["train_gross"] - WAGONS * tariff["wagon_tare"],
        minimum_load_teu=MINIMUM_TEU,
        cutoff_hours=CUTOFF_HOURS,
        reefer=True,
        dangerous=True,
        emission_class="rail-cn",
        source="frequency derived from volumes and border shares; fixed cost derived: S55, 50 FEU",
    )


def stops_of(atlas: Atlas, train: Train) -> list[Stop]:
    """Stops of a train; boxes may also be dropped (gathered) at Małaszewicze."""
    legs = list(_legs(atlas, train))
    places = [atlas.city[train.chinese], *(leg[0] for leg in legs)]
    if not train.out:
        places.reverse()
        legs.reverse()
    found, clock = [], 0.0
    for index, place in enumerate(places):
        leg = None if index == 0 else legs[index - 1]
        arrive = clock + (leg[2] if leg else 0.0)
        last = index == len(places) - 1
        call = place.id == EU_GATEWAY and index > 0 and not last
        clock = arrive + (CALL_HOURS if call else 0.0)
        found.append(
            Stop(
                service=service_id(train),
                sequence=index + 1,
                terminal=place.id,
                arrive_hours=round(arrive, 1),
                depart_hours=round(clock, 1),
                distance_km=leg[1] if leg else 0,
                cost_per_teu=leg[3] if leg else 0,
                currency="USD",
                capacity_teu=EU_TEU if leg and leg[4] == "rail-eu" else None,
                load=index == 0 or (call and not train.out),
                unload=last or (call and train.out),
                emission_class=leg[4] if leg and leg[4] != "rail-cn" else None,
                source="km derived: great circle by a factor; hours and price derived by km",
            )
        )
    return found


def _legs(atlas: Atlas, train: Train) -> Iterator[tuple[City, float, float, float, str]]:
    """(far end away from China, km, hours, USD per TEU, emission class), from China outwards."""
    tariff, border, foreign = atlas.tariff, train.border, atlas.city[train.foreign]
    km = atlas.km(atlas.city[train.chinese], border.inner, "cn")
    yield border.inner, km, atlas.hours(km, "cn"), 0.0, "rail-cn"
    yield border.outer, border.km, border.hours, 0.0, "rail-cn"
    broad_end = atlas.brest.inner if foreign.market == EU else foreign
    km = atlas.km(border.outer, broad_end, "1520")
    price = round(km * _broad_price(atlas, train, foreign) / 2, 1)
    yield broad_end, km, atlas.hours(km, "1520"), price, "rail-1520"
    if foreign.market == EU:
        lease = tariff["box_lease_feu"] / 2 if train.out else 0.0
        yield atlas.city[EU_GATEWAY], atlas.brest.km, atlas.brest.hours, lease, "rail-1520"
        if foreign.id != EU_GATEWAY:
            km = atlas.km(atlas.city[EU_GATEWAY], foreign, "eu")
            price = round(km * tariff["eu_train_feu_km"] / 2, 1)
            yield foreign, km, atlas.hours(km, "eu"), price, "rail-eu"


def _broad_price(atlas: Atlas, train: Train, foreign: City) -> float:
    if foreign.market == "central-asia":
        return atlas.tariff["central_asia_feu_km"]
    return atlas.tariff["west_feu_km" if train.out else "east_feu_km"]


def departures_of(train: Train, number: int, start: date, weeks: int) -> list[Departure]:
    """Weekly and fortnightly rows; lines start on different days by their ``number``."""
    weekly, odd = divmod(train.fortnightly, 2)
    clock = time(6 + number % 16)
    name = service_id(train)
    found = []
    full, part = divmod(weekly, 7)
    if full:
        found.append(Departure(service=name, weekdays=WEEKDAYS, departs_local=clock,
                               most_runs=full))  # fmt: skip
    if part:
        days = tuple(WEEKDAYS[d] for d in sorted((number + 7 * k // part) % 7 for k in range(part)))
        later = time((clock.hour + 1) % 24)
        found.append(Departure(service=name, weekdays=days, departs_local=later))
    if odd:
        for week in range(number % 2, weeks, 2):
            monday = start + timedelta(weeks=week)
            found.append(Departure(
                service=name, weekdays=(WEEKDAYS[(number + 3) % 6],),
                departs_local=time((clock.hour + 2) % 24),
                first_date=monday, last_date=monday + timedelta(days=6),
            ))  # fmt: skip
    return found
