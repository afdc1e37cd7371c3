"""Who is liable for how much on which leg: regimes, their limits, and where each applies.

The limits are rows of ``law/limits.csv`` and the treaties that bind a country rows of
``law/parties.csv``, each with its source. Grades: S sourced, M sourced but weakly, G general
knowledge. Amounts are special drawing rights of the International Monetary Fund (SDR).

Where a regime applies, by mode and by the countries of the ends:

===========  ==============================================================================
rail         Consecutive rail legs, gauge changes included, are one carriage under one note.
             Within China its domestic rules. Across borders a section lies under the regime in
             use in its country; a section over a border under the one that both countries share;
             SMGS and CIM in one carriage make the common CIM/SMGS note.
road         CMR between two countries of which one is a party (Art. 1).
sea          Hague–Visby between countries; the Chinese Maritime Code along the Chinese coast.
barge        CMNI between two countries of which one is a party (Art. 2); within China the
             Civil Code, without a limit.
air          Montreal 1999 between countries (that both are parties is an assumption).
otherwise    National law, or no convention found: no limit is stated, and the bill says so.
===========  ==============================================================================

The through carrier is liable by the network system of the UNCTAD/ICC Rules 1992: the limit of the
leg where the loss is known to have happened, otherwise Rule 6.1 (a sea or inland water leg) or
6.3 (none). The United Nations convention on negotiable cargo documents of 2025 is not relied on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from freight.domain.base import Country, Frozen, Text
from freight.domain.service import Mode

CENT = Decimal("0.01")
SdrAmount = Annotated[
    Decimal, Field(ge=0, decimal_places=2, json_schema_extra={"unit": "SDR (XDR)"})
]
CHINA = "CN"
WATER = (Mode.SEA, Mode.BARGE)


class Regime(StrEnum):
    """A body of rules on the liability of a carrier; the key of ``law/limits.csv``."""

    CIM = "cim"
    SMGS = "smgs"
    CIM_SMGS = "cim_smgs"
    CMR = "cmr"
    HAGUE_VISBY = "hague_visby"
    CMNI = "cmni"
    MONTREAL = "montreal"
    CN_RAIL = "cn_rail"
    CN_ROAD = "cn_road"
    CN_WATERWAY = "cn_waterway"
    CN_MARITIME = "cn_maritime"
    CN_AIR = "cn_air"
    NATIONAL = "national"
    NONE = "none"
    FBL_WATER = "fbl_water"
    FBL_LAND = "fbl_land"


class LimitRule(Frozen):
    """What a regime limits compensation to: a row of ``law/limits.csv``."""

    regime: Regime
    name_en: Text
    name_zh: Text
    sdr_per_kg: Decimal | None
    """Of gross mass lost; None: no fixed limit by mass."""
    sdr_per_package: Decimal | None
    limit_en: Text
    limit_zh: Text
    delay_en: Text
    delay_zh: Text
    provision: Text
    """Article of the treaty or law."""
    grade: Literal["S", "M", "G"]
    """S sourced, M sourced but weakly, G general knowledge."""
    source: Text

    @property
    def fixed(self) -> bool:
        """Whether the rule states an amount at all."""
        return self.sdr_per_kg is not None or self.sdr_per_package is not None

    def amount(self, gross_kg: int, packages: int) -> Decimal | None:
        """Most SDR for the loss of all goods: ``max(kg · rate, packages · rate)``, to the cent."""
        found = []
        if self.sdr_per_kg is not None:
            found.append(self.sdr_per_kg * gross_kg)
        if self.sdr_per_package is not None:
            found.append(self.sdr_per_package * packages)
        return max(found).quantize(CENT, ROUND_HALF_UP) if found else None


class Treaties(Frozen):
    """The treaties that bind a country: a row of ``law/parties.csv``."""

    country: Country
    smgs: bool
    cim: bool
    cmr: bool
    cmni: bool
    rail_in_use: Regime | None
    """CIM or SMGS, whichever its international freight is carried under on its own network."""
    source: Text


class Point(NamedTuple):
    """A place on a carriage: a terminal and its country."""

    terminal: str
    country: str


class Section(NamedTuple):
    """The stretch of a leg that lies under one regime."""

    regime: Regime
    start: str
    end: str


def _rows(name: str) -> Iterable[dict[str, str | None]]:
    text = (files("freight.domain") / "law" / name).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield {key: value or None for key, value in row.items()}


@cache
def limit_rules() -> dict[Regime, LimitRule]:
    """Every regime with its limit."""
    rules = (LimitRule.model_validate(row) for row in _rows("limits.csv"))
    return {one.regime: one for one in rules}


@cache
def treaties() -> dict[str, Treaties]:
    """Treaties by country code; a country that is not there is bound by none that is held here."""
    flags = ("smgs", "cim", "cmr", "cmni")
    rows = (row | {flag: row[flag] == "yes" for flag in flags} for row in _rows("parties.csv"))
    return {one.country: one for one in (Treaties.model_validate(row) for row in rows)}


def bound(country: str, treaty: Literal["smgs", "cim", "cmr", "cmni"]) -> bool:
    """Whether a treaty binds a country, as far as is held here."""
    found = treaties().get(country)
    return found is not None and bool(getattr(found, treaty))


def rail_sections(points: Sequence[Point], *, international: bool) -> tuple[Section, ...]:
    """Sections of a rail leg along its stops; ``international`` says it of the whole carriage."""
    if not international:
        home = Regime.CN_RAIL if points[0].country == CHINA else Regime.NATIONAL
        return (Section(home, points[0].terminal, points[-1].terminal),)
    hops = [(_rail_regime(a.country, b.country), a, b) for a, b in pairwise(points)]
    merged = []
    for regime, run in groupby(hops, key=lambda hop: hop[0]):
        some = list(run)
        merged.append(Section(regime, some[0][1].terminal, some[-1][2].terminal))
    return tuple(merged)


def _rail_regime(first: str, second: str) -> Regime:
    one, two = treaties().get(first), treaties().get(second)
    if one is None or two is None or one.rail_in_use is None or two.rail_in_use is None:
        return Regime.NONE
    if one.rail_in_use == two.rail_in_use:
        return one.rail_in_use
    if one.smgs and two.smgs:
        return Regime.SMGS
    if one.cim and two.cim:
        return Regime.CIM
    return Regime.CIM_SMGS


def rail_note(regimes: Iterable[Regime]) -> Regime:
    """The regime that a rail carriage is consigned under, from those of all its sections."""
    found = set(regimes)
    if Regime.CIM_SMGS in found or {Regime.CIM, Regime.SMGS} <= found:
        return Regime.CIM_SMGS
    return next(one for one in Regime if one in found)


def section(mode: Mode, first: Point, last: Point) -> Section:
    """The one section of a leg that is not by rail, from the countries of its ends."""
    if first.country == last.country:
        regime = _domestic(mode) if first.country == CHINA else Regime.NATIONAL
    else:
        regime = _international(mode, first.country, last.country)
    return Section(regime, first.terminal, last.terminal)


def _domestic(mode: Mode) -> Regime:
    return {
        Mode.RAIL: Regime.CN_RAIL,
        Mode.ROAD: Regime.CN_ROAD,
        Mode.BARGE: Regime.CN_WATERWAY,
        Mode.SEA: Regime.CN_MARITIME,
        Mode.AIR: Regime.CN_AIR,
    }[mode]


def _international(mode: Mode, first: str, last: str) -> Regime:
    if mode is Mode.SEA:
        return Regime.HAGUE_VISBY
    if mode is Mode.AIR:
        return Regime.MONTREAL
    if mode is Mode.RAIL:
        return _rail_regime(first, last)
    if mode is Mode.ROAD:
        return Regime.CMR if bound(first, "cmr") or bound(last, "cmr") else Regime.NONE
    return Regime.CMNI if bound(first, "cmni") or bound(last, "cmni") else Regime.NONE


def through_regime(modes: Iterable[Mode]) -> Regime:
    """The rule of the through carrier where the leg of a loss is not known (Rules 6.1 and 6.3)."""
    return Regime.FBL_WATER if any(mode in WATER for mode in modes) else Regime.FBL_LAND
