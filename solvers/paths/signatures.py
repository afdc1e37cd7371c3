"""Compiled: the cheapest paths that differ in the tokens they collect; arrays by rank."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Floats, Ints, Masks, compiled
from solvers.paths.labels import enter


class Graph(NamedTuple):
    """Ends and weight of the arcs in topological order, places by rank, words that hold them."""

    tail: Ints
    head: Ints
    place: Ints
    words: int
    weight: Floats


class Slots(NamedTuple):
    """Used slots of every rank; by rank and slot value, signature, last arc and the slot before."""

    used: Ints
    value: Floats
    sign: Ints
    arc: Ints
    slot: Ints


@compiled
def _insert(rank: int, slots: Slots, value: float, sign: int, arc: int, slot: int) -> int:
    """A slot of a node for a partial path of a signature, -1 when others are all better."""
    at = -1
    for j in range(slots.used[rank]):
        if slots.sign[rank, j] == sign:
            if slots.value[rank, j] <= value:
                return -1
            at = j
    if at < 0 and slots.used[rank] < slots.value.shape[1]:
        at = slots.used[rank]
        slots.used[rank] += 1
    if at < 0:
        at = int(np.argmax(slots.value[rank]))
        if slots.value[rank, at] <= value:
            return -1
    slots.value[rank, at], slots.sign[rank, at] = value, sign
    slots.arc[rank, at], slots.slot[rank, at] = arc, slot
    return at


@compiled
def _pass_on(a: int, graph: Graph, state: tuple[Slots, Masks, Masks], token: int) -> None:
    """Offer the partial paths of an arc's tail to its head."""
    slots, seen, entered = state
    here, there, place = graph.tail[a], graph.head[a], graph.place
    for j in range(slots.used[here]):
        if not enter(seen[here, j], place[here], place[there], entered):
            continue
        sign = slots.sign[here, j]
        if token > 0:
            sign = (sign ^ token) * 1099511628211 + 1469598103934665603
        at = _insert(there, slots, slots.value[here, j] + graph.weight[a], sign, a, j)
        if at >= 0:
            seen[there, at] = entered


@compiled
def distinct(
    graph: Graph, token: Ints, source: tuple[Ints, Floats], to_go: Floats, width: int
) -> Slots:
    """The cheapest partial path of up to ``width`` signatures at every rank.

    ``source`` holds ranks and values; the arc is -1 - s at source s.
    """
    nodes = len(graph.place)
    slots = Slots(
        np.zeros(nodes, np.int64), np.empty((nodes, width)), np.empty((nodes, width), np.int64),
        np.empty((nodes, width), np.int64), np.empty((nodes, width), np.int64),
    )  # fmt: skip
    seen = np.zeros((nodes, width, graph.words), np.uint64)
    entered = np.zeros(graph.words, np.uint64)
    for s in range(len(source[0])):
        rank = source[0][s]
        at = _insert(rank, slots, source[1][s], 0, -1 - s, -1)
        if at >= 0:
            seen[rank, at] = 0
            enter(seen[rank, at], -1, graph.place[rank], seen[rank, at])
    for a in range(len(graph.tail)):
        if np.isfinite(graph.weight[a] + to_go[graph.head[a]]):
            _pass_on(a, graph, (slots, seen, entered), token[a])
    return slots
