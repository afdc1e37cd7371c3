"""The event-based time–space network: a node is an event at an exact moment, never a time bucket.

Nodes
    OUT and IN of a call (a departure at a stop): on board when it leaves and when it arrives; one
    node where nothing can be loaded or nothing unloaded. GATE of a call: ready to be loaded, at
    departure - cutoff. READY: unloaded, or arrived by a transfer, and free to go on. KEPT: still
    with the shipper at the origin; these form one chain in time per terminal. CHAIN: nodes that
    let many READY events reach many gates by few arcs (see :mod:`freight.model.windows`).

Arcs
    LEG (OUT → IN of the next call), STAY (IN → OUT), LOAD (GATE → OUT, one lift), UNLOAD (IN →
    READY, one lift, after the handling hours), TRANSFER (one move, ends at a READY or a GATE),
    DWELL (READY → GATE, through CHAIN nodes or not) and KEEP (along the KEPT chain and from it).
    DWELL arcs cost storage: the windows [cutoff, free] and (free, most dwell] before a departure
    are covered apart, the first costs nothing and the second is linear in time, so that the cost
    of every path is exact although the number of arcs is linear in the number of calls.

Only LEG, LOAD, UNLOAD and TRANSFER arcs carry a reference; a path is decoded from them alone.
Nodes and arcs that lie on no path from a shipment's first event to its delivery are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from freight.model.calls import Calls
from freight.model.chains import DirectedMove
from solvers.arrays import Bools, Floats, Ints


class Arc(IntEnum):
    """Kinds of arcs, as stored in ``Network.kind``."""

    LEG = 0
    STAY = 1
    LOAD = 2
    UNLOAD = 3
    TRANSFER = 4
    DWELL = 5
    KEEP = 6


@dataclass(frozen=True)
class Network:
    """Nodes (N) and arcs (A) as arrays, with references back to the domain.

    ``time[n]`` in microseconds, ``terminal[n]`` a position in ``Instance.terminals``. ``refer[a]``
    is the call of a LEG (where it ends), STAY, LOAD or UNLOAD arc, a position in ``moves`` for a
    TRANSFER, -1 otherwise. ``per_teu`` and ``per_tonne`` are prices in the base currency.

    ``handling`` is the handling time of every terminal in microseconds; ``kept`` and ``ready``
    list the KEPT and READY nodes of every terminal by time.
    """

    calls: Calls
    moves: list[DirectedMove]
    handling: Ints
    time: Ints
    terminal: Ints
    tail: Ints
    head: Ints
    kind: Ints
    refer: Ints
    per_teu: Floats
    per_tonne: Floats
    kept: dict[int, Ints]
    ready: dict[int, Ints]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.time)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    @cached_property
    def start(self) -> Ints:
        """Moment at which the move of a TRANSFER arc starts, the tail's time for others; A."""
        start = self.time[self.tail].copy()
        at = np.flatnonzero(self.kind == Arc.TRANSFER)
        duration = np.array([one.duration for one in self.moves], dtype=np.int64)
        if len(at):
            start[at] = self.time[self.head[at]] - duration[self.refer[at]]
        return start

    def first_kept(self, terminal: int, at: Ints) -> Ints:
        """First KEPT node of a terminal not before each moment, -1 where there is none."""
        nodes = self.kept.get(terminal, np.zeros(0, dtype=np.int64))
        position = np.searchsorted(self.time[nodes], at, "left")
        return np.append(nodes, -1)[position]


def without_dead_ends(network: Network, sources: Ints, sinks: Ints) -> Network:
    """The network without nodes and arcs that lie on no path from a source to a sink."""
    live = _reached(network, sources, forward=True) & _reached(network, sinks, forward=False)
    return _restricted(network, live)


def _reached(network: Network, roots: Ints, forward: bool) -> Bools:
    """Nodes that can be reached from (or can reach) some root; shape N."""
    n = network.nodes
    ends = (network.tail, network.head) if forward else (network.head, network.tail)
    roots = np.unique(roots)
    rows = np.concatenate([ends[0], np.full(len(roots), n)])
    columns = np.concatenate([ends[1], roots])
    graph = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n + 1, n + 1))
    found = breadth_first_order(graph, n, directed=True, return_predecessors=False)
    reached = np.zeros(n + 1, dtype=np.bool_)
    reached[found] = True
    return reached[:n]


def _restricted(network: Network, live: Bools) -> Network:
    place = np.cumsum(live) - 1
    arcs = np.flatnonzero(live[network.tail] & live[network.head])

    def listed(lists: dict[int, Ints]) -> dict[int, Ints]:
        return {key: place[some[live[some]]] for key, some in lists.items()}

    return Network(
        network.calls, network.moves, network.handling, network.time[live], network.terminal[live],
        place[network.tail[arcs]], place[network.head[arcs]], network.kind[arcs],
        network.refer[arcs], network.per_teu[arcs], network.per_tonne[arcs],
        listed(network.kept), listed(network.ready),
    )  # fmt: skip


class Drawing:
    """Nodes and arcs as they are drawn, in blocks; arcs take their costs as scalars or arrays."""

    def __init__(self) -> None:
        self._time: list[Ints] = []
        self._terminal: list[Ints] = []
        self._arcs: list[tuple[Ints | Floats, ...]] = []
        self.nodes = 0

    def add_nodes(self, time: Ints, terminal: Ints | int) -> Ints:
        """New nodes; their numbers."""
        count = len(time)
        self._time.append(time)
        self._terminal.append(np.broadcast_to(np.asarray(terminal, dtype=np.int64), count))
        self.nodes += count
        return np.arange(self.nodes - count, self.nodes, dtype=np.int64)

    def add_arcs(
        self,
        kind: Arc,
        tail: Ints,
        head: Ints,
        refer: Ints | int = -1,
        per_teu: Floats | float = 0.0,
        per_tonne: Floats | float = 0.0,
    ) -> None:
        """New arcs of one kind."""
        count = len(tail)
        whole = (np.broadcast_to(np.asarray(one, dtype=np.int64), count) for one in (kind, refer))
        price = (
            np.broadcast_to(np.asarray(one, dtype=np.float64), count)
            for one in (per_teu, per_tonne)
        )
        self._arcs.append((tail, head, *whole, *price))

    def network(
        self,
        calls: Calls,
        moves: list[DirectedMove],
        handling: Ints,
        kept: dict[int, Ints],
        ready: dict[int, Ints],
    ) -> Network:
        """What was drawn."""
        ints: Sequence[Ints] = self._time or [np.zeros(0, dtype=np.int64)]
        where: Sequence[Ints] = self._terminal or [np.zeros(0, dtype=np.int64)]
        columns = [np.concatenate(column) for column in zip(*self._arcs, strict=True)]
        if not columns:
            columns = [np.zeros(0, dtype=np.int64)] * 4 + [np.zeros(0)] * 2
        tail, head, kind, refer, per_teu, per_tonne = columns
        return Network(
            calls, moves, handling, np.concatenate(ints), np.concatenate(where),
            tail.astype(np.int64), head.astype(np.int64), kind.astype(np.int64),
            refer.astype(np.int64), per_teu.astype(np.float64), per_tonne.astype(np.float64),
            kept, ready,
        )  # fmt: skip
