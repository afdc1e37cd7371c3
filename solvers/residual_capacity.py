"""Residual capacity inequalities over designs that can stand in for each other.

Let ``C`` be rows of sense ≤ of different designs, one row each, no two of them met by one path of a
commodity of ``K'``, and ``Q[k] = v[k] q[k]``. What ``K'`` sends through ``C`` needs runs, what it
does not is slack: ``Σ_{r∈C} u[r] y[s_r] + w ≥ Q(K')`` with ``w = Σ_{k∈K'} (Q[k] - x_k(C)) ≥ 0``.
A nearly full row of no design may be in ``C`` too, with 1 for its ``y``. Designs that always run,
or run in the relaxed point, are complemented (``y = 1 - ȳ``); dividing by a capacity ``ū`` and
rounding (mixed-integer rounding) gives, with ``B`` the divided right side,
``f = B - ⌊B⌋ > 0`` and ``a[r] = ±u[r]/ū``,

    Σ_r (⌊a[r]⌋ + min(1, (a[r] - ⌊a[r]⌋) / f)) y*[s_r] + w / (ū f) ≥ ⌈B⌉ .

For equal capacities this is the residual capacity inequality, whose separation over ``K'`` for a
given ``C`` is exact by taking commodities in order of ``x_k(C) / Q[k]``; ``C`` grows from each
fractional design by the design that raises the violation most.

References
    Magnanti, Mirchandani, Vachani (1993), "The convex hull of two core capacitated network design
    problems", Mathematical Programming 60. Atamtürk, Rajan (2002), "On splittable and unsplittable
    flow capacitated network design arc-set polyhedra", Mathematical Programming 92.
    Marchand, Wolsey (2001), "Aggregation and mixed integer rounding to solve MIPs", Operations
    Research 49(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from solvers.compiled import compiled
from solvers.cuts import Cut
from solvers.master import Master, Point
from solvers.network import Network
from solvers.problem import Bools, Floats, Ints

_LARGEST = 10  #: designs of one set
_LEAST_PART = 0.02  #: least fractional part of the right-hand side
_LEAST_VIOLATION = 2e-3  #: in runs of the dividing capacity
_LOOSE = 1e-5
_FULL = 0.9  #: of the limit: emptier rows of no design are passed over


@dataclass(frozen=True, slots=True)
class _Spread:
    """Which commodities load the chosen row of every design, and how much; by design."""

    row: Ints
    size: Floats
    by_design: csc_array
    by_commodity: csr_array


def residual_capacity(master: Master, point: Point) -> list[Cut]:
    """Violated inequalities at a point of the master; none on networks with cycles."""
    network = master.network
    problem = network.problem
    if not network.acyclic or int(problem.y_max.max(initial=0)) > 1:
        return []
    if problem.designs == 0 or network.rows == 0:
        return []
    spread = _spread(master, point)
    y = np.concatenate([point.y, np.ones(len(spread.row) - problem.designs)])
    loose = (y > _LOOSE) & (y < 1.0 - _LOOSE) & (spread.row >= 0)
    always = y >= 1.0 - _LOOSE
    always[: problem.designs] |= problem.y_min == 1
    found: dict[bytes, Cut] = {}
    for s in np.flatnonzero(loose).tolist():
        chosen = _grown(network, spread, s, y, always)
        cut = _stated(network, spread, chosen, y, always)
        if cut is not None:
            found.setdefault(cut.design.tobytes() + cut.commodity.tobytes(), cut)
    return list(found.values())


def _spread(master: Master, point: Point) -> _Spread:
    """The row of every design that the point loads most, and its load by commodity."""
    net = master.network
    share = np.concatenate([point.share, np.zeros(len(master.paths) - len(point.share))])
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
    size = np.where(row >= 0, net.row_limit[row], 1.0)
    rows = load[np.where(row >= 0, row, 0)].tocoo()
    keep = (row[rows.row] >= 0) & (rows.data > 1e-9)
    shape = (net.problem.commodities, len(row))
    by = csc_array(
        (rows.data[keep], (paths.commodity[rows.col[keep]], rows.row[keep])), shape=shape
    )
    by.sum_duplicates()
    by.data /= net.load[net.row_dim[row[np.repeat(np.arange(shape[1]), np.diff(by.indptr))]],
                        by.indices]  # fmt: skip
    by.data /= net.problem.demand[by.indices]
    return _Spread(row, size, by, csr_array(by))


def _grown(net: Network, spread: _Spread, s: int, y: Floats, always: Bools) -> Ints:
    """The set grown from design ``s`` that is violated most."""
    problem = net.problem
    d = int(net.row_dim[spread.row[s]])
    whole = net.load[d] * problem.demand
    fits = (spread.row >= 0) & (net.row_dim[spread.row] == d)
    columns = (spread.by_design.indptr, spread.by_design.indices, spread.by_design.data)
    rows = (spread.by_commodity.indptr, spread.by_commodity.indices)
    chosen, count = _grow(s, fits, columns, rows, (whole, spread.size, y, always))
    return np.asarray(chosen[:count], dtype=np.int64)


@compiled
def _grow(s: int, fits: Any, columns: Any, rows: Any, data: Any) -> Any:
    """Members of the best set met while growing from ``s``, and their number."""
    whole = data[0]
    chosen = np.empty(_LARGEST + 1, np.int64)
    inside = np.zeros(len(fits), np.bool_)
    tried = np.zeros(len(fits), np.int64)
    part = np.zeros(len(whole))
    touched = np.empty(len(whole), np.int64)
    known = 0
    best, best_count, count, t = 0.0, 1, 0, s
    while t >= 0 and count < _LARGEST:
        chosen[count] = t
        inside[t] = True
        count += 1
        known = _poured(t, 1.0, columns, part, touched, known)
        t, most = -1, -np.inf
        for i in range(known):
            k = touched[i]
            for j in range(rows[0][k], rows[0][k + 1]):
                other = rows[1][j]
                if inside[other] or not fits[other] or tried[other] == count:
                    continue
                tried[other] = count
                chosen[count] = other
                wide = _poured(other, 1.0, columns, part, touched, known)
                value = _violation(chosen[: count + 1], touched[:wide], part, data)[0]
                _poured(other, -1.0, columns, part, touched, known)
                if value > most:
                    t, most = other, value
        if t >= 0 and most > best:
            best, best_count = most, count + 1
            chosen[count] = t
    return chosen, best_count if best > 0.0 else 0


@compiled
def _poured(t: int, sign: float, columns: Any, part: Any, touched: Any, known: int) -> int:
    """Add (or take away) what design ``t`` carries to ``part``; the number of commodities met."""
    for j in range(columns[0][t], columns[0][t + 1]):
        k = columns[1][j]
        if part[k] < 1e-9 and sign > 0.0:
            touched[known] = k
            known += 1
        part[k] = max(0.0, part[k] + sign * columns[2][j])
        if part[k] < 1e-9:
            part[k] = 0.0
    return known


@compiled
def _violation(chosen: Any, ks: Any, part: Any, data: Any) -> tuple[float, int, float]:
    """Best violation over prefixes of the commodities and capacities to divide by.

    Returns it in runs, with the length of the prefix (by falling part) and the capacity.
    """
    whole, size, y, always = data
    order = ks[np.argsort(-part[ks])]
    best, best_length, best_size = 0.0, 0, 1.0
    taken = 0.0
    for r in chosen:
        taken += size[r] if always[r] else 0.0
    for r in chosen:
        if always[r]:
            continue
        need, slack = -taken, 0.0
        for i in range(len(order)):
            k = order[i]
            need += whole[k]
            slack += whole[k] * max(0.0, 1.0 - part[k])
            b = need / size[r]
            f = b - np.floor(b)
            if b <= 0.0 or f < _LEAST_PART or f > 0.999:
                continue
            left = slack / (size[r] * f)
            for t in chosen:
                left += (
                    _rounded(-size[t] / size[r], f) * (1.0 - y[t])
                    if always[t]
                    else (_rounded(size[t] / size[r], f) * y[t])
                )
            value = (np.floor(b) + 1.0 - left) * f
            if value > best:
                best, best_length, best_size = value, i + 1, size[r]
    return best, best_length, best_size


@compiled
def _rounded(a: float, f: float) -> float:
    below = np.floor(a)
    return float(below + min(1.0, (a - below) / f))


def _stated(net: Network, spread: _Spread, chosen: Ints, y: Floats, always: Bools) -> Cut | None:
    """The inequality of a set, with commodities that may meet it twice left out; None if kept."""
    if len(chosen) < 2:
        return None
    problem = net.problem
    d = int(net.row_dim[spread.row[chosen[0]]])
    whole = net.load[d] * problem.demand
    part = np.asarray(spread.by_design[:, chosen].sum(axis=1)).ravel()
    arcs = np.concatenate([net.row_arcs[r] for r in spread.row[chosen]])
    mark = np.zeros(problem.arcs, dtype=np.int64)
    np.add.at(mark, arcs, 1)
    ks = np.array([k for k in np.flatnonzero(part > 1e-9) if _once(net, int(k), mark)],
                  dtype=np.int64)  # fmt: skip
    data = (whole, spread.size, y, always)
    value, length, unit = _violation(chosen, ks, part, data)
    if value < _LEAST_VIOLATION:
        return None
    ks = np.sort(ks[np.argsort(-part[ks])][:length])
    flip = always[chosen]
    capacity = spread.size[chosen]
    b = (whole[ks].sum() - capacity[flip].sum()) / unit
    f = b - np.floor(b)
    factor = np.array([_rounded(a, f) for a in np.where(flip, -capacity, capacity) / unit])
    worth = net.load[d, ks] / (unit * f)
    owned = chosen < problem.designs
    least = np.ceil(b) - factor[flip & owned].sum() - whole[ks].sum() / (unit * f)
    return Cut(
        design=chosen[owned], weight=np.where(flip, -factor, factor)[owned],
        commodity=np.repeat(ks, len(arcs)), arc=np.tile(arcs, len(ks)),
        worth=np.repeat(worth, len(arcs)), least=float(least),
    )  # fmt: skip


def _once(net: Network, k: int, mark: Ints) -> bool:
    """Whether no path of the commodity meets marked arcs more than once."""
    problem = net.problem
    ends = (problem.tail, problem.head)
    met = np.zeros(problem.nodes, dtype=np.int64)
    return bool(_most_met(net.usable(k), ends, mark, met) <= 1)


@compiled
def _most_met(arcs: Any, ends: Any, mark: Any, met: Any) -> int:
    tail, head = ends
    most = 0
    for a in arcs:
        here = met[tail[a]] + mark[a]
        if here > met[head[a]]:
            met[head[a]] = here
            most = max(most, here)
    return most
