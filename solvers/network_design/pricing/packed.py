"""One view of a network for all who search it, one scan over it, and one way to trace a path.

Arcs stand in search order (by topological order of their tails; as numbered where there are
cycles), what one arc costs side by side in memory, so that a scan reads nothing else. The cost of
a unit of commodity ``k`` on arc ``a`` is

    ``factor[k] · cost[a]``  with  ``factor[k] = (1, w[·,k], v[·,k])``  and
    ``cost[a] = (c[a], g[·,a], ρ[·,a])``

in the symbols of :mod:`solvers.network_design.statement.problem`, ``ρ[d,a]`` the prices of a unit
of load of dimension ``d``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged, Small, compiled
from solvers.network_design.statement.network import Network

NOWHERE = -(1 << 40)
"""Sum of marks where no way leads."""


class PackedArcs(NamedTuple):
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


class PackedCommodities(NamedTuple):
    """Factors of the arc costs, load per dimension, ends, usable arcs and demand, by commodity.

    The last factors, as many as dimensions, weigh prices of load. Commodity ``k`` may use the arcs
    ``sub_arcs[sub_start[sub[k]] : sub_start[sub[k] + 1]]`` and leave at the exits
    ``exit[exit_start[k] : exit_start[k + 1]]``.
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


class PackedRows(NamedTuple):
    """Dimension, design (-1: none) and limit of every row."""

    dim: Ints
    design: Ints
    limit: Floats


class PackedNetwork(NamedTuple):
    """A network in search order; see the module docstring."""

    arcs: PackedArcs
    who: PackedCommodities
    row: PackedRows

    @staticmethod
    def of(network: Network, row_price: Floats) -> PackedNetwork:
        """The network with rows priced per unit of load, shape R."""
        problem, order = network.problem, network.order
        rho = network.arc_prices(row_price)
        cost = np.column_stack(
            [problem.cost[order], problem.attribute[:, order].T, rho[:, order].T]
        )
        arrives = problem.arrives[order] if problem.once else problem.arrives
        caps = network.rows_by_sense(floor=False).take(order)
        floors = network.rows_by_sense(floor=True).take(order)
        arcs = PackedArcs(
            *network.ends, problem.design[order], caps.start, caps.values, floors.start,
            floors.values, np.ascontiguousarray(cost), arrives,
        )  # fmt: skip
        row = PackedRows(network.row_dim, network.row_design, network.row_limit)
        return PackedNetwork(arcs, _commodities(network), row)

    def reprice(self, network: Network, row_price: Floats) -> None:
        """Other prices of the rows, in place."""
        rho = network.arc_prices(row_price)
        self.arcs.cost[:, -network.dimensions :] = rho[:, network.order].T


def _commodities(network: Network) -> PackedCommodities:
    problem = network.problem
    factor = np.vstack([np.ones(problem.commodities), problem.rate, network.load])
    return PackedCommodities(
        np.ascontiguousarray(factor.T), np.ascontiguousarray(network.load.T), problem.origin,
        problem.exits.start, problem.exits.values, problem.exit_node, problem.exit_cost,
        network.sub, network.sub_start, network.place[network.sub_arcs].astype(np.int32),
        problem.demand, problem.lot, problem.unserved_cost, problem.home,
    )  # fmt: skip


class Labels(NamedTuple):
    """What a scan leaves at every node: distance from the origin, and the last arc on the way."""

    dist: Floats
    last: Ints

    @staticmethod
    def of(nodes: int) -> Labels:
        """Labels that nothing has reached yet."""
        return Labels(np.full(nodes, np.inf), np.full(nodes, -1, np.int64))


class Gate(NamedTuple):
    """What else decides on an arc: room for ``need`` units in its ≤ rows, and surcharges.

    A unit loads dimension ``d`` with ``each[d]``; row ``r`` is of dimension ``dim[r]`` and has
    ``room[r]`` left; the ≤ rows of an arc are ``row[start[a] : start[a + 1]]``. ``charge`` is per
    unit of load on a design that does not run yet (``uses`` 0); below 0 it counts in any case.
    """

    need: float
    each: Floats
    room: Floats
    dim: Ints
    start: Ints
    row: Ints
    uses: Ints
    charge: Floats


@compiled
def usable(k: int, who: PackedCommodities) -> Small:
    """Arcs that commodity ``k`` may use, in search order."""
    return who.sub_arcs[who.sub_start[who.sub[k]] : who.sub_start[who.sub[k] + 1]]


@compiled
def exits(k: int, who: PackedCommodities) -> Ints:
    """Exits of commodity ``k``."""
    return who.exit[who.exit_start[k] : who.exit_start[k + 1]]


@compiled
def along(a: int, factor: Floats, cost: Floats, extra: Floats | None) -> float:
    """Cost of a unit on an arc; ``extra`` is added for each arc."""
    total = 0.0 if extra is None else extra[a]
    for j in range(len(factor)):
        total += factor[j] * cost[a, j]
    return float(total)


@compiled
def scan(
    k: int, factor: Floats, net: PackedNetwork, extra: Floats | None, gate: Gate | None,
    labels: Labels,
) -> None:  # fmt: skip
    """Cheapest ways from the origin of ``k`` to the heads of its arcs and its exits.

    The network must be acyclic. ``extra`` (by arc) and ``gate`` may be None.
    """
    arcs, who, dist, last = net.arcs, net.who, labels.dist, labels.last
    tail, head, design, cost = arcs.tail, arcs.head, arcs.design, arcs.cost
    mine = usable(k, who)
    _forget(exits(k, who), mine, net, dist)
    dist[who.origin[k]] = 0.0
    last[who.origin[k]] = -1
    for a in mine:
        if dist[tail[a]] == np.inf:
            continue
        there = dist[tail[a]] + along(a, factor, cost, extra)
        if gate is not None and design[a] >= 0:
            there += _surcharge(design[a], gate.uses, gate.charge) * gate.each[0]
        if there < dist[head[a]] and (gate is None or _has_room(a, gate)):
            dist[head[a]] = there
            last[head[a]] = a


@compiled
def _forget(leave: Ints, mine: Small, net: PackedNetwork, dist: Floats) -> None:
    """Forget what was known of exits and of heads of arcs."""
    for i in leave:
        dist[net.who.exit_node[i]] = np.inf
    for a in mine:
        dist[net.arcs.head[a]] = np.inf


@compiled
def _surcharge(s: int, uses: Ints, charge: Floats) -> float:
    """Surcharge per unit of load on design ``s``."""
    return float(charge[s]) if uses[s] == 0 or charge[s] < 0.0 else 0.0


@compiled
def _has_room(a: int, gate: Gate) -> bool:
    """Whether every ≤ row of an arc has room."""
    if gate.need == 0.0:
        return True
    for i in range(gate.start[a], gate.start[a + 1]):
        r = gate.row[i]
        if gate.room[r] < gate.need * gate.each[gate.dim[r]] - 1e-7:
            return False
    return True


@compiled
def weights(
    k: int, factor: Floats, net: PackedNetwork, extra: Floats | None, gate: Gate | None
) -> Floats:
    """What a unit of ``k`` pays on each of its arcs, ``inf`` where there is no room."""
    design, cost, mine = net.arcs.design, net.arcs.cost, usable(k, net.who)
    weight = np.empty(len(mine))
    for i in range(len(mine)):
        a = mine[i]
        weight[i] = along(a, factor, cost, extra)
        if gate is not None:
            if design[a] >= 0:
                weight[i] += _surcharge(design[a], gate.uses, gate.charge) * gate.each[0]
            if not _has_room(a, gate):
                weight[i] = np.inf
    return weight


@compiled
def cheapest_exit(k: int, who: PackedCommodities, dist: Floats) -> tuple[float, int]:
    """Least cost of leaving and the exit where, -1 where none is reached."""
    best, at = np.inf, -1
    for i in exits(k, who):
        value = dist[who.exit_node[i]] + who.exit_cost[i]
        if value < best:
            best, at = value, i
    return best, at


@compiled
def trace(node: int, tail: Small, labels: Labels, out: Ints | Small, at: int) -> int:
    """Write the way to ``node`` into ``out`` from ``at``; its length.

    -1 where it does not fit, -2 where it goes round in a circle.
    """
    length = 0
    while labels.last[node] >= 0:
        if length >= len(labels.dist):
            return -2
        if at + length >= len(out):
            return -1
        out[at + length] = labels.last[node]
        node = tail[labels.last[node]]
        length += 1
    for j in range(length // 2):
        other = at + length - 1 - j
        out[at + j], out[other] = out[other], out[at + j]
    return length


@compiled
def most_marked(arcs: Ints | Small, ends: tuple[Small, Small], mark: Ints, most: Ints) -> None:
    """Raise ``most`` at every node to the largest sum of marks on a way to it over ``arcs``.

    Ways begin where ``most`` is not ``NOWHERE``, with what it is there; arcs in search order.
    """
    tail, head = ends
    for a in arcs:
        if most[tail[a]] > NOWHERE:
            most[head[a]] = max(most[head[a]], most[tail[a]] + mark[a])


def by_design(rows: Bools, owner: Ints, designs: int) -> Ragged:
    """The marked rows (shape R) of every design, ``owner`` the design of each row."""
    marked = np.flatnonzero(rows)
    count = np.bincount(owner[marked], minlength=designs)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return Ragged(start, marked[np.argsort(owner[marked], kind="stable")])
