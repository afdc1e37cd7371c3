"""What no method needs to search for: tasks that nobody can do, vehicles that cannot leave.

A task released only after its window closes is left undone, or makes the problem infeasible. A
vehicle type without vehicles, or without time between its shift and its depots, runs no route.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from solvers.arrays import Bools, Ints
from solvers.outcome import Outcome
from solvers.vrp.problem import REQUIRED, Fleet, Route, Routes, Routing
from solvers.vrp.result import RoutingResult, Trail

_BY_TASK = ("place", "service", "early", "late", "release", "skip_cost")


@dataclass(frozen=True)
class Reduction:
    """A smaller problem; ``task`` and ``kind`` say which of the whole problem's it keeps."""

    whole: Routing
    problem: Routing
    task: Ints
    kind: Ints

    @property
    def skipped(self) -> int:
        """Cost of the tasks that are left out."""
        out = np.setdiff1d(np.arange(self.whole.tasks), self.task)
        return int(np.maximum(self.whole.skip_cost[out], 0).sum())

    def settled(self, options_trail: Trail, method: str) -> RoutingResult | None:
        """The answer where nothing is left to search for, else None."""
        out = np.setdiff1d(np.arange(self.whole.tasks), self.task)
        nobody = not self.problem.types or not self.problem.tasks
        left = self.whole.skip_cost if nobody else self.whole.skip_cost[out]
        base = RoutingResult(
            Outcome.INFEASIBLE, None, None, None, None, options_trail.seconds, method,
            options_trail.options.seed,
        )  # fmt: skip
        if (left == REQUIRED).any():
            return base
        if not nobody:
            return None
        cost = int(left.sum())
        options_trail.improved(cost)
        return replace(
            base, outcome=Outcome.OPTIMAL, objective=cost, bound=float(cost), routes=Routes(),
            trace=options_trail.points,
        )  # fmt: skip

    def restored(self, routes: Routes) -> Routes:
        """Routes of the smaller problem in the numbers of the whole one."""
        return Routes(tuple(
            Route(int(self.kind[one.vehicle]), tuple(int(self.task[v]) for v in one.tasks))
            for one in routes.routes
        ))  # fmt: skip

    def translated(self, routes: Routes) -> Routes:
        """Routes of the whole problem, which must be feasible, in the numbers of the smaller."""
        task, kind = _places(self.task, self.whole.tasks), _places(self.kind, self.whole.types)
        return Routes(tuple(
            Route(int(kind[one.vehicle]), tuple(int(task[v]) for v in one.tasks))
            for one in routes.routes
        ))  # fmt: skip


def reduced(problem: Routing) -> Reduction:
    """The problem without what cannot be done and who cannot leave.

    Raises ValueError when ``problem.check()`` is not empty.
    """
    faults = problem.check()
    if faults:
        raise ValueError(" ".join(faults))
    task = np.flatnonzero(problem.release <= problem.late)
    kind = np.flatnonzero(_usable(problem))
    if len(task) == problem.tasks and len(kind) == problem.types:
        return Reduction(problem, problem, task, kind)
    place = _places(task, problem.tasks)
    smaller = replace(
        problem, **{name: getattr(problem, name)[task] for name in _BY_TASK},
        delivery=problem.delivery[:, task], pickup=problem.pickup[:, task],
        pair=place[problem.pair], fleet=_fleet(problem.fleet, kind),
    )  # fmt: skip
    return Reduction(problem, smaller, task, kind)


def _usable(problem: Routing) -> Bools:
    """Whether vehicles of a type exist and can leave and return within shift and depots."""
    fleet = problem.fleet
    usable = fleet.count > 0
    for depot in (fleet.start_depot, fleet.end_depot):
        opens = np.maximum(fleet.early, problem.depot_early[depot])
        usable = usable & (opens <= np.minimum(fleet.late, problem.depot_late[depot]))
    return np.asarray(usable)


def _places(kept: Ints, length: int) -> Ints:
    """Where each number of the whole problem went, -1 for those left out."""
    found = np.full(length, -1, dtype=np.int64)
    found[kept] = np.arange(len(kept))
    return found


def _fleet(fleet: Fleet, kind: Ints) -> Fleet:
    """The types kept; capacity and arc limits have them in their second dimension."""
    second = ("capacity", "arc_limit")
    kept = {
        one.name: value[:, kind] if one.name in second else value[kind]
        for one in fields(fleet)
        if (value := getattr(fleet, one.name)) is not None and one.name != "pool_limit"
    }
    return replace(fleet, **kept)
