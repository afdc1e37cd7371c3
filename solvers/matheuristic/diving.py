"""Diving: round the strong relaxation step by step, with columns and rows generated on the way."""

from __future__ import annotations

import numpy as np

from solvers.options import Clock
from solvers.problem import Floats
from solvers.relaxation import Relaxation

_WHOLE = 1e-6


def dive(relaxation: Relaxation, clock: Clock, step: float) -> Floats | None:
    """Runs of every design after rounding up the part ``step`` of the loose ones per round.

    Starts from the present costs and ranges of the relaxation and puts the ranges back. Designs at
    a whole positive value are held there. None when time runs out first.
    """
    low, high = relaxation.low, relaxation.high
    held = low.copy()
    y: Floats | None = None
    while not clock.over:
        relaxed = relaxation.converge(clock, tolerance=1e-3)
        if relaxed.point is None:
            break
        point = relaxed.point.y
        whole = np.abs(point - np.round(point)) <= _WHOLE
        loose = np.flatnonzero(~whole & (high > held))
        if len(loose) == 0:
            y = np.round(point)
            break
        part = point[loose] - np.floor(point[loose])
        many = max(1, int(step * len(loose)))
        chosen = loose[np.argsort(-part, kind="stable")[:many]]
        held = held.copy()
        held[whole] = np.maximum(held[whole], np.minimum(np.round(point[whole]), high[whole]))
        held[chosen] = np.minimum(np.ceil(point[chosen]), high[chosen])
        relaxation.restrict(held, high)
    relaxation.restrict(low, high)
    return y
