"""The volume algorithm on rows and strong inequalities: bounds without a master.

Maximizes the Lagrangian bound of :mod:`solvers.network_design.master.lagrangian` over prices ``β``
of the rows, ``≥ 0`` for ≤ and ``≤ 0`` for ≥ rows, and ``α ≥ 0`` of strong inequalities, stated
where the mean of the last paths breaks them. One iteration prices every commodity once. The
direction is a moving average of subgradients, ``ḡ ← a g + (1 - a) ḡ`` with ``g[r] = ±(use[r] /
limit[r] - y[s_r])`` (or ``- 1``) and ``g[k,a] = x[k,a] / b[k,a] - y[design[a]]``, prices scaled
alike; the step from the best prices is ``λ (Z - L*) / |ḡ|²``, where the target ``Z`` is a part
above the best bound. Once the bound rises slowly, ``a`` is made smaller and ≥ rows are priced too,
where the network has no cycles.

Source: Barahona, Anbil (2000), "The volume algorithm: producing primal solutions with a subgradient
method", Mathematical Programming 87.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from solvers.arrays import Bools, Floats, Ints, compiled
from solvers.network_design.master.lagrangian import (
    Stated,
    aggregated_duals,
    lagrangian,
    multipliers,
    surcharge,
)
from solvers.network_design.master.point import Prices
from solvers.network_design.pricing.once import Pricing
from solvers.network_design.pricing.pricer import Priced
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import runs_behind
from solvers.options import Clock

_AVERAGE, _LATE_AVERAGE = 0.2, 0.1  #: weight of the last subgradient, at first and in the end
_FAILS = 4
_TARGET = 0.02  #: part of the best bound that the target lies above it
_LEAST_STEP = 0.002
_SHORT_STEP = 0.005
_PER_LOOK = 50  #: iterations between looks at what they gained
_PER_STRONG = 10  #: iterations between statements of strong inequalities
_FIRST_STRONG = 40
_BROKEN = 0.1  #: share of demand by which a strong inequality has to be broken
_SAME = 1e-5
_SLOW = 1e-3  #: relative rise of the bound between two looks, from which it is late
_SURE = 0.02  #: mean runs from which, or up to one less which, a design is settled
_RECENT = 50  #: iterations whose paths are kept
_FRESH_STEP = 0.01  #: least step factor after new inequalities

Hear = Callable[[float, Floats, Floats], None]


def volume(steps: Steps, clock: Clock, hear: Hear, most: float = float("inf")) -> None:
    """Raise the bound until time is up, ``most`` iterations are made or it no longer moves.

    ``hear`` is called with every bound that is better after some iterations, its prices as prices
    of rows alone, and the mean runs of the designs that go with it.
    """
    hear(steps.best_bound, steps.aggregated_duals, steps.likely)
    while not clock.over and steps.count < most:
        before = steps.best_bound
        for _ in range(_PER_LOOK):
            if clock.over:
                break
            steps.step()
        gained = steps.best_bound - before
        if gained > 0.0:
            hear(steps.best_bound, steps.aggregated_duals, steps.likely)
        if not steps.late and gained <= _SLOW * abs(steps.best_bound):
            steps.refine()
        elif steps.late and steps.settled and gained <= _SAME * abs(steps.best_bound):
            break


class Steps:
    """Prices, bounds and directions from one iteration to the next, on one network.

    ``best_bound`` is that of the prices ``best`` of the rows and ``best_strong`` of the pairs.
    ``pairs`` are the keys ``commodity · arcs + arc`` of the strong inequalities, ascending, and
    ``weight`` their coefficients; prices of rows and pairs follow each other, scaled by limits.
    ``recent`` are the paths of the last of ``count`` iterations.
    """

    def __init__(self, net: Network, pricer: Pricing, low: Floats, high: Floats) -> None:
        self.network, self.pricer = net, pricer
        self.low, self.high = low, high
        self.asked = np.flatnonzero(net.problem.demand > 0.0)
        self.priced = ~net.row_floor & (net.row_limit > 0.0)
        self.limit = np.where(net.row_limit > 0.0, net.row_limit, 1.0)
        self.sign = np.where(net.row_floor, -1.0, 1.0)
        first = surcharge(net)
        self.best: Floats = np.where(self.priced, first.row, 0.0)
        self.pairs: Ints = np.zeros(0, dtype=np.int64)
        self.weight: Floats = np.zeros(0)
        self.strong: Floats = np.zeros(0)
        self.best_strong: Floats = self.strong
        self.price = self.best
        self.bound = self.best_bound = -np.inf
        self.likely: Floats = low.copy()
        self._mean: Floats | None = None
        self._factor, self._fails, self.count = 0.5, 0, 0
        self.average = _AVERAGE
        self._seen: list[Ints] = []
        self._ran: list[Floats] = []
        self.recent: deque[Itineraries] = deque(maxlen=_RECENT)
        self.evaluate()
        self.best_bound = self.bound

    @property
    def stated(self) -> Stated:
        """The strong inequalities met so far."""
        net = self.network
        commodity, arc = np.divmod(self.pairs, net.problem.arcs)
        return Stated(net, net.problem.fixed_cost, commodity, arc, self.weight)

    @property
    def aggregated_duals(self) -> Floats:
        """The best prices as prices of rows alone."""
        none = np.zeros(0)
        return aggregated_duals(self.stated, Prices(self.best, self.best_strong, none, none))

    @property
    def settled(self) -> bool:
        """Whether steps are as short as they get."""
        return self._factor <= _SHORT_STEP

    def step(self) -> None:
        """One iteration."""
        self.evaluate()
        self.move()
        self.count += 1
        if self.count >= _FIRST_STRONG and self.count % _PER_STRONG == 0:
            self._state_strong()

    @property
    def late(self) -> bool:
        """Whether ``refine`` was called."""
        return self.average < _AVERAGE

    def refine(self) -> None:
        """From now on price minimum rows too, and let directions turn more slowly."""
        net = self.network
        if net.acyclic:
            self.priced = net.row_limit > 0.0
        self.average = _LATE_AVERAGE
        self._factor = max(self._factor, _FRESH_STEP)

    def evaluate(self) -> None:
        """Price every commodity; sets the bound and the subgradient at the present prices."""
        stated, asked, problem = self.stated, self.asked, self.network.problem
        prices = Prices(self.price, self.strong, np.zeros(0), np.zeros(0))
        found = self.pricer.price(multipliers(stated, prices), asked, np.full(len(asked), np.inf))
        value = np.full(problem.commodities, np.inf)
        value[asked] = found.value
        dual = lagrangian(stated, prices, value, self.low, self.high)
        self.bound = dual.bound
        y = np.where(dual.reduced < 0.0, self.high, self.low)
        self.likely = self.average * y + (1.0 - self.average) * self.likely
        served = value[found.commodity] < problem.unserved_cost[found.commodity]
        self.recent.append(Itineraries(found.commodity, found.path_exit, found.arcs))
        self._slope(found, served, y)

    def _slope(self, found: Priced, served: Bools, y: Floats) -> None:
        """The subgradient, and the strong inequalities that the paths are about."""
        net, problem = self.network, self.network.problem
        loose = (self.likely > _SURE) & (self.likely < 1.0 - _SURE)
        watched = loose.copy()
        owner = problem.design[self.pairs % problem.arcs]
        watched[owner] = True
        taken = found.arcs.take(np.flatnonzero(served))
        use, keys = _loads(
            (found.commodity[served], taken.start, taken.values),
            (net.rows_at.start, net.rows_at.values, net.row_dim, net.load, problem.demand),
            problem.design, watched, net.rows,
        )  # fmt: skip
        runs = runs_behind(net.row_design, y)
        row = np.where(self.priced, self.sign * (use / self.limit - runs), 0.0)
        flow = np.zeros(len(self.pairs))
        if len(self.pairs):
            at = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
            hit = self.pairs[at] == keys
            flow[at[hit]] = problem.demand[keys[hit] // problem.arcs]
            flow = flow / self.weight - y[owner]
        self._gradient = np.concatenate([row, flow])
        self._seen.append(keys[loose[problem.design[keys % problem.arcs]]])
        self._ran.append(y)

    def _state_strong(self) -> None:
        """State the strong inequalities that the mean of the last iterations breaks."""
        net, problem = self.network, self.network.problem
        rounds = len(self._seen)
        keys, count = np.unique(np.concatenate(self._seen), return_counts=True)
        mean = np.mean(self._ran, axis=0)
        self._seen, self._ran = [], []
        commodity, arc = np.divmod(keys, problem.arcs)
        weight = net.strong(commodity, arc)
        over = count / rounds * problem.demand[commodity] / weight
        new = (over - mean[problem.design[arc]] > _BROKEN) & ~np.isin(keys, self.pairs)
        if not new.any():
            return
        joined = np.concatenate([self.pairs, keys[new]])
        order = np.argsort(joined)
        none = np.zeros(int(new.sum()))
        self.pairs = joined[order]
        self.weight = np.concatenate([self.weight, weight[new]])[order]
        self.strong = np.concatenate([self.strong, none])[order]
        self.best_strong = np.concatenate([self.best_strong, none])[order]
        rows = net.rows
        if self._mean is not None:
            strong = np.concatenate([self._mean[rows:], none])[order]
            self._mean = np.concatenate([self._mean[:rows], strong])
        strong = np.concatenate([self._gradient[rows:], none])[order]
        self._gradient = np.concatenate([self._gradient[:rows], strong])
        self._factor = max(self._factor, _FRESH_STEP)

    def move(self) -> None:
        """Step from the best prices along the mean of the subgradients."""
        if self.bound > self.best_bound:
            self.best, self.best_strong, self.best_bound = self.price, self.strong, self.bound
            self._factor, self._fails = min(1.1 * self._factor, 2.0), 0
        else:
            self._fails += 1
            if self._fails >= _FAILS:
                self._factor, self._fails = max(0.66 * self._factor, _LEAST_STEP), 0
        grown = self._gradient
        if self._mean is not None:
            grown = self.average * grown + (1.0 - self.average) * self._mean
        self._mean = grown
        unit = self.sign * self.limit
        scaled = np.concatenate([self.best * unit, self.best_strong * self.weight])
        useful = np.where((scaled > 0.0) | (grown > 0.0), grown, 0.0)
        size = float(useful @ useful)
        if size <= 0.0:
            return
        length = self._factor * _TARGET * abs(self.best_bound) / size
        moved = np.maximum(0.0, scaled + length * useful)
        rows = len(self.best)
        self.price, self.strong = moved[:rows] / unit, moved[rows:] / self.weight


@compiled
def _loads(
    paths: tuple[Ints, Ints, Ints], data: tuple[Ints, Ints, Ints, Floats, Floats], design: Ints,
    watched: Bools, rows: int,
) -> tuple[Floats, Ints]:  # fmt: skip
    """Load of every row by whole demands, and keys of the steps on watched designs."""
    commodity, start, arcs = paths
    row_start, row, dim, load, demand = data
    use = np.zeros(rows)
    keys = np.empty(len(arcs), np.int64)
    n = 0
    for i in range(len(commodity)):
        k = commodity[i]
        for j in range(start[i], start[i + 1]):
            a = arcs[j]
            for r in row[row_start[a] : row_start[a + 1]]:
                use[r] += load[dim[r], k] * demand[k]
            if design[a] >= 0 and watched[design[a]]:
                keys[n] = k * len(design) + a
                n += 1
    return use, keys[:n].copy()
