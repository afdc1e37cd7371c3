"""Sets of rows, and of commodities, whose residual capacity inequality is violated most.

For a set ``C`` of rows (see :mod:`solvers.network_design.separation.residual_capacity`) the best
commodities are the first of those in falling order of what part of their demand crosses ``C``, and
the size to divide by is one of those in ``C``. So the search is over ``C`` alone: from every loose
row a set grows by the row that raises the violation most; nested sets come from clustering rows by
the demand they share; and from sets that are nearly violated single rows join and leave while that
pays.

A whole corridor over weeks may have one violated inequality with dozens of departures that no
smaller set has, which is why sets have no small limit. Which rows are looked at closely is
foreseen in two ways: by what they carry of the set's commodities against what their runs would
cost, and by the violation if the commodities stayed the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.cluster.hierarchy import linkage
from scipy.sparse import csc_array, csr_array
from scipy.spatial.distance import squareform

from solvers.arrays import Bools, Floats, Ints
from solvers.network_design.separation.row_set_kernels import (
    Data,
    State,
    grow,
    improve,
    ordered,
    put,
    violation,
)
from solvers.options import Clock

_NEAR = -1.0  #: violation, in runs, from which single rows join or leave a set
_MOST_CLUSTERED = 2500  #: rows, whose likeness is a dense matrix
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Loads:
    """Rows that sets are made of, at one point of a master; shape R unless said.

    ``part`` (K × R) is the part of its demand that a commodity sends over a row, ``size`` the limit
    of a row, ``y`` its runs, ``always`` whether it counts as always open, with ``most`` runs.
    """

    part: csc_array
    size: Floats
    y: Floats
    always: Bools
    most: Floats


class RowSets:
    """Search for sets of rows that may be together; one state serves one set after the other."""

    def __init__(self, loads: Loads) -> None:
        self.loads = loads
        by_row, by_commodity = loads.part, csr_array(loads.part)
        sizes, kind = np.unique(loads.size, return_inverse=True)
        many, count = by_row.shape
        self._data = Data(
            by_row.indptr.astype(np.int64), by_row.indices.astype(np.int64), by_row.data,
            by_commodity.indptr.astype(np.int64), by_commodity.indices.astype(np.int64),
            by_commodity.data, np.zeros(many), sizes, kind.astype(np.int64), loads.y, loads.always,
            loads.most, np.zeros(count, dtype=np.bool_),
        )  # fmt: skip
        self._state = State(
            np.zeros(count, dtype=np.bool_), np.zeros(many), np.zeros(many, dtype=np.int64),
            np.zeros(many, dtype=np.bool_), np.zeros(2, dtype=np.int64), np.zeros((4, len(sizes))),
            np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.int64),
            np.zeros(count, dtype=np.int64),
        )  # fmt: skip

    @property
    def whole(self) -> Floats:
        """Load of all demand of each commodity in the dimension of the rows; shape K."""
        return self._data.whole

    def choose(self, fits: Bools, whole: Floats) -> None:
        """Search from now on among the rows that ``fits`` (R): those of one dimension of load.

        ``whole`` (K) is the load of all demand of a commodity in it.
        """
        self._data = self._data._replace(fits=fits, whole=whole)

    def violated(self, loose: Ints, clock: Clock) -> list[Ints]:
        """Sets with a violated inequality, from each ``loose`` row and from clusters; each once.

        Those found before ``clock`` is over.
        """
        found: dict[frozenset[int], Ints] = {}
        for one in chain(self._grown(loose), self._clustered(loose)):
            if one is not None:
                found.setdefault(frozenset(one.tolist()), one)
            if clock.over:
                break
        return list(found.values())

    def violation(self, rows: Ints, barred: Bools) -> tuple[float, Ints, float]:
        """The most violated inequality of a set: by how many runs, its commodities, its capacity.

        Commodities that are ``barred`` (K) are left out.
        """
        put(self._data, self._state, rows)
        self._state.part[barred] = 0.0
        order = ordered(self._state)
        value, _, length, size = violation(self._data, self._state, order)
        return float(value), np.sort(order[:length]), float(self._data.sizes[size])

    def _members(self) -> Ints:
        return self._state.members[: self._state.many[1]].copy()

    def _grown(self, loose: Ints) -> Iterator[Ints | None]:
        """The best set that grows from each loose row, made better; None if it is not violated."""
        for first in loose.tolist():
            near = grow(self._data, self._state, first) > _NEAR
            yield self._members() if near and improve(self._data, self._state) > 0.0 else None

    def _clustered(self, loose: Ints) -> Iterator[Ints | None]:
        """Clusters with a violated inequality, and better sets near clusters that nearly have."""
        is_loose = np.zeros(len(self.loads.size), dtype=np.bool_)
        is_loose[loose] = True
        for rows in self._clusters():
            if not is_loose[rows].any():
                continue
            value = put(self._data, self._state, rows)
            yield rows if value > 0.0 else None
            if value > _NEAR and improve(self._data, self._state) > max(value, 0.0):
                yield self._members()

    def _clusters(self) -> Iterator[Ints]:
        """Nested sets of rows, by what demand they share of the less and of the more loaded."""
        loads, whole = self.loads, self.whole
        items = np.flatnonzero(self._data.fits & (np.diff(loads.part.indptr) > 0))
        if not 2 < len(items) <= _MOST_CLUSTERED:
            return
        part = loads.part[:, items]
        root = csc_array(part.multiply(np.sqrt(whole)[:, None]))
        common = (root.T @ root).toarray()
        load = part.T @ whole
        for measure in (np.minimum, np.maximum):
            likeness = common / np.maximum(measure(load[:, None], load[None, :]), _TINY)
            far = 1.0 - np.clip((likeness + likeness.T) / 2.0, 0.0, 1.0)
            np.fill_diagonal(far, 0.0)
            yield from _nested(items, linkage(squareform(far, checks=False), "average"))


def _nested(items: Ints, merges: Floats) -> Iterator[Ints]:
    """The clusters of a hierarchy whose parts share anything."""
    clusters = [items[i : i + 1] for i in range(len(items))]
    for left, right, distance, _ in merges.tolist():
        apart = distance >= 1.0 - _TINY
        joined = [] if apart else [clusters[int(left)], clusters[int(right)]]
        clusters.append(np.concatenate([*joined, items[:0]]))
        if not apart:
            yield clusters[-1]
