"""Asks for the cheapest itinerary of shipments while some of their limits are lifted.

Four kinds of limits hold a shipment: what it *needs* (modes, reefer, dangerous goods, an owner whom
the service is open to), its *size* (boxes that no leg, terminal or border takes at once), the most
*late* days and the most *dwell* days. The network depends on the first and the last alone, so at
most four are drawn, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from freight.domain.instance import Instance
from freight.domain.shipment import Shipment
from freight.model.compile import Compiled, compile_instance
from freight.model.drawing import crossings_on_board, demand_of
from freight.model.network import Network
from freight.model.room import Room, Tight, whole_room
from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.pricing.once import once
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.statement.network import Network as SolverNetwork
from solvers.network_design.statement.problem import NetworkDesign

FOR_EVER_DAYS = 3650.0
NEVER = 1e15
"""A price per TEU that nothing costs: arcs that may not be used."""
NEEDS, SIZE, LATE, DWELL = "needs", "size", "late", "dwell"
LIMITS = (SIZE, NEEDS, LATE, DWELL)
"""In the order in which they are tried as the reason."""


@dataclass(frozen=True, slots=True)
class Way:
    """Cheapest itinerary: cost per TEU without fixed costs, and its arcs in ``compiled``."""

    cost: float
    commodity: int
    arcs: Ints
    compiled: Compiled


@dataclass
class Asking:
    """Answers for some shipments of one instance; networks are drawn once."""

    instance: Instance
    shipments: Sequence[Shipment]
    _drawn: dict[tuple[bool, bool], Compiled] = field(default_factory=dict)
    _rooms: dict[int, Room] = field(default_factory=dict)

    def compiled(self, lifted: Iterable[str]) -> Compiled:
        """The network for the shipments, without limit on lateness."""
        free = NEEDS in lifted, DWELL in lifted
        if free not in self._drawn:
            self._drawn[free] = compile_instance(self._stated(*free))
        return self._drawn[free]

    def _stated(self, needs: bool, dwell: bool) -> Instance:
        statement = self.instance.statement
        change: dict[str, object] = {"most_late_days": FOR_EVER_DAYS}
        if dwell:
            change["most_dwell_days"] = FOR_EVER_DAYS
        statement = statement.model_copy(
            update={"defaults": statement.defaults.model_copy(update=change)}
        )
        tables = {name: getattr(self.instance, name) for name in type(self.instance).model_fields}
        tables |= {"statement": statement, "shipments": tuple(self.shipments)}
        if needs:
            tables["shipments"] = tuple(freed(one) for one in self.shipments)
            services = self.instance.services
            tables["services"] = tuple(one.model_copy(update={"open_to": ()}) for one in services)
        return Instance.model_construct(**tables)

    def ways(
        self,
        lifted: Iterable[str] = (),
        closed: Bools | None = None,
        only: Iterable[int] | None = None,
    ) -> Mapping[str, Way]:
        """Cheapest itineraries by shipment, of those that have one.

        ``closed`` arcs of the network that belongs to ``lifted`` are not used; with ``only`` some
        of its commodities are looked at.
        """
        lifted = frozenset(lifted)
        compiled = self.compiled(lifted)
        problem = self._problem(compiled, lifted, closed)
        network = SolverNetwork.of(problem)
        count = problem.commodities
        none = Multipliers(
            np.zeros(network.rows), np.zeros(count + 1, dtype=np.int64),
            np.zeros(0, dtype=np.int64), np.zeros(0),
        )  # fmt: skip
        asked = np.arange(count) if only is None else np.array(sorted(only), dtype=np.int64)
        priced = once(network, Pricer(network)).price(none, asked, np.full(len(asked), NEVER / 2))
        value = dict(zip(asked.tolist(), priced.value.tolist(), strict=True))
        found: dict[str, Way] = {}
        for i, k in enumerate(priced.commodity.tolist()):
            way = Way(value[k], k, priced.arcs[i], compiled)
            members = compiled.pools.members[k]
            found |= {compiled.instance.shipments[s].id: way for s in members}
        return found

    def _problem(
        self, compiled: Compiled, lifted: frozenset[str], closed: Bools | None
    ) -> NetworkDesign:
        problem = compiled.problem
        nothing = np.zeros(0, dtype=np.int64)
        if LATE not in lifted:
            problem = _in_time(problem, self._latest(compiled), compiled.network)
        if SIZE in lifted:
            problem = replace(
                problem, lot=np.zeros(problem.commodities), row_arcs=Ragged.of([]),
                row_dim=nothing, row_limit=np.zeros(0), row_design=nothing,
                row_floor=np.zeros(0, dtype=np.bool_),
            )  # fmt: skip
        if closed is not None:
            problem = replace(problem, cost=np.where(closed, NEVER, problem.cost))
        return problem

    def _latest(self, compiled: Compiled) -> Ints:
        """Last moment at which a delivery of each commodity counts."""
        statement = self.instance.statement
        kept = compiled.instance.model_copy(update={"statement": statement})
        return demand_of(kept).latest[compiled.pools.first]

    def room(self, compiled: Compiled) -> Room:
        """What the instance offers on the arcs of a network, every run counted."""
        if id(compiled) not in self._rooms:
            crossing = crossings_on_board(
                self.instance, compiled.network.calls, compiled.network.moves
            )
            self._rooms[id(compiled)] = whole_room(
                self.instance, compiled.network, crossing, every=True
            )
        return self._rooms[id(compiled)]

    def narrowest(self, way: Way) -> Tight | None:
        """The limit that keeps a lot off the widest way there is."""
        compiled, k = way.compiled, way.commodity
        problem, room = compiled.problem, self.room(compiled)
        lot = float(compiled.pools.lot[k])
        tonnes = lot * float(compiled.pools.loaded_tonnes[k])
        share = np.minimum(room.teu / lot, room.tonnes / max(tonnes, 1e-9))
        share = np.where(problem.may_use(k), share, -1.0)
        late = _in_time(problem, self._latest(compiled), compiled.network)
        ends = late.exit_node[late.exits[k]]
        path = _widest(problem, (int(problem.origin[k]), ends), share)
        tight = [room.tight(a, lot, tonnes) for a in sorted(path, key=lambda a: share[a])]
        return next((one for one in tight if one is not None), None)


def freed(one: Shipment) -> Shipment:
    """The shipment without limits on modes, reefer or dangerous goods."""
    return one.model_copy(update={"modes": (), "reefer": False, "dangerous": None})


def _in_time(problem: NetworkDesign, latest: Ints, network: Network) -> NetworkDesign:
    """The problem without exits after the latest moment of each commodity."""
    owner = problem.exits.owners()
    keep = network.time[problem.exit_node[problem.exits.values]] <= latest[owner]
    start = np.append(0, np.cumsum(np.bincount(owner[keep], minlength=len(problem.exits))))
    return replace(problem, exits=Ragged(start.astype(np.int64), problem.exits.values[keep]))


def _widest(problem: NetworkDesign, ends: tuple[int, Ints], share: Floats) -> list[int]:
    """Arcs of a path whose smallest share is largest; none where no path is."""
    steps = np.unique(share[share >= 0.0])
    found: list[int] = []
    low, high = 0, len(steps)
    while low < high:
        middle = (low + high) // 2
        path = _path(problem, ends, share >= steps[middle])
        if path:
            found, low = path, middle + 1
        else:
            high = middle
    return found


def _path(problem: NetworkDesign, ends: tuple[int, Ints], open_: Bools) -> list[int]:
    """Arcs of a path from an origin to one of the exits over open arcs, in any order."""
    arcs = np.flatnonzero(open_)
    tail, head = problem.tail[arcs], problem.head[arcs]
    shape = (problem.nodes, problem.nodes)
    graph = csr_array((np.ones(len(arcs), dtype=np.int8), (tail, head)), shape=shape)
    _, before = breadth_first_order(graph, ends[0], directed=True, return_predecessors=True)
    reached = [int(n) for n in ends[1] if before[n] >= 0]
    if not reached:
        return []
    of = {(int(t), int(h)): int(a) for t, h, a in zip(tail, head, arcs, strict=True)}
    path, node = [], reached[0]
    while node != ends[0]:
        path.append(of[int(before[node]), node])
        node = int(before[node])
    return path
