"""Compiled label setting of :mod:`solvers.paths.multicriteria`; arrays by rank, K criteria."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Floats, Ints, Masks, compiled


class Graph(NamedTuple):
    """Arcs in topological order, by the rank of their tails; places by rank, values A×K."""

    start: Ints
    tail: Ints
    head: Ints
    place: Ints
    value: Floats


class Exits(NamedTuple):
    """Exits of every rank: positions, and the values of leaving there by position (E×K)."""

    start: Ints
    position: Ints
    value: Floats


class Pruning(NamedTuple):
    """What labels are cut off by.

    Least values from every rank on (N×K), places that may lie ahead, values of paths known before,
    limits and resolutions (K).
    """

    to_go: Floats
    ahead: Masks
    known: Floats
    limit: Floats
    resolution: Floats


class Measure(NamedTuple):
    """Limits and resolutions of the criteria."""

    limit: Floats
    resolution: Floats


class Known(NamedTuple):
    """Values of the paths found, and label and exit (position) of each."""

    value: Floats
    end: Ints


class _Bounds(NamedTuple):
    """As ``Pruning``, with all paths found so far."""

    to_go: Floats
    ahead: Masks
    known: Known
    measure: Measure


class Labels(NamedTuple):
    """Labels in order of making, and the list of each rank.

    ``seen`` are the places of a partial path, ``rated`` those that may lie ahead, ``arc`` and
    ``before`` its last arc and the label before, ``origin`` its source. The labels of a rank are
    ``first[rank]``, ``after`` that, and so on until -1.
    """

    value: Floats
    seen: Masks
    rated: Masks
    arc: Ints
    before: Ints
    origin: Ints
    first: Ints
    after: Ints


@compiled
def _pruned(value: Floats, to_go: Floats, known: Floats, measure: Measure) -> bool:
    """Whether a label cannot end within the limits and undominated by a known path."""
    limit, resolution = measure.limit, measure.resolution
    kinds = len(limit)
    for k in range(kinds):
        if not value[k] + to_go[k] <= limit[k]:
            return True
    for f in range(len(known)):
        beaten = True
        for k in range(kinds):
            if known[f, k] > value[k] + to_go[k] + resolution[k]:
                beaten = False
                break
        if beaten:
            return True
    return False


@compiled
def _dominates(
    value: Floats, other: Floats, resolution: Floats, seen: Masks, seen_other: Masks
) -> bool:
    """Whether the first label makes the second one useless."""
    for k in range(len(value)):
        if value[k] > other[k] + resolution[k]:
            return False
    extra = np.uint64(0)
    for w in range(len(seen)):
        extra |= seen[w] & ~seen_other[w]
    return bool(extra == 0)


@compiled
def _insert(label: int, node: int, labels: Labels, resolution: Floats) -> bool:
    """Put a label into the list of its node unless it is dominated; drop what it dominates."""
    value, seen, first, after = labels.value, labels.rated, labels.first, labels.after
    at, last = first[node], -1
    while at >= 0:
        if _dominates(value[at], value[label], resolution, seen[at], seen[label]):
            return False
        if _dominates(value[label], value[at], resolution, seen[label], seen[at]):
            if last < 0:
                first[node] = after[at]
            else:
                after[last] = after[at]
        else:
            last = at
        at = after[at]
    after[label] = first[node]
    first[node] = label
    return True


@compiled
def enter(seen_from: Masks, place_from: int, place_to: int, seen: Masks) -> bool:
    """Write the places seen after a move; False when it comes to one of them again."""
    for w in range(len(seen)):
        seen[w] = seen_from[w]
    if place_to < 0 or place_to == place_from:
        return True
    bit = np.uint64(1) << np.uint64(place_to % 64)
    if seen[place_to // 64] & bit:
        return False
    seen[place_to // 64] |= bit
    return True


@compiled
def _leave(label: int, rank: int, exits: Exits, value: Floats, known: Known, count: int) -> int:
    """Record the exits of a node for a label as known values; their new number."""
    for j in range(exits.start[rank], exits.start[rank + 1]):
        i = exits.position[j]
        if count < len(known.value):
            for k in range(value.shape[1]):
                known.value[count, k] = value[label, k] + exits.value[i, k]
            known.end[count, 0] = label
            known.end[count, 1] = i
            count += 1
    return count


@compiled
def _admit(known: Known, before: int, count: int, measure: Measure) -> int:
    """Keep the new known values that are within the limits and not dominated; their number."""
    nothing = np.zeros(len(measure.limit))
    kept = before
    for j in range(before, count):
        if not _pruned(known.value[j], nothing, known.value[:kept], measure):
            known.value[kept] = known.value[j]
            known.end[kept] = known.end[j]
            kept += 1
    return kept


@compiled
def _seed(
    sources: tuple[Ints, Floats], place: Ints, labels: Labels, bounds: _Bounds, found: int
) -> int:
    """Make the labels of the sources; how many."""
    value, seen, known = labels.value, labels.seen, bounds.known.value
    made = 0
    for s in range(len(sources[0])):
        rank = sources[0][s]
        value[made] = sources[1][s]
        if made + 1 >= len(value):
            break
        if _pruned(value[made], bounds.to_go[rank], known[:found], bounds.measure):
            continue
        seen[made] = 0
        enter(seen[made], -1, place[rank], seen[made])
        labels.rated[made] = seen[made] & bounds.ahead[rank]
        labels.origin[made], labels.arc[made], labels.before[made] = s, -1, -1
        if _insert(made, rank, labels, bounds.measure.resolution):
            made += 1
    return made


@compiled
def _extend(
    at: int, a: int, graph: Graph, labels: Labels, bounds: _Bounds, counts: tuple[int, int]
) -> int:
    """Make the label behind one arc if it may be of use; ``counts`` (labels, found); labels."""
    made, found = int(counts[0]), counts[1]
    value, seen, place, there = labels.value, labels.seen, graph.place, graph.head[a]
    for k in range(value.shape[1]):
        value[made, k] = value[at, k] + graph.value[a, k]
    known = bounds.known.value[:found]
    if _pruned(value[made], bounds.to_go[there], known, bounds.measure):
        return made
    if not enter(seen[at], place[graph.tail[a]], place[there], seen[made]):
        return made
    labels.rated[made] = seen[made] & bounds.ahead[there]
    if _insert(made, there, labels, bounds.measure.resolution):
        labels.origin[made], labels.arc[made], labels.before[made] = labels.origin[at], a, at
        made += 1
    return made


@compiled
def grow(
    graph: Graph, sources: tuple[Ints, Floats], exits: Exits, pruning: Pruning, most: int
) -> tuple[int, Labels, Ints, bool]:
    """Label setting; see :func:`solvers.paths.multicriteria.pareto`.

    Returns the number of labels, the labels, the labels and exits of the paths found, and whether
    the labels sufficed. ``sources`` holds ranks and values.
    """
    labels = _room_for(most, len(graph.place), pruning)
    found = len(pruning.known)
    known = Known(
        np.empty((most + found, labels.value.shape[1])), np.empty((most + found, 2), np.int64)
    )
    known.value[:found] = pruning.known
    measure = Measure(pruning.limit, pruning.resolution)
    bounds = _Bounds(pruning.to_go, pruning.ahead, known, measure)
    made, room = _seed(sources, graph.place, labels, bounds, found), True
    for rank in range(len(graph.place)):
        at = labels.first[rank]
        while at >= 0:
            count = _leave(at, rank, exits, labels.value, known, found)
            found = _admit(known, found, count, measure)
            for a in range(graph.start[rank], graph.start[rank + 1]):
                room = made + 1 < most
                if room:
                    made = _extend(at, a, graph, labels, bounds, (made, found))
            at = labels.after[at] if room else -1
        if not room:
            break
    return made, labels, known.end[len(pruning.known) : found], room


@compiled
def _room_for(most: int, nodes: int, pruning: Pruning) -> Labels:
    """No label yet, with room for so many."""
    kinds, words = len(pruning.limit), pruning.ahead.shape[1]
    return Labels(
        np.empty((most, kinds)), np.empty((most, words), np.uint64),
        np.empty((most, words), np.uint64), np.empty(most, np.int64), np.empty(most, np.int64),
        np.empty(most, np.int64), np.full(nodes, -1, np.int64), np.empty(most, np.int64),
    )  # fmt: skip


def collect(label: int, arc: Ints, before: Ints) -> list[int]:
    """Arcs from the source to a label, in order."""
    found = []
    while before[label] >= 0:
        found.append(int(arc[label]))
        label = int(before[label])
    return found[::-1]
