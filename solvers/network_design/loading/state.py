"""The arrays that greedy construction and ruin and recreate read and change in compiled code.

``StaticData`` never changes but for the price of a missed minimum; ``SearchState`` is what changes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged, Small, compiled
from solvers.network_design.pricing.packed import (
    Labels,
    PackedArcs,
    PackedCommodities,
    PackedNetwork,
    PackedRows,
    by_design,
)
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.places import no_place

LONG = 200  #: arcs of a long path
_SPARE = 60_000  #: parts that there is room for beyond those on the network
SHORT_PRICE = 12.0
"""Price of a missing unit of a minimum, in fixed costs per unit of the minimum."""


class Designs(NamedTuple):
    """Cost of running, what is settled, and the ≥ rows, ≤ rows and users of every design.

    ``slope`` is the fixed cost per unit of load and leg of a full design, ``room`` its least limit.
    ``short_price`` is per row.
    """

    fixed: Floats
    never: Bools
    may_stop: Bools
    slope: Floats
    room: Floats
    floor_start: Ints
    floor: Ints
    cap_start: Ints
    cap: Ints
    user_start: Ints
    user: Ints
    short_price: Floats


class StaticData(NamedTuple):
    """What compiled code reads: the parts of a packed network, and its designs."""

    arcs: PackedArcs
    who: PackedCommodities
    row: PackedRows
    design: Designs


class State(NamedTuple):
    """Room of the ≤ rows, load of the ≥ rows, uses of the designs, what is left, cost[0]."""

    room: Floats
    load: Floats
    uses: Ints
    left: Floats
    cost: Floats


class Parts(NamedTuple):
    """Parts in order of making; arcs of ``i`` are ``buffer[start[i] : start[i] + size[i]]``.

    ``on`` tells which are on the network; ``top`` holds how many were made and the buffer's end.
    """

    commodity: Ints
    leaving: Ints
    amount: Floats
    start: Ints
    size: Ints
    unit: Floats
    on: Bools
    buffer: Small
    top: Ints


class Scratch(NamedTuple):
    """Labels of the last scan, and how often its path meets each row.

    ``number`` (-1 for every node) and ``seen`` (False for every place) are for
    :mod:`solvers.network_design.pricing.once_kernels`.
    """

    labels: Labels
    times: Floats
    number: Ints
    seen: Bools

    @staticmethod
    def of(network: Network) -> Scratch:
        """Scratch as it begins and, but for the labels, is left."""
        nodes = network.problem.nodes
        return Scratch(
            Labels.of(nodes), np.zeros(network.rows), np.full(nodes, -1, np.int64),
            no_place(network.problem),
        )  # fmt: skip


class SearchState(NamedTuple):
    """What compiled code changes."""

    state: State
    parts: Parts
    scratch: Scratch


def static_data(network: Network, row_price: Floats) -> StaticData:
    """The network as compiled code reads it, guided by prices per unit of load, shape R."""
    packed = PackedNetwork.of(network, row_price)
    problem = network.problem
    # What must be served costs more to leave than anything else that may happen.
    dear = float(np.abs(problem.fixed_cost).sum()) + 1e6
    unserved = np.where(np.isfinite(problem.unserved_cost), problem.unserved_cost, dear)
    who = packed.who._replace(unserved_cost=unserved)
    return StaticData(packed.arcs, who, packed.row, _designs(network, packed))


def _designs(network: Network, packed: PackedNetwork) -> Designs:
    problem, owner, who = network.problem, network.row_design, packed.who
    owned = (owner >= 0) & (network.row_limit > 0.0)
    floor = by_design(owned & network.row_floor, owner, problem.designs)
    cap = by_design(owned & ~network.row_floor, owner, problem.designs)
    room = np.full(problem.designs, np.inf)
    np.minimum.at(room, owner[cap.values], network.row_limit[cap.values])
    price = np.zeros(len(owner))
    cost = np.maximum(problem.fixed_cost[owner[floor.values]], 1.0)
    price[floor.values] = SHORT_PRICE * cost / network.row_limit[floor.values]
    users = _users(who.sub, who.sub_start, who.sub_arcs, packed.arcs.design, problem.designs)
    return Designs(
        problem.fixed_cost * problem.y_max, problem.y_max == 0, problem.y_min == 0,
        network.slope, room,
        floor.start, floor.values, cap.start, cap.values, *users, price,
    )  # fmt: skip


@compiled
def _users(sub: Ints, sub_start: Ints, sub_arcs: Small, design: Ints, designs: int
           ) -> tuple[Ints, Ints]:  # fmt: skip
    """Starts and commodities, by design, of those that may use an arc of it."""
    start = np.zeros(designs + 1, np.int64)
    place = start[:-1].copy()
    users = np.empty(0, np.int64)
    for turn in range(2):
        seen = np.full(designs, -1, np.int64)
        if turn == 1:
            for s in range(designs):
                start[s + 1] += start[s]
            place[:] = start[:-1]
            users = np.empty(start[designs], np.int64)
        for k in range(len(sub)):
            for a in sub_arcs[sub_start[sub[k]] : sub_start[sub[k] + 1]]:
                s = design[a]
                if s < 0 or seen[s] == k:
                    continue
                seen[s] = k
                if turn == 0:
                    start[s + 1] += 1
                else:
                    users[place[s]] = k
                    place[s] += 1
    return start, users


def _room_for(many: int, length: int) -> Parts:
    """No part, with room for so many parts and arcs, and for spare ones."""
    n, whole = many + _SPARE, np.int64
    return Parts(
        np.zeros(n, whole), np.zeros(n, whole), np.zeros(n), np.zeros(n, whole),
        np.zeros(n, whole), np.zeros(n), np.zeros(n, np.bool_),
        np.zeros(length + LONG * _SPARE // 2, np.int32), np.zeros(2, whole),
    )  # fmt: skip


def on_network(parts: Parts) -> tuple[Ints, Ragged]:
    """Which parts are on the network, and their arcs."""
    at = np.flatnonzero(parts.on[: parts.top[0]])
    size, start = parts.size[at], parts.start[at]
    begin = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    where = np.arange(begin[-1]) + np.repeat(start - begin[:-1], size)
    return at, Ragged(begin, parts.buffer[where].astype(np.int64))


def no_parts() -> Parts:
    """No part, with room for spare ones."""
    return _room_for(0, 0)


def parts_of(network: Network, paths: Itineraries, amount: Floats) -> Parts:
    """The given amounts on the given paths, with room for spare parts."""
    n, steps = len(paths), paths.arcs.values
    made = _room_for(n, len(steps))
    made.commodity[:n], made.leaving[:n], made.amount[:n] = paths.commodity, paths.path_exit, amount
    made.unit[:n] = paths.unit_cost(network)
    made.start[:n], made.size[:n] = paths.arcs.start[:-1], np.diff(paths.arcs.start)
    made.buffer[: len(steps)] = network.place[steps]
    made.top[:] = n, len(steps)
    return made


def grown(parts: Parts, more: int = 0) -> Parts:
    """The parts that are on the network, with room for ``more`` and spare ones."""
    at, arcs = on_network(parts)
    n = len(at)
    made = _room_for(n + more, len(arcs.values) + LONG * more)
    for name in ("commodity", "leaving", "amount", "unit"):
        getattr(made, name)[:n] = getattr(parts, name)[at]
    made.start[:n], made.size[:n] = arcs.start[:-1], np.diff(arcs.start)
    made.buffer[: len(arcs.values)] = arcs.values
    made.top[:] = n, len(arcs.values)
    return made
