"""The compact arc model of a NetworkDesign as sparse arrays.

Sets
    ``P ⊆ K×A`` the pairs (commodity, arc) that can carry flow: the arc's class is allowed, its
    design may run, its tail is reachable from the origin and an exit from its head.
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

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from solvers.arrays import Bools, Floats, Ints
from solvers.linear.model import LinearModel, Namer
from solvers.network_design.compact.labels import Labels
from solvers.network_design.statement.flows import ArcFlows
from solvers.network_design.statement.problem import NetworkDesign

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

    def split(self, values: Floats) -> tuple[ArcFlows, Ints]:
        """Flows and whole runs that ``values`` (shape of the columns) stand for."""
        cuts = np.cumsum([len(self.pair_arc), len(self.exit), len(self.left_commodity)])
        x, e, z, y = np.split(values, cuts)
        unit = units(self.problem)
        unserved = np.zeros(self.problem.commodities)
        demand = self.problem.demand[self.left_commodity]
        unserved[self.left_commodity] = np.clip(z * unit[self.left_commodity], 0.0, demand)
        flows = ArcFlows(
            self.pair_commodity, self.pair_arc, x * unit[self.pair_commodity],
            self.exit_commodity, self.exit, e * unit[self.exit_commodity], unserved,
        )  # fmt: skip
        return flows, np.round(y).astype(np.int64)


def units(problem: NetworkDesign) -> Floats:
    """Unit in which the flow of each commodity is counted; shape K."""
    return np.where(problem.lot > 0, problem.lot, 1.0)


def build(problem: NetworkDesign, strong: bool = True, named: bool = False) -> ArcModel:
    """The model of ``problem``, with all linking rows when ``strong``.

    Columns and rows are called by symbol and index, with names of what they stand for if ``named``.
    """
    pair = pairs(problem)
    exits = _exit_pairs(problem, pair)
    left = np.flatnonzero((problem.demand > 0) & np.isfinite(problem.unserved_cost))
    columns = _Columns(Labels(problem, named), pair, exits, left)
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
    return ArcModel(problem, model, pair[0], pair[1], exits[0], exits[1], left, possible)


def pairs(problem: NetworkDesign) -> tuple[Ints, Ints]:
    """Commodity and arc of every pair in ``P``, sorted by commodity, then arc."""
    reach = _Reach(problem)
    arcs = [
        reach.arcs(k) if problem.demand[k] > 0 else np.zeros(0, dtype=np.int64)
        for k in range(problem.commodities)
    ]
    sizes = np.array([len(one) for one in arcs], dtype=np.int64)
    commodity = np.repeat(np.arange(problem.commodities, dtype=np.int64), sizes)
    return commodity, np.concatenate([*arcs, np.zeros(0, dtype=np.int64)])


class _Reach:
    """Arcs between the origin and the exits of commodities; one search per distinct case."""

    def __init__(self, problem: NetworkDesign) -> None:
        self.problem = problem
        owned = problem.design >= 0
        runs = problem.y_max[problem.design] > 0 if problem.designs else owned
        self.open = ~owned | runs
        self.usable: dict[int, Bools] = {}
        self.forward: dict[tuple[int, int], Bools] = {}
        self.backward: dict[tuple[int, bytes], Bools] = {}
        self.between: dict[tuple[int, int, bytes], Ints] = {}

    def arcs(self, k: int) -> Ints:
        """Arcs that commodity ``k`` can use on some way from its origin to an exit."""
        p = self.problem
        mask, origin = int(p.allowed[k]), int(p.origin[k])
        ends = np.unique(p.exit_node[p.exits[k]])
        key = (mask, origin, ends.tobytes())
        if key not in self.between:
            if mask not in self.usable:
                self.usable[mask] = p.may_use(k) & self.open
            if (mask, origin) not in self.forward:
                self.forward[mask, origin] = self._search(mask, np.array([origin]), False)
            if (mask, key[2]) not in self.backward:
                self.backward[mask, key[2]] = self._search(mask, ends, True)
            ahead, behind = self.forward[mask, origin], self.backward[mask, key[2]]
            self.between[key] = np.flatnonzero(self.usable[mask] & ahead[p.tail] & behind[p.head])
        return self.between[key]

    def _search(self, mask: int, starts: Ints, reverse: bool) -> Bools:
        """Nodes reachable from ``starts`` over usable arcs (against them when ``reverse``)."""
        p, usable = self.problem, self.usable[mask]
        tail, head = (p.head, p.tail) if reverse else (p.tail, p.head)
        source = p.nodes
        row = np.concatenate([tail[usable], np.full(len(starts), source)])
        column = np.concatenate([head[usable], starts])
        graph = sparse.coo_array(
            (np.ones(len(row), dtype=np.int8), (row, column)), shape=(source + 1, source + 1)
        )
        found = csgraph.breadth_first_order(
            sparse.csr_array(graph), source, return_predecessors=False
        )
        seen = np.zeros(source + 1, dtype=np.bool_)
        seen[found] = True
        return seen[:source]


def _exit_pairs(problem: NetworkDesign, pair: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Commodity and position of the exits that a pair or the origin touches."""
    commodity, exit_ = problem.exits.owners(), problem.exits.values
    node = problem.exit_node[exit_]
    touched = np.unique(pair[0] * problem.nodes + problem.head[pair[1]])
    reached = np.isin(commodity * problem.nodes + node, touched)
    keep = (reached | (node == problem.origin[commodity])) & (problem.demand[commodity] > 0)
    return commodity[keep], exit_[keep]


@dataclass(frozen=True)
class _Block:
    """Some rows over all columns."""

    matrix: Rows
    lower: Floats
    upper: Floats
    name: Namer


class _Columns:
    """The columns of the model and the row blocks over them."""

    def __init__(
        self, labels: Labels, pair: tuple[Ints, Ints], exits: tuple[Ints, Ints], left: Ints
    ) -> None:
        self.labels = labels
        self.problem = problem = labels.problem
        self.k, self.a = pair
        self.exit_k, self.exit = exits
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
        p = self.problem
        moving = np.flatnonzero(p.demand > 0)
        source = moving * p.nodes + p.origin[moving]
        out, into = self.k * p.nodes + p.tail[self.a], self.k * p.nodes + p.head[self.a]
        leave = self.exit_k * p.nodes + p.exit_node[self.exit]
        key = np.unique(np.concatenate([source, out, into]))
        each = np.arange(self.count, dtype=np.int64)
        x, e = each[: self.at_exit], each[self.at_exit : self.at_left]
        z = each[self.at_left : self.at_runs]
        origin = self.left * p.nodes + p.origin[self.left]
        entries = [
            (np.searchsorted(key, where), column, np.full(len(column), sign))
            for where, column, sign in (
                (out, x, 1.0), (into, x, -1.0), (leave, e, 1.0), (origin, z, 1.0),
            )
        ]  # fmt: skip
        side = np.zeros(len(key))
        side[np.searchsorted(key, source)] = p.demand[moving] / self.unit[moving]

        def name(i: int) -> str:
            k, n = divmod(int(key[i]), p.nodes)
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
        keep = np.flatnonzero(optional if strong else optional & np.isinf(most))
        k, design, unit = self.k[keep], design[keep], self.unit[self.k[keep]]
        bound = np.minimum(p.demand[k], most[keep]) / unit
        single = np.where(p.y_max[design] == 1, np.floor(bound + 1e-9), np.ceil(bound - 1e-9))
        bound = np.where(p.lot[k] > 0, single, bound)
        row = np.arange(len(keep), dtype=np.int64)
        entries = [(row, keep, np.ones(len(keep))), (row, self.at_runs + design, -bound)]
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
