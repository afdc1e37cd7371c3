"""Amounts exact to the smallest unit of their currency: cents, whole yen, thousandths of a dinar.

ISO 4217 gives every currency its number of decimals ("minor units"): two where nothing else is
said below. Sums are kept in whole units and split by largest remainder, so that parts add up. This
module is the only place that rounds money.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Annotated, Final

from pydantic import Field

USUAL_DIGITS: Final = 2
DIGITS: Final = {
    currency: digits
    for digits, currencies in (
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    )
    for currency in currencies.split()
}
"""Currencies with other than two decimals: ISO 4217, list one of the maintenance agency (SIX)."""

MOST: Final = 10**15
Cents = Annotated[Decimal, Field(decimal_places=max(DIGITS.values()), ge=-MOST, le=MOST)]
"""An amount of whole smallest units; how many decimals those have its currency says."""


def digits_of(currency: str) -> int:
    """Decimals of amounts in a currency."""
    return DIGITS.get(currency, USUAL_DIGITS)


def unit_of(currency: str) -> Decimal:
    """Smallest amount of a currency: 0.01 EUR, 1 JPY, 0.001 KWD."""
    return Decimal(1).scaleb(-digits_of(currency))


def units(amount: float | Fraction | Decimal, currency: str) -> int:
    """An amount in whole smallest units, half to even; floats count as they are written."""
    scale: int = 10 ** digits_of(currency)
    return round(Fraction(_exact(amount)) * scale)


def money(whole: int, currency: str) -> Decimal:
    """Whole smallest units as an amount with the decimals of its currency."""
    return Decimal(whole).scaleb(-digits_of(currency))


def rounded(amount: float | Fraction | Decimal, currency: str) -> Decimal:
    """An amount rounded to the smallest unit of its currency."""
    return money(units(amount, currency), currency)


def shown(amount: float | Decimal, currency: str) -> str:
    """An amount as people read it: ``1,234.50`` in EUR, ``1,234`` in JPY."""
    return f"{rounded(amount, currency):,}"


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Split whole units in proportion to ``weights`` ≥ 0 by largest remainder (Hamilton's method).

    Every part is the floor of its exact share or one more; ties go to the earlier part. Equal
    parts where every weight is 0. Raises ValueError without any weight for a total that is not 0.
    """
    if not weights:
        if total:
            raise ValueError(f"{total} cannot be split among nobody.")
        return []
    whole, _ = _over_one_denominator(weights)
    if not any(whole):
        whole = [1] * len(whole)
    return _apportion(total, [total * weight for weight in whole], sum(whole))


def round_together(amounts: Sequence[float], currency: str) -> list[int]:
    """Amounts in whole units that add up to the rounded sum, each rounded down or up by under one.

    They count as they are written, like :func:`units`.
    """
    numerators, denominator = _over_one_denominator(amounts)
    return round_to(Fraction(sum(numerators), denominator), amounts, currency)


def round_to(
    total: float | Fraction | Decimal, amounts: Sequence[float], currency: str
) -> list[int]:
    """Amounts in whole units that add up to a rounded total; the largest takes up what they lack.

    Raises ValueError without any amount for a total that is not 0.
    """
    whole = units(total, currency)
    if not amounts:
        return split(whole, [])
    numerators, denominator = _over_one_denominator(amounts)
    exact = [one * 10 ** digits_of(currency) for one in numerators]
    lacking = whole * denominator - sum(exact)
    if abs(lacking) >= denominator:
        exact[exact.index(max(exact))] += lacking
    return _apportion(whole, exact, denominator)


def _exact(amount: float | Fraction | Decimal) -> Decimal | Fraction | int:
    """A float as it is written: 2.675, and not the binary fraction just below it."""
    if isinstance(amount, Decimal | Fraction | int):
        return amount
    return Decimal(repr(float(amount)))


def _over_one_denominator(amounts: Sequence[float]) -> tuple[list[int], int]:
    """Exact fractions: numerators and the number that divides them all."""
    ratios = [_exact(one).as_integer_ratio() for one in amounts]
    common = lcm(*{bottom for _, bottom in ratios})
    return [top * (common // bottom) for top, bottom in ratios], common


def _apportion(total: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Floors of the fractions, the largest remainders rounded up until they add up."""
    parts = [one // denominator for one in numerators]
    order = sorted(range(len(parts)), key=lambda i: (-(numerators[i] % denominator), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
