"""Districts of a large solution, solved one after the other by the search for smaller networks.

A district grows from one running design: its commodities, then the designs that most of these may
use too, with their commodities, until there are enough. What travels there is planned anew while
everything else stays (:mod:`solvers.excerpt`), and a cheaper plan is put back. Designs that were in
few districts so far come first.

Source: Hewitt, Nemhauser, Savelsbergh (2010), "Combining exact and heuristic approaches for the
capacitated fixed-charge network flow problem", INFORMS J. Computing 22(2), where neighbourhoods are
chosen by commodities; Taillard, Voss (2002), "POPMUSIC", in Essays and Surveys in Metaheuristics.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvers.excerpt import Excerpt, excerpt
from solvers.network import Network
from solvers.problem import Bools, Floats, Ints, Ragged
from solvers.result import Solution

_NOISE = 0.5  #: of the rank of a design, drawn anew each time


class Districts:
    """Chooses districts of about ``most`` commodities.

    ``network`` says which arcs commodities may use.
    """

    def __init__(self, network: Network, most: int, seed: int) -> None:
        self.network, self.most = network, most
        self.count = 0
        self.random = np.random.default_rng(seed)
        problem = network.problem
        self._visits: Floats = np.zeros(problem.designs)
        size = np.diff(network.sub_start)[network.sub]
        who = np.repeat(np.arange(problem.commodities), size)
        usable = Ragged(network.sub_start, network.sub_arcs.astype(np.int64)).take(network.sub)
        self._may = _lists(who, problem.design[usable.values], problem.commodities)

    def next(self, solution: Solution, busy: Sequence[Excerpt]) -> Excerpt | None:
        """A district beside those that are being planned; None where nothing is left to choose."""
        self.count += 1
        who = self._choose(solution, busy)
        return excerpt(self.network, solution, who, busy) if len(who) else None

    def _choose(self, solution: Solution, busy: Sequence[Excerpt]) -> Ints:
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
        while int(inside.sum()) < self.most and weight.max(initial=0.0) > 0.0:
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
