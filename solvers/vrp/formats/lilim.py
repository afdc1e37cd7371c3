"""Reader of the pickup and delivery instances of Li and Lim (2001).

One header line ``vehicles capacity speed`` (the speed 1, or 0 for none), then one line per node:
``id x y demand ready due service pickup delivery``. Node 0 is the depot; ``delivery`` names the
sibling of a pickup and ``pickup`` that of a delivery. Fewest vehicles first, then least Euclidean
distance in double precision.

Li, Lim (2001), "A metaheuristic for the pickup and delivery problem with time windows", ICTAI.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np

from solvers.arrays import Ints
from solvers.outcome import FormatError
from solvers.vrp.formats.exact import Points, integers, number, scale_of, whole
from solvers.vrp.problem import REQUIRED, Fleet, Routing

SCALE = 1000
"""Integer units per unit of distance and time."""
FIELDS = 9
Table = list[list[Decimal]]


def read_lilim(path: Path) -> Routing:
    """Read one file; raises FormatError naming the line and what is wrong with it."""
    vehicles, capacity, table = _table(path)
    _, xs, ys, demand, *times, _, _ = ([row[i] for row in table] for i in range(FIELDS))
    points = Points(str(path), xs, ys, SCALE)
    distance = points.nearest()[None]
    early, late, service = (integers(str(path), column, SCALE) for column in times)
    pair = _pairs(path, table)
    grain = scale_of([*demand, capacity])
    load = integers(str(path), demand, grain)[None, pair[:, 0] + 1]
    room = int(integers(str(path), [capacity], grain)[0])
    tasks = len(table) - 1
    zero = np.zeros(tasks, dtype=np.int64)
    # One vehicle costs more than any route here is long: fewer vehicles come first.
    fixed = int(distance[0].max(axis=1).sum())
    problem = Routing(
        # Rounded up, so that no schedule here is late in exact arithmetic.
        distance=distance, duration=points.ceilings()[None], place=np.arange(1, tasks + 1),
        service=service[1:], early=early[1:], late=late[1:],
        release=zero, delivery=zero[None], pickup=zero[None], skip_cost=zero + REQUIRED,
        pair=pair, pair_load=load, depot_place=np.array([0]),
        depot_early=early[:1], depot_late=late[:1],
        fleet=Fleet.uniform(vehicles, [room], fixed), scale=SCALE, name=path.stem,
    )  # fmt: skip
    faults = problem.check()
    if faults:
        raise FormatError(f"{path}: {faults[0]} Check the file.")
    return problem


def _table(path: Path) -> tuple[int, Decimal, Table]:
    text = path.read_text(encoding="utf-8", errors="replace")
    split = [line.split() for line in text.split("\n")]
    lines = [(number, words) for number, words in enumerate(split, 1) if words]
    if not lines or len(lines[0][1]) != 3:
        raise FormatError(f"{path}, line 1: expected 'vehicles capacity speed'. Check the format.")
    where = f"{path}, line {lines[0][0]}"
    vehicles, capacity, speed = lines[0][1]
    if whole(where, vehicles) < 1 or number(where, speed) not in (0, 1):
        raise FormatError(f"{where}: expected at least one vehicle, and 1 or 0 as speed.")
    rows = [_row(path, line, expected) for expected, line in enumerate(lines[1:])]
    if not rows:
        raise FormatError(f"{path}: no depot line. Check that the file is whole.")
    if rows[0][3] or any(rows[0][6:]):
        raise FormatError(f"{path}: the depot has a demand, a service or a sibling.")
    return whole(where, vehicles), number(where, capacity), rows


def _row(path: Path, line: tuple[int, list[str]], expected: int) -> list[Decimal]:
    at, words = line
    where = f"{path}, line {at}"
    if len(words) != FIELDS:
        raise FormatError(f"{where}: {len(words)} fields, expected {FIELDS}.")
    row = [number(where, word) for word in words]
    if row[0] != expected:
        raise FormatError(f"{where}: node {words[0]}, expected {expected}.")
    for word in words[7:]:
        whole(where, word)
    return row


def _pairs(path: Path, table: Table) -> Ints:
    """Pickup and delivery task of every pair, in the order of the pickups."""
    pairs = []
    for i, row in enumerate(table[1:], 1):
        pickup, sibling = int(row[7]), int(row[8])
        if (pickup == 0) == (sibling == 0):
            raise FormatError(f"{path}, node {i}: expected one sibling, of pickup or delivery.")
        if sibling == 0:
            continue
        if not 0 < sibling < len(table) or sibling == i or int(table[sibling][7]) != i:
            raise FormatError(f"{path}, node {i}: sibling {sibling} does not point back to it.")
        if row[3] + table[sibling][3] != 0 or row[3] < 0:
            raise FormatError(f"{path}, node {i}: demand is not that of node {sibling}, negated.")
        pairs.append((i - 1, sibling - 1))
    if 2 * len(pairs) != len(table) - 1:
        raise FormatError(f"{path}: {len(pairs)} pairs for {len(table) - 1} nodes.")
    return np.array(pairs, np.int64).reshape(-1, 2)
