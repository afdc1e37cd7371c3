"""From arc flows to paths, and from generous designs to needed ones.

Flow decomposition follows Ahuja, Magnanti, Orlin (1993), "Network Flows", section 3.5: peel a path
from the origin to an exit at its bottleneck until nothing is left, and cancel every cycle met on
the way. The largest flow is followed first, the lowest arc number on a tie, so the same flows give
the same paths. Bottlenecks of flows that are multiples of a lot are multiples of it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.outcome import SolverFailed


class Carried(Protocol):
    """What carries flows, a NetworkDesign or a Graph: arcs by their ends, exits, demand by lots."""

    @property
    def tail(self) -> Ints:
        """Start of every arc."""
        ...

    @property
    def head(self) -> Ints:
        """End of every arc."""
        ...

    @property
    def exit_node(self) -> Ints:
        """Where every exit is."""
        ...

    @property
    def origin(self) -> Ints:
        """Where every commodity enters."""
        ...

    @property
    def demand(self) -> Floats:
        """Units of every commodity."""
        ...

    @property
    def lot(self) -> Floats:
        """Lot of every commodity, 0 for any split."""
        ...


@dataclass(frozen=True, slots=True)
class Graph:
    """Arcs, exits and commodities apart from a statement."""

    tail: Ints
    head: Ints
    exit_node: Ints
    origin: Ints
    demand: Floats
    lot: Floats


@dataclass(frozen=True, slots=True)
class ArcFlows:
    """Flows as a MIP states them, in sparse form.

    ``flow[i]`` units of ``commodity[i]`` on ``arc[i]``; ``left[j]`` units of ``exit_commodity[j]``
    leaving at ``exit[j]`` (a position in ``exit_node``); ``unserved`` has shape K.
    """

    commodity: Ints
    arc: Ints
    flow: Floats
    exit_commodity: Ints
    exit: Ints
    left: Floats
    unserved: Floats


@dataclass(frozen=True, slots=True)
class PathFlow:
    """``amount`` units of a commodity along ``arcs`` to ``exit`` (a position in ``exit_node``)."""

    commodity: int
    arcs: tuple[int, ...]
    exit: int
    amount: float


def decompose(problem: Carried, flows: ArcFlows, y: Ints) -> Solution:
    """Paths that carry ``flows``; designs run ``y`` times.

    Amounts of a commodity are scaled by rounding noise only, so that with what is unserved they
    add up to its demand. Raises SolverFailed when the flows do not balance beyond such noise.
    """
    arcs_of = _by_commodity(flows.commodity, len(problem.demand))
    exits_of = _by_commodity(flows.exit_commodity, len(problem.demand))
    paths: list[PathFlow] = []
    for k in range(len(problem.demand)):
        moved = float(problem.demand[k] - flows.unserved[k])
        noise = 1e-9 * max(1.0, float(problem.demand[k]))
        if moved <= noise:
            continue
        at, out = arcs_of[k], exits_of[k]
        arc_flow = dict(zip(flows.arc[at].tolist(), flows.flow[at].tolist(), strict=True))
        exit_flow = {
            int(i): float(x) for i, x in zip(flows.exit[out], flows.left[out], strict=True)
        }
        found = _Peeler(problem, k, arc_flow, exit_flow, noise).paths(moved)
        paths.extend(_scaled(problem, k, found, moved))
    return pack(paths, y, flows.unserved)


def pack(paths: Sequence[PathFlow], y: Ints, unserved: Floats) -> Solution:
    """Pack paths into a Solution."""
    return Solution(
        y=np.asarray(y, dtype=np.int64),
        commodity=np.array([p.commodity for p in paths], dtype=np.int64),
        path_arcs=Ragged.of([p.arcs for p in paths]),
        path_exit=np.array([p.exit for p in paths], dtype=np.int64),
        amount=np.array([p.amount for p in paths], dtype=np.float64),
        unserved=np.asarray(unserved, dtype=np.float64),
    )


def _by_commodity(commodity: Ints, count: int) -> list[Ints]:
    """Positions of each commodity, in order."""
    order = np.argsort(commodity, kind="stable")
    cut = np.searchsorted(commodity[order], np.arange(1, count))
    return list(np.split(order, cut)) if count else []


def _scaled(problem: Carried, k: int, found: list[PathFlow], moved: float) -> list[PathFlow]:
    """Amounts that add up to ``moved``; raises SolverFailed when more than noise is missing."""
    total = sum(path.amount for path in found)
    if abs(total - moved) > 1e-4 * max(1.0, float(problem.demand[k])):
        raise SolverFailed(
            f"Commodity {k}: paths carry {total:g} of {moved:g} units, the arc flows do not "
            "balance. Solve again with tighter feasibility tolerances."
        )
    lot = float(problem.lot[k])
    if lot > 0:
        rounded = [(path, lot * round(path.amount / lot)) for path in found]
        return [PathFlow(k, path.arcs, path.exit, units) for path, units in rounded if units > 0]
    return [PathFlow(k, path.arcs, path.exit, path.amount * moved / total) for path in found]


class _Peeler:
    """Peels the paths of one commodity from its arc and exit flows, which it consumes."""

    def __init__(
        self,
        problem: Carried,
        commodity: int,
        arc_flow: dict[int, float],
        exit_flow: dict[int, float],
        noise: float,
    ) -> None:
        self.problem = problem
        self.commodity = commodity
        self.arc_flow = arc_flow
        self.exit_flow = exit_flow
        self.noise = noise
        self.outgoing: dict[int, list[int]] = {}
        for a in sorted(arc_flow):
            self.outgoing.setdefault(int(problem.tail[a]), []).append(a)
        self.leaving: dict[int, list[int]] = {}
        for i in sorted(exit_flow):
            self.leaving.setdefault(int(problem.exit_node[i]), []).append(i)

    def paths(self, moved: float) -> list[PathFlow]:
        """Paths from the origin until ``moved`` units are carried or nothing is left."""
        amounts: dict[tuple[tuple[int, ...], int], float] = {}
        left = moved
        while left > self.noise:
            walk = self._walk()
            if walk is None:
                break
            arcs, exit_ = walk
            amount = min([left, self.exit_flow[exit_], *(self.arc_flow[a] for a in arcs)])
            for a in arcs:
                self.arc_flow[a] -= amount
            self.exit_flow[exit_] -= amount
            left -= amount
            amounts[arcs, exit_] = amounts.get((arcs, exit_), 0.0) + amount
        return [PathFlow(self.commodity, arcs, i, units) for (arcs, i), units in amounts.items()]

    def _walk(self) -> tuple[tuple[int, ...], int] | None:
        """One path that still carries flow, cycles and dead ends removed on the way."""
        origin = int(self.problem.origin[self.commodity])
        node, seen = origin, {origin: 0}
        arcs: list[int] = []
        while True:
            exit_ = self._largest(self.leaving.get(node, []), self.exit_flow)
            if exit_ is not None:
                return tuple(arcs), exit_
            arc = self._largest(self.outgoing.get(node, []), self.arc_flow)
            if arc is None:
                if not arcs:
                    return None
                dead = arcs.pop()
                self.arc_flow[dead] = 0.0
                del seen[node]
                node = int(self.problem.tail[dead])
                continue
            arcs.append(arc)
            node = int(self.problem.head[arc])
            if node in seen:
                cycle = arcs[seen[node] :]
                self._cancel(cycle)
                arcs = arcs[: seen[node]]
                seen = {n: depth for n, depth in seen.items() if depth <= len(arcs)}
            else:
                seen[node] = len(arcs)

    def _cancel(self, cycle: list[int]) -> None:
        amount = min(self.arc_flow[a] for a in cycle)
        for a in cycle:
            self.arc_flow[a] -= amount

    def _largest(self, among: list[int], flow: dict[int, float]) -> int | None:
        """The member with most flow above noise, the first on a tie."""
        best, most = None, self.noise
        for one in among:
            if flow[one] > most:
                best, most = one, flow[one]
        return best


def trim_runs(problem: NetworkDesign, solution: Solution) -> Solution:
    """The same paths with the fewest runs of every design that still carry them.

    A run that nobody needs and nobody is obliged to (``y_min``) is dropped unless it earns money
    (``f[s] < 0``). Fewer runs can only relax minimum rows, so feasibility is kept.
    """
    step_path = solution.path_arcs.owners()
    arc = solution.path_arcs.values
    commodity, amount = solution.commodity[step_path], solution.amount[step_path]
    needed = np.zeros(problem.designs, dtype=np.float64)
    owned = problem.design[arc] >= 0
    needed[problem.design[arc[owned]]] = 1.0
    owner, member = problem.row_arcs.owners(), problem.row_arcs.values
    for d in range(problem.load.shape[0]):
        on_arc = np.bincount(arc, weights=problem.load[d][commodity] * amount,
                             minlength=problem.arcs)  # fmt: skip
        use = np.bincount(owner, weights=on_arc[member], minlength=problem.rows)
        rows = ~problem.row_floor & (problem.row_design >= 0) & (problem.row_dim == d)
        rows &= (problem.row_limit > 0) & (use > 0)
        runs = np.ceil(use[rows] / problem.row_limit[rows] - 1e-6)
        np.maximum.at(needed, problem.row_design[rows], runs)
    wanted = np.clip(needed.astype(np.int64), problem.y_min, None)
    y = np.where(problem.fixed_cost >= 0, np.minimum(solution.y, wanted), solution.y)
    return replace(solution, y=y)


def objective_of(problem: NetworkDesign, solution: Solution) -> float:
    """Objective of a solution, summed commodity by path and exit."""
    step = solution.path_arcs.owners()
    arc, commodity = solution.path_arcs.values, solution.commodity[step]
    priced = np.einsum("mi,mi->i", problem.rate[:, commodity], problem.attribute[:, arc])
    per_unit = np.bincount(step, weights=problem.cost[arc] + priced,
                           minlength=len(solution.amount))  # fmt: skip
    moved = (per_unit + problem.exit_cost[solution.path_exit]) @ solution.amount
    left = np.flatnonzero(solution.unserved > 0)
    optional = left[np.isfinite(problem.unserved_cost[left])]
    unserved = problem.unserved_cost[optional] @ solution.unserved[optional]
    return float(problem.fixed_cost @ solution.y + moved + unserved)
