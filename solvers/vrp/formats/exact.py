"""Numbers of benchmark files as whole numbers: exact by scaling, refused where they are not.

Distances between points are rounded from exact squares, never from floating point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from solvers.arrays import Ints
from solvers.outcome import FormatError

MOST = 10**12
"""Largest whole number that a file may come to, in its smallest units."""
SPAN = 10**9
"""Largest difference of two scaled coordinates, whose squares then fit 64 bits."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)


def number(where: str, word: str) -> Decimal:
    """A decimal number as it is written; raises FormatError naming where it stands."""
    if not _NUMBER.fullmatch(word):
        raise FormatError(f"{where}: '{word}' is not a number.")
    value = Decimal(word)
    if abs(value) > MOST:
        raise FormatError(f"{where}: {word} is out of range.")
    return value


def whole(where: str, word: str) -> int:
    """A whole number; raises FormatError for anything else, 2.5 among it."""
    value = number(where, word)
    if value != int(value):
        raise FormatError(f"{where}: {word} is not a whole number.")
    return int(value)


def scale_of(values: Iterable[Decimal]) -> int:
    """The least power of ten that makes all values whole."""
    digits = [-int(one.normalize().as_tuple().exponent) for one in values if one]
    return int(10 ** max(0, max(digits, default=0)))


def integers(where: str, values: Sequence[Decimal], scale: int) -> Ints:
    """Values in units of ``1/scale``; raises FormatError where that rounds or is too large."""
    found = [one * scale for one in values]
    for value, scaled in zip(values, found, strict=True):
        if scaled != int(scaled):
            raise FormatError(f"{where}: {value} is finer than 1/{scale}.")
        if abs(scaled) > MOST:
            raise FormatError(f"{where}: {value} is out of range.")
    return np.array([int(one) for one in found], dtype=np.int64)


class Points:
    """Points of a plane, whose distances are taken in units of ``1/scale``."""

    def __init__(self, where: str, xs: Sequence[Decimal], ys: Sequence[Decimal], scale: int = 1):
        self.fine = scale_of([*xs, *ys])
        steps = [integers(where, axis, self.fine) * scale for axis in (xs, ys)]
        if any(int(np.ptp(axis)) > SPAN for axis in steps if len(axis)):
            raise FormatError(f"{where}: the coordinates lie too far apart for exact distances.")
        across, along = ((axis[:, None] - axis[None, :]) ** 2 for axis in steps)
        self.squares: Ints = across + along

    def floors(self) -> Ints:
        """Distances rounded down."""
        return _root(self.squares) // self.fine

    def ceilings(self) -> Ints:
        """Distances rounded up."""
        root = _root(self.squares)
        whole_root = root**2 == self.squares
        return np.where(whole_root, -(-root // self.fine), root // self.fine + 1)

    def nearest(self) -> Ints:
        """Distances rounded to the nearest whole number, halves up."""
        return (_root(4 * self.squares) + self.fine) // (2 * self.fine)


def _root(squares: Ints) -> Ints:
    """Square roots of whole numbers below 2^63, rounded down."""
    root = np.sqrt(squares.astype(np.float64)).astype(np.int64)
    root -= root**2 > squares
    return root + ((root + 1) ** 2 <= squares)
