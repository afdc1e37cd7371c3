"""A plain compact MIP through scipy, sharing nothing with the project's methods but the paths.

Variables per commodity and arc it may use, stated exactly as in
``solvers.network_design.statement.problem``; flows are counted in lots. Good for networks of a few
hundred arcs and a handful of commodities.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from solvers.network_design.statement.flows import ArcFlows, decompose
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from tests.solvers.network_design.costs import unit_costs


class _Model:
    """Columns are flows by (commodity, arc), exits, unserved lots and runs; rows as stated."""

    def __init__(self, problem: NetworkDesign) -> None:
        p = self.problem = problem
        every = range(p.commodities)
        self.flows = [(k, int(a)) for k in every for a in np.flatnonzero(p.may_use(k))]
        self.leaves = [(k, int(i)) for k in every for i in p.exits[k]]
        self.first_leave = len(self.flows)
        self.first_left = self.first_leave + len(self.leaves)
        self.first_run = self.first_left + p.commodities
        self.columns = self.first_run + p.designs
        self.first_row = p.commodities * p.nodes
        self.first_link = self.first_row + p.rows
        rows = self.first_link + len(self.flows)
        self.matrix = lil_array((rows, self.columns))
        self.low, self.high = np.zeros(rows), np.zeros(rows)

    def cost(self) -> np.ndarray:
        p = self.problem
        return np.concatenate([
            [float(unit_costs(p, k)[a]) * p.lot[k] for k, a in self.flows],
            [p.exit_cost[i] * p.lot[k] for k, i in self.leaves],
            p.unserved_cost * p.lot, p.fixed_cost,
        ])  # fmt: skip

    def balance(self) -> None:
        p = self.problem
        for j, (k, a) in enumerate(self.flows):
            self.matrix[k * p.nodes + p.tail[a], j] += 1
            self.matrix[k * p.nodes + p.head[a], j] -= 1
        for j, (k, i) in enumerate(self.leaves, self.first_leave):
            self.matrix[k * p.nodes + p.exit_node[i], j] += 1
        for k in range(p.commodities):
            at = k * p.nodes + p.origin[k]
            self.matrix[at, self.first_left + k] += 1
            self.low[at] = self.high[at] = p.demand[k] / p.lot[k]

    def limits(self) -> None:
        p = self.problem
        of_arc: dict[int, list[int]] = {}
        for j, (_, a) in enumerate(self.flows):
            of_arc.setdefault(a, []).append(j)
        for r in range(p.rows):
            at, limit, s = self.first_row + r, float(p.row_limit[r]), int(p.row_design[r])
            for j in [j for a in p.row_arcs[r] for j in of_arc.get(int(a), [])]:
                k = self.flows[j][0]
                self.matrix[at, j] += p.load[p.row_dim[r], k] * p.lot[k]
            if s >= 0:
                self.matrix[at, self.first_run + s], limit = -limit, 0.0
            self.low[at], self.high[at] = (limit, np.inf) if p.row_floor[r] else (-np.inf, limit)

    def linking(self) -> None:
        p = self.problem
        for j, (k, a) in enumerate(self.flows):
            self.high[self.first_link + j] = np.inf
            if p.design[a] >= 0:
                lots = p.demand[k] / p.lot[k]
                self.matrix[self.first_link + j, self.first_run + p.design[a]] = lots
                self.matrix[self.first_link + j, j] = -1

    def bounds(self) -> Bounds:
        p = self.problem
        lots = p.demand / p.lot
        upper = np.concatenate([
            [lots[k] for k, _ in self.flows], [lots[k] for k, _ in self.leaves], lots, p.y_max,
        ])  # fmt: skip
        lower = np.zeros(self.columns)
        lower[self.first_run :] = p.y_min
        return Bounds(lower, upper)


def solve_reference(problem: NetworkDesign) -> tuple[float, Solution]:
    """Optimal objective and a solution."""
    model = _Model(problem)
    cost = model.cost()
    model.balance()
    model.limits()
    model.linking()
    found = milp(
        cost, constraints=LinearConstraint(model.matrix.tocsr(), model.low, model.high),
        bounds=model.bounds(), integrality=np.ones(model.columns),
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert found.status == 0, found.message
    x = np.round(found.x)
    return float(cost @ x), _solution(problem, x, model.flows, model.leaves)


def _solution(
    problem: NetworkDesign, x: np.ndarray, flows: list[tuple[int, int]],
    leaves: list[tuple[int, int]],
) -> Solution:  # fmt: skip
    n_flow, n_leave, n_k = len(flows), len(leaves), problem.commodities
    k_flow = np.array([k for k, _ in flows], dtype=np.int64)
    k_leave = np.array([k for k, _ in leaves], dtype=np.int64)
    amounts = x[:n_flow] * problem.lot[k_flow]
    left = x[n_flow : n_flow + n_leave] * problem.lot[k_leave]
    some, out = np.flatnonzero(amounts), np.flatnonzero(left)
    arc = np.array([a for _, a in flows], dtype=np.int64)
    exit_ = np.array([i for _, i in leaves], dtype=np.int64)
    return decompose(
        problem,
        ArcFlows(
            commodity=k_flow[some], arc=arc[some], flow=amounts[some],
            exit_commodity=k_leave[out], exit=exit_[out], left=left[out],
            unserved=x[n_flow + n_leave : n_flow + n_leave + n_k] * problem.lot,
        ),
        x[n_flow + n_leave + n_k :].astype(np.int64),
    )  # fmt: skip
