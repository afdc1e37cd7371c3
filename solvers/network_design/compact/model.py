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

    visits    ``Σ_{a: arrives[a] = p} x[k,a] ≤ q[k]/unit[k]``, or 0 at ``home[k]``; in files alone,
    where there are no states: exact for a commodity that travels whole

The linking rows are the strong inequalities of Gendron and Crainic (1994); their number is |P|,
which is what makes the compact model large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from solvers.arrays import Floats, Ints, Ragged
from solvers.linear.model import LinearModel
from solvers.network_design.compact.columns import Columns, units
from solvers.network_design.compact.labels import Labels
from solvers.network_design.compact.pairs import Critical, Pairs, pairs_of
from solvers.network_design.statement.flows import ArcFlows, Graph, decompose
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution


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
    critical: Critical | None = None, visits: bool = False,
) -> ArcModel:  # fmt: skip
    """The model of ``problem``, with all linking rows when ``strong``.

    Columns and rows are called by symbol and index, with names of what they stand for if ``named``.
    Paths come twice to no ``critical`` place of their commodity, see ``compact.pairs``. With
    ``visits`` there are rows for the same rule at all places, which need no states.
    """
    pair = pairs_of(problem, critical)
    left = np.flatnonzero((problem.demand > 0) & np.isfinite(problem.unserved_cost))
    columns = Columns(Labels(problem, named), pair, left)
    blocks = [columns.balance(), columns.limits(), columns.linking(strong)]
    if visits and problem.once:
        blocks.append(columns.visits())
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
