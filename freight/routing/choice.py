"""Which of many ways are offered, and what each is best in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from freight.routing.options import RouteOption
from solvers.arrays import Floats

_LABELS = ("cheapest", "fastest", "greenest", "fewest changes", "most reliable")


def unbeaten(ways: Sequence[tuple[Floats, int]], resolution: Floats) -> list[int]:
    """Positions of the ways that no other beats, given as values and number of carriages.

    Values closer than the resolution count as equal; of ways that are equal in all of them the one
    with the fewest carriages stays, never none.
    """
    step = np.where(resolution > 0, resolution, 1.0)
    order = sorted(
        range(len(ways)), key=lambda i: (tuple(np.round(ways[i][0] / step, 6)), ways[i][1])
    )
    kept: list[int] = []
    for i in order:
        if not any((ways[j][0] <= ways[i][0] + resolution).all() for j in kept):
            kept.append(i)
    return kept


def measures(option: RouteOption, criteria: int, judged: bool) -> Floats:
    """What an option is judged by, less being better; rounded to the resolution of the search."""
    four = (float(option.cost), option.hours, option.co2e_kg, float(option.changes))
    unsure = (round(1.0 - option.reliability, 4),) if judged else ()
    return np.array([*(round(one, 2) for one in four[:criteria]), *unsure])


def labelled(options: tuple[RouteOption, ...]) -> tuple[RouteOption, ...]:
    """The options with what each is best in; the first one on a tie."""
    if not options:
        return options
    keys = (
        min(options, key=lambda one: (one.cost, one.hours)),
        min(options, key=lambda one: (one.hours, one.cost)),
        min(options, key=lambda one: (one.co2e_kg, one.cost)),
        min(options, key=lambda one: (one.changes, one.cost)),
        min(options, key=lambda one: (-round(one.reliability, 4), one.cost)),
    )
    return tuple(
        one.model_copy(update={
            "labels": tuple(label for label, best in zip(_LABELS, keys, strict=True) if best is one)
        })
        for one in options
    )  # fmt: skip
