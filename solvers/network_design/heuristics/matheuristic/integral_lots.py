"""Whole lots on the designs of a solution with divisible flows.

The search decides designs as if every flow could be divided at will, which is right where lots are
small. A solution becomes one of whole lots by the integer program over the itineraries that its
designs allow; when its designs are too few for whole lots, they may be joined by those that the
relaxation touches.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.arrays import Bools, Floats
from solvers.network_design.master.restricted_mip import Restriction, solve_restricted
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.result import Solution
from solvers.options import Options, Silent

_GAP = 2e-4
_GAP_SHARE = 0.05  #: of the gap asked for that making lots whole may cost
_MOVED = 1e-3  #: relative improvement after which a divisible solution is made whole at once
_RESTED = 6  #: rounds without improvement after which any improvement is
_LEAST_SECONDS = 1.0


def made_whole(
    relaxation: Relaxation, y: Floats, spare: Floats, options: Options
) -> Solution | None:
    """The cheapest solution of whole lots found with designs ``y``, else with up to ``spare``."""
    own = replace(options, listener=Silent(), threads=1, gap=max(_GAP_SHARE * options.gap, _GAP))
    found, _ = solve_restricted(relaxation.master, _between(relaxation, y, y), own)
    if found is None:
        low = relaxation.network.problem.y_min.astype(np.float64)
        most = np.maximum(y, spare)
        found, _ = solve_restricted(relaxation.master, _between(relaxation, low, most), own)
    return found


def _between(relaxation: Relaxation, low: Floats, high: Floats) -> Restriction:
    return Restriction(low, high, offered(relaxation, high))


def offered(relaxation: Relaxation, high: Floats) -> Bools:
    """Paths that use no design closed by ``high``."""
    shut = relaxation.network.problem.shut(high)
    return np.asarray(~relaxation.master.paths.closed(shut), dtype=np.bool_)


class LotRepair:
    """Turns the best divisible solution into one of whole lots whenever that is worth the time.

    ``inner`` knows the divisible solutions, ``outer`` those of whole lots; a program of whole lots
    may take a ``share`` of the time limit.
    """

    def __init__(
        self, relaxation: Relaxation, progress: tuple[Progress, Progress], options: Options,
        share: float,
    ) -> None:  # fmt: skip
        self.relaxation = relaxation
        self.inner, self.outer = progress
        self.share = share
        self.options = options
        self.last_seconds = 0.0
        self._kept = float("inf")

    def due(self, idle: int) -> bool:
        """Whether the divisible incumbent moved enough, or moved and now rests."""
        if not self._kept - self.inner.objective > 1e-9 * abs(self.inner.objective):
            return False
        return idle >= _RESTED or self.inner.objective < (1.0 - _MOVED) * self._kept

    def limit(self) -> float:
        """Seconds that one program of whole lots may take now."""
        left = self.outer.clock.left
        most = self.share * (left + self.outer.clock.seconds)
        return left if np.isinf(left) else max(_LEAST_SECONDS, min(left, most))

    def keep(self, spare: Floats) -> None:
        """Make the divisible incumbent whole if it changed since the last time."""
        solution, clock = self.inner.solution, self.outer.clock
        if solution is None or self.inner.objective >= self._kept or clock.over:
            return
        self._kept = self.inner.objective
        began = clock.seconds
        limit = self.limit()
        own = replace(self.options, time_limit_seconds=None if np.isinf(limit) else limit)
        found = made_whole(self.relaxation, solution.y.astype(np.float64), spare, own)
        if found is not None:
            self.outer.offer(found)
        self.last_seconds = clock.seconds - began
