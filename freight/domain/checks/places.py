"""Terminals and the transfers between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from freight.domain.checks.survey import Finding, Survey
from freight.domain.wording import either, listed, quoted


@cache
def _zones() -> MappingProxyType[str, tuple[str, ...]]:
    """Time zones by country, from the IANA table ``zone.tab``."""
    found: dict[str, list[str]] = {}
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return MappingProxyType({key: tuple(some) for key, some in found.items()})


@cache
def _offsets(zone: str, year: int) -> tuple[timedelta | None, ...]:
    """Offsets of a zone in January and July."""
    clock = ZoneInfo(zone)
    return tuple(datetime(year, month, 1, tzinfo=clock).utcoffset() for month in (1, 7))


def countries(survey: Survey) -> Iterator[Finding]:
    """Countries that exist, with UN/LOCODEs that begin with them."""
    for index, one in enumerate(survey.instance.terminals):
        if one.country not in _zones():
            what = f"Country {quoted(one.country)} of terminal {quoted(one.id)} does not exist."
            remedy = "Write its ISO 3166-1 code such as CN, KZ or DE."
            yield Finding("terminals", index, "country", what, remedy)
        elif one.unlocode is not None and one.unlocode[:2] != one.country:
            what = f"UN/LOCODE {quoted(one.unlocode)} is not in country {quoted(one.country)}."
            remedy = f"Write one that begins with {one.country}, or correct the country."
            yield Finding("terminals", index, "unlocode", what, remedy)


UTC_NAMES: Final = frozenset({"UTC", "Etc/UTC", "Etc/GMT", "GMT", "Etc/UCT", "UCT", "Zulu"})
"""The clock of timetables that are kept in one time everywhere."""


def in_utc(survey: Survey) -> Iterator[Finding]:
    """Terminals whose clocks are said to show UTC in a country where none does, in one remark."""
    year = survey.instance.statement.horizon_start.year
    zero = _offsets("UTC", year)
    found = [
        (index, one)
        for index, one in enumerate(survey.instance.terminals)
        if one.time_zone in UTC_NAMES
        and zero not in {_offsets(zone, year) for zone in _zones().get(one.country, ())}
    ]
    if found:
        names = [one.id for _, one in found]
        shown = f"{', '.join(names[:3])}, …" if len(names) > 3 else listed(names)
        what = f"The clocks of {shown} show UTC, which is the time of no place there."
        remedy = "Their daily limits count days in UTC, and bills show times in UTC. Is that meant?"
        yield Finding("terminals", found[0][0], "time_zone", what, remedy)


def zones(survey: Survey) -> Iterator[Finding]:
    """Time zones whose clocks no place of the country has."""
    year = survey.instance.statement.horizon_start.year
    for index, one in enumerate(survey.instance.terminals):
        own = () if one.time_zone in UTC_NAMES else _zones().get(one.country, ())
        offsets = {_offsets(zone, year) for zone in own}
        if own and _offsets(one.time_zone, year) not in offsets:
            what = f"Time zone {quoted(one.time_zone)} is not one of country {quoted(one.country)}."
            remedy = f"Write {either(own[:3])}{', …' if own[3:] else ''}, or correct the country."
            yield Finding("terminals", index, "time_zone", what, remedy)


def transfers(survey: Survey) -> Iterator[Finding]:
    """Transfers that lead nowhere or stand twice."""
    seen: dict[tuple[str, ...], str] = {}
    for index, one in enumerate(survey.instance.transfers):
        ends = (one.from_terminal, one.to_terminal)
        if ends[0] == ends[1]:
            what = f"Transfer {quoted(one.id)} leads from {quoted(ends[0])} to itself."
            remedy = "Name two terminals; handling within one is in its handling hours."
            yield Finding("transfers", index, "to_terminal", what, remedy)
            continue
        ways = [ends, ends[::-1]] if one.both_ways else [ends]
        nature = (one.kind.value, one.mode.value, one.operator, one.customs.value)
        keys = [(*way, *nature) for way in ways]
        same = next((seen[key] for key in keys if key in seen), None)
        if same is not None and same != one.id:
            what = f"Transfer {quoted(one.id)} offers the same as {quoted(same)}."
            remedy = "Keep one, or tell them apart by kind, mode, operator or customs."
            yield Finding("transfers", index, "id", what, remedy)
        seen |= dict.fromkeys(keys, one.id)
