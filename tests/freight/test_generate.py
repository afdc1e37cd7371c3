"""Generators: the shipped files come out again, and equal seeds give equal instances."""

from __future__ import annotations

from pathlib import Path

import pytest

from freight.domain.checks import check
from freight.domain.instance import Instance
from freight.domain.terminal import TerminalKind
from freight.domain.timetable import dated_departures
from freight.generate import DEFAULT_SEED, generate, national, yangtze_europe
from freight.generate.atlas import atlas, slug
from freight.generate.timetable_design import route_km, trains
from freight.io import read

SHIPPED = Path(__file__).parents[2] / "instances" / "yangtze-europe"


def test_the_shipped_instance_comes_out_byte_for_byte(tmp_path: Path) -> None:
    """Every generated file of yangtze-europe equals the shipped one."""
    generate("yangtze-europe", tmp_path / "again", seed=DEFAULT_SEED)
    written = sorted((tmp_path / "again").iterdir())
    assert {one.name for one in SHIPPED.iterdir()} == {one.name for one in written} | {"README.md"}
    for one in written:
        assert one.read_bytes() == (SHIPPED / one.name).read_bytes(), one.name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_give_sound_instances_of_equal_volume(seed: int) -> None:
    """Another seed draws other shipments, sound ones, with the same boxes of every city."""
    shipped, other = yangtze_europe(), yangtze_europe(seed=seed)
    assert other.digest != shipped.digest
    assert other.digest == yangtze_europe(seed=seed).digest
    assert check(other) == []
    for owner in ("wuhan", "changsha", "hefei", "nanchang"):
        boxes = [
            sum(one.teu for one in instance.shipments if one.owner == owner)
            for instance in (shipped, other)
        ]
        assert boxes[0] == boxes[1]


def test_sizes_have_a_heavy_tail() -> None:
    """Of all rail boxes most belong to the largest quarter of the shipments."""
    sizes = sorted(one.teu for one in yangtze_europe().shipments)
    quarter = sizes[3 * len(sizes) // 4 :]
    assert sum(quarter) > 0.5 * sum(sizes)
    assert max(sizes) <= 2 * (45 + 3)


def test_longer_horizons_scale() -> None:
    """Eight weeks hold twice the boxes of four."""
    four, eight = (sum(one.teu for one in yangtze_europe(weeks=w).shipments) for w in (4, 8))
    assert eight == 2 * four


@pytest.fixture(scope="module")
def whole() -> Instance:
    """The whole system over four weeks."""
    return national()


def test_the_whole_system_has_the_size_that_was_asked(whole: Instance) -> None:
    """About 120 Chinese and 220 other cities, 1,600 trains and 20,000 shipments in four weeks."""
    cities = [one for one in whole.terminals if one.kind is not TerminalKind.BORDER]
    chinese = sum(one.country == "CN" for one in cities)
    assert 115 <= chinese <= 135
    assert 210 <= len(cities) - chinese <= 230
    assert len(whole.shipments) == 20_000
    trains = sum(one.most_runs for one in dated_departures(whole))
    # 20,022 trains a year are 1,668.5 a month and 1,535.9 in 28 days.
    assert 1_536 <= trains <= 1.1 * 1_668.5


@pytest.mark.parametrize(
    ("prefix", "teu_a_year"),
    [("EU-OUT", 272_157), ("EU-IN", 38_422), ("CE", 1_130_000), ("", 2_050_000)],
)
def test_the_whole_system_carries_the_published_volumes(
    whole: Instance, prefix: str, teu_a_year: int
) -> None:
    """TEU of 28 days by market and direction are 28/365 of those published for 2025."""
    teu = sum(one.teu for one in whole.shipments if one.id.startswith(prefix))
    assert teu == pytest.approx(teu_a_year * 28 / 365, rel=0.002)


def test_trains_take_the_borders_in_the_observed_shares() -> None:
    """Each border's share of trains is within three points of its share of observed trains."""
    places = atlas()
    offered = trains(places)
    count = sum(one.fortnightly for one in offered)
    observed = sum(one.trains_per_day for one in places.borders)
    for border in places.borders:
        used = sum(one.fortnightly for one in offered if one.border is border)
        assert used / count == pytest.approx(border.trains_per_day / observed, abs=0.03)


def test_distances_agree_with_published_ones() -> None:
    """Great circles by their factors give published rail distances within 15%."""
    places = atlas()
    borders = {one.inner.id: one for one in places.borders}
    # Hefei-Dostyk 4,152 km (S82), Dostyk to the EU border 5,430 km (S11 S12).
    dostyk = borders["alashankou"]
    hefei = places.km(places.city["hefei"], dostyk.outer, "cn")
    assert hefei == pytest.approx(4_152, rel=0.15)
    assert places.km(dostyk.outer, places.brest.inner, "1520") == pytest.approx(5_430, rel=0.15)
    # Changsha-Duisburg by Manzhouli 11,905 km (S76).
    ends = places.city["changsha"], places.city["duisburg"]
    assert route_km(places, *ends, borders["manzhouli"]) == pytest.approx(11_905, rel=0.15)


def test_equal_seeds_give_equal_systems() -> None:
    """The digest of a generated system depends on its arguments alone."""
    assert national(weeks=1, seed=3).digest == national(weeks=1, seed=3).digest
    assert national(weeks=1, seed=3).digest != national(weeks=1, seed=4).digest


def test_a_short_whole_system_is_sound() -> None:
    """No check finds a fault in two weeks of the whole system."""
    assert check(national(weeks=2, seed=5)) == []


@pytest.mark.slow
def test_the_whole_system_is_sound(whole: Instance, tmp_path: Path) -> None:
    """No check finds a fault in four weeks, and what is written reads back."""
    assert check(whole) == []
    generate("national", tmp_path / "national")
    assert read(tmp_path / "national").digest == whole.digest


def test_ids_are_made_of_names() -> None:
    """A slug keeps letters, digits and hyphens."""
    assert slug("Xi'an") == "xian"
    assert slug("Ust-Kamenogorsk") == "ust-kamenogorsk"
    assert slug("Saint Petersburg") == "saint-petersburg"
