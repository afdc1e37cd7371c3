"""Whole numbers and cents shared out so that the shares add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Integers close to ``total · wᵢ / Σw`` whose sum is ``total``: largest remainder.

    Ties go to the earlier one; every share is its exact value rounded up or down. Weights are not
    negative and not all 0.
    """
    whole = sum(weights)
    parts = [divmod(total * weight, whole) for weight in weights]
    found = [share for share, _ in parts]
    order = sorted(range(len(parts)), key=lambda index: (-parts[index][1], index))
    for index in order[: total - sum(found)]:
        found[index] += 1
    return found


def cents(amount: Decimal | float) -> int:
    """An amount in whole cents."""
    return round(Decimal(str(amount)) * 100)


def money(whole_cents: int) -> Decimal:
    """Whole cents as an amount with two decimals."""
    return Decimal(whole_cents).scaleb(-2)
