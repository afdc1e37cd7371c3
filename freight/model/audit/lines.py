"""The charges of an itinerary as lines that can stand in one place only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal

from freight.domain.plan import ChargeKind, Itinerary
from freight.domain.service import Mode

Key = tuple[ChargeKind, int | None, str, Mode | None]
"""Kind, step, reference and mode: where an amount stands."""


def stated_lines(itinerary: Itinerary, kinds: Collection[ChargeKind]) -> dict[Key, list[Decimal]]:
    """Amounts of the charges of some kinds by where they stand."""
    lines: defaultdict[Key, list[Decimal]] = defaultdict(list)
    for charge in itinerary.charges:
        if charge.kind in kinds:
            key = charge.kind, charge.step, charge.reference, charge.mode
            lines[key].append(charge.amount)
    return dict(lines)


def misplaced(stated: Collection[Key], expected: Collection[Key]) -> Iterator[tuple[Key, Key]]:
    """(stated, expected) keys that differ in step or mode alone."""
    wanting = sorted(set(expected) - set(stated), key=str)
    for key in sorted(set(stated) - set(expected), key=str):
        other = next((one for one in wanting if (one[0], one[2]) == (key[0], key[2])), None)
        if other is not None:
            wanting.remove(other)
            yield key, other


def place(key: Key) -> str:
    """Where a line stands, in words."""
    _, step, _, mode = key
    return f"{'no step' if step is None else f'step {step}'} and " + (
        "no mode" if mode is None else f"mode {mode.value}"
    )


def beyond(said: Decimal, exact: float, unit: float) -> bool:
    """Whether an amount differs from the exact one by a smallest unit or more.

    Amounts rounded together differ by less, however many they are.
    """
    return abs(float(said) - exact) > unit * (1 - 1e-6) + 8e-15 * abs(exact)
