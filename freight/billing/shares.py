"""Whole numbers and cents shared out so that the shares add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Integers close to ``total · wᵢ / Σw`` whose sum is ``total``: largest remainder.

    Ties go to the earlier one; every share is its exact value rounded up or down. Weights are not
    negative and not all 0.
    """
    whole = sum(weights)
    exact = [Fraction(total * weight, whole) for weight in weights]
    found = [int(one) for one in exact]
    order = sorted(range(len(exact)), key=lambda i: (found[i] - exact[i], i))
    for index in order[: total - sum(found)]:
        found[index] += 1
    return found


def cents(amount: Decimal | float) -> int:
    """An amount in whole cents."""
    return round(Decimal(str(amount)) * 100)


def money(whole_cents: int) -> Decimal:
    """Whole cents as an amount with two decimals."""
    return Decimal(whole_cents).scaleb(-2)
