"""Collects what a backend reports while it runs: one stream for the listener and the trace."""

from __future__ import annotations

import math

from solvers.options import Clock, Options
from solvers.outcome import TracePoint


class Recorder:
    """Keeps the best incumbent and bound of one minimization and passes on improvements."""

    def __init__(self, options: Options) -> None:
        self.clock = Clock(options)
        self.objective: float | None = None
        self.bound: float | None = None
        self.trace: list[TracePoint] = []
        self._listener = options.listener

    def incumbent(self, objective: float, seconds: float | None = None) -> None:
        """A solution of this value is known (since ``seconds``, default: now)."""
        if not _known(objective) or (self.objective is not None and objective >= self.objective):
            return
        self.objective = objective
        self._mark(seconds)
        self._listener.improved(objective)

    def proved(self, bound: float, seconds: float | None = None) -> None:
        """No solution lies below this value; improvements under 1e-9 relative are not passed on."""
        if not _known(bound):
            return
        if self.bound is not None and bound <= self.bound + 1e-9 * max(1.0, abs(self.bound)):
            return
        self.bound = bound
        self._mark(seconds)
        self._listener.bounded(bound)

    def _mark(self, seconds: float | None) -> None:
        at = self.clock.seconds if seconds is None else seconds
        self.trace.append(TracePoint(at, self.objective, self.bound))


def _known(value: float) -> bool:
    """Backends write 'nothing yet' as an infinity or a huge number."""
    return math.isfinite(value) and abs(value) < 1e29
