"""Exchange rates, said both ways and held against reference values of one day."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.instance import ExchangeRate, Instance
from freight.domain.wording import number

_BEYOND: Final = 30.0
"""Times the usual swing beyond which a rate is no rate of that currency."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Units of a currency for one euro on a day; ``swing``: by what factor it moves in years."""

    per_eur: float
    date: str
    swing: float
    source: str


@cache
def references() -> Mapping[str, Reference]:
    """Reference values by currency."""
    text = (files("freight.domain") / "facts" / "rates.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            row["currency"]: Reference(
                float(row["per_eur"]), row["date"], float(row["swing"]), row["source"]
            )
            for row in csv.DictReader(text.splitlines())
        }
    )


def said(per_base: float, currency: str, base: str) -> str:
    """A rate in both directions: ``1 EUR = 7.81 CNY, 1 CNY = 0.128 EUR``."""
    there, back = number_of(1 / per_base), number_of(per_base)
    return f"1 {currency} = {there} {base}, 1 {base} = {back} {currency}"


def number_of(value: float) -> str:
    """A rate with four figures."""
    return number(float(f"{value:.4g}"))


def rates_said(instance: Instance) -> list[str]:
    """Every rate of an instance in both directions, with its date."""
    base = instance.statement.currency
    return [
        f"{said(one.per_base, one.currency, base)} ({one.date})"
        for one in instance.statement.exchange
        if one.currency != base
    ]


def euros(instance: Instance, amount: float, currency: str) -> float | None:
    """An amount in euros by the instance's rates, or by the reference where it has no euro."""
    in_base = instance.base_amount(amount, currency)
    if "EUR" in instance.rates:
        return in_base * instance.rates["EUR"]
    known = references().get(instance.statement.currency)
    return in_base / known.per_eur if known else None


def impossible_rates(survey: Survey) -> Iterator[Finding]:
    """Rates that are upside down, or off by powers of ten."""
    base = survey.instance.statement.currency
    for index, one in enumerate(survey.instance.statement.exchange):
        off, usual, swing = _off(one, base)
        if off <= swing:
            continue
        if max(usual * one.per_base, 1 / (usual * one.per_base)) <= swing and off > 2.0:
            what = f"{_odd(one, base)} It seems to be upside down."
            remedy = f"Write how many {one.currency} buy one {base}: {number_of(1 / one.per_base)}."
            yield Finding("exchange", index, "per_base", what, remedy)
        elif off > swing * _BEYOND:
            remedy = f"Write how many {one.currency} buy one {base}, about {number_of(usual)}."
            yield Finding("exchange", index, "per_base", _odd(one, base), remedy)


def odd_rates(survey: Survey) -> Iterator[Finding]:
    """Rates far from what they were on the day of the reference."""
    base = survey.instance.statement.currency
    for index, one in enumerate(survey.instance.statement.exchange):
        off, _, swing = _off(one, base)
        if off > swing:
            yield Finding("exchange", index, "per_base", _odd(one, base), "Is that right?")


def _off(one: ExchangeRate, base: str) -> tuple[float, float, float]:
    """By what factor a rate is off, what it usually is, and what factor is usual.

    Nothing is off where one of the currencies is not known.
    """
    own, other = references().get(one.currency), references().get(base)
    if own is None or other is None or one.currency == base:
        return 1.0, one.per_base, 1.0
    usual = own.per_eur / other.per_eur
    return max(one.per_base / usual, usual / one.per_base), usual, max(own.swing, other.swing)


def _odd(one: ExchangeRate, base: str) -> str:
    own, other = references()[one.currency], references()[base]
    then = f"{number_of(other.per_eur / own.per_eur)} {base} on {own.date}"
    sources = {pair.source for pair in (own, other)} - {"definition"}
    assumed = any(source.startswith("assumption") for source in sources)
    source = "an assumption" if assumed else sources.pop()
    return f"{said(one.per_base, one.currency, base)}; 1 {one.currency} was {then} ({source})."
