"""Bound and prices of a large network, ever better while others search.

The volume algorithm (:mod:`solvers.network_design.relaxation.volume`) gives good prices within some
iterations, and then improves slowly. Where time allows, a master goes on: it begins with the
itineraries of the last iterations and the strong inequalities met, so that the simplex method
reaches the strong relaxation of the whole network within a few rounds; cuts follow late, when the
search gains less than they do. From the beginning the same master would take many times as long.

Source: Barahona, Jensen (1998), "Plant location with minimum inventory", Mathematical Programming
83, where prices of a subgradient method start a column generation.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from solvers.arrays import Floats
from solvers.network_design.master.lagrangian import aggregated_duals
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.relaxation.volume import volume
from solvers.options import Clock, Options
from solvers.outcome import SolverFailed

_STEPS = 200  #: iterations of the volume algorithm before a master goes on
_MASTER_STEPS = 400  #: iterations that this is expected to cost
_TIGHT, _FINE = 1e-5, 0.1  #: relative, or of the gap asked for: where the master has converged
_CUTS = 10  #: rounds
_CUTS_AT = 0.6  #: of the time, from which there are cuts
_NAP = 0.1  #: seconds


@dataclass(frozen=True, slots=True)
class BoundUpdate:
    """Bound, prices as prices of rows alone, mean runs of the designs; ``exact``: of a master."""

    bound: float
    price: Floats
    likely: Floats
    exact: bool = False


class BoundWorker:
    """Keeps the latest news, found in a thread of its own (``beside`` the search) or before it."""

    def __init__(self, relaxation: Relaxation, options: Options, beside: bool = False) -> None:
        problem = relaxation.network.problem
        self.news = BoundUpdate(
            -np.inf, np.zeros(relaxation.network.rows), np.zeros(problem.designs)
        )
        self.beside, self.busy = beside, False
        self.failure: str | None = None
        self._relaxation, self._clock = relaxation, Clock(options)
        self._cancel, self._gap = options.cancel, options.gap

    def run(self) -> None:
        """Raise the bound until it is tight or the clock is over.

        Where the master fails, ``failure`` says why, and what was proved by then stays.
        """
        self.busy = True
        try:
            self._rise()
        except (SolverFailed, MemoryError) as error:
            self.failure = str(error) or "out of memory"
        finally:
            self.busy = False

    def _rise(self) -> None:
        clock, relaxation = self._clock, self._relaxation
        steps, began = relaxation.by_volume(), clock.seconds
        volume(steps, clock, self._hear, _STEPS)
        pace = (clock.seconds - began) / max(steps.count, 1)
        if clock.over or clock.left < _MASTER_STEPS * pace:
            return
        relaxation.take_over(steps.recent, steps.stated, steps.pricer)
        steps.recent.clear()
        relaxation.master.stop_with(self._cancel)
        self._tighten(0)
        self._rest()
        self._tighten(_CUTS)

    def _rest(self) -> None:
        """Leave both threads to the search while it gains more than cuts do."""
        clock = self._clock
        if not self.beside or np.isinf(clock.left):
            return
        self.busy = False
        until = _CUTS_AT * (clock.seconds + clock.left)
        while clock.seconds < until and not clock.over:
            time.sleep(_NAP)
        self.busy = True

    def _tighten(self, cuts: int) -> None:
        """The relaxation with so many rounds of cuts; its prices once it has converged."""
        relaxation, tolerance = self._relaxation, max(_TIGHT, _FINE * self._gap)
        tight = relaxation.converge(
            self._clock, hear=self._prove, tolerance=tolerance, cut_rounds=cuts
        )
        if tight.converged and tight.point is not None:
            price = aggregated_duals(relaxation.master, tight.point.prices)
            self.news = BoundUpdate(self.news.bound, price, tight.point.y, exact=True)

    def _prove(self, bound: float) -> None:
        if bound > self.news.bound:
            self.news = replace(self.news, bound=bound)

    def _hear(self, bound: float, price: Floats, likely: Floats) -> None:
        self.news = BoundUpdate(bound, price, likely)
