"""Random fixed-charge instances in the manner of the public multicommodity sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from solvers.arrays import Floats, Ints
from solvers.network_design.instances.dow import FixedCharge


@dataclass(frozen=True, slots=True)
class FixedChargeShape:
    """Size and character of a fixed-charge instance.

    ``fixed_ratio`` F = |K| Σ f / (Σ q Σ c) says how much fixed costs matter, ``tightness``
    C = |A| Σ q / Σ u how scarce capacity is; both as defined for the public sets by Gendron and
    Crainic (1994), "Relaxations for multicommodity capacitated network design problems". The
    public "C" set has F from 0.05 to 12 and C from 6 to 50. Variable costs are whole numbers from
    1 to ``dearest_arc``.
    """

    nodes: int = 20
    arcs: int = 100
    commodities: int = 40
    fixed_ratio: float = 1.0
    tightness: float = 10.0
    dearest_arc: int = 10

    def __post_init__(self) -> None:
        """Raise ValueError when no simple connected graph has these sizes."""
        if not self.nodes <= self.arcs <= self.nodes * (self.nodes - 1):
            raise ValueError(
                f"FixedChargeShape: {self.arcs} arcs do not fit {self.nodes} nodes. Use "
                f"{self.nodes}..{self.nodes * (self.nodes - 1)}."
            )
        if min(self.fixed_ratio, self.tightness) <= 0 or self.commodities < 1:
            raise ValueError("FixedChargeShape: ratios and the number of commodities must be > 0.")


def random_fixed_charge(seed: int, shape: FixedChargeShape | None = None) -> FixedCharge:
    """A feasible multicommodity fixed-charge instance with whole data and no parallel arcs.

    Costs and capacities are drawn uniformly, capacities between a third and five thirds of their
    mean. Capacities are raised where a routing of all demand needs more, which certifies
    feasibility (so the tightness of very tight shapes comes out lower than asked).
    """
    shape = shape or FixedChargeShape()
    rng = np.random.default_rng(seed)
    tail, head = _simple_graph(rng, shape)
    cost = rng.integers(1, shape.dearest_arc + 1, shape.arcs).astype(np.float64)
    origin, destination = _pairs_of_nodes(rng, shape)
    demand = rng.integers(15, 76, shape.commodities).astype(np.float64)
    weight = rng.uniform(1 / 3, 5 / 3, shape.arcs)
    total = shape.arcs * demand.sum() / shape.tightness
    wanted = np.maximum(1.0, np.round(weight / weight.sum() * total))
    load = _routing(FixedCharge(shape.nodes, tail, head, cost, wanted, wanted, origin, destination,
                                demand))  # fmt: skip
    capacity = np.maximum(wanted, np.ceil(load - 1e-9))
    spread = rng.uniform(0.2, 1.8, shape.arcs)
    scale = shape.fixed_ratio * demand.sum() * cost.sum() / (shape.commodities * spread.sum())
    fixed = np.maximum(1.0, np.round(spread * scale))
    return FixedCharge(shape.nodes, tail, head, cost, capacity, fixed, origin, destination, demand)


def _simple_graph(rng: np.random.Generator, shape: FixedChargeShape) -> tuple[Ints, Ints]:
    """A ring in random order, which connects everything, and random further arcs."""
    n = shape.nodes
    order = rng.permutation(n)
    ring = order * n + np.roll(order, -1)
    every = np.array([i * n + j for i in range(n) for j in range(n) if i != j])
    rest = np.setdiff1d(every, ring)
    more = rng.choice(rest, size=shape.arcs - n, replace=False)
    key = np.sort(np.concatenate([ring, more]))
    return key // n, key % n


def _pairs_of_nodes(rng: np.random.Generator, shape: FixedChargeShape) -> tuple[Ints, Ints]:
    """Origin and another node as destination of each commodity."""
    origin = rng.integers(0, shape.nodes, shape.commodities)
    step = rng.integers(1, shape.nodes, shape.commodities)
    return origin, (origin + step) % shape.nodes


def _routing(instance: FixedCharge, rounds: int = 12) -> Floats:
    """Flow per arc of a routing that avoids crowded arcs: averaged cheapest paths, A."""
    load = np.zeros(len(instance.tail))
    for i in range(rounds):
        crowd = load / instance.capacity
        price = instance.variable_cost * (1.0 + 4.0 * crowd**4)
        load += (_cheapest(instance, price) - load) / (i + 1)
    return load


def _cheapest(instance: FixedCharge, price: Floats) -> Floats:
    """Flow per arc when every commodity takes its cheapest path."""
    n = instance.nodes
    graph = sparse.csr_array((price, (instance.tail, instance.head)), shape=(n, n))
    arc_of = sparse.csr_array(
        (np.arange(1, len(price) + 1), (instance.tail, instance.head)), shape=(n, n)
    )
    sources = np.unique(instance.origin)
    _, before = csgraph.dijkstra(graph, indices=sources, return_predecessors=True)
    flow = np.zeros(len(price))
    row = np.searchsorted(sources, instance.origin)
    for k in range(len(instance.demand)):
        node = int(instance.destination[k])
        while node != instance.origin[k]:
            previous = int(before[row[k], node])
            flow[arc_of[previous, node] - 1] += instance.demand[k]
            node = previous
    return flow
