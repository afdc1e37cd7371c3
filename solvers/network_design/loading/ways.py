"""Compiled: the cheapest way of one commodity through what is loaded."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Floats, compiled
from solvers.network_design.loading.state import SearchState, StaticData
from solvers.network_design.pricing.once_kernels import cheapest_once
from solvers.network_design.pricing.packed import (
    Gate,
    PackedNetwork,
    cheapest_exit,
    exits,
    scan,
    trace,
    usable,
    weights,
)
from solvers.network_design.statement.places import comes_back

_WORTH = 1.5  #: guided cost, in unserved costs, up to which a path is taken


class View(NamedTuple):
    """How ways are measured: surcharge per unit of load on designs, weight of guiding prices.

    A surcharge counts while the design does not run; below 0 it counts in any case.
    """

    charge: Floats
    weight: float


@compiled
def _factor(k: int, data: StaticData, view: View) -> Floats:
    """Factors of the arc costs of ``k``, guiding prices weighed as in the view."""
    factor: Floats = data.who.factor[k].copy()
    factor[len(factor) - data.who.load.shape[1] :] *= view.weight
    return factor


@compiled
def _gate(k: int, need: float, data: StaticData, now: SearchState, view: View) -> Gate:
    """What decides on arcs for ``need`` units of ``k``."""
    arcs = data.arcs
    return Gate(
        need, data.who.load[k], now.state.room, data.row.dim, arcs.cap_start, arcs.cap,
        now.state.uses, view.charge,
    )  # fmt: skip


@compiled
def cheapest(
    k: int, need: float, data: StaticData, now: SearchState, view: View
) -> tuple[float, int]:
    """Cheapest path of ``k`` with room for ``need`` units: its guided cost and its exit."""
    packed, labels = PackedNetwork(data.arcs, data.who, data.row), now.scratch.labels
    scan(k, _factor(k, data, view), packed, None, _gate(k, need, data, now, view), labels)
    return cheapest_exit(k, data.who, labels.dist)


@compiled
def traced(leaving: int, data: StaticData, now: SearchState) -> int:
    """Write the path found last behind the buffer; its length, below 0 where it has no room."""
    node = data.who.exit_node[leaving]
    return trace(node, data.arcs.tail, now.scratch.labels, now.parts.buffer, now.parts.top[1])


@compiled
def way(k: int, need: float, data: StaticData, now: SearchState, view: View) -> tuple[int, int]:
    """Exit and length of the cheapest path with room that comes to no place twice.

    It stands behind the buffer. The length is below 0 where there is none worth taking.
    """
    least, leaving = cheapest(k, need, data, now, view)
    if not least < _WORTH * data.who.unserved_cost[k]:
        return -1, -1
    n, at = traced(leaving, data, now), now.parts.top[1]
    if n > 0 and len(data.who.home) > 0:
        path = now.parts.buffer[at : at + n]
        if comes_back(path, data.arcs.arrives, data.who.home[k], now.scratch.seen):
            return _once(k, n, data, now, (_factor(k, data, view), _gate(k, need, data, now, view)))
    return leaving, n


@compiled
def _once(
    k: int, n: int, data: StaticData, now: SearchState, measure: tuple[Floats, Gate]
) -> tuple[int, int]:
    """Exit and length of the cheapest path that comes to no place twice, in the buffer.

    In place of the traced one, of length ``n``; a length of -1 where there is none worth taking.
    """
    who, arcs, buffer, at = data.who, data.arcs, now.parts.buffer, now.parts.top[1]
    mine, leave = usable(k, who), exits(k, who)
    packed = PackedNetwork(arcs, who, data.row)
    value, best, path = cheapest_once(
        mine.astype(np.int64), weights(k, measure[0], packed, None, measure[1]),
        (arcs.tail, arcs.head, arcs.arrives, True),
        (who.origin[k], who.home[k], who.exit_node[leave], who.exit_cost[leave]),
        arcs.arrives[buffer[at : at + n]], (now.scratch.number, now.scratch.seen),
    )  # fmt: skip
    if best < 0 or not value < _WORTH * who.unserved_cost[k]:
        return -1, -1
    if at + len(path) > len(buffer):
        return -1, -1
    buffer[at : at + len(path)] = mine[path]
    return leave[best], len(path)
