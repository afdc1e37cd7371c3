"""The compact arc model of a NetworkDesign as sparse arrays.

Sets
    ``P ⊆ K×A`` the pairs (commodity, arc) that can carry flow: the arc's class is allowed, its
    design may run, its tail is reachable from the origin and an exit from its head. A commodity
    with critical places has one for each state in which the arc can be met; then nodes below are
    states, and what flows over an arc is the sum over its states (``compact.pairs``).
    ``E ⊆ K×exits``, ``S`` designs, ``R`` rows; ``K' ⊆ K`` commodities that may stay unserved.
Parameters (further symbols: :mod:`solvers.network_design.statement.problem`)
    ``unit[k]`` = ``lot[k]`` when positive, else 1: all flows of ``k`` are counted in it.
    ``b[k,a] = min(q[k], min over r ∋ a with s_r = design[a], sense ≤, of limit[r] / v[d_r,k])``:
    the most that one run lets ``k`` send over ``a``. For a commodity with lots it is rounded to
    whole units: down for a binary design, up otherwise (several runs may share a unit's room).
Variables, in units of ``unit[k]``, integer where ``lot[k] > 0``
    ``x[k,a] ∈ [0, q[k]/unit[k]]``, ``e[k,i]`` and ``z[k]`` likewise;
    ``y[s] ∈ {y_min[s], …, y_max[s]}``.
Objective
    ``min Σ_s f[s] y[s] + Σ_k unit[k] (Σ_a (c[a] + Σ_m w[m,k] g[m,a]) x[k,a] + Σ_i exit_cost[i]
    e[k,i] + p[k] z[k])``
Constraints
    balance   ``Σ_out x[k,a] - Σ_in x[k,a] + Σ_{i at n} e[k,i] + [n = o[k]] z[k]
    = [n = o[k]] q[k]/unit[k]``  ∀ k, n touched by a pair
    rows      ``Σ_{a∈r} Σ_k v[d_r,k] unit[k] x[k,a] - limit[r] y[s_r] ≤ or ≥ 0``, or
    ``≤ or ≥ limit[r]`` when no design owns the row
    linking   ``unit[k] x[k,a] ≤ b[k,a] y[design[a]]`` for pairs of optional designs; without
    ``strong`` only where no capacity row implies it

The linking rows are the strong inequalities of Gendron and Crainic (1994); their number is |P|,
which is what makes the compact model large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy import sparse

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.linear.model import LinearModel, Namer
from solvers.network_design.compact.labels import Labels
from solvers.network_design.compact.pairs import Critical, Pairs, pairs_of, units
from solvers.network_design.statement.flows import ArcFlows, Graph, decompose
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution

Rows: TypeAlias = "sparse.csr_array[np.float64]"


@dataclass(frozen=True)
class ArcModel:
    """A linear model with the meaning of its columns.

    Columns stand in the order x (``pair_commodity``, ``pair_arc``), e (``exit_commodity``,
    ``exit``), z (``left_commodity``), y. ``possible`` is False when a row without columns already
    rules out every solution; the model then holds the remaining rows.
    """

    problem: NetworkDesign
    model: LinearModel
    pair_commodity: Ints
    pair_arc: Ints
    exit_commodity: Ints
    exit: Ints
    left_commodity: Ints
    possible: bool
    pairs: Pairs

    def solution(self, values: Floats) -> Solution:
        """Paths and whole runs that ``values`` (shape of the columns) stand for.

        Paths keep to the states of the model. Raises SolverFailed when the flows do not balance.
        """
        problem, at = self.problem, self.pairs
        cuts = np.cumsum([len(self.pair_arc), len(self.exit), len(self.left_commodity)])
        x, e, z, y = np.split(values, cuts)
        unit = units(problem)
        unserved = np.zeros(problem.commodities)
        demand = problem.demand[self.left_commodity]
        unserved[self.left_commodity] = np.clip(z * unit[self.left_commodity], 0.0, demand)
        flows = ArcFlows(
            self.pair_commodity, np.arange(len(x)), x * unit[self.pair_commodity],
            self.exit_commodity, np.arange(len(e)), e * unit[self.exit_commodity], unserved,
        )  # fmt: skip
        graph = Graph(at.tail, at.head, at.exit_at, at.origin, problem.demand, problem.lot)
        walks = decompose(graph, flows, np.round(y).astype(np.int64))
        arcs = Ragged(walks.path_arcs.start, self.pair_arc[walks.path_arcs.values])
        return replace(walks, path_arcs=arcs, path_exit=self.exit[walks.path_exit])


def build(
    problem: NetworkDesign, strong: bool = True, named: bool = False,
    critical: Critical | None = None,
) -> ArcModel:  # fmt: skip
    """The model of ``problem``, with all linking rows when ``strong``.

    Columns and rows are called by symbol and index, with names of what they stand for if ``named``.
    Paths come twice to no ``critical`` place of their commodity, see ``compact.pairs``.
    """
    pair = pairs_of(problem, critical)
    left = np.flatnonzero((problem.demand > 0) & np.isfinite(problem.unserved_cost))
    columns = _Columns(Labels(problem, named), pair, left)
    blocks = [columns.balance(), columns.limits(), columns.linking(strong)]
    matrix = sparse.csr_array(sparse.vstack([block.matrix for block in blocks], format="csr"))
    lower = np.concatenate([block.lower for block in blocks])
    upper = np.concatenate([block.upper for block in blocks])
    empty = np.diff(matrix.indptr) == 0
    keep = np.flatnonzero(~empty)
    starts = np.cumsum([0, *(len(block.lower) for block in blocks)])

    def row_name(i: int) -> str:
        block = int(np.searchsorted(starts, keep[i], "right")) - 1
        return blocks[block].name(int(keep[i] - starts[block]))

    possible = not (empty & ((lower > 0) | (upper < 0))).any()
    model = LinearModel(
        cost=columns.cost(), matrix=sparse.csc_array(matrix[keep]),
        row_lower=lower[keep], row_upper=upper[keep],
        col_lower=columns.lower(), col_upper=columns.upper(), integral=columns.integral(),
        column_name=columns.name, row_name=row_name,
    )  # fmt: skip
    return ArcModel(
        problem, model, pair.commodity, pair.arc, pair.exit_commodity, pair.exit, left, possible,
        pair,
    )  # fmt: skip


@dataclass(frozen=True)
class _Block:
    """Some rows over all columns."""

    matrix: Rows
    lower: Floats
    upper: Floats
    name: Namer


class _Columns:
    """The columns of the model and the row blocks over them."""

    def __init__(self, labels: Labels, pair: Pairs, left: Ints) -> None:
        self.labels = labels
        self.problem = problem = labels.problem
        self.pair = pair
        self.k, self.a = pair.commodity, pair.arc
        self.exit_k, self.exit = pair.exit_commodity, pair.exit
        self.left = left
        self.unit = units(problem)
        self.at_exit = len(self.a)
        self.at_left = self.at_exit + len(self.exit)
        self.at_runs = self.at_left + len(left)
        self.count = self.at_runs + problem.designs

    def _flow_commodity(self) -> Ints:
        """Commodity of every x, e and z column."""
        return np.concatenate([self.k, self.exit_k, self.left])

    def cost(self) -> Floats:
        """Objective of every column."""
        p = self.problem
        unit_cost = p.cost[self.a]
        for rate, attribute in zip(p.rate, p.attribute, strict=True):
            unit_cost = unit_cost + rate[self.k] * attribute[self.a]
        flow = np.concatenate([unit_cost, p.exit_cost[self.exit], p.unserved_cost[self.left]])
        return np.concatenate([flow * self.unit[self._flow_commodity()], p.fixed_cost])

    def lower(self) -> Floats:
        """Lower bound of every column."""
        return np.concatenate([np.zeros(self.at_runs), self.problem.y_min.astype(np.float64)])

    def upper(self) -> Floats:
        """Upper bound of every column."""
        k = self._flow_commodity()
        most = self.problem.demand[k] / self.unit[k]
        return np.concatenate([most, self.problem.y_max.astype(np.float64)])

    def integral(self) -> Bools:
        """Runs, and flows of commodities with lots."""
        lots = self.problem.lot[self._flow_commodity()] > 0
        return np.concatenate([lots, np.ones(self.problem.designs, dtype=np.bool_)])

    def name(self, j: int) -> str:
        """``x_k_a``, ``e_k_i``, ``z_k`` or ``y_s``."""
        if j < self.at_exit:
            return self.labels.of("x", commodities=int(self.k[j]), arcs=int(self.a[j]))
        if j < self.at_left:
            i = j - self.at_exit
            return self.labels.of("e", commodities=int(self.exit_k[i]), exits=int(self.exit[i]))
        if j < self.at_runs:
            return self.labels.of("z", commodities=int(self.left[j - self.at_left]))
        return self.labels.of("y", designs=j - self.at_runs)

    def _matrix(self, entries: list[tuple[Ints, Ints, Floats]], rows: int) -> Rows:
        """A block from lists of (row, column, value)."""
        row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        coo = sparse.coo_array((value, (row, column)), shape=(rows, self.count))
        return sparse.csr_array(coo)

    def balance(self) -> _Block:
        """Conservation of every commodity at every node that it can touch."""
        p, at = self.problem, self.pair
        moving = np.flatnonzero(p.demand > 0)
        source = moving * at.span + at.origin[moving]
        out, into = self.k * at.span + at.tail, self.k * at.span + at.head
        leave = self.exit_k * at.span + at.exit_at
        key = np.unique(np.concatenate([source, out, into]))
        each = np.arange(self.count, dtype=np.int64)
        x, e = each[: self.at_exit], each[self.at_exit : self.at_left]
        z = each[self.at_left : self.at_runs]
        origin = self.left * at.span + at.origin[self.left]
        entries = [
            (np.searchsorted(key, where), column, np.full(len(column), sign))
            for where, column, sign in (
                (out, x, 1.0), (into, x, -1.0), (leave, e, 1.0), (origin, z, 1.0),
            )
        ]  # fmt: skip
        side = np.zeros(len(key))
        side[np.searchsorted(key, source)] = p.demand[moving] / self.unit[moving]

        def name(i: int) -> str:
            k, n = divmod(int(key[i]), at.span)
            return self.labels.of("balance", commodities=k, nodes=n)

        return _Block(self._matrix(entries, len(key)), side, side, name)

    def limits(self) -> _Block:
        """Capacity, minimum and throughput rows."""
        p = self.problem
        owner, member = p.row_arcs.owners(), p.row_arcs.values
        pair = np.arange(len(self.a), dtype=np.int64)
        use = sparse.csr_array((p.rows, len(self.a)), dtype=np.float64)
        for d in range(p.load.shape[0]):
            here = p.row_dim[owner] == d
            holds = sparse.coo_array(
                (np.ones(int(here.sum())), (owner[here], member[here])), shape=(p.rows, p.arcs)
            )
            taken = p.load[d][self.k] * self.unit[self.k]
            on_arc = sparse.coo_array((taken, (self.a, pair)), shape=(p.arcs, len(self.a)))
            use = use + sparse.csr_array(holds) @ sparse.csr_array(on_arc)
        entry = sparse.coo_array(use)
        owned = np.flatnonzero(p.row_design >= 0)
        entries = [
            (entry.row.astype(np.int64), entry.col.astype(np.int64), entry.data),
            (owned, self.at_runs + p.row_design[owned], -p.row_limit[owned]),
        ]
        matrix = self._matrix(entries, p.rows)
        matrix.eliminate_zeros()
        side = np.where(p.row_design >= 0, 0.0, p.row_limit)
        lower = np.where(p.row_floor, side, -np.inf)
        upper = np.where(p.row_floor, np.inf, side)
        return _Block(matrix, lower, upper, lambda i: self.labels.of("row", rows=i))

    def linking(self, strong: bool) -> _Block:
        """Flow on an arc needs a run of its design."""
        p = self.problem
        design = p.design[self.a]
        most = self._most_per_run()
        optional = (design >= 0) & (p.y_min[design] == 0 if p.designs else False)
        every = np.flatnonzero(optional if strong else optional & np.isinf(most))
        # What flows over an arc is the sum over the states in which it does.
        _, first, row = np.unique(
            self.k[every] * p.arcs + self.a[every], return_index=True, return_inverse=True
        )
        keep = every[first]
        k, design, unit = self.k[keep], design[keep], self.unit[self.k[keep]]
        bound = np.minimum(p.demand[k], most[keep]) / unit
        single = np.where(p.y_max[design] == 1, np.floor(bound + 1e-9), np.ceil(bound - 1e-9))
        bound = np.where(p.lot[k] > 0, single, bound)
        entries = [
            (row.astype(np.int64), every, np.ones(len(every))),
            (np.arange(len(keep), dtype=np.int64), self.at_runs + design, -bound),
        ]
        matrix = self._matrix(entries, len(keep))
        matrix.eliminate_zeros()

        def name(i: int) -> str:
            return self.labels.of("link", commodities=int(k[i]), arcs=int(self.a[keep[i]]))

        return _Block(matrix, np.full(len(keep), -np.inf), np.zeros(len(keep)), name)

    def _most_per_run(self) -> Floats:
        """Most that the rows of its own design let each pair carry per run (``inf``: none)."""
        p = self.problem
        owner, member = p.row_arcs.owners(), p.row_arcs.values
        own = ~p.row_floor[owner] & (p.row_design[owner] >= 0)
        own &= p.row_design[owner] == p.design[member]
        most = np.full(len(self.a), np.inf)
        for d in range(p.load.shape[0]):
            here = own & (p.row_dim[owner] == d)
            limit = np.full(p.arcs, np.inf)
            np.minimum.at(limit, member[here], p.row_limit[owner[here]])
            load = p.load[d][self.k]
            share = limit[self.a] / np.where(load > 0, load, 1.0)
            most = np.minimum(most, np.where(load > 0, share, np.inf))
        return most
