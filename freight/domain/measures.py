"""Measured amounts as whole numbers, so that sums and limits compare exactly.

An amount counts as it is written: 64.1 is 641 tenths, not the binary fraction beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import floor
from typing import Final

FINEST: Final = 9
"""Decimals that count: a thousandth of a gram where tonnes are written."""


def exact(amount: float) -> Decimal:
    """An amount as it is written, to nine decimals."""
    written = Decimal(repr(float(amount)))
    fine = -int(written.as_tuple().exponent) > FINEST
    return round(written, FINEST) if fine else written


def total(amounts: Iterable[float]) -> float:
    """The sum of amounts as they are written."""
    return float(sum(map(exact, amounts), Decimal(0)))


def scale_of(amounts: Iterable[float]) -> int:
    """The least power of ten by which all amounts become whole."""
    digits = (-int(exact(one).normalize().as_tuple().exponent) for one in amounts if one)
    return int(10 ** max(0, max(digits, default=0)))


def whole(amount: float, scale: int) -> int:
    """An amount in units of ``1/scale``; what is finer than they are is left out.

    Right for amounts that :func:`scale_of` has seen, and for limits: no more whole units fit.
    """
    return floor(exact(amount) * scale)
