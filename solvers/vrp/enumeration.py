"""Exact routing of few tasks: every route that can pay, then a set partitioning model.

Routes are built task by task. Two partial routes of the same vehicle type through the same set of
tasks to the same last one differ only in cost, time and room left; the dominated one is dropped.
Time is kept as the triple of Vidal et al. (2013): ``end(s) = max(E, s + W)`` for a departure
``s ≤ S``, with ``W`` the hours of driving and service alone. Vehicle types that differ only in
fixed cost, duration and length are built together. Tasks of pairs that follow each other at one
place with the same window are done in one order, deliveries first: any other is no better.

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

from solvers.arrays import Ints
from solvers.options import Clock, Options
from solvers.outcome import Outcome, SolverFailed, SolverUnavailable, Stop
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
        for twins in _twins(problem):
            found, made = _Builder(problem, twins).routes(labels, clock)
            labels -= made
            columns += found
        return _partition(problem, columns, options, trail, clock)


def _twins(problem: Routing) -> list[list[int]]:
    """Vehicle types with the same start, end, capacity, limits, shift and costs on the way."""
    fleet = problem.fleet
    found: dict[tuple[bytes, ...], list[int]] = {}
    for t in range(problem.types):
        like = [getattr(fleet, name)[t] for name in _ALIKE]
        arcs = np.zeros(0) if fleet.arc_limit is None else fleet.arc_limit[:, t]
        key = (np.array(like).tobytes(), fleet.capacity[:, t].tobytes(), arcs.tobytes())
        found.setdefault(key, []).append(t)
    return list(found.values())


_ALIKE = ("start_depot", "end_depot", "distance_cost", "duration_cost", "early", "late", "profile")


class _Builder:
    """Lists the cheapest feasible route of vehicle types alike through every set of tasks."""

    def __init__(self, problem: Routing, twins: list[int]) -> None:
        fleet, t = problem.fleet, twins[0]
        self.problem, self.t, self.twins = problem, t, twins
        self.most_duration = int(fleet.most_duration[twins].max())
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
        self.limit = self._limits()
        self.order = self._order()

    def _limits(self) -> list[list[tuple[int, ...]]]:
        """Most load per dimension on every move."""
        fleet, places = self.problem.fleet, self.problem.distance.shape[-1]
        capacity = fleet.capacity[:, self.t, None, None]
        most = np.broadcast_to(capacity, (len(capacity), places, places))
        if fleet.arc_limit is not None:
            most = np.minimum(most, fleet.arc_limit[:, self.t])
        return [[tuple(one) for one in row] for row in np.moveaxis(most, 0, -1).tolist()]

    def _order(self) -> list[tuple[tuple[int, ...], tuple[int, int]] | None]:
        """Place and window of every task of a pair, and its turn among those that share them."""
        problem = self.problem
        return [
            None
            if self.before[v] < 0 and self.after[v] < 0
            else (
                (int(problem.place[v]), int(problem.early[v]), int(problem.late[v])),
                (int(self.before[v] < 0), v),
            )
            for v in range(problem.tasks)
        ]

    def _out_of_turn(self, last: int, v: int) -> bool:
        one, other = self.order[last], self.order[v]
        return one is not None and other is not None and one[0] == other[0] and one[1] > other[1]

    def routes(self, most: int, clock: Clock) -> tuple[list[tuple[int, Route]], int]:
        """Cost and route of every set of tasks, and the number of labels made."""
        best: dict[tuple[int, int], tuple[int, Route]] = {}
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
            if label.done >> v & 1 or (label.tasks and self._out_of_turn(label.tasks[-1], v)):
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
        work = label.work + hours + service
        if max(work, begins + service - latest) > self.most_duration:
            return None
        room = self._room(label, v, here, there)
        if min(room, default=0) < 0:
            return None
        load = tuple(a + b for a, b in zip(label.load, self.change[v], strict=True))
        opened = 1 << int(self.after[v]) if self.after[v] >= 0 else 0
        return _Label(
            (*label.tasks, v), label.done | 1 << v, (label.open_pairs | opened) & ~(1 << v),
            label.distance + self.length[here][there], begins + service,
            work, latest, load, room,
        )  # fmt: skip

    def _room(self, label: _Label, v: int, here: int, there: int) -> tuple[int, ...]:
        return tuple(
            min(room, limit - load) - put_down
            for room, load, limit, put_down in zip(
                label.room, label.load, self.limit[here][there], self.delivery[v], strict=True
            )
        )

    def _close(self, label: _Label, best: dict[tuple[int, int], tuple[int, Route]]) -> None:
        problem, fleet = self.problem, self.problem.fleet
        here, home = self._place(label), int(problem.depot_place[self.end])
        hours = self.time[here][home]
        ends, work = label.ends + hours, label.work + hours
        latest = min(label.latest, self.shift_end - work)
        length = label.distance + self.length[here][home]
        fits = all(a >= b for a, b in zip(self.limit[here][home], label.load, strict=True))
        if label.open_pairs or not fits or ends > self.shift_end:
            return
        duration = max(work, ends - latest)
        for t in self.twins:
            if duration > fleet.most_duration[t] or length > fleet.most_distance[t]:
                continue
            cost = int(fleet.fixed_cost[t]) + int(fleet.distance_cost[t]) * length
            cost += int(fleet.duration_cost[t]) * duration
            key = label.done, t
            if key not in best or cost < best[key][0]:
                best[key] = cost, Route(t, label.tasks)


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
