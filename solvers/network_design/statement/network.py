"""A NetworkDesign made ready for decomposition: search order, usable arcs, complete rows.

What is added to the statement
    *Linking rows.* ``x[k,a] ≤ q[k] y[design[a]]`` is implied by a ≤ row of the arc's own design
    that every commodity loads. An arc without such a row gets one of its own,
    ``Σ_k x[k,a] ≤ (Σ_k q[k]) y[design[a]]``, in a dimension where every unit weighs 1.

    *Usable arcs.* Arcs of class, lot and capacity that commodity ``k`` may use; on an acyclic
    network only those between its origin and its exits, in topological order of their tails.

    *Strong coefficients.* ``b[k,a] = min(q[k], min_{r∋a} limit[r] / v[d_r,k])`` over the ≤ rows
    of the arc's own design or of none; then ``x[k,a] ≤ b[k,a] y[design[a]]`` is valid.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from solvers.arrays import Bools, Floats, Ints, Ragged, Small
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.usable_arcs import usable_arcs
from solvers.paths.order import topological


@dataclass(frozen=True)
class Network:
    """The compiled problem; arrays as in NetworkDesign, rows completed by linking rows.

    ``star`` lists the arcs leaving every node; ``arcs_of[sub[k]]`` are the arcs that commodity
    ``k`` may use, in search order.
    """

    problem: NetworkDesign
    acyclic: bool
    star: Ragged
    sub: Ints
    sub_start: Ints
    sub_arcs: Small
    load: Floats
    row_arcs: Ragged
    row_dim: Ints
    row_limit: Floats
    row_design: Ints
    row_floor: Bools

    @staticmethod
    def of(problem: NetworkDesign) -> Network:
        """Compile a statement whose ``check()`` is empty."""
        rows = _completed_rows(problem)
        star = _star(problem.nodes, problem.tail)
        rank = _topological_rank(problem, star)
        sub, start, arcs = usable_arcs(problem, rank)
        return Network(problem, rank is not None, star, sub, start, arcs, *rows)

    def usable(self, k: int) -> Small:
        """Arcs that commodity ``k`` may use, in search order."""
        c = self.sub[k]
        return self.sub_arcs[self.sub_start[c] : self.sub_start[c + 1]]

    @property
    def usable_count(self) -> Ints:
        """How many arcs every commodity may use, shape K."""
        return np.diff(self.sub_start)[self.sub]

    @cached_property
    def order(self) -> Ints:
        """Arcs by topological order of their tails; as numbered where there are cycles."""
        rank = _topological_rank(self.problem, self.star)
        if rank is None:
            return np.arange(self.problem.arcs)
        return np.argsort(rank[self.problem.tail], kind="stable").astype(np.int64)

    @cached_property
    def place(self) -> Ints:
        """Position of every arc in ``order``."""
        found = np.empty(self.problem.arcs, dtype=np.int64)
        found[self.order] = np.arange(self.problem.arcs)
        return found

    def using(self, sub: Ints, start: Ints, arcs: Small) -> Network:
        """The same network with other usable arcs; what is derived from the rest is kept."""
        other = copy(self)
        for name, value in (("sub", sub), ("sub_start", start), ("sub_arcs", arcs)):
            object.__setattr__(other, name, value)
        return other

    @property
    def rows(self) -> int:
        """Number of rows, linking rows included."""
        return len(self.row_limit)

    @property
    def dimensions(self) -> int:
        """Number of dimensions of load, that of the linking rows included."""
        return int(self.load.shape[0])

    @cached_property
    def spread(self) -> csr_array:
        """Matrix that turns row prices into arc prices per dimension; (D·A) × R."""
        arcs = self.row_arcs.values
        rows = self.row_arcs.owners()
        where = self.row_dim[rows] * self.problem.arcs + arcs
        shape = (self.dimensions * self.problem.arcs, self.rows)
        return csr_array((np.ones(len(arcs)), (where, rows)), shape=shape)

    @cached_property
    def rows_at(self) -> Ragged:
        """The rows that contain each arc."""
        arcs = self.row_arcs.values
        order = np.argsort(arcs, kind="stable")
        start = np.zeros(self.problem.arcs + 1, dtype=np.int64)
        np.cumsum(np.bincount(arcs, minlength=self.problem.arcs), out=start[1:])
        return Ragged(start, self.row_arcs.owners()[order])

    def rows_by_sense(self, floor: bool) -> Ragged:
        """The rows of sense ≥ (``floor``) or ≤ that contain each arc."""
        at = self.rows_at
        keep = self.row_floor[at.values] == floor
        count = np.bincount(at.owners()[keep], minlength=self.problem.arcs)
        return Ragged(np.concatenate([[0], np.cumsum(count)]).astype(np.int64), at.values[keep])

    @cached_property
    def ends(self) -> tuple[Small, Small]:
        """Tails and heads of the arcs in search order."""
        tail, head = self.problem.tail[self.order], self.problem.head[self.order]
        return tail.astype(np.int32), head.astype(np.int32)

    @cached_property
    def own_row(self) -> Ints:
        """A row of sense ≤ of the arc's own design, with a limit above 0; -1: none; shape A."""
        arcs, rows = self.row_arcs.values, self.row_arcs.owners()
        own = ~self.row_floor[rows] & (self.row_limit[rows] > 0.0) & (self.row_design[rows] >= 0)
        own &= self.row_design[rows] == self.problem.design[arcs]
        found = np.full(self.problem.arcs, -1, dtype=np.int64)
        found[arcs[own]] = rows[own]
        return found

    @cached_property
    def room(self) -> Floats:
        """Most load one run of the arc's own design lets over an arc, per dimension; D × A."""
        return _room(self, self.row_limit, own_only=True)

    @cached_property
    def row_slope(self) -> Floats:
        """Fixed cost of a full run per unit of load, spread over the design's ≤ rows; shape R."""
        rows = np.flatnonzero((self.row_design >= 0) & ~self.row_floor & (self.row_limit > 0.0))
        owner = self.row_design[rows]
        legs = np.bincount(owner, minlength=max(self.problem.designs, 1))[owner]
        slope = np.zeros(self.rows)
        cost = np.maximum(self.problem.fixed_cost[owner], 0.0)
        slope[rows] = cost / self.row_limit[rows] / legs
        return slope

    @cached_property
    def slope(self) -> Floats:
        """The slope of each design: that of its scarcest row, 0 without a row; shape S."""
        owned = self.row_design >= 0
        slope = np.zeros(self.problem.designs)
        np.maximum.at(slope, self.row_design[owned], self.row_slope[owned])
        return slope

    def strong(self, commodity: Ints, arc: Ints) -> Floats:
        """Coefficients ``b[k,a]`` of the strong inequalities of the given pairs."""
        most = self.problem.demand[commodity].copy()
        for d in range(self.dimensions):
            weight = self.load[d, commodity]
            room = self.room[d, arc]
            ratio = np.divide(room, weight, out=np.full(len(arc), np.inf), where=weight > 0.0)
            np.minimum(most, ratio, out=most)
        return most

    def arc_prices(self, row_price: Floats) -> Floats:
        """Prices ``ρ[d,a]`` of a unit of each dimension on each arc; D × A."""
        flat = self.spread @ row_price
        return np.asarray(flat).reshape(self.dimensions, self.problem.arcs)


def _room(network: Network, limit: Floats, own_only: bool) -> Floats:
    problem = network.problem
    room = np.full((network.dimensions, problem.arcs), np.inf)
    arcs, rows = network.row_arcs.values, network.row_arcs.owners()
    owner = network.row_design[rows]
    keep = ~network.row_floor[rows]
    if own_only:
        keep &= (owner == problem.design[arcs]) | (owner < 0)
    at = (network.row_dim[rows[keep]], arcs[keep])
    np.minimum.at(room, at, limit[rows[keep]])
    return room


def _completed_rows(problem: NetworkDesign) -> tuple[Floats, Ragged, Ints, Floats, Ints, Bools]:
    rows = problem.row_arcs.owners()
    arcs = problem.row_arcs.values
    own = ~problem.row_floor[rows] & (problem.row_design[rows] == problem.design[arcs])
    loads_all = np.asarray((problem.load > 0.0).all(axis=1), dtype=np.bool_)
    own &= loads_all[problem.row_dim[rows]]
    linked = np.zeros(problem.arcs, dtype=np.bool_)
    linked[arcs[own]] = True
    bare = np.flatnonzero((problem.design >= 0) & ~linked)
    old = (problem.row_dim, problem.row_limit, problem.row_design, problem.row_floor)
    if len(bare) == 0:
        return (problem.load, problem.row_arcs, *old)
    start = problem.row_arcs.start
    joined = Ragged(
        np.concatenate([start, start[-1] + np.arange(1, len(bare) + 1)]),
        np.concatenate([arcs, bare]),
    )
    count = problem.load.shape[0]
    return (
        np.vstack([problem.load, np.ones(problem.commodities)]),
        joined,
        np.concatenate([old[0], np.full(len(bare), count)]),
        np.concatenate([old[1], np.full(len(bare), problem.demand.sum())]),
        np.concatenate([old[2], problem.design[bare]]),
        np.concatenate([old[3], np.zeros(len(bare), dtype=np.bool_)]),
    )


def _star(nodes: int, ends: Ints) -> Ragged:
    start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=nodes), out=start[1:])
    return Ragged(start, np.argsort(ends, kind="stable"))


def _topological_rank(problem: NetworkDesign, star: Ragged) -> Ints | None:
    """Position of every node in a topological order, None when there is a cycle."""
    order = topological(problem.nodes, star.start, star.values, problem.head)
    if len(order) < problem.nodes:
        return None
    rank = np.empty(problem.nodes, dtype=np.int64)
    rank[order] = np.arange(problem.nodes)
    return rank
