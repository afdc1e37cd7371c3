"""Diving: round the strong relaxation step by step, with columns and rows generated on the way."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.options import Clock

_WHOLE = 1e-6
_IDLE = 0.25  #: part of a run below which a design with a minimum is rather closed than opened
_MOST_ROUNDS = 40


def dive(relaxation: Relaxation, clock: Clock, step: float) -> Floats | None:
    """Runs of every design after fixing the part ``step`` of the loose ones per round.

    Loose designs are rounded up, those with the largest part of a run first. Where minimum rows
    belong to designs, nearly empty ones are closed as well, and so are designs that have to run but
    cannot fill their minimum. Starts from the present costs and ranges of the relaxation and puts
    the ranges back. Designs at a whole positive value are held there. None when time runs out
    first.
    """
    net = relaxation.network
    floored = np.zeros(net.problem.designs, dtype=np.bool_)
    floored[net.row_design[net.row_floor & (net.row_design >= 0)]] = True
    low, high = relaxation.low, relaxation.high
    held, most = low.copy(), high.copy()
    y: Floats | None = None
    for _ in range(_MOST_ROUNDS):
        relaxed = relaxation.converge(clock, tolerance=1e-3)
        if relaxed.point is None or clock.over:
            break
        point = relaxed.point.y
        short = relaxed.point.short[low[relaxed.point.short] < held[relaxed.point.short]]
        whole = np.abs(point - np.round(point)) <= _WHOLE
        loose = np.flatnonzero(~whole & (most > held))
        if len(loose) == 0 and len(short) == 0:
            y = np.round(point)
            break
        held, most = held.copy(), most.copy()
        held[whole] = np.maximum(held[whole], np.minimum(np.round(point[whole]), most[whole]))
        up, down = _rounded(point, loose, floored, step)
        held, most = _raised(relaxation, (held, most), point, up)
        most[down] = np.maximum(np.floor(point[down]), held[down])
        held[short] = most[short] = np.floor(low[short])
        relaxation.restrict(held, most)
    relaxation.restrict(low, high)
    return y


def _raised(
    relaxation: Relaxation, ranges: tuple[Floats, Floats], point: Floats, up: Ints
) -> tuple[Floats, Floats]:
    """Ranges after rounding designs up one by one, as far as the cuts allow."""
    held, most = ranges
    cuts = relaxation.master.cuts
    for s in up.tolist():
        held[s] = min(np.ceil(point[s]), most[s])
        held, most = cuts.propagated(held, most)
    return held, most


def _rounded(point: Floats, loose: Ints, floored: np.ndarray, step: float) -> tuple[Ints, Ints]:
    """Designs to round up and designs to round down in this round."""
    part = point[loose] - np.floor(point[loose])
    idle = floored[loose] & (part < _IDLE)
    rising = loose[~idle][np.argsort(-part[~idle], kind="stable")]
    falling = loose[idle][np.argsort(part[idle], kind="stable")]
    up = rising[: max(1, int(step * len(rising)))]
    return up, falling
