"""Exact cents: a total is split by largest remainder, so that the parts add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def cents(amount: float | Fraction | Decimal) -> int:
    """An amount in whole cents, half to even."""
    exact = Fraction(amount) * 100
    return round(exact)


def money(whole_cents: int) -> Decimal:
    """Whole cents as an amount."""
    return (Decimal(whole_cents) / 100).quantize(CENT, rounding=ROUND_HALF_EVEN)


def split(total_cents: int, weights: Sequence[float]) -> list[int]:
    """Split whole cents in proportion to ``weights`` ≥ 0 by largest remainder (Hamilton's method).

    Every part is the floor of its exact share or one more; ties go to the earlier part. Equal
    parts where every weight is 0. Raises ValueError without any weight for a total that is not 0.
    """
    if not weights:
        if total_cents:
            raise ValueError(f"{total_cents} cents cannot be split among nobody.")
        return []
    whole, _ = _over_one_denominator(weights)
    if not any(whole):
        whole = [1] * len(whole)
    return _apportion(total_cents, [total_cents * one for one in whole], sum(whole))


def round_together(amounts: Sequence[float]) -> list[int]:
    """Amounts in cents that add up to the rounded sum, each rounded down or up by under a cent."""
    numerators, denominator = _over_one_denominator(amounts)
    total = cents(Fraction(sum(numerators), denominator))
    return _apportion(total, [100 * one for one in numerators], denominator)


def _over_one_denominator(amounts: Sequence[float]) -> tuple[list[int], int]:
    """Floats as exact fractions: numerators and the power of two that divides them all."""
    ratios = [float(one).as_integer_ratio() for one in amounts]
    common = max((bottom for _, bottom in ratios), default=1)
    return [top * (common // bottom) for top, bottom in ratios], common


def _apportion(total: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Floors of the fractions, the largest remainders rounded up until they add up."""
    parts = [one // denominator for one in numerators]
    order = sorted(range(len(parts)), key=lambda i: (-(numerators[i] % denominator), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
