"""Exact cents: a total is split by largest remainder, so that the parts add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import floor

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
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not whole:
        exact, whole = [Fraction(1)] * len(exact), Fraction(len(exact))
    return _apportion(total_cents, [total_cents * part / whole for part in exact])


def round_together(amounts: Sequence[float]) -> list[int]:
    """Amounts in cents that add up to the rounded sum, each rounded down or up by under a cent."""
    exact = [Fraction(amount) * 100 for amount in amounts]
    return _apportion(round(sum(exact, Fraction(0))), exact)


def _apportion(total: int, exact: Sequence[Fraction]) -> list[int]:
    parts = [floor(one) for one in exact]
    order = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
