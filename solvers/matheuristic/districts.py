"""Districts of a large solution, solved one after the other by the search for smaller networks.

A district grows from one running design: its commodities, then the designs that most of these may
use too, with their commodities, until there are enough. What travels there is planned anew while
everything else stays (:mod:`solvers.excerpt`), and a cheaper plan is put back. Designs that were in
few districts so far come first. Small districts save the most per second while the solution is
poor, large ones find what small ones cannot: each time the size that lately saved the most per
second is taken, and a larger one is tried once the best before it saves much less than it did.

Source: Hewitt, Nemhauser, Savelsbergh (2010), "Combining exact and heuristic approaches for the
capacitated fixed-charge network flow problem", INFORMS J. Computing 22(2), where neighbourhoods are
chosen by commodities; Taillard, Voss (2002), "POPMUSIC", in Essays and Surveys in Metaheuristics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.excerpt import Excerpt, excerpt
from solvers.network import Network
from solvers.problem import Bools, Floats, Ints, Ragged
from solvers.result import Solution

_NOISE = 0.5  #: of the rank of a design, drawn anew each time
_MEMORY = 0.85  #: weight of what was saved before, for every later district of the same size
_FALLEN = 0.35  #: of the best rate, at which a larger size is tried


@dataclass(frozen=True, slots=True)
class Size:
    """How many commodities a district has at least, and how many seconds it is planned."""

    commodities: int
    seconds: float


SIZES = (Size(600, 8.0), Size(1200, 30.0), Size(2400, 60.0))


class _Yield:
    """What districts of one size saved per second lately, and at best."""

    def __init__(self) -> None:
        self._saved = self._seconds = self.peak = 0.0
        self.tried = False

    def told(self, saved: float, seconds: float) -> None:
        self._saved = _MEMORY * self._saved + saved
        self._seconds = _MEMORY * self._seconds + seconds
        self.peak = max(self.peak, self.rate)

    @property
    def rate(self) -> float:
        return self._saved / self._seconds if self._seconds > 0.0 else 0.0

    @property
    def fallen(self) -> bool:
        """Whether it saves much less than it did."""
        return self._seconds > 0.0 and self.rate <= _FALLEN * self.peak


class Districts:
    """Chooses districts of growing size (``sizes``, ascending).

    ``network`` says which arcs commodities may use.
    """

    def __init__(self, network: Network, seed: int, sizes: Sequence[Size] = SIZES) -> None:
        self.network, self.sizes = network, sizes
        self.count = 0
        self.random = np.random.default_rng(seed)
        self._yield = [_Yield() for _ in sizes]
        problem = network.problem
        self._visits: Floats = np.zeros(problem.designs)
        size = np.diff(network.sub_start)[network.sub]
        who = np.repeat(np.arange(problem.commodities), size)
        usable = Ragged(network.sub_start, network.sub_arcs.astype(np.int64)).take(network.sub)
        self._may = _lists(who, problem.design[usable.values], problem.commodities)

    def size(self, seconds: float) -> Size:
        """The size that pays best, among those that can be planned in so many seconds."""
        fits = [i for i, one in enumerate(self.sizes) if i == 0 or one.seconds <= seconds]
        tried = [i for i in fits if self._yield[i].tried]
        if not tried:
            return self.sizes[0]
        best = max(tried, key=lambda i: self._yield[i].rate)
        larger = max(tried) + 1
        due = larger in fits and self._yield[best].fallen
        return self.sizes[larger if due else best]

    def told(self, size: Size, saved: float, seconds: float) -> None:
        """Learn what a district of a size saved, in so many seconds."""
        self._yield[self.sizes.index(size)].told(saved, seconds)

    def next(self, solution: Solution, busy: Sequence[Excerpt], size: Size) -> Excerpt | None:
        """A district beside those that are being planned; None where nothing is left to choose."""
        self.count += 1
        who = self._choose(solution, busy, size.commodities)
        self._try(self.sizes.index(size))
        return excerpt(self.network, solution, who, busy) if len(who) else None

    def _try(self, which: int) -> None:
        """A size tried for the first time is taken to save what the best before it saves."""
        mine = self._yield[which]
        if not mine.tried and which > 0:
            seconds = self.sizes[which].seconds
            mine.told(max(one.rate for one in self._yield) * seconds, seconds)
        mine.tried = True

    def _choose(self, solution: Solution, busy: Sequence[Excerpt], most: int) -> Ints:
        """The commodities of a district, ascending."""
        problem = self.network.problem
        on = self._carried(solution)
        size = np.diff(on.start)
        taken = np.zeros(problem.commodities, dtype=np.bool_)
        may_change = (size > 0) & (problem.y_min < problem.y_max)
        for one in busy:
            taken[one.commodity] = True
            may_change &= ~one.designs
        score = np.zeros(problem.designs)
        weight = np.where(may_change, np.exp(-self._visits), 0.0)
        inside = np.zeros(problem.commodities, dtype=np.bool_)
        while int(inside.sum()) < most and weight.max(initial=0.0) > 0.0:
            s = self._drawn(weight, bool(inside.any()))
            self._visits[s] += 1.0
            may_change[s] = False
            new = on[s][~(inside | taken)[on[s]]]
            inside[new] = True
            np.add.at(score, self._may.take(new).values, 1.0)
            weight = np.where(may_change, score / np.sqrt(1.0 + size), 0.0)
        waiting = (solution.unserved > 0.0) & ~taken
        return np.flatnonzero(inside | self._near(waiting, inside))

    def _near(self, waiting: Bools, inside: Bools) -> Bools:
        """Commodities left behind that may use what most of the district may use."""
        found = np.zeros(len(inside), dtype=np.bool_)
        reached = np.zeros(self.network.problem.designs, dtype=np.bool_)
        reached[self._may.take(np.flatnonzero(inside)).values] = True
        for k in np.flatnonzero(waiting & ~inside):
            mine = self._may[k]
            found[k] = len(mine) > 0 and float(reached[mine].mean()) > 0.5
        return found

    def _drawn(self, weight: Floats, grown: bool) -> int:
        if not grown:
            return int(self.random.choice(len(weight), p=weight / weight.sum()))
        noise = 1.0 - _NOISE * self.random.random(len(weight))
        return int(np.argmax(weight * noise))

    def _carried(self, solution: Solution) -> Ragged:
        """The commodities on every design."""
        problem = self.network.problem
        who = solution.commodity[solution.path_arcs.owners()]
        step = problem.design[solution.path_arcs.values]
        return _lists(step, who, problem.designs)


def _lists(owner: Ints, value: Ints, many: int) -> Ragged:
    """For each of ``many`` owners its different values ≥ 0; owners below 0 are left out."""
    some = (owner >= 0) & (value >= 0)
    wide = int(value.max(initial=0)) + 1
    keys = np.unique(owner[some] * wide + value[some])
    who, what = np.divmod(keys, wide)
    start = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=many))]).astype(np.int64)
    return Ragged(start, what)
