"""Columns and rows of the compact arc model (``compact.model``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy import sparse

from solvers.arrays import Bools, Floats, Ints
from solvers.linear.model import Namer
from solvers.network_design.compact.labels import Labels
from solvers.network_design.compact.pairs import Pairs
from solvers.network_design.statement.problem import NetworkDesign

Rows: TypeAlias = "sparse.csr_array[np.float64]"


def units(problem: NetworkDesign) -> Floats:
    """Unit in which the flow of each commodity is counted; shape K."""
    return np.where(problem.lot > 0, problem.lot, 1.0)


@dataclass(frozen=True)
class Block:
    """Some rows over all columns."""

    matrix: Rows
    lower: Floats
    upper: Floats
    name: Namer


class Columns:
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

    def balance(self) -> Block:
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

        return Block(self._matrix(entries, len(key)), side, side, name)

    def limits(self) -> Block:
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
        return Block(matrix, lower, upper, lambda i: self.labels.of("row", rows=i))

    def linking(self, strong: bool) -> Block:
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

        return Block(matrix, np.full(len(keep), -np.inf), np.zeros(len(keep)), name)

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

    def visits(self) -> Block:
        """A commodity comes to a place with all it has at most once, and never back to its home.

        Exact for a commodity that travels whole; another may send one box twice and one not at all.
        """
        p, at = self.problem, np.flatnonzero(self.problem.arrives[self.a] >= 0)
        many = int(p.arrives.max(initial=0)) + 1
        key, row = np.unique(self.k[at] * many + p.arrives[self.a[at]], return_inverse=True)
        k, place = np.divmod(key, many)
        most = np.where(place == p.home[k], 0.0, p.demand[k] / self.unit[k])

        def name(i: int) -> str:
            return f"visit_{k[i]}_{place[i]}"

        matrix = self._matrix([(row.astype(np.int64), at, np.ones(len(at)))], len(key))
        return Block(matrix, np.full(len(key), -np.inf), most, name)
