"""Container numbers by ISO 6346: four letters, six digits and a check digit.

A plan is made before boxes are assigned, so its bills carry *planned numbers*: the prefixes
``ZZZU``, ``ZZYU``, … down to ``ZZAU``, kept by this program for planning. That no owner has
registered them with the BIC is an assumption; a planned number is replaced at stuffing by that of
the real box and must never be painted on one.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase

from stdnum import iso6346

PLANNING_PREFIXES = tuple(f"ZZ{letter}U" for letter in reversed(ascii_uppercase))
"""``ZZZU`` first; a million serial numbers each."""
SERIALS = 1_000_000


def check_digit(prefix: str, serial: int) -> str:
    """Check digit of a number by ISO 6346, Annex A (weights 2^i, modulo 11, then 10)."""
    return str(iso6346.calc_check_digit(f"{prefix}{serial:06d}"))


def is_planned(number: str) -> bool:
    """Whether a container number stands for a box that is not assigned yet."""
    return number[:4] in PLANNING_PREFIXES


def planned_numbers() -> Iterator[str]:
    """Planned container numbers without end in one fixed order, none twice.

    Serial numbers with check digit 0 are passed over: the digit stands for the remainders 0 and
    10 alike, and the standard advises against the latter.
    """
    for prefix in PLANNING_PREFIXES:
        for serial in range(1, SERIALS):
            digit = check_digit(prefix, serial)
            if digit != "0":
                yield f"{prefix}{serial:06d}{digit}"
