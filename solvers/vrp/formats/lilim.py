"""Reader of the pickup and delivery instances of Li and Lim (2001).

One header line ``vehicles capacity speed`` (the speed is not used), then one line per node:
``id x y demand ready due service pickup delivery``. Node 0 is the depot; ``delivery`` names the
sibling of a pickup and ``pickup`` that of a delivery. Fewest vehicles first, then least Euclidean
distance in double precision.

Li, Lim (2001), "A metaheuristic for the pickup and delivery problem with time windows", ICTAI.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.outcome import FormatError
from solvers.vrp.problem import REQUIRED, Fleet, Routing

SCALE = 1000
"""Integer units per unit of distance and time."""
FIELDS = 9


def read_lilim(path: Path) -> Routing:
    """Read one file; raises FormatError naming the line and what is wrong with it."""
    vehicles, capacity, table = _table(path)
    travel = np.sqrt(((table[:, None, 1:3] - table[None, :, 1:3]) ** 2).sum(axis=2)) * SCALE
    distance = np.rint(travel).astype(np.int64)[None]
    # Rounded up, so that no schedule here is late in exact arithmetic.
    duration = np.ceil(travel - 1e-6).astype(np.int64)[None]
    pair, load = _pairs(path, table)
    tasks = len(table) - 1
    zero = np.zeros(tasks, dtype=np.int64)
    # One vehicle costs more than any route here is long: fewer vehicles come first.
    fixed = int(distance[0].max(axis=1).sum())
    return Routing(
        distance=distance, duration=duration, place=np.arange(1, tasks + 1),
        service=_ints(table[1:, 6]), early=_ints(table[1:, 4]), late=_ints(table[1:, 5]),
        release=zero, delivery=zero[None], pickup=zero[None], skip_cost=zero + REQUIRED,
        pair=pair, pair_load=load, depot_place=np.array([0]),
        depot_early=_ints(table[:1, 4]), depot_late=_ints(table[:1, 5]),
        fleet=Fleet.uniform(vehicles, [capacity], fixed), scale=SCALE, name=path.stem,
    )  # fmt: skip


def _ints(column: Floats) -> Ints:
    return np.rint(column * SCALE).astype(np.int64)


def _table(path: Path) -> tuple[int, int, Floats]:
    text = path.read_text(encoding="utf-8", errors="replace")
    split = [line.split() for line in text.split("\n")]
    lines = [(number, words) for number, words in enumerate(split, 1) if words]
    if not lines or len(lines[0][1]) != 3:
        raise FormatError(f"{path}, line 1: expected 'vehicles capacity speed'. Check the format.")
    head = [_number(path, lines[0][0], word) for word in lines[0][1]]
    rows = []
    for expected, (number, words) in enumerate(lines[1:]):
        if len(words) != FIELDS:
            raise FormatError(f"{path}, line {number}: {len(words)} fields, expected {FIELDS}.")
        rows.append([_number(path, number, word) for word in words])
        if rows[-1][0] != expected:
            raise FormatError(f"{path}, line {number}: node {words[0]}, expected {expected}.")
    if not rows:
        raise FormatError(f"{path}: no depot line. Check that the file is whole.")
    return int(head[0]), int(head[1]), np.array(rows)


def _number(path: Path, number: int, word: str) -> float:
    try:
        value = float(word)
    except ValueError as error:
        raise FormatError(f"{path}, line {number}: '{word}' is not a number.") from error
    if not abs(value) < 1e9:
        raise FormatError(f"{path}, line {number}: {word} is out of range.")
    return value


def _pairs(path: Path, table: Floats) -> tuple[Ints, Ints]:
    pairs, loads = [], []
    for i in range(1, len(table)):
        sibling = int(table[i, 8])
        if sibling == 0:
            continue
        if not 0 < sibling < len(table) or int(table[sibling, 7]) != i:
            raise FormatError(f"{path}, node {i}: sibling {sibling} does not point back to it.")
        if table[i, 3] + table[sibling, 3] != 0 or table[i, 3] < 0:
            raise FormatError(f"{path}, node {i}: demand is not that of node {sibling}, negated.")
        pairs.append((i - 1, sibling - 1))
        loads.append(int(table[i, 3]))
    if 2 * len(pairs) != len(table) - 1:
        raise FormatError(f"{path}: {len(pairs)} pairs for {len(table) - 1} nodes.")
    return np.array(pairs, np.int64).reshape(-1, 2), np.array([loads], np.int64)
