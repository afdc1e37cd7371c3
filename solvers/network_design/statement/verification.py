"""What a verification finds, and the facts of a solution that it works out itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution

_SINGULAR = {
    "nodes": "node", "arcs": "arc", "commodities": "commodity", "designs": "design",
    "rows": "row", "exits": "exit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken constraint: its kind, the name of what breaks it, by how much, and in words."""

    kind: str
    name: str
    amount: float
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Objective recomputed from the paths, and every violation found (none: feasible)."""

    objective: float
    violations: tuple[Violation, ...]

    @property
    def feasible(self) -> bool:
        """Whether nothing is broken."""
        return not self.violations


def sums(position: Ints, weight: Floats, count: int) -> Floats:
    """Sum of the weights that fall on each of ``count`` positions."""
    return np.bincount(position, weights=weight, minlength=count).astype(np.float64, copy=False)


class Facts:
    """What the checks over one problem and one solution start from; their arrays fit each other."""

    def __init__(self, problem: NetworkDesign, solution: Solution, tolerance: float) -> None:
        self.problem = problem
        self.solution = solution
        self.tolerance = tolerance
        self.step_path = solution.path_arcs.owners()
        self.step_arc = solution.path_arcs.values
        self.step_commodity = solution.commodity[self.step_path]
        self.step_amount = solution.amount[self.step_path]

    def name(self, kind: str, i: int) -> str:
        """Name of member ``i`` of a set, or its position."""
        names = self.problem.names.get(kind, [])
        return names[i] if i < len(names) else f"{_SINGULAR[kind]} {i}"

    def beyond(self, amount: Floats, scale: Floats | float = 1.0) -> Ints:
        """Positions where ``amount`` exceeds the tolerance relative to ``scale``."""
        return np.flatnonzero(amount > self.tolerance * np.maximum(1.0, np.abs(scale)))

    @cached_property
    def flow(self) -> tuple[Ints, Ints, Floats]:
        """Commodity, arc and flow of every used pair, paths summed."""
        arcs = self.problem.arcs
        key, inverse = np.unique(self.step_commodity * arcs + self.step_arc, return_inverse=True)
        total = sums(inverse, self.step_amount, len(key))
        return key // max(arcs, 1), key % max(arcs, 1), total

    def objective(self) -> float:
        """Objective of the statement, term by term."""
        p, s = self.problem, self.solution
        unit = p.cost[self.step_arc]
        for rate, attribute in zip(p.rate, p.attribute, strict=True):
            unit = unit + rate[self.step_commodity] * attribute[self.step_arc]
        left = s.unserved > 0
        return float(
            np.dot(p.fixed_cost, s.y)
            + np.dot(unit, self.step_amount)
            + np.dot(p.exit_cost[s.path_exit], s.amount)
            + np.dot(np.where(np.isfinite(p.unserved_cost), p.unserved_cost, 0.0)[left],
                     s.unserved[left])
        )  # fmt: skip
