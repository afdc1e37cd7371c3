"""Small routing problems: one solved by hand, and random ones for differential tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.vrp.problem import FAR, REQUIRED, Fleet, Routing


def line(places: list[int], **changes: object) -> Routing:
    """Tasks on a line, the depot at 0; distance and duration are the metres between.

    Each task puts down 1 of a capacity of 2. Any field can be changed by keyword.
    """
    at = np.array([0, *places])
    travel = np.abs(at[:, None] - at[None, :]).astype(np.int64)[None]
    tasks = len(places)
    zero = np.zeros(tasks, dtype=np.int64)
    problem = Routing(
        distance=travel, duration=travel, place=np.arange(1, tasks + 1), service=zero, early=zero,
        late=zero + FAR, release=zero, delivery=np.ones((1, tasks), np.int64), pickup=zero[None],
        skip_cost=zero + REQUIRED, pair=np.zeros((0, 2), np.int64),
        pair_load=np.zeros((1, 0), np.int64), depot_place=np.array([0]),
        depot_early=np.array([0]), depot_late=np.array([FAR]), fleet=Fleet.uniform(tasks, [2]),
    )  # fmt: skip
    return replace(problem, **changes)  # type: ignore[arg-type]


def pairs_on_line(pairs: list[tuple[int, int]], load: int = 1, capacity: int = 2) -> Routing:
    """Pick up at the first place of each pair and deliver at the second, on the same line."""
    places = [place for pair in pairs for place in pair]
    base = line(places)
    return replace(
        base,
        delivery=np.zeros_like(base.delivery),
        pair=np.arange(len(places)).reshape(-1, 2),
        pair_load=np.full((1, len(pairs)), load, dtype=np.int64),
        fleet=Fleet.uniform(len(pairs), [capacity]),
    )


def random_problem(seed: int, tasks: int = 6) -> Routing:
    """Windows, service, releases, two dimensions, two vehicle types, backhauls, pairs, options."""
    rng = np.random.default_rng(seed)
    pairs = int(rng.integers(0, tasks // 2))
    at = rng.integers(0, 60, (tasks + 2, 2))
    travel = np.rint(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))).astype(np.int64)
    early = rng.integers(0, 150, tasks)
    late = early + rng.integers(60, 200, tasks)
    late[1 : 2 * pairs : 2] = np.maximum(late[1 : 2 * pairs : 2], early[: 2 * pairs : 2] + 30)
    single = np.arange(tasks) >= 2 * pairs
    delivers = single & (rng.random(tasks) < 0.6)
    amount = rng.integers(1, 5, (2, tasks))
    skip = np.where(single & (rng.random(tasks) < 0.3), rng.integers(20, 120, tasks), REQUIRED)
    return Routing(
        distance=np.stack([travel, travel * 2]), duration=np.stack([travel, travel // 2]),
        place=np.arange(2, tasks + 2), service=rng.integers(0, 10, tasks), early=early,
        late=late,
        release=np.where(delivers & (rng.random(tasks) < 0.4), rng.integers(0, 80, tasks), 0),
        delivery=amount * delivers, pickup=amount * (single & ~delivers), skip_cost=skip,
        pair=np.arange(2 * pairs).reshape(-1, 2), pair_load=rng.integers(1, 5, (2, pairs)),
        depot_place=np.array([0, 1]), depot_early=np.array([0, 5]),
        depot_late=np.array([500, 450]),
        fleet=Fleet(
            count=np.array([2, 3]), capacity=np.array([[8, 12], [9, 10]]),
            start_depot=np.array([0, 1]), end_depot=np.array([1, 1]),
            fixed_cost=rng.integers(0, 40, 2), distance_cost=np.array([1, 2]),
            duration_cost=rng.integers(0, 3, 2), early=np.array([0, 20]),
            late=np.array([480, FAR]), most_duration=np.array([FAR, 300]),
            most_distance=np.array([260, FAR]), profile=np.array([0, 1]),
        ),
    )  # fmt: skip


def varied_problem(seed: int, tasks: int) -> Routing:
    """As above with optional pairs, ties, exact fits, releases after windows, a spare depot.

    Coordinates, capacities and times are coarse, so that many routes cost the same, fill their
    vehicle exactly and arrive as a window closes.
    """
    rng = np.random.default_rng(seed)
    base = random_problem(seed, max(tasks, 2))
    pairs = int(rng.integers(0, tasks // 2 + 1))
    at = 10 * rng.integers(0, 5, (tasks + 3, 2))
    travel = np.abs(at[:, None] - at[None]).sum(axis=2).astype(np.int64)
    single = np.arange(tasks) >= 2 * pairs
    delivers = single & (rng.random(tasks) < 0.5)
    amount = 2 * rng.integers(0, 3, (2, tasks))
    skip = np.where(rng.random(tasks) < 0.5, 10 * rng.integers(0, 20, tasks), REQUIRED)
    first, second = np.arange(0, 2 * pairs, 2), np.arange(1, 2 * pairs, 2)
    both = (skip[first] == REQUIRED) | (skip[second] == REQUIRED)
    skip[first] = np.where(both, REQUIRED, skip[first])
    skip[second] = np.where(both, REQUIRED, skip[second])
    early = 10 * rng.integers(0, 10, tasks)
    late = early + 10 * rng.integers(0, 12, tasks)
    late[second] = np.maximum(late[second], early[first])
    count = rng.integers(0, 3, 2) if rng.random() < 0.3 else np.array([2, 2])
    fleet = replace(
        base.fleet, count=count, capacity=2 * rng.integers(2, 6, (2, 2)),
        early=np.array([0, 10 * int(rng.integers(0, 4))]), late=np.array([FAR, 300]),
        start_depot=rng.integers(0, 2, 2), end_depot=rng.integers(0, 2, 2),
        most_duration=np.array([FAR, 10 * int(rng.integers(10, 30))]),
        most_distance=np.array([10 * int(rng.integers(8, 40)), FAR]),
    )  # fmt: skip
    return replace(
        base, distance=np.stack([travel, travel * 2]), duration=np.stack([travel, travel // 2]),
        place=np.arange(3, tasks + 3), service=10 * rng.integers(0, 2, tasks), early=early,
        late=late, release=np.where(
            delivers & (rng.random(tasks) < 0.4), 10 * rng.integers(0, 15, tasks), 0),
        delivery=amount * delivers, pickup=amount * (single & ~delivers), skip_cost=skip,
        pair=np.arange(2 * pairs).reshape(-1, 2), pair_load=2 * rng.integers(1, 4, (2, pairs)),
        depot_place=np.array([0, 1, 2]), depot_early=np.array([0, 20, 0]),
        depot_late=np.array([400, 350, 0]), fleet=fleet,
    )  # fmt: skip
