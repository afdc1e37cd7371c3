"""Residual capacity inequalities over designs that can stand in for each other.

Let ``C`` be rows of sense ≤ of different designs, one row each, no two of them met by one path of a
commodity of ``K'``, and ``Q[k] = v[k] q[k]``. What ``K'`` sends through ``C`` needs runs, what it
does not is slack: ``Σ_{r∈C} u[r] y[s_r] + w ≥ Q(K')`` with ``w = Σ_{k∈K'} (Q[k] - x_k(C)) ≥ 0``.
A nearly full row of no design may be in ``C`` too, with 1 for its ``y``. Designs that run as often
as they may in the relaxed point are complemented (``y = y_max - ȳ``); dividing by a capacity ``ū``
and rounding (mixed-integer rounding) gives, with ``B`` the divided right side,
``f = B - ⌊B⌋ > 0`` and ``a[r] = ±u[r]/ū``,

    Σ_r (⌊a[r]⌋ + min(1, (a[r] - ⌊a[r]⌋) / f)) y*[s_r] + w / (ū f) ≥ ⌈B⌉ .

For equal capacities this is the residual capacity inequality, whose separation over ``K'`` for a
given ``C`` is exact by taking commodities in order of ``x_k(C) / Q[k]``; which ``C`` to take is
the matter of :mod:`solvers.network_design.separation.row_sets`.

References
    Magnanti, Mirchandani, Vachani (1993), "The convex hull of two core capacitated network design
    problems", Mathematical Programming 60. Atamtürk, Rajan (2002), "On splittable and unsplittable
    flow capacitated network design arc-set polyhedra", Mathematical Programming 92.
    Marchand, Wolsey (2001), "Aggregation and mixed integer rounding to solve MIPs", Operations
    Research 49(3).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csc_array

from solvers.arrays import Bools, Ints
from solvers.network_design.master.cuts import Cut
from solvers.network_design.master.master import Master
from solvers.network_design.master.point import Point
from solvers.network_design.pricing.packed import most_marked
from solvers.network_design.separation.row_set_kernels import rounded
from solvers.network_design.separation.row_sets import Loads, RowSets
from solvers.network_design.statement.network import Network
from solvers.options import Clock

_LEAST_VIOLATION = 2e-3  #: in runs of the dividing capacity
_LOOSE = 1e-5
_FULL = 0.9  #: of the limit: emptier rows of no design are passed over


def residual_capacity(master: Master, point: Point, clock: Clock) -> list[Cut]:
    """Violated inequalities at a point of the master, those found before ``clock`` is over."""
    network = master.network
    problem = network.problem
    if problem.designs == 0 or network.rows == 0:
        return []
    row, part = _spread(master, point)
    given = np.ones(len(row) - problem.designs)
    y, most = np.concatenate([point.y, given]), np.concatenate([problem.y_max, given])
    always = (y >= most - _LOOSE) & (most > 0.0)
    loose = (np.abs(y - np.round(y)) > _LOOSE) & ~always & (row >= 0)
    dim = np.where(row >= 0, network.row_dim[row], -1)
    size = np.where(row >= 0, network.row_limit[row], 1.0)
    sets = RowSets(Loads(part, size, y, always, most))
    found: dict[bytes, Cut] = {}
    for near in _near(network, row):
        for d in np.unique(dim[loose & near]).tolist():
            fits = near & (dim == d)
            sets.choose(fits, network.load[d] * problem.demand)
            for chosen in sets.violated(np.flatnonzero(loose & fits), clock):
                cut = _stated(network, row, sets, chosen)
                if cut is not None:
                    found.setdefault(cut.design.tobytes() + cut.commodity.tobytes(), cut)
    return list(found.values())


def _near(net: Network, row: Ints) -> Iterator[Bools]:
    """Rows that may be in one set: on a network with cycles those that leave or enter one node.

    A path without a cycle meets such a set once, and no other path is needed where arcs cost
    nothing less than 0 and no minimum has to be met.
    """
    if net.acyclic:
        yield row >= 0
        return
    if net.row_floor.any() or net.problem.gains:
        return
    owner, arcs = net.row_arcs.owners(), net.row_arcs.values
    for end in (net.problem.tail, net.problem.head):
        low, high = np.full(net.rows, net.problem.nodes), np.full(net.rows, -1)
        np.minimum.at(low, owner, end[arcs])
        np.maximum.at(high, owner, end[arcs])
        mine = np.where((row >= 0) & (low == high)[row], high[row], -1)
        for n in np.unique(mine[mine >= 0]).tolist():
            yield mine == n


def _spread(master: Master, point: Point) -> tuple[Ints, csc_array]:
    """Rows that sets are made of, and what part of its demand each commodity sends over them.

    The row of every design that the point loads most (-1: none), then nearly full rows of none.
    """
    net = master.network
    share = point.shares(len(master.paths))
    used = np.flatnonzero(share > 1e-9)
    paths = master.paths.take(used)
    load = csc_array(paths.row_use(net)).multiply(share[used][None, :]).tocsr()
    mine = np.flatnonzero((net.row_design >= 0) & ~net.row_floor & (net.row_limit > 0.0))
    filled = np.asarray(load.sum(axis=1)).ravel()[mine] / net.row_limit[mine]
    order = mine[np.lexsort((net.row_dim[mine], np.round(filled, 6)))]
    row = np.full(net.problem.designs, -1, dtype=np.int64)
    row[net.row_design[order]] = order
    given = (net.row_design < 0) & ~net.row_floor & (net.row_limit > 0.0)
    full = np.asarray(load.sum(axis=1)).ravel() >= _FULL * net.row_limit
    row = np.concatenate([row, np.flatnonzero(given & full)])
    rows = load[np.where(row >= 0, row, 0)].tocoo()
    keep = (row[rows.row] >= 0) & (rows.data > 1e-9)
    commodity, at = paths.commodity[rows.col[keep]], rows.row[keep]
    whole = net.load[net.row_dim[row[at]], commodity] * net.problem.demand[commodity]
    shape = (net.problem.commodities, len(row))
    part = csc_array((rows.data[keep] / whole, (commodity, at)), shape=shape)
    part.sum_duplicates()
    return row, part


def _stated(net: Network, row: Ints, sets: RowSets, chosen: Ints) -> Cut | None:
    """The inequality of a set, with commodities that may meet it twice left out; None if kept."""
    if len(chosen) < 2:
        return None
    problem = net.problem
    arcs = np.concatenate([net.row_arcs[r] for r in row[chosen]])
    mark = np.zeros(problem.arcs, dtype=np.int64)
    np.add.at(mark, arcs, 1)
    barred = np.zeros(problem.commodities, dtype=np.bool_)
    while True:
        value, ks, unit = sets.violation(chosen, barred)
        if value < _LEAST_VIOLATION:
            return None
        twice = [k for k in ks.tolist() if not _once(net, k, mark)]
        if not twice:
            break
        barred[twice] = True
    loads, whole = sets.loads, sets.whole
    flip = loads.always[chosen]
    capacity = loads.size[chosen]
    most = loads.most[chosen]
    b = (whole[ks].sum() - capacity[flip] @ most[flip]) / unit
    f = b - np.floor(b)
    factor = np.array([rounded(a, f) for a in np.where(flip, -capacity, capacity) / unit])
    load = net.load[net.row_dim[row[chosen[0]]]]
    owned = chosen < problem.designs
    mine = flip & owned
    least = np.ceil(b) - factor[mine] @ most[mine] - whole[ks].sum() / (unit * f)
    return Cut(
        design=chosen[owned], weight=np.where(flip, -factor, factor)[owned],
        commodity=np.repeat(ks, len(arcs)), arc=np.tile(arcs, len(ks)),
        worth=np.repeat(load[ks] / (unit * f), len(arcs)), least=float(least),
    )  # fmt: skip


def _once(net: Network, k: int, mark: Ints) -> bool:
    """Whether no path of the commodity meets marked arcs more than once."""
    problem, usable = net.problem, net.usable(k)
    if not net.acyclic:
        # A path takes one of these arcs, all of which are at one node; it may be in several rows.
        return bool(mark[usable].max(initial=0) <= 1)
    met = np.zeros(problem.nodes, dtype=np.int64)
    most_marked(net.place[usable], net.ends, mark[net.order], met)
    return bool(met.max(initial=0) <= 1)
