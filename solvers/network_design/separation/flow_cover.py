"""Rounding inequalities of rows that several designs share.

Let ``C`` be the limit of a row of sense ≤ that belongs to no design (what a terminal or a border
handles in a day), and ``x_s`` the load that it takes from arcs of design ``s``. Where every path
that loads these arcs also loads a row of ``s`` with capacity ``u[s]``, ``x_s ≤ u[s] y[s]``; where
every path that loads a minimum row of ``s``, of limit ``l[s]``, also loads these arcs,
``x_s ≥ l[s] y[s]``. So for any choice of designs ``U`` (by capacity) and ``L`` (by minimum)

    Σ_{s∈U} u[s] y[s] + Σ_{s∈L} l[s] y[s] ≤ C + Σ_{s∈U} t_s   with   t_s = u[s] y[s] - x_s ≥ 0,

and mixed-integer rounding after division by ``δ`` gives, with ``f`` the fractional part of
``C / δ`` and ``F(a) = ⌊a⌋ + max(0, a - ⌊a⌋ - f) / (1 - f)``,

    Σ_{s∈U} F(u[s]/δ) y[s] + Σ_{s∈L} F(l[s]/δ) y[s] ≤ ⌊C/δ⌋ + Σ_{s∈U} t_s / (δ (1 - f)) .

For ``L`` empty these are flow cover inequalities; for ``U`` empty they say how many designs with
minimum loads fit. For every ``δ`` among the ``u`` and ``l`` the best choice is design by design.

References
    Padberg, Van Roy, Wolsey (1985), "Valid linear inequalities for fixed charge problems",
    Operations Research 33(4). Marchand, Wolsey (2001), "Aggregation and mixed integer rounding to
    solve MIPs", Operations Research 49(3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Bools, Floats, Ints
from solvers.network_design.master.cuts import Cut
from solvers.network_design.master.master import Master
from solvers.network_design.master.point import Point
from solvers.network_design.pricing.packed import NOWHERE, most_marked
from solvers.network_design.statement.network import Network

_LEAST_VIOLATION = 2e-3  #: in runs of the dividing capacity
_MOST_PART = 0.97  #: of ``f``, beyond which slack weighs too much
_FULL = 0.9  #: of the limit: emptier rows are passed over


@dataclass(frozen=True, slots=True)
class Shared:
    """One shared row: its optional designs, ``u`` (inf: unknown) and ``l`` (0: unknown).

    ``arc`` are its arcs of these designs, ``owner[i]`` the position of the design of ``arc[i]``.
    """

    row: int
    design: Ints
    most: Floats
    least: Floats
    arc: Ints
    owner: Ints


class SharedRows:
    """The shared rows of one network, studied when they first fill up."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._known: dict[int, Shared | None] = {}
        problem = network.problem
        self._search = np.arange(problem.arcs)
        self._starts = np.full(problem.nodes, NOWHERE)
        self._starts[problem.origin] = 0
        self._ends = np.unique(problem.exit_node)
        self._optional = (problem.y_max == 1) & (problem.y_min == 0)

    def violated(self, master: Master, point: Point) -> list[Cut]:
        """Violated inequalities at a point of the master; none on networks with cycles."""
        net = self.network
        if not net.acyclic:
            return []
        share = point.shares(len(master.paths))
        use = master.paths.row_use(net)
        load = np.asarray(use @ share).ravel()
        full = (net.row_design < 0) & ~net.row_floor & (load >= _FULL * net.row_limit)
        found = []
        for r in np.flatnonzero(full).tolist():
            shared = self._studied(r)
            if shared is not None:
                flow = self._flow(master, share, shared)
                found += _rounded_best(net, shared, point.y[shared.design], flow)
        return found

    def _flow(self, master: Master, share: Floats, shared: Shared) -> Floats:
        """Load that the row takes from each of its designs."""
        net, problem = self.network, self.network.problem
        where = np.full(problem.arcs, -1, dtype=np.int64)
        where[shared.arc] = shared.owner
        step = where[master.paths.arcs.values]
        path = master.paths.arcs.owners()[step >= 0]
        k = master.paths.commodity[path]
        load = net.load[net.row_dim[shared.row], k] * problem.demand[k] * share[path]
        most = len(shared.design)
        return np.bincount(step[step >= 0], weights=load, minlength=most).astype(np.float64)

    def _studied(self, r: int) -> Shared | None:
        if r not in self._known:
            self._known[r] = self._study(r)
        return self._known[r]

    def _study(self, r: int) -> Shared | None:
        net, problem = self.network, self.network.problem
        arcs = net.row_arcs[r]
        arcs = arcs[(problem.design[arcs] >= 0)]
        arcs = arcs[self._optional[problem.design[arcs]]]
        designs, owner = np.unique(problem.design[arcs], return_inverse=True)
        if len(designs) < 2:
            return None
        most, least = np.full(len(designs), np.inf), np.zeros(len(designs))
        for i, s in enumerate(designs.tolist()):
            mine = arcs[owner == i]
            rows = np.flatnonzero((net.row_design == s) & (net.row_dim == net.row_dim[r]))
            for other in rows.tolist():
                limit, theirs = float(net.row_limit[other]), net.row_arcs[other]
                if net.row_floor[other] and self._covers(mine, theirs):
                    least[i] = max(least[i], limit)
                if not net.row_floor[other] and limit > 0.0 and self._covers(theirs, mine):
                    most[i] = min(most[i], limit)
        return Shared(r, designs, most, least, arcs, owner)

    def _covers(self, wide: Ints, narrow: Ints) -> bool:
        """Whether every path uses arcs of ``wide`` at least as often as those of ``narrow``."""
        net, problem = self.network, self.network.problem
        mark = np.zeros(problem.arcs, dtype=np.int64)
        np.add.at(mark, narrow, 1)
        np.subtract.at(mark, wide, 1)
        most = self._starts.copy()
        most_marked(self._search, net.ends, mark[net.order], most)
        return bool(most[self._ends].max(initial=NOWHERE) <= 0)


def _rounded_best(net: Network, shared: Shared, y: Floats, flow: Floats) -> list[Cut]:
    """The most violated inequality over the sizes to divide by, if any."""
    limit = float(net.row_limit[shared.row])
    bounded = np.isfinite(shared.most)
    capacity = np.where(bounded, shared.most, 0.0)
    slack = np.maximum(capacity * y - flow, 0.0)
    best, cut = _LEAST_VIOLATION, None
    for size in np.unique(np.concatenate([capacity, shared.least])).tolist():
        part = limit / size - np.floor(limit / size) if size > 0.0 else 1.0
        if part > _MOST_PART:
            continue
        room = size * (1.0 - part)
        upper = np.where(bounded, _rounded(capacity / size, part) * y - slack / room, 0.0)
        lower = _rounded(shared.least / size, part) * y
        violation = float(np.maximum(np.maximum(upper, lower), 0.0).sum() - np.floor(limit / size))
        if violation > best:
            by_capacity = (upper > lower) & (upper > 0.0)
            best, cut = violation, _stated(net, shared, size, by_capacity)
    return [] if cut is None else [cut]


def _rounded(a: Floats, f: float) -> Floats:
    """The function ``F`` of the module docstring."""
    below = np.floor(a + 1e-9)
    return np.asarray(below + np.maximum(0.0, a - below - f) / (1.0 - f))


def _stated(net: Network, shared: Shared, size: float, by_capacity: Bools) -> Cut:
    """The inequality for one division, designs taken by capacity where marked, else by minimum."""
    problem, limit = net.problem, float(net.row_limit[shared.row])
    part = limit / size - np.floor(limit / size)
    room = size * (1.0 - part)
    capacity = np.where(by_capacity, shared.most, 0.0)
    weight = np.where(
        by_capacity,
        capacity / room - _rounded(capacity / size, part),
        -_rounded(shared.least / size, part),
    )
    arcs = shared.arc[by_capacity[shared.owner]]
    load = net.load[net.row_dim[shared.row]]
    ks = np.flatnonzero((problem.demand > 0.0) & (load > 0.0)) if len(arcs) else arcs
    return Cut(
        design=shared.design, weight=weight, commodity=np.repeat(ks, len(arcs)),
        arc=np.tile(arcs, len(ks)), worth=np.repeat(load[ks] / room, len(arcs)),
        least=-float(np.floor(limit / size)),
    )  # fmt: skip
