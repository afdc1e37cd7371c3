"""The arrays that compiled moves read and change.

Arcs are numbered in search order throughout the package. ``Net`` never changes but for the
price of a missed minimum; ``Now`` is what moves change.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged, Small, compiled
from solvers.network_design.pricing.packed import Packed
from solvers.network_design.statement.network import Network

SHORT_PRICE = 12.0
"""Price of a missing unit of a minimum, in fixed costs per unit of the minimum."""


class Arcs(NamedTuple):
    """Ends, design, ≤ rows and ≥ rows of every arc; columns of ``cost`` are for the factors.

    ``arrives`` is the place that the arc comes to, -1 for none; empty where no rule is stated.
    """

    tail: Small
    head: Small
    design: Ints
    cap_start: Ints
    cap: Ints
    floor_start: Ints
    floor: Ints
    cost: Floats
    arrives: Ints


class Commodities(NamedTuple):
    """Factors of the arc costs, load per dimension, ends, usable arcs and demand, by commodity.

    The last factors, as many as dimensions, weigh guiding prices.
    """

    factor: Floats
    load: Floats
    origin: Ints
    exit_start: Ints
    exit: Ints
    exit_node: Ints
    exit_cost: Floats
    sub: Ints
    sub_start: Ints
    sub_arcs: Small
    demand: Floats
    lot: Floats
    unserved_cost: Floats
    home: Ints


class Rows(NamedTuple):
    """Dimension, design (-1: none) and limit of every row."""

    dim: Ints
    design: Ints
    limit: Floats


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


class Net(NamedTuple):
    """The network as moves read it."""

    arcs: Arcs
    who: Commodities
    row: Rows
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


class Work(NamedTuple):
    """Scratch: distance and last arc of the nodes, how often a path meets each row.

    ``number`` (-1 for every node) and ``seen`` (False for every place) are for
    :mod:`solvers.network_design.pricing.once_kernels`.
    """

    dist: Floats
    last: Ints
    times: Floats
    number: Ints
    seen: Bools


class Now(NamedTuple):
    """What moves change."""

    state: State
    parts: Parts
    work: Work


def net_of(network: Network, row_price: Floats) -> Net:
    """The network as moves read it, guided by prices per unit of load of the rows, shape R."""
    packed = Packed.of(network, row_price)
    floors = _floors_at(network).take(network.order)
    arcs = Arcs(
        *packed.ends,
        packed.design,
        *packed.rows,
        floors.start,
        floors.values,
        packed.costs,
        network.problem.arrives[network.order] if network.problem.once else network.problem.arrives,
    )
    who = _commodities(network, packed.factors)
    row = Rows(network.row_dim, network.row_design, network.row_limit)
    return Net(arcs, who, row, _designs(network, arcs, who))


def _floors_at(network: Network) -> Ragged:
    """The minimum rows that contain each arc."""
    at = network.rows_at
    keep = network.row_floor[at.values]
    count = np.bincount(at.owners()[keep], minlength=network.problem.arcs)
    return Ragged(np.concatenate([[0], np.cumsum(count)]).astype(np.int64), at.values[keep])


def _commodities(network: Network, factor: Floats) -> Commodities:
    problem = network.problem
    # What must be served costs more to leave than anything else that may happen.
    dear = float(np.abs(problem.fixed_cost).sum()) + 1e6
    return Commodities(
        np.ascontiguousarray(factor.T), np.ascontiguousarray(network.load.T), problem.origin,
        problem.exits.start, problem.exits.values, problem.exit_node, problem.exit_cost,
        network.sub, network.sub_start, network.place[network.sub_arcs].astype(np.int32),
        problem.demand, problem.lot,
        np.where(np.isfinite(problem.unserved_cost), problem.unserved_cost, dear), problem.home,
    )  # fmt: skip


def _designs(network: Network, arcs: Arcs, who: Commodities) -> Designs:
    problem, owner = network.problem, network.row_design
    some = (owner >= 0) & (network.row_limit > 0.0)
    floor_start, floor = _by_design(network, some & network.row_floor)
    cap_start, cap = _by_design(network, some & ~network.row_floor)
    room = np.full(problem.designs, np.inf)
    np.minimum.at(room, owner[cap], network.row_limit[cap])
    legs = np.maximum(np.diff(cap_start), 1)
    price = np.zeros(len(owner))
    cost = np.maximum(problem.fixed_cost[owner[floor]], 1.0)
    price[floor] = SHORT_PRICE * cost / network.row_limit[floor]
    users = _users(who.sub, who.sub_start, who.sub_arcs, arcs.design, problem.designs)
    return Designs(
        problem.fixed_cost * problem.y_max, problem.y_max == 0, problem.y_min == 0,
        np.maximum(problem.fixed_cost, 0.0) / (np.maximum(room, 1.0) * legs), room,
        floor_start, floor, cap_start, cap, *users, price,
    )  # fmt: skip


def _by_design(network: Network, which: Bools) -> tuple[Ints, Ints]:
    """Starts and marked rows, by design."""
    rows = np.flatnonzero(which)
    owner = network.row_design[rows]
    count = np.bincount(owner, minlength=network.problem.designs)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return start, rows[np.argsort(owner, kind="stable")]


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
