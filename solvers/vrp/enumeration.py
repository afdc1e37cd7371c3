"""Exact routing of few tasks: every route that can pay, then a set partitioning model.

Routes are built task by task. Two partial routes of the same vehicle type through the same set of
tasks to the same last one differ only in cost, time and room left; the dominated one is dropped.
Time is kept as the triple of Vidal et al. (2013): ``end(s) = max(E, s + W)`` for a departure
``s ≤ S``, with ``W`` the hours of driving and service alone. Vehicle types that differ only in
fixed cost, duration and length are built together. Tasks of pairs that follow each other at one
place with the same window are done in one order, deliveries first: any other is no better.

They are chosen from in :mod:`solvers.vrp.partition`.

References
    Vidal, Crainic, Gendreau, Prins (2013), "A hybrid genetic algorithm with adaptive diversity
    management …", Computers & Operations Research 40(1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from solvers.options import Clock, Options
from solvers.outcome import Outcome, SolverUnavailable
from solvers.vrp.partition import cheapest
from solvers.vrp.problem import FAR, Route, Routing
from solvers.vrp.result import RoutingResult, Trail

FEW_TASKS = 8
"""Problems of so few tasks are solved exactly by every method."""
_FEW_LABELS = 20_000
_LISTING = 0.8
"""Share of the time in which routes are listed; the rest is for choosing among them."""


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

        Where time is over or it is cancelled before every route is listed, the best of those that
        are, without a bound. Raises SolverUnavailable when there are too many routes, ValueError
        when ``problem.check()`` is not empty.
        """
        wrong = problem.check()
        if wrong:
            raise ValueError(" ".join(wrong))
        trail, clock = Trail(options), Clock(options)
        listing = clock.part(_LISTING)
        columns: list[tuple[int, Route]] = []
        labels, through = self.most_labels, True
        for twins in _twins(problem):
            builder = _Builder(problem, twins)
            found, made = builder.routes(labels, listing)
            labels -= made
            columns += found
            through = through and builder.through
        return cheapest(problem, columns, through, (trail, clock))


def small_optimum(problem: Routing, options: Options) -> RoutingResult | None:
    """The proved answer to a problem of few tasks, or None where there is none at hand."""
    if problem.tasks > FEW_TASKS or options.cancel.raised:
        return None
    try:
        found = Enumeration(most_labels=_FEW_LABELS).solve(problem, replace(options, gap=0.0))
    except SolverUnavailable:
        return None
    return found if found.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE) else None


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
        self.through = True

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
        """Cost and route of every set of tasks, and the number of labels made.

        ``through`` says afterwards whether the time was enough for all of them.
        """
        best: dict[tuple[int, int], tuple[int, Route]] = {}
        first = self._first()
        level, made, depth = [first] if first.ends <= first.latest else [], 0, 0
        # Routes of one task, or of one pair, are there even when no time is left.
        least = 2 if self.problem.pairs else 1
        while level and self.through:
            depth += 1
            kept: dict[tuple[int, int], list[_Label]] = {}
            for label in level:
                for longer in self._longer(label):
                    made += 1
                    _keep(kept.setdefault((longer.done, longer.tasks[-1]), []), longer)
                if made > most:
                    raise SolverUnavailable(
                        f"Enumeration made {made} partial routes of {self.problem.tasks} tasks and "
                        "is not through. Use 'best-of-both', which gives no bound."
                    )
                if depth > least and clock.over:
                    break
            self.through = depth < least or not clock.over
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
        ends = max(label.ends + hours, int(problem.depot_early[self.end]))
        work = label.work + hours
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
