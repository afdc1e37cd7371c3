"""Exact routing of few tasks: every route that can pay, then a set partitioning model.

Routes are built task by task. Two partial routes of the same vehicle type through the same set of
tasks to the same last one differ only in cost, time and room left; the dominated one is dropped.
Time is kept as the triple of Vidal et al. (2013): ``end(s) = max(E, s + W)`` for a departure
``s ≤ S``, with ``W`` the hours of driving and service alone.

Set partitioning: routes ``Ω`` with cost ``c[r]``, ``x[r] ∈ {0,1}``, undone tasks ``u[v] ∈ {0,1}``
    ``min Σ c[r] x[r] + Σ skip_cost[v] u[v]``
    ``Σ_{r∋v} x[r] + u[v] = 1`` for every task, ``u[v] = 0`` where required
    ``Σ_{r of type t} x[r] ≤ count[t]`` for every vehicle type, and the same for pools

References
    Balinski, Quandt (1964), "On an integer program for a delivery problem", Operations Research.
    Vidal, Crainic, Gendreau, Prins (2013), "A hybrid genetic algorithm with adaptive diversity
    management …", Computers & Operations Research 40(1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, vstack

from solvers.errors import SolverFailed, SolverUnavailable
from solvers.options import Clock, Options
from solvers.problem import Ints
from solvers.result import Outcome, Stop
from solvers.vrp.check import faults, total_cost
from solvers.vrp.problem import FAR, REQUIRED, Route, Routes, Routing
from solvers.vrp.result import RoutingResult, Trail


@dataclass(frozen=True, slots=True)
class _Label:
    """A partial route; ``room`` is what the fullest move so far leaves free, per dimension."""

    tasks: tuple[int, ...]
    done: int
    open_pairs: int
    distance: int
    ends: int
    work: int
    latest: int
    load: tuple[int, ...]
    room: tuple[int, ...]

    def dominates(self, other: _Label) -> bool:
        """Whether every completion of ``other`` is no better than the same one of this."""
        return (
            self.distance <= other.distance
            and self.ends <= other.ends
            and self.work <= other.work
            and self.latest >= other.latest
            and all(a >= b for a, b in zip(self.room, other.room, strict=True))
        )


@dataclass(frozen=True)
class Enumeration:
    """Proves the optimum of small problems; refuses when more than ``most_labels`` are needed."""

    name: ClassVar[str] = "enumeration"
    most_labels: int = 400_000

    def solve(self, problem: Routing, options: Options) -> RoutingResult:
        """Solve to the asked gap.

        Raises SolverUnavailable when there are too many routes, or no time left to list them all.
        """
        trail, clock = Trail(options), Clock(options)
        columns: list[tuple[int, Route]] = []
        labels = self.most_labels
        for t in range(problem.types):
            found, made = _Builder(problem, t).routes(labels, clock)
            labels -= made
            columns += found
        return _partition(problem, columns, options, trail, clock)


class _Builder:
    """Lists the cheapest feasible route of one vehicle type through every set of tasks."""

    def __init__(self, problem: Routing, t: int) -> None:
        fleet = problem.fleet
        self.problem, self.t = problem, t
        self.start, self.end = int(fleet.start_depot[t]), int(fleet.end_depot[t])
        self.time = problem.duration[fleet.profile[t]].tolist()
        self.length = problem.distance[fleet.profile[t]].tolist()
        self.change = (problem.load_change() + problem.delivery).T.tolist()
        self.delivery = problem.delivery.T.tolist()
        self.before = np.full(problem.tasks, -1, dtype=np.int64)
        self.after = np.full(problem.tasks, -1, dtype=np.int64)
        if problem.pairs:
            self.before[problem.pair[:, 1]] = problem.pair[:, 0]
            self.after[problem.pair[:, 0]] = problem.pair[:, 1]
        self.shift_end = min(int(fleet.late[t]), int(problem.depot_late[self.end]))

    def routes(self, most: int, clock: Clock) -> tuple[list[tuple[int, Route]], int]:
        """Cost and route of every set of tasks, and the number of labels made."""
        best: dict[int, tuple[int, Route]] = {}
        first = self._first()
        level, made = [first] if first.ends <= first.latest else [], 0
        while level:
            kept: dict[tuple[int, int], list[_Label]] = {}
            for label in level:
                for longer in self._longer(label):
                    made += 1
                    _keep(kept.setdefault((longer.done, longer.tasks[-1]), []), longer)
                if made > most or clock.over:
                    raise SolverUnavailable(
                        f"Enumeration made {made} partial routes of {self.problem.tasks} tasks and "
                        "is not through. Use 'best-of-both', which gives no bound."
                    )
            level = [label for labels in kept.values() for label in labels]
            for label in level:
                self._close(label, best)
        return list(best.values()), made

    def _first(self) -> _Label:
        problem, fleet, t = self.problem, self.problem.fleet, self.t
        early = max(int(fleet.early[t]), int(problem.depot_early[self.start]))
        late = min(int(fleet.late[t]), int(problem.depot_late[self.start]))
        nothing = (0,) * problem.dimensions
        return _Label((), 0, 0, 0, early, 0, late, nothing, (FAR,) * problem.dimensions)

    def _place(self, label: _Label) -> int:
        problem = self.problem
        return int(
            problem.place[label.tasks[-1]] if label.tasks else problem.depot_place[self.start]
        )

    def _longer(self, label: _Label) -> list[_Label]:
        grown = []
        for v in range(self.problem.tasks):
            if label.done >> v & 1:
                continue
            if self.before[v] >= 0 and not label.done >> int(self.before[v]) & 1:
                continue
            longer = self._add(label, v)
            if longer is not None:
                grown.append(longer)
        return grown

    def _add(self, label: _Label, v: int) -> _Label | None:
        problem, here, there = self.problem, self._place(label), int(self.problem.place[v])
        hours, service = self.time[here][there], int(problem.service[v])
        # A release holds the vehicle at its depot, so it moves the end of the whole label.
        latest = min(label.latest, int(problem.late[v]) - label.work - hours)
        ends = max(label.ends, int(problem.release[v]) + label.work)
        begins = max(ends + hours, int(problem.early[v]))
        if begins > problem.late[v] or latest < problem.release[v]:
            return None
        room = self._room(label, v, here, there)
        if min(room, default=0) < 0:
            return None
        load = tuple(a + b for a, b in zip(label.load, self.change[v], strict=True))
        opened = 1 << int(self.after[v]) if self.after[v] >= 0 else 0
        return _Label(
            (*label.tasks, v), label.done | 1 << v, (label.open_pairs | opened) & ~(1 << v),
            label.distance + self.length[here][there], begins + service,
            label.work + hours + service, latest, load, room,
        )  # fmt: skip

    def _room(self, label: _Label, v: int, here: int, there: int) -> tuple[int, ...]:
        return tuple(
            min(room, limit - load) - put_down
            for room, load, limit, put_down in zip(
                label.room, label.load, self._limit(here, there), self.delivery[v], strict=True
            )
        )

    def _limit(self, here: int, there: int) -> list[int]:
        fleet = self.problem.fleet
        capacity: list[int] = fleet.capacity[:, self.t].tolist()
        if fleet.arc_limit is None:
            return capacity
        on_move = fleet.arc_limit[:, self.t, here, there].tolist()
        return [min(a, b) for a, b in zip(capacity, on_move, strict=True)]

    def _close(self, label: _Label, best: dict[int, tuple[int, Route]]) -> None:
        problem, fleet, t = self.problem, self.problem.fleet, self.t
        here, home = self._place(label), int(problem.depot_place[self.end])
        hours = self.time[here][home]
        ends, work = label.ends + hours, label.work + hours
        latest = min(label.latest, self.shift_end - work)
        length = label.distance + self.length[here][home]
        limit = self._limit(here, home)
        fits = all(a >= b for a, b in zip(limit, label.load, strict=True))
        if label.open_pairs or not fits or ends > self.shift_end or length > fleet.most_distance[t]:
            return
        duration = max(work, ends - latest)
        if duration > fleet.most_duration[t]:
            return
        cost = int(fleet.fixed_cost[t]) + int(fleet.distance_cost[t]) * length
        cost += int(fleet.duration_cost[t]) * duration
        if label.done not in best or cost < best[label.done][0]:
            best[label.done] = cost, Route(t, label.tasks)


def _keep(labels: list[_Label], new: _Label) -> None:
    if any(old.dominates(new) for old in labels):
        return
    labels[:] = [old for old in labels if not new.dominates(old)]
    labels.append(new)


def _partition(
    problem: Routing,
    columns: list[tuple[int, Route]],
    options: Options,
    trail: Trail,
    clock: Clock,
) -> RoutingResult:
    tasks, types = problem.tasks, problem.types
    pool, pools = problem.fleet.pool, problem.fleet.pool_limit
    held = np.zeros(0) if pool is None or pools is None else pools.astype(float)
    rows = [np.array([*route.tasks, tasks + route.vehicle], np.int64) for _, route in columns]
    matrix = _matrix(rows, tasks, tasks + types)
    if pool is not None:
        matrix = vstack([matrix, _pool_rows(pool, columns, matrix.shape[1], len(held))]).tocsc()
    cost = np.array(
        [cost for cost, _ in columns] + np.maximum(problem.skip_cost, 0).tolist(), float
    )
    high = np.ones(len(cost))
    high[len(columns) :] = problem.skip_cost != REQUIRED
    low_row = np.concatenate([np.ones(tasks), np.zeros(types + len(held))])
    high_row = np.concatenate([np.ones(tasks), problem.fleet.count.astype(float), held])
    # Scaled by the dearest column, so that the solver's absolute tolerances mean the same always.
    unit = max(1.0, float(cost.max(initial=1.0)) / 1e4)
    found = milp(
        cost / unit,
        constraints=LinearConstraint(matrix, low_row, high_row),
        bounds=Bounds(0, high),
        integrality=np.ones(len(cost), dtype=np.int64),
        options={"mip_rel_gap": options.gap, "time_limit": min(1e7, max(0.01, clock.left))},
    )
    base = RoutingResult(
        Outcome.NO_SOLUTION, Stop.TIME, None, None, None, trail.seconds, Enumeration.name,
        options.seed,
    )  # fmt: skip
    if found.status == 2:
        return replace(base, outcome=Outcome.INFEASIBLE, stop=None)
    if found.status not in (0, 1):
        raise SolverFailed(f"The set partitioning model ended with '{found.message}'.")
    if found.x is None:
        return base
    chosen = np.flatnonzero(found.x[: len(columns)] > 0.5)
    routes = Routes(tuple(columns[i][1] for i in chosen))
    return _proved(
        problem, routes, float(found.mip_dual_bound) * unit, (found.status == 0, base, trail)
    )


def _proved(
    problem: Routing, routes: Routes, bound: float, how: tuple[bool, RoutingResult, Trail]
) -> RoutingResult:
    """The result with its bound; raises SolverFailed when the routes break a constraint."""
    closed, base, trail = how
    broken = faults(problem, routes)
    if broken:
        raise SolverFailed(f"Enumeration returned routes that are not feasible: {broken[0]}")
    objective = total_cost(problem, routes)
    trail.improved(objective)
    return replace(
        base, outcome=Outcome.OPTIMAL if closed else Outcome.FEASIBLE,
        stop=None if closed else Stop.TIME, objective=objective,
        bound=min(float(objective), bound), routes=routes, seconds=trail.seconds,
        trace=trail.points,
    )  # fmt: skip


def _matrix(rows: list[Ints], tasks: int, height: int) -> csc_array:
    """Routes as columns over tasks and vehicle types, then one column per undone task."""
    undone = [np.array([v], dtype=np.int64) for v in range(tasks)]
    start = np.concatenate([[0], np.cumsum([len(one) for one in [*rows, *undone]])])
    index = np.concatenate([*rows, *undone]) if tasks else np.zeros(0, dtype=np.int64)
    return csc_array((np.ones(len(index)), index, start), shape=(height, len(start) - 1))


def _pool_rows(pool: Ints, columns: list[tuple[int, Route]], width: int, height: int) -> csc_array:
    """What the routes draw from every pool."""
    vehicle = np.array([route.vehicle for _, route in columns], dtype=np.int64)
    at = np.arange(len(columns))
    shape = (height, width)
    return csc_array((pool[vehicle, 1].astype(float), (pool[vehicle, 0], at)), shape=shape)
