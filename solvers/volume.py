"""The volume algorithm on the capacity rows: a bound for the largest networks without a master.

Maximizes the Lagrangian bound of :mod:`solvers.bound` over prices ``β ≥ 0`` of the ≤ rows alone,
which at its best equals the relaxation without strong inequalities. One iteration prices every
commodity once. The direction is a moving average of subgradients, ``ḡ ← a g + (1 - a) ḡ`` with
``g[r] = use[r] / limit[r] - y[s_r]`` (or ``- 1``), rows scaled by their limits; the step from the
best prices is ``λ (Z - L*) / |ḡ|²``, where the target ``Z`` is a part above the best bound.

Source: Barahona, Anbil (2000), "The volume algorithm: producing primal solutions with a subgradient
method", Mathematical Programming 87.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from solvers.bound import lagrangian
from solvers.itineraries import Itineraries
from solvers.master import Prices
from solvers.options import Clock
from solvers.pricing import Multipliers, Priced
from solvers.problem import Floats

if TYPE_CHECKING:
    from solvers.relaxation import Relaxation

_AVERAGE = 0.25
_FAILS = 4
_TARGET = 0.02  #: part of the best bound that the target lies above it


def volume(
    relaxation: Relaxation,
    clock: Clock,
    rounds: int,
    keep: int,
    hear: Callable[[float], None] = lambda _: None,
) -> tuple[Floats, Floats]:
    """Best prices of the rows, and mean runs of the designs, after at most ``rounds`` iterations.

    The paths of the last ``keep`` iterations are added to the master of the relaxation; ``hear`` is
    called with every better bound.
    """
    step = _Steps(relaxation)
    for i in range(rounds):
        if clock.over:
            break
        found = step.evaluate()
        if step.bound > step.best_bound:
            hear(step.bound)
        if i >= rounds - keep:
            relaxation.add(found)
        step.move()
    return step.best, step.likely


class _Steps:
    """Prices, bounds and directions from one iteration to the next."""

    def __init__(self, relaxation: Relaxation) -> None:
        net = relaxation.network
        self.relaxation = relaxation
        self.caps = ~net.row_floor & (net.row_limit > 0.0)
        self.limit = np.where(self.caps, net.row_limit, 1.0)
        self.price: Floats = np.where(self.caps, relaxation.surcharge().row, 0.0)
        self.best, self.best_bound = self.price, -np.inf
        self.bound = -np.inf
        self._gradient: Floats = np.zeros(net.rows)
        self._mean: Floats | None = None
        self._factor, self._fails = 0.5, 0
        self.likely: Floats = relaxation.low.copy()

    def evaluate(self) -> Priced:
        """Price every commodity; sets the bound and the subgradient at the present prices."""
        relaxation, net = self.relaxation, self.relaxation.network
        problem = net.problem
        empty = np.zeros(0, dtype=np.int64)
        none = np.zeros(0)
        prices = Multipliers.of(self.price, empty, empty, none, problem.commodities)
        found = relaxation.price(prices, np.full(len(relaxation.asked), np.inf))
        value = np.full(problem.commodities, np.inf)
        value[relaxation.asked] = found.value
        strong = np.zeros(len(relaxation.master.strong_arc))
        cut = np.zeros(len(relaxation.master.cuts))
        at = Prices(self.price, strong, cut, none)
        dual = lagrangian(relaxation.master, at, value, relaxation.low, relaxation.high)
        self.bound = dual.bound
        paths = Itineraries(found.commodity, found.path_exit, found.arcs)
        served = value[paths.commodity] < problem.unserved_cost[paths.commodity]
        use = paths.row_use(net) @ served.astype(np.float64)
        y = np.where(dual.reduced < 0.0, relaxation.high, relaxation.low)
        self.likely = _AVERAGE * y + (1.0 - _AVERAGE) * self.likely
        owned = net.row_design >= 0
        runs = np.where(owned, y[net.row_design], 1.0) if problem.designs else np.ones(net.rows)
        self._gradient = np.where(self.caps, use / self.limit - runs, 0.0)
        return found

    def move(self) -> None:
        """Step from the best prices along the mean of the subgradients."""
        if self.bound > self.best_bound:
            self.best, self.best_bound = self.price, self.bound
            self._factor, self._fails = min(1.1 * self._factor, 2.0), 0
        else:
            self._fails += 1
            if self._fails >= _FAILS:
                self._factor, self._fails = 0.6 * self._factor, 0
        mean = (
            self._gradient
            if self._mean is None
            else (_AVERAGE * self._gradient + (1.0 - _AVERAGE) * self._mean)
        )
        self._mean = mean
        useful = np.where((self.best > 0.0) | (mean > 0.0), mean, 0.0)
        size = float(useful @ useful)
        if size <= 0.0:
            return
        length = self._factor * _TARGET * abs(self.best_bound) / size
        self.price = np.maximum(0.0, self.best + length * useful / self.limit)
