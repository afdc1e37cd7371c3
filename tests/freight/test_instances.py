"""The shipped instances: what they contain, what they are calibrated to, what they cost."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from freight.domain.checks import check
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.domain.terminal import TerminalKind
from freight.domain.timetable import dated_departures
from freight.io import read
from freight.planning import plan
from solvers.options import Options

INSTANCES = Path(__file__).parents[2] / "instances"
EU = frozenset({"BE", "CZ", "DE", "ES", "FR", "HU", "IT", "NL", "PL"})
CENTRAL_ASIA = frozenset({"KZ", "UZ"})


@pytest.fixture(scope="module")
def yangtze() -> Instance:
    """The default instance."""
    return read(INSTANCES / "yangtze-europe")


@pytest.fixture(scope="module")
def tiny() -> Instance:
    """The instance solved by hand."""
    return read(INSTANCES / "tiny")


@pytest.mark.parametrize("method", ["arc-mip", "columns"])
def test_tiny_costs_what_the_pencil_says(tiny: Instance, method: str) -> None:
    """The optimum of tiny is the sum worked out in its README, for every method that proves."""
    #   joint train Saturday 20,000, barges 2 x 500                            21,000.00
    #   S1: 6 TEU x (20 + 400 + 1,700 + 45 + 30 + 25 = 2,220) = 13,320
    #       capital 484 h x 6.00 = 2,904                                       16,224.00
    #   S2: 6 x (100 + 2,220) = 13,920; capital 412 h x 3.00 = 1,236           15,156.00
    #   S3: 2 x 1,790 (road 30, lifts 30 + 40 + 40 + 100, barge 150,
    #       ocean 1,250, road 150) = 3,580; capital 1,086 h x 0.20 = 217.20     3,797.20
    #   S4: 4 x 2,320 = 9,280; capital 484 h x 8.00 = 3,872;
    #       two days late: 2 x 4 x 300 = 2,400                                 15,552.00
    found = plan(tiny, method=method, options=Options(gap=0.0)).proof
    assert found.objective == pytest.approx(71_729.20, abs=0.005)
    assert found.bound == pytest.approx(71_729.20, abs=0.1)


def test_tiny_adds_up_by_charge(tiny: Instance) -> None:
    """Each charge of the optimal plan of tiny equals its line in the README."""
    made = plan(tiny, method="arc-mip", options=Options(gap=0.0))
    expected = {
        "fixed": 20_500.00,  # train 20,000 and the barge that carries S3
        "network": 500.00,  # the barge of the second week is empty
        "leg": 36_400.00,  # 16 x 2,100 + 2 x (150 + 1,250)
        "handling": 1_140.00,  # 16 x 45 + 2 x (30 + 40 + 40 + 100)
        "transfer": 1_360.00,  # 10 x 100 + 2 x (30 + 150)
        "border": 720.00,  # 16 x 45
        "customs": 480.00,  # 16 x 30
        "capital": 8_229.20,  # 2,904 + 1,236 + 217.20 + 3,872
        "lateness": 2_400.00,  # 4 TEU x 2 d x 300
    }
    found = {kind: float(amount) for kind, amount in made.totals.by_charge.items() if amount}
    assert found == pytest.approx(expected)
    assert made.unserved == ()


def test_tiny_counts_carbon_by_hand(tiny: Instance) -> None:
    """CO2e of S1 is 47.7 t over 10,662 km at 20 g and two lifts of 6 TEU at 2 kg."""
    made = plan(tiny, method="arc-mip", options=Options(gap=0.0))
    # 36 t + 3 boxes x 3.9 t = 47.7 t; 3,950 + 12 + 6,700 = 10,662 km; 10,171.548 kg + 24 kg
    assert sum(one.co2e_kg for one in made.itineraries if one.shipment == "S1") == pytest.approx(
        10_195.548
    )


@pytest.mark.parametrize("name", ["tiny", "yangtze-europe"])
def test_shipped_instances_are_sound(name: str) -> None:
    """No check finds a fault in a shipped instance."""
    assert check(read(INSTANCES / name)) == []


def test_yangtze_has_the_size_that_it_says(yangtze: Instance) -> None:
    """Four weeks, at least 60 services and 300 shipments, all modes, both directions."""
    statement = yangtze.statement
    assert (statement.horizon_end - statement.horizon_start).days == 28
    assert len(yangtze.services) >= 60
    assert len(yangtze.shipments) >= 300
    modes = Counter(one.mode for one in yangtze.services)
    assert set(modes) >= {Mode.RAIL, Mode.BARGE, Mode.SEA, Mode.AIR}
    countries = {yangtze.terminal[one.origin].country for one in yangtze.shipments}
    assert {"CN", "DE", "RU", "UZ"} <= countries
    assert 600 <= len(dated_departures(yangtze)) <= 1200


@pytest.mark.parametrize("city", ["Wuhan", "Changsha", "Hefei", "Nanchang"])
def test_every_city_has_rail_river_air_and_a_depot(yangtze: Instance, city: str) -> None:
    """Each of the four cities has a rail terminal, a river port, an airport and a depot."""
    kinds = {one.kind for one in yangtze.terminals if one.city == city}
    wanted = {TerminalKind.RAIL, TerminalKind.RIVER_PORT, TerminalKind.AIRPORT, TerminalKind.DEPOT}
    assert kinds >= wanted


def test_every_border_pair_is_there(yangtze: Instance) -> None:
    """The four gauge changes of China and the one at the EU border have a daily capacity."""
    pairs = {
        (one.from_terminal, one.to_terminal): one.capacity_teu_per_day
        for one in yangtze.transfers
        if one.kind.crosses_border
    }
    assert set(pairs) == {
        ("alashankou", "dostyk"),
        ("khorgos", "altynkol"),
        ("erenhot", "zamyn-uud"),
        ("manzhouli", "zabaikalsk"),
        ("brest", "malaszewicze"),
    }
    assert all(pairs.values())


def test_at_least_eight_european_rail_terminals(yangtze: Instance) -> None:
    """Rail terminals stand in at least eight cities of the EU."""
    cities = {
        one.city for one in yangtze.terminals if one.country in EU and one.kind is TerminalKind.RAIL
    }
    assert len(cities) >= 8


def _market(instance: Instance, shipment_id: str) -> tuple[str, str, str]:
    shipment = instance.shipment[shipment_id]
    direction = shipment_id.split("-")[1]
    far = shipment.destination if direction == "OUT" else shipment.origin
    country = instance.terminal[far].country
    market = "eu" if country in EU else "ca" if country in CENTRAL_ASIA else "rb"
    return shipment.owner, direction, market


@pytest.mark.parametrize(
    ("owner", "direction", "market", "feu_a_week"),
    [
        # Typical figures of the weekly demand seed, forty-foot boxes.
        ("wuhan", "OUT", "eu", 140),
        ("wuhan", "OUT", "rb", 150),
        ("wuhan", "OUT", "ca", 80),
        ("wuhan", "IN", "eu", 70),
        ("changsha", "OUT", "eu", 100),
        ("changsha", "OUT", "rb", 450),
        ("changsha", "OUT", "ca", 120),
        ("hefei", "OUT", "eu", 115),
        ("hefei", "OUT", "rb", 250),
        ("hefei", "OUT", "ca", 160),
        ("nanchang", "OUT", "eu", 20),
        ("nanchang", "OUT", "rb", 90),
        ("nanchang", "OUT", "ca", 40),
    ],
)
def test_volumes_are_those_of_the_seed(
    yangtze: Instance, owner: str, direction: str, market: str, feu_a_week: int
) -> None:
    """Rail demand of a city and market over four weeks is four times the weekly figure."""
    teu = sum(
        one.teu
        for one in yangtze.shipments
        if _market(yangtze, one.id) == (owner, direction, market)
        and "low-value flow" not in one.source
        and "urgent consignments" not in one.source
    )
    assert teu == 4 * 2 * feu_a_week


@pytest.mark.parametrize(
    ("owner", "feu_a_week"), [("changsha", 330), ("hefei", 140), ("nanchang", 70)]
)
def test_inbound_volumes_are_those_of_the_seed(
    yangtze: Instance, owner: str, feu_a_week: int
) -> None:
    """Inbound rail demand of a city, all markets, is four times the weekly figure."""
    teu = sum(
        one.teu
        for one in yangtze.shipments
        if one.owner == owner
        and "-IN-" in one.id
        and "low-value flow" not in one.source
        and "urgent consignments" not in one.source
    )
    assert teu == 4 * 2 * feu_a_week


def test_every_row_names_its_source(yangtze: Instance) -> None:
    """Every source says assumption or derived, or names ids that stand in sources.csv."""
    with (INSTANCES / "yangtze-europe" / "sources.csv").open(encoding="utf-8-sig") as stream:
        known = {row["id"] for row in csv.DictReader(stream)}
    tables = (
        yangtze.terminals, yangtze.transfers, yangtze.services, yangtze.stops,
        yangtze.shipments, yangtze.emissions,
    )  # fmt: skip
    for table in tables:
        for row in table:
            named = set(re.findall(r"\b[SP]\d{1,3}\b", row.source))
            assert named <= known, row
            assert named or "assumption" in row.source or "derived" in row.source, row


def test_no_page_is_linked_that_may_not_be() -> None:
    """A source seen only as a copy names its outlet and date and links no page."""
    with (INSTANCES / "yangtze-europe" / "sources.csv").open(encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            assert row["outlet"]
            assert row["date"]
            assert ("copy seen" in row["outlet"]) == (row["page"] == "")


def _rail_cost_per_feu(instance: Instance, service_id: str) -> float:
    """USD for one forty-foot box on a train with 50, first lift to last, no capital."""
    service = instance.service[service_id]
    stops = instance.stops_of[service_id]
    total = instance.base_amount(service.fixed_cost_per_departure, service.currency) / 50
    for end in (stops[0], stops[-1]):
        total += 2 * instance.terminal[end.terminal].handling_cost_per_teu
    total += sum(2 * instance.base_amount(one.cost_per_teu, one.currency) for one in stops)
    passed = {(a.terminal, b.terminal) for a, b in pairwise(stops)}
    for one in instance.transfers:
        ends = (one.from_terminal, one.to_terminal)
        if one.kind.crosses_border and (ends in passed or ends[::-1] in passed):
            total += 2 * (one.cost_per_teu + one.customs_cost_per_teu)
    return total


@pytest.mark.parametrize(
    ("service", "expected_usd"),
    [
        # Own box to Małaszewicze plus the one-way lease of 1,100 that westbound boxes pay here.
        ("WUH-MAL-A", 5_396 + 1_100),
        ("HFE-MAL-H", 5_469 + 1_100),
        ("CSX-MAL-H", 5_562 + 1_100),
        ("WUH-DUI-J", 7_593),
        ("HFE-DUI", 7_666),
        ("CSX-DUI", 7_759),
    ],
)
def test_rail_costs_agree_with_the_published_build_up(
    yangtze: Instance, service: str, expected_usd: float
) -> None:
    """A full train costs per box what the build-up from published tariffs says, within 15%."""
    assert _rail_cost_per_feu(yangtze, service) == pytest.approx(expected_usd, rel=0.15)


def test_river_and_ocean_cost_agrees_with_the_build_up(yangtze: Instance) -> None:
    """Wuhan-Duisburg by barge and ocean costs about 4,055 USD a box, within 15%."""
    total = 0.0
    for service_id in ("YLO-YSA", "YSA-RTM"):
        first, last = yangtze.stops_of[service_id]
        for stop in (first, last):
            total += 2 * yangtze.terminal[stop.terminal].handling_cost_per_teu
        total += 2 * yangtze.base_amount(last.cost_per_teu, last.currency)
    truck = yangtze.transfer["rotterdam--duisburg"]
    total += 2 * yangtze.base_amount(truck.cost_per_teu, truck.currency)
    assert total == pytest.approx(4_055, rel=0.15)


def test_air_cost_agrees_with_the_build_up(yangtze: Instance) -> None:
    """Ezhou-Liège of 11 t costs about 47,520 USD, within 15%."""
    first, last = yangtze.stops_of["EHU-LGG"]
    a_tonne = yangtze.base_amount(last.cost_per_tonne, last.currency)
    a_tonne += sum(yangtze.terminal[one.terminal].handling_cost_per_tonne for one in (first, last))
    assert 11 * a_tonne == pytest.approx(47_520, rel=0.15)


def test_trains_keep_their_limits_by_section(yangtze: Instance) -> None:
    """Block trains take at most 55 wagons and 3,000 t in China and 41 FEU beyond Małaszewicze."""
    for service in yangtze.services:
        if service.mode is not Mode.RAIL or service.fixed_cost_per_departure == 0:
            continue
        assert service.capacity_teu <= 110
        assert service.capacity_tonnes + 20 * service.capacity_teu / 2 == 3000
        stops = yangtze.stops_of[service.id]
        for before, here in pairwise(stops):
            ends = {before.terminal, here.terminal}
            if "malaszewicze" in ends and "brest" not in ends:
                assert here.capacity_teu == 82
