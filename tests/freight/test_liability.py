"""Which regime applies where, and what it limits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freight.domain.liability import (
    Point,
    Regime,
    bound,
    limit_rules,
    rail_note,
    rail_sections,
    section,
    through_regime,
    treaties,
)
from freight.domain.service import Mode


def points(*countries: str) -> list[Point]:
    """One terminal per country, named by its place in the list."""
    return [Point(f"T{number}", country) for number, country in enumerate(countries, start=1)]


def test_every_regime_has_a_rule_with_its_source() -> None:
    """The table covers the whole enumeration, grades and sources included."""
    rules = limit_rules()
    assert set(rules) == set(Regime)
    assert all(rule.source and rule.provision and rule.name_zh for rule in rules.values())


@pytest.mark.parametrize(
    ("regime", "per_kg", "per_package"),
    [
        (Regime.CIM, "17", None),
        (Regime.SMGS, None, None),
        (Regime.CMR, "8.33", None),
        (Regime.HAGUE_VISBY, "2", "666.67"),
        (Regime.CMNI, "2", "666.67"),
        (Regime.MONTREAL, "26", None),
        (Regime.CN_WATERWAY, None, None),
        (Regime.FBL_WATER, "2", "666.67"),
        (Regime.FBL_LAND, "8.33", None),
    ],
)
def test_limits_match_the_treaties(
    regime: Regime, per_kg: str | None, per_package: str | None
) -> None:
    """CIM Art. 30, CMR Art. 23, Hague–Visby IV(5)(a), CMNI Art. 20, Montreal Art. 22 as of 2024."""
    rule = limit_rules()[regime]
    assert rule.sdr_per_kg == (per_kg and Decimal(per_kg))
    assert rule.sdr_per_package == (per_package and Decimal(per_package))


def test_amounts_by_hand() -> None:
    """Hague–Visby takes the higher of 2 SDR/kg and 666.67 SDR a package.

    10,000 kg in 10 packages: 20,000 > 6,666.70. In 100 packages: 66,667.00 > 20,000.
    CIM: 17 · 10,000 = 170,000. SMGS states no amount.
    """
    rules = limit_rules()
    assert rules[Regime.HAGUE_VISBY].amount(10_000, 10) == Decimal("20000.00")
    assert rules[Regime.HAGUE_VISBY].amount(10_000, 100) == Decimal("66667.00")
    assert rules[Regime.CIM].amount(10_000, 10) == Decimal("170000.00")
    assert rules[Regime.SMGS].amount(10_000, 10) is None


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.sampled_from(list(Regime)))
def test_more_goods_never_lower_a_limit(kg: int, packages: int, regime: Regime) -> None:
    """A limit grows with mass and packages, or does not exist."""
    rule = limit_rules()[regime]
    one, more = rule.amount(kg, packages), rule.amount(kg + 1, packages + 1)
    assert (one is None) == (not rule.fixed)
    assert one is None or more is None or one <= more


def test_china_to_germany_changes_regime_at_the_border() -> None:
    """SMGS as far as Małaszewicze (both sides of Brest are parties), CIM from there."""
    found = rail_sections(points("CN", "CN", "KZ", "BY", "PL", "DE"), international=True)
    assert [(one.regime, one.start, one.end) for one in found] == [
        (Regime.SMGS, "T1", "T5"),
        (Regime.CIM, "T5", "T6"),
    ]
    assert rail_note(one.regime for one in found) is Regime.CIM_SMGS


@pytest.mark.parametrize(
    ("countries", "regimes"),
    [
        (("CN", "KZ", "UZ"), [Regime.SMGS]),
        (("CN", "MN", "RU"), [Regime.SMGS]),
        (("PL", "DE", "FR"), [Regime.CIM]),
        (("CN", "DE"), [Regime.CIM_SMGS]),
        (("UA", "HU", "AT"), [Regime.SMGS, Regime.CIM]),
        (("GE", "TR"), [Regime.CIM]),
        (("CN", "LA"), [Regime.NONE]),
    ],
)
def test_rail_regimes_by_country(countries: tuple[str, ...], regimes: list[Regime]) -> None:
    """Sections follow the regime in use; a border follows the treaty both sides share."""
    assert [one.regime for one in rail_sections(points(*countries), international=True)] == regimes


def test_rail_inside_a_country() -> None:
    """Chinese rules inside China, national law elsewhere."""
    home = rail_sections(points("CN", "CN"), international=False)
    abroad = rail_sections(points("DE", "DE"), international=False)
    assert home[0].regime is Regime.CN_RAIL
    assert abroad[0].regime is Regime.NATIONAL


@pytest.mark.parametrize(
    ("mode", "countries", "regime"),
    [
        (Mode.BARGE, ("CN", "CN"), Regime.CN_WATERWAY),
        (Mode.BARGE, ("NL", "DE"), Regime.CMNI),
        (Mode.BARGE, ("DE", "DE"), Regime.NATIONAL),
        (Mode.BARGE, ("CN", "KH"), Regime.NONE),
        (Mode.SEA, ("CN", "NL"), Regime.HAGUE_VISBY),
        (Mode.SEA, ("CN", "CN"), Regime.CN_MARITIME),
        (Mode.AIR, ("CN", "BE"), Regime.MONTREAL),
        (Mode.AIR, ("CN", "CN"), Regime.CN_AIR),
        (Mode.ROAD, ("CN", "KZ"), Regime.CMR),
        (Mode.ROAD, ("CN", "VN"), Regime.NONE),
        (Mode.ROAD, ("CN", "CN"), Regime.CN_ROAD),
        (Mode.ROAD, ("PL", "PL"), Regime.NATIONAL),
    ],
)
def test_other_modes_by_the_countries_of_their_ends(
    mode: Mode, countries: tuple[str, str], regime: Regime
) -> None:
    """CMR and CMNI need two countries of which one is a party; coasts follow home law."""
    assert section(mode, *points(*countries)).regime is regime


def test_treaty_table_knows_the_corner_stones() -> None:
    """China is party to SMGS, not to CIM, CMR or CMNI; Germany the other way round."""
    assert bound("CN", "smgs")
    assert not any(bound("CN", treaty) for treaty in ("cim", "cmr", "cmni"))
    assert not bound("DE", "smgs")
    assert all(bound("DE", treaty) for treaty in ("cim", "cmr", "cmni"))
    assert all(one.source for one in treaties().values())


def test_a_country_that_is_not_held_is_bound_by_nothing() -> None:
    """Laos is not in the table: no treaty, no guess."""
    assert not any(bound("LA", treaty) for treaty in ("smgs", "cim", "cmr", "cmni"))


def test_through_carrier_limit_depends_on_water_legs() -> None:
    """UNCTAD/ICC Rule 6.1 with a sea or inland water leg, Rule 6.3 (8.33 SDR/kg) without."""
    assert through_regime([Mode.RAIL, Mode.BARGE]) is Regime.FBL_WATER
    assert through_regime([Mode.RAIL, Mode.ROAD, Mode.AIR]) is Regime.FBL_LAND


def test_no_rule_claims_the_convention_of_2025() -> None:
    """The convention on negotiable cargo documents is nowhere named as law in force."""
    for rule in limit_rules().values():
        assert "negotiable cargo" not in rule.model_dump_json().lower()
