"""From an instance to ``solvers.NetworkDesign``, with the way back.

Units of flow are TEU, money is the base currency. Sets as in
:mod:`solvers.network_design.statement.problem`: nodes and arcs are those of
:mod:`freight.model.network`, designs are dated departures, commodities are pools of interchangeable
shipments. Parameters:

    ``c[a]``      price of arc ``a`` per TEU: leg, border, customs, handling, transfer, storage
    ``g[0,a]``    its price per gross tonne; ``w[0,k]`` gross tonnes per TEU of ``k``
    ``exit_cost`` of ``k`` at ``n``: capital of the hours from ready to ``time[n]``, and lateness
    ``v[0,k]``    1; ``v[1,k]`` loaded tonnes (goods and boxes) per TEU

Capital depends on the moment of delivery alone, so it is charged there and arcs carry no hours.
Only legs of optional departures belong to a design; those of committed ones are always open and
their fixed cost is a constant, kept by designs with ``y_min = y_max``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from freight.domain.charges import fixed
from freight.domain.instance import Instance
from freight.model.borders import crossed_once
from freight.model.drawing import Demand, build_network, demand_of
from freight.model.moments import HOUR
from freight.model.names import names_of
from freight.model.network import Arc, Network
from freight.model.pools import Classes, Pools, classes_of, pools_of
from freight.model.rows import Runs, rows_of, runs_of
from freight.model.windows import ranges
from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.statement.problem import NetworkDesign


@dataclass(frozen=True)
class Compiled:
    """The arrays of an instance and everything needed to read a solution back.

    Node ``network.nodes`` of the problem is nowhere: the origin of a commodity that has no way.
    """

    instance: Instance
    network: Network
    pools: Pools
    runs: Runs
    problem: NetworkDesign


@dataclass(frozen=True, slots=True)
class _Exits:
    lists: Ragged
    node: Ints
    cost: Floats


def compile_instance(instance: Instance) -> Compiled:
    """State an instance as arrays; the same instance gives the same arrays."""
    network = build_network(instance)
    demand = demand_of(instance)
    pools = pools_of(instance, demand)
    classes = classes_of(instance, pools)
    runs = runs_of(instance, network)
    rows = rows_of(instance, network, pools, runs)
    exits = _exits_of(network, pools, demand)
    origin = _origins_of(network, pools, demand)
    group, design = _arc_owners(network, classes, runs)
    problem = NetworkDesign(
        nodes=network.nodes + 1,
        tail=network.tail, head=network.head, cost=network.per_teu,
        attribute=network.per_tonne[np.newaxis], rate=pools.gross_tonnes[np.newaxis],
        group=group, design=design,
        demand=pools.teu, origin=origin,
        exits=exits.lists, exit_node=exits.node, exit_cost=exits.cost,
        unserved_cost=pools.unserved, lot=pools.lot, allowed=classes.allowed,
        load=np.stack([np.ones(len(pools)), pools.loaded_tonnes]),
        fixed_cost=_fixed_costs(instance, network), y_min=runs.fewest, y_max=runs.most,
        row_arcs=rows.arcs, row_dim=rows.dim, row_limit=rows.limit, row_design=rows.design,
        row_floor=rows.floor, arrives=_arrivals(network), home=demand.origin[pools.first],
        names=names_of(instance, network, pools, rows),
    )  # fmt: skip
    if instance.statement.policy is not None:
        problem = crossed_once(instance, network, pools, problem)
    return Compiled(instance, network, pools, runs, problem)


def _fixed_costs(instance: Instance, network: Network) -> Floats:
    """Cost of one run of every departure."""
    departures = network.calls.departures
    cost = [fixed.per_run(instance, instance.service[one.service]) for one in departures]
    return np.array(cost, dtype=np.float64)


def _arc_owners(network: Network, classes: Classes, runs: Runs) -> tuple[Ints, Ints]:
    """Class and design of every arc; transfers have a class, legs both."""
    calls = network.calls
    aboard = network.kind <= Arc.UNLOAD
    call = network.refer[aboard]
    by_stop = np.array([classes.of_service[one.service] for one in calls.stops], dtype=np.int64)
    group = np.zeros(network.arcs, dtype=np.int64)
    group[aboard] = by_stop[calls.stop[call]]
    by_move = np.array([classes.of_transfer[one.transfer.id] for one in network.moves], np.int64)
    moved = network.kind == Arc.TRANSFER
    group[moved] = by_move[network.refer[moved]]
    departure = calls.departure[call]
    own = (network.kind[aboard] == Arc.LEG) & runs.optional[departure]
    design = np.full(network.arcs, -1, dtype=np.int64)
    design[aboard] = np.where(own, departure, -1)
    return group, design


def _arrivals(network: Network) -> Ints:
    """The terminal that boxes come to by every arc: by an unload or a transfer, -1 by others."""
    comes = np.isin(network.kind, (Arc.UNLOAD, Arc.TRANSFER))
    return np.where(comes, network.terminal[network.head], -1)


def _origins_of(network: Network, pools: Pools, demand: Demand) -> Ints:
    """First KEPT node of every commodity, or nowhere."""
    found = np.full(len(pools), -1, dtype=np.int64)
    place = demand.origin[pools.first]
    for terminal in np.unique(place):
        mine = place == terminal
        found[mine] = network.first_kept(int(terminal), demand.ready[pools.first[mine]])
    return np.where(found < 0, network.nodes, found)


def _exits_of(network: Network, pools: Pools, demand: Demand) -> _Exits:
    """READY nodes at the destination from the ready time to the last moment that counts."""
    k = np.arange(len(pools))
    ready, latest = demand.ready[pools.first], demand.latest[pools.first]
    place = demand.destination[pools.first]
    late = demand.due[pools.first]
    owners, nodes = [], []
    for terminal in np.unique(place):
        mine = k[place == terminal]
        some = network.ready.get(int(terminal), np.zeros(0, dtype=np.int64))
        lo = np.searchsorted(network.time[some], ready[mine], "left")
        hi = np.searchsorted(network.time[some], latest[mine], "right")
        hi = np.maximum(lo, hi)
        owners.append(np.repeat(mine, hi - lo))
        nodes.append(some[ranges(lo, hi)])
    owner = np.concatenate([*owners, np.zeros(0, dtype=np.int64)])
    node = np.concatenate([*nodes, np.zeros(0, dtype=np.int64)])
    order = np.argsort(owner, kind="stable")
    owner, node = owner[order], node[order]
    start = np.append(0, np.cumsum(np.bincount(owner, minlength=len(pools))))
    at = network.time[node]
    cost = pools.capital_per_hour[owner] * ((at - ready[owner]) / HOUR)
    cost += pools.late_per_hour[owner] * (np.maximum(0, at - late[owner]) / HOUR)
    lists = Ragged(start.astype(np.int64), np.arange(len(node), dtype=np.int64))
    return _Exits(lists, node, cost)
