"""Statement of the vehicle routing problem that every method of this package solves.

Sets
    ``L`` locations, ``H`` depots, ``V`` tasks (one visit each), ``N`` pairs of tasks (pickup and
    delivery), ``T`` vehicle types, ``P`` profiles of travel, ``D`` dimensions of load.

Parameters
    All are integers: ``scale`` units here are one unit of the source (see ``scaled``). Time and
    distance share nothing but that.

    ==============================  ========  ====================================================
    name (field)                    shape     meaning
    ==============================  ========  ====================================================
    ``distance, duration``          P×L×L     of a move, diagonal 0
    ``place[v]``                    V         location of task ``v``
    ``service[v]``                  V         how long the vehicle stays once service starts
    ``early[v], late[v]``           V         service starts within; waiting is free of charge
    ``release[v]``                  V         a vehicle with ``v`` on its route leaves no earlier
    ``delivery[d,v]``               D×V       taken on board at the start depot, put down at ``v``
    ``pickup[d,v]``                 D×V       taken on board at ``v``, put down at the end depot
    ``skip_cost[v]``                V         cost of leaving ``v`` undone; ``REQUIRED``: must not
    ``pair[n]``                     N×2       pickup task and delivery task, same route, in order
    ``pair_load[d,n]``              D×N       on board between the two
    ``depot_place, _early, _late``  H         vehicles leave and return within the window
    fleet                           T         see :class:`Fleet`
    ==============================  ========  ====================================================

Decisions
    Routes ``r = (t, v_1 … v_m)``: a vehicle of type ``t`` goes from its start depot through the
    tasks to its end depot.

Constraints
    every required task on one route, every other on at most one, both of a pair or none; at most
    ``count[t]`` routes of a type and no more of a pool than it holds; on every move the load of
    each dimension is at most ``capacity[d,t]`` (and at most ``arc_limit[d,t,i,j]`` on a move from
    place ``i`` to place ``j``, where given); windows of tasks, depots and shifts; route duration
    and distance within the most.

Objective
    ``min Σ_r (fixed_cost[t] + distance_cost[t] · distance + duration_cost[t] · duration)
    + Σ_{v undone} skip_cost[v]``, where the duration of a route is the least possible for its
    order: from the latest departure that still ends the route as early as can be.

References
    Toth, Vigo, eds. (2014), "Vehicle Routing: Problems, Methods, and Applications", ch. 1, 5, 6.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.arrays import Ints

FAR = 1 << 40
"""Later and longer than anything: an open window, an unlimited shift or distance."""
REQUIRED = -1
"""``skip_cost`` of a task that must be done."""


@dataclass(frozen=True)
class Fleet:
    """Vehicle types; every array has shape T except ``capacity`` (D×T).

    ``arc_limit`` (D×T×L×L, or None) caps the load on single moves: a ford, a bridge, a shallow.
    ``pool`` (T×2, or None) says what each route of a type draws from a pool that types share, as
    (pool, amount), and ``pool_limit`` what each pool holds.
    """

    count: Ints
    capacity: Ints
    start_depot: Ints
    end_depot: Ints
    fixed_cost: Ints
    distance_cost: Ints
    duration_cost: Ints
    early: Ints
    late: Ints
    most_duration: Ints
    most_distance: Ints
    profile: Ints
    arc_limit: Ints | None = None
    pool: Ints | None = None
    pool_limit: Ints | None = None

    @staticmethod
    def uniform(count: int, capacity: list[int], fixed_cost: int = 0) -> Fleet:
        """One type at depot 0 that pays for distance alone and has no shift limit."""
        zero, one, far = (np.array([x], dtype=np.int64) for x in (0, 1, FAR))
        return Fleet(
            count=np.array([count]), capacity=np.array([capacity], dtype=np.int64).T,
            start_depot=zero, end_depot=zero, fixed_cost=np.array([fixed_cost]),
            distance_cost=one, duration_cost=zero, early=zero, late=far,
            most_duration=far, most_distance=far, profile=zero,
        )  # fmt: skip


@dataclass(frozen=True)
class Routing:
    """One instance of the problem above, as frozen arrays (symbols: see the module docstring)."""

    distance: Ints
    duration: Ints
    place: Ints
    service: Ints
    early: Ints
    late: Ints
    release: Ints
    delivery: Ints
    pickup: Ints
    skip_cost: Ints
    pair: Ints
    pair_load: Ints
    depot_place: Ints
    depot_early: Ints
    depot_late: Ints
    fleet: Fleet
    scale: int = 1
    name: str = ""

    @property
    def tasks(self) -> int:
        """Number of tasks."""
        return len(self.place)

    @property
    def pairs(self) -> int:
        """Number of pickup and delivery pairs."""
        return len(self.pair)

    @property
    def dimensions(self) -> int:
        """Number of dimensions of load."""
        return int(self.delivery.shape[0])

    @property
    def types(self) -> int:
        """Number of vehicle types."""
        return len(self.fleet.count)

    def partner(self) -> Ints:
        """The other task of every task's pair, -1 where it has none; shape V."""
        other = np.full(self.tasks, -1, dtype=np.int64)
        if self.pairs:
            other[self.pair[:, 0]] = self.pair[:, 1]
            other[self.pair[:, 1]] = self.pair[:, 0]
        return other

    def load_change(self) -> Ints:
        """Change of load at every task, deliveries from the depot negative; shape D×V."""
        change = self.pickup - self.delivery
        if self.pairs:
            change = change.copy()
            change[:, self.pair[:, 0]] += self.pair_load
            change[:, self.pair[:, 1]] -= self.pair_load
        return change

    def check(self) -> list[str]:
        """Every contradiction in the arrays, in words; empty when the statement is sound."""
        faults = self._shape_faults()
        return faults or [*self._range_faults(), *self._fleet_faults(), *self._pair_faults()]

    def _shape_faults(self) -> list[str]:
        p, places = self.distance.shape[0], self.distance.shape[-1]
        v, n, h, t, d = self.tasks, self.pairs, len(self.depot_place), self.types, self.dimensions
        want: dict[str, tuple[int, ...]] = {
            "distance": (p, places, places), "duration": (p, places, places), "service": (v,),
            "early": (v,), "late": (v,), "release": (v,), "delivery": (d, v), "pickup": (d, v),
            "skip_cost": (v,), "pair": (n, 2), "pair_load": (d, n), "depot_early": (h,),
            "depot_late": (h,),
        }  # fmt: skip
        faults = [
            f"{name} has shape {getattr(self, name).shape}, expected {shape}."
            for name, shape in want.items()
            if getattr(self, name).shape != shape
        ]
        for name in FLEET_FIELDS:
            if getattr(self.fleet, name).shape != (t,):
                faults.append(f"fleet.{name} has another length than fleet.count, {t}.")
        if self.fleet.capacity.shape != (d, t):
            faults.append(f"fleet.capacity has shape {self.fleet.capacity.shape}, not {(d, t)}.")
        if self.fleet.pool is not None and self.fleet.pool.shape != (t, 2):
            faults.append(f"fleet.pool has shape {self.fleet.pool.shape}, not {(t, 2)}.")
        limit = self.fleet.arc_limit
        if limit is not None and limit.shape != (d, t, places, places):
            faults.append(f"fleet.arc_limit has shape {limit.shape}, not {(d, t, places, places)}.")
        return faults

    def _range_faults(self) -> list[str]:
        places, h = self.distance.shape[-1], len(self.depot_place)
        spans = {
            "place": (self.place, places), "depot_place": (self.depot_place, places),
            "pair": (self.pair, self.tasks), "fleet.start_depot": (self.fleet.start_depot, h),
            "fleet.end_depot": (self.fleet.end_depot, h),
            "fleet.profile": (self.fleet.profile, self.distance.shape[0]),
        }  # fmt: skip
        faults = [
            f"{name} holds values outside 0..{high - 1}."
            for name, (values, high) in spans.items()
            if values.size and (values.min() < 0 or values.max() >= high)
        ]
        for name in ("distance", "duration", "service", "delivery", "pickup", "pair_load"):
            values = getattr(self, name)
            if values.size and values.min() < 0:
                faults.append(f"{name} holds negative values.")
        for name in ("distance", "duration"):
            if np.diagonal(getattr(self, name), axis1=1, axis2=2).any():
                faults.append(f"{name} is not 0 on its diagonal.")
        if (self.early > self.late).any():
            tasks = np.flatnonzero(self.early > self.late).tolist()
            faults.append(f"early is later than late at tasks {tasks}.")
        return faults

    def _fleet_faults(self) -> list[str]:
        fleet = self.fleet
        signed = ("count", "capacity", "fixed_cost", "distance_cost", "duration_cost",
                  "most_duration", "most_distance")  # fmt: skip
        faults = [
            f"fleet.{name} holds negative values."
            for name in signed
            if getattr(fleet, name).size and getattr(fleet, name).min() < 0
        ]
        if (self.depot_early > self.depot_late).any():
            depots = np.flatnonzero(self.depot_early > self.depot_late).tolist()
            faults.append(f"depot_early is later than depot_late at depots {depots}.")
        if (fleet.early > fleet.late).any():
            types = np.flatnonzero(fleet.early > fleet.late).tolist()
            faults.append(f"fleet.early is later than fleet.late at types {types}.")
        if (self.skip_cost < REQUIRED).any():
            faults.append(f"skip_cost holds values below {REQUIRED}.")
        if (fleet.pool is None) != (fleet.pool_limit is None):
            faults.append("fleet.pool and fleet.pool_limit must be given together.")
        return faults

    def _pair_faults(self) -> list[str]:
        faults = []
        used, often = np.unique(self.pair, return_counts=True)
        if (often > 1).any():
            faults.append(f"Tasks {used[often > 1].tolist()} belong to more than one pair.")
        depot_load = np.asarray((self.delivery + self.pickup).any(axis=0))
        if self.pairs and depot_load[used].any():
            faults.append("Tasks of a pair must not also deliver from or pick up for a depot.")
        if self.pairs and self.release[used].any():
            faults.append("Tasks of a pair have windows, no release: give the pickup an early.")
        if self.pairs:
            required = np.count_nonzero(self.skip_cost[self.pair] == REQUIRED, axis=1)
            if (required == 1).any():
                faults.append("Both tasks of a pair must be required, or neither.")
            closed = self.late[self.pair[:, 1]] < self.early[self.pair[:, 0]]
            if closed.any():
                pairs = np.flatnonzero(closed).tolist()
                faults.append(f"Pairs {pairs} close for delivery before they open for pickup.")
        return faults


FLEET_FIELDS = (
    "start_depot", "end_depot", "fixed_cost", "distance_cost", "duration_cost", "early", "late",
    "most_duration", "most_distance", "profile",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle of type ``vehicle`` doing ``tasks`` in order."""

    vehicle: int
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Routes:
    """A solution: its routes; what is on none of them is left undone."""

    routes: tuple[Route, ...] = field(default_factory=tuple)

    def undone(self, problem: Routing) -> Ints:
        """Tasks on no route, ascending."""
        done = [v for route in self.routes for v in route.tasks]
        return np.setdiff1d(np.arange(problem.tasks, dtype=np.int64), np.array(done, np.int64))
