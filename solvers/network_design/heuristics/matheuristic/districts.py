"""Districts of a large solution, solved one after the other by the search for smaller networks.

A district grows from one running design: its commodities, then the designs that most of these may
use too, with their commodities, until there are enough. What travels there is planned anew while
everything else stays (:mod:`solvers.network_design.transform.subproblem`), and a cheaper plan is
put back. Designs come first whose commodities promise most: at first what they cost above the
prices of the bound (:mod:`solvers.network_design.heuristics.regret`), and once planned what the
bound of their district leaves open.

Small districts save the most per second while the solution is poor, large ones find what small
ones cannot: each time the size that lately saved the most per second is taken, and a larger one is
tried once the best before it saves much less than it did.

Source: Hewitt, Nemhauser, Savelsbergh (2010), "Combining exact and heuristic approaches for the
capacitated fixed-charge network flow problem", INFORMS J. Computing 22(2), where neighbourhoods are
chosen by commodities; Taillard, Voss (2002), "POPMUSIC", in Essays and Surveys in Metaheuristics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.heuristics.regret import riders
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.result import Solution
from solvers.network_design.transform.subproblem import Subproblem, subproblem

_NOISE = 0.5  #: of the rank of a design, drawn anew each time
_MEMORY = 0.85  #: weight of what was saved before, for every later district of the same size
_FALLEN = 0.35  #: of the best rate, at which a larger size is tried
_DECAY = 0.7  #: of what a district promises is left after planning it
_LEAST = 0.02  #: of the first promise, which never goes
_NOTHING = 1e-9  #: promised where no cost lies above the prices
_REACHED = 0.5  #: of the designs of a waiting commodity, from which it joins a district
_JOINING = 0.5  #: of the size of a district: waiting commodities that join it at most


@dataclass(frozen=True, slots=True)
class Size:
    """How many commodities a district has at least, and how many seconds it is planned."""

    commodities: int
    seconds: float


SIZES = (Size(1200, 30.0), Size(2400, 60.0), Size(3600, 90.0))


@dataclass(frozen=True, slots=True)
class Sent:
    """A district that is being planned, and when that began."""

    part: Subproblem
    size: Size
    at_seconds: float


class _Yield:
    """What districts of one size saved per second lately, and at best."""

    def __init__(self) -> None:
        self._saved = self._seconds = self.peak = 0.0

    def update(self, saved: float, seconds: float) -> None:
        self._saved = _MEMORY * self._saved + saved
        self._seconds = _MEMORY * self._seconds + seconds
        self.peak = max(self.peak, self.rate)

    @property
    def tried(self) -> bool:
        return self._seconds > 0.0

    @property
    def rate(self) -> float:
        return self._saved / self._seconds if self.tried else 0.0

    @property
    def stagnated(self) -> bool:
        """Whether it saves much less than it did."""
        return self.rate <= _FALLEN * self.peak


class Districts:
    """Chooses districts of growing size (``sizes``, ascending).

    ``network`` says which arcs commodities may use, ``promise`` what each might save, shape K.
    """

    def __init__(
        self, network: Network, promise: Floats, seed: int, sizes: Sequence[Size] = SIZES
    ) -> None:
        self.network, self.sizes = network, sizes
        self.count = 0
        self.random = np.random.default_rng(seed)
        self._yield = [_Yield() for _ in sizes]
        problem = network.problem
        self._least = np.maximum(_LEAST * np.maximum(promise, promise.mean()), _NOTHING)
        self._promise: list[Floats] = [np.maximum(promise, self._least) for _ in sizes]
        who = np.repeat(np.arange(problem.commodities), network.usable_count)
        usable = Ragged(network.sub_start, network.sub_arcs.astype(np.int64)).take(network.sub)
        self._may = Ragged.grouped(who, problem.design[usable.values], problem.commodities)

    def size(self, seconds: float) -> Size:
        """The size that pays best, among those that can be planned in so many seconds."""
        fits = [i for i, one in enumerate(self.sizes) if i == 0 or one.seconds <= seconds]
        tried = [i for i in fits if self._yield[i].tried]
        if not tried:
            return self.sizes[0]
        best = max(tried, key=lambda i: self._yield[i].rate)
        larger = max(tried) + 1
        due = larger in fits and self._yield[best].stagnated
        return self.sizes[larger if due else best]

    def update(self, sent: Sent, saved: float, left: float, seconds: float) -> None:
        """Learn what a district saved in so many seconds, and what its bound leaves to save."""
        which = self.sizes.index(sent.size)
        self._yield[which].update(saved, seconds)
        mine = sent.part.commodity
        for i, promise in enumerate(self._promise):
            before = float(promise[mine].sum())
            # A proof for a small district says little of larger ones.
            now = min(before, left) * _DECAY if i <= which else max(before - saved, 0.0)
            promise[mine] = np.maximum(promise[mine] * (now / before), self._least[mine])

    def next(self, solution: Solution, busy: Sequence[Subproblem], size: Size) -> Subproblem | None:
        """A district beside those that are being planned; None where nothing is left to choose."""
        self.count += 1
        who = self._choose(solution, busy, size)
        self._try(self.sizes.index(size))
        return subproblem(self.network, solution, who, busy) if len(who) else None

    def _try(self, which: int) -> None:
        """A size tried for the first time is taken to save what the best before it saves."""
        mine = self._yield[which]
        if which > 0 and not mine.tried:
            seconds = self.sizes[which].seconds
            mine.update(max(one.rate for one in self._yield) * seconds, seconds)

    def _choose(self, solution: Solution, busy: Sequence[Subproblem], size: Size) -> Ints:
        """The commodities of a district, ascending."""
        problem = self.network.problem
        on = riders(problem, solution)
        many = np.diff(on.start)
        taken = np.zeros(problem.commodities, dtype=np.bool_)
        may_change = (many > 0) & (problem.y_min < problem.y_max)
        for one in busy:
            taken[one.commodity] = True
            may_change &= ~one.designs
        score = np.zeros(problem.designs)
        promise = self._promise[self.sizes.index(size)][on.values]
        weight: Floats = np.zeros(problem.designs)
        np.add.at(weight, on.owners(), promise)
        weight = np.where(may_change, weight, 0.0)
        inside = np.zeros(problem.commodities, dtype=np.bool_)
        while int(inside.sum()) < size.commodities and weight.max(initial=0.0) > 0.0:
            s = self._drawn(weight, bool(inside.any()))
            may_change[s] = False
            new = on[s][~(inside | taken)[on[s]]]
            inside[new] = True
            np.add.at(score, self._may.take(new).values, 1.0)
            weight = np.where(may_change, score / np.sqrt(1.0 + many), 0.0)
        waiting = np.flatnonzero((solution.unserved > 0.0) & ~taken & ~inside)
        joining = self._near(waiting, inside)[: int(_JOINING * size.commodities)]
        inside[joining] = True
        return np.flatnonzero(inside)

    def _near(self, waiting: Ints, inside: Bools) -> Ints:
        """Those left behind that may use what most of the district may use, the nearest first."""
        reached = np.zeros(self.network.problem.designs, dtype=np.bool_)
        reached[self._may.take(np.flatnonzero(inside)).values] = True
        may = self._may.take(waiting)
        many = np.maximum(np.diff(may.start), 1)
        share = np.bincount(may.owners(), reached[may.values], minlength=len(waiting)) / many
        order = np.argsort(-share, kind="stable")
        return waiting[order[share[order] > _REACHED]]

    def _drawn(self, weight: Floats, grown: bool) -> int:
        if not grown:
            return int(self.random.choice(len(weight), p=weight / weight.sum()))
        noise = 1.0 - _NOISE * self.random.random(len(weight))
        return int(np.argmax(weight * noise))
