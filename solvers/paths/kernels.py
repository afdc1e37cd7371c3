"""Compiled kernels of :mod:`solvers.paths.multicriteria`; arrays by rank, in topological order."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.arrays import Ints, compiled


@compiled
def to_go_scan(tail: Any, head: Any, weight: Any, best: Any) -> None:
    """Lower ``best`` to the least weight from every rank to where it was finite already."""
    for a in range(len(tail) - 1, -1, -1):
        through = weight[a] + best[head[a]]
        best[tail[a]] = min(best[tail[a]], through)


@compiled
def from_scan(tail: Any, head: Any, weight: Any, best: Any, last: Any) -> None:
    """Lower ``best`` to the least weight to every rank from where it was finite already.

    ``last`` gets the arc by which each rank is reached, -1 where it begins.
    """
    for a in range(len(tail)):
        through = best[tail[a]] + weight[a]
        if through < best[head[a]]:
            best[head[a]] = through
            last[head[a]] = a


@compiled
def trail(start: Any, head: Any, weight: Any, to_go: Any, leave: Any, rank: int) -> Any:
    """Arcs from a rank along a backward scan; ``leave`` holds the value of leaving at each rank."""
    found = np.empty(len(start), np.int64)
    count = 0
    while True:
        best, arc = leave[rank], -1
        for a in range(start[rank], start[rank + 1]):
            through = weight[a] + to_go[head[a]]
            if through < best:
                best, arc = through, a
        if arc < 0:
            return found[:count]
        found[count] = arc
        count += 1
        rank = head[arc]


@compiled
def live_arcs(tail: Any, head: Any, open_: Any, source: Any, exit_: Any) -> Any:
    """Positions of the open arcs that lie on some way from a source to an exit, ascending.

    ``source`` and ``exit_`` are flags by rank; both are changed.
    """
    arcs, count = len(tail), 0
    for a in range(arcs):
        if open_[a] and source[tail[a]]:
            source[head[a]] = True
    found = np.empty(arcs, np.int64)
    for a in range(arcs - 1, -1, -1):
        if open_[a] and source[tail[a]] and exit_[head[a]]:
            exit_[tail[a]] = True
            count += 1
            found[arcs - count] = a
    return found[arcs - count :].copy()


@compiled
def visits_ahead(tail: Any, head: Any, place: Any, to_go: Any, words: int) -> Any:
    """Bits of the places that lie on some way from every rank to an exit; ranks × words."""
    ahead = np.zeros((len(place), words), np.uint64)
    for a in range(len(tail) - 1, -1, -1):
        here, there = tail[a], head[a]
        if to_go[there] == np.inf:
            continue
        for w in range(words):
            ahead[here, w] |= ahead[there, w]
        p = place[there]
        if p >= 0 and p != place[here]:
            ahead[here, p // 64] |= np.uint64(1) << np.uint64(p % 64)
    return ahead


@compiled
def _hopeless(value: Any, to_go: Any, known: Any, limit: Any, resolution: Any) -> bool:
    """Whether a label cannot end within the limits and undominated by a known path."""
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
def _beats(one: Any, other: Any, resolution: Any, seen: Any, seen_other: Any) -> bool:
    """Whether the first label makes the second one useless."""
    for k in range(len(one)):
        if one[k] > other[k] + resolution[k]:
            return False
    extra = np.uint64(0)
    for w in range(len(seen)):
        extra |= seen[w] & ~seen_other[w]
    return bool(extra == 0)


@compiled
def _settle(label: int, node: int, first: Any, after: Any, state: Any, resolution: Any) -> bool:
    """Put a label into the list of its node unless it is dominated; drop what it dominates."""
    value, seen = state
    at, last = first[node], -1
    while at >= 0:
        if _beats(value[at], value[label], resolution, seen[at], seen[label]):
            return False
        if _beats(value[label], value[at], resolution, seen[label], seen[at]):
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
def _enter(seen_from: Any, place_from: int, place_to: int, seen: Any) -> bool:
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
def _leave(label: int, rank: int, exits: Any, value: Any, known: Any, count: int) -> int:
    """Record the exits of a node for a label as known values; their new number."""
    start, position, exit_value = exits
    for j in range(start[rank], start[rank + 1]):
        i = position[j]
        if count < len(known[0]):
            for k in range(value.shape[1]):
                known[0][count, k] = value[label, k] + exit_value[i, k]
            known[1][count, 0] = label
            known[1][count, 1] = i
            count += 1
    return count


@compiled
def _admit(known: Any, before: int, count: int, limit: Any, resolution: Any) -> int:
    """Keep the new known values that are within the limits and not dominated; their number."""
    nothing = np.zeros(len(limit))
    kept = before
    for j in range(before, count):
        if not _hopeless(known[0][j], nothing, known[0][:kept], limit, resolution):
            known[0][kept] = known[0][j]
            known[1][kept] = known[1][j]
            kept += 1
    return kept


@compiled
def _seed(sources: Any, place: Any, labels: Any, pruning: Any, found: int) -> int:
    """Make the labels of the sources; how many."""
    value, seen, rated, arc, before, origin, first, after = labels
    to_go, ahead, known, limit, resolution = pruning
    made = 0
    for s in range(len(sources[0])):
        rank = sources[0][s]
        value[made] = sources[1][s]
        if made + 1 >= len(value):
            break
        if _hopeless(value[made], to_go[rank], known[0][:found], limit, resolution):
            continue
        seen[made] = 0
        _enter(seen[made], -1, place[rank], seen[made])
        rated[made] = seen[made] & ahead[rank]
        origin[made], arc[made], before[made] = s, -1, -1
        if _settle(made, rank, first, after, (value, rated), resolution):
            made += 1
    return made


@compiled
def _extend(at: int, a: int, graph: Any, labels: Any, pruning: Any, counts: Any) -> int:
    """Make the label behind one arc if it may be of use; ``counts`` (labels, found); labels."""
    made, found = int(counts[0]), counts[1]
    _, tail, head, place, arc_value = graph
    value, seen, rated, arc, before, origin, first, after = labels
    to_go, ahead, known, limit, resolution = pruning
    there = head[a]
    for k in range(len(limit)):
        value[made, k] = value[at, k] + arc_value[a, k]
    if _hopeless(value[made], to_go[there], known[0][:found], limit, resolution):
        return made
    if not _enter(seen[at], place[tail[a]], place[there], seen[made]):
        return made
    rated[made] = seen[made] & ahead[there]
    if _settle(made, there, first, after, (value, rated), resolution):
        origin[made], arc[made], before[made] = origin[at], a, at
        made += 1
    return made


@compiled
def grow(graph: Any, sources: Any, exits: Any, pruning: Any, most: int) -> Any:
    """Label setting; see :func:`solvers.paths.multicriteria.pareto`.

    Returns the number of labels, their values, arcs, predecessors and sources, the labels and
    exits of the paths found, and whether the labels sufficed.
    """
    start, _, _, place, _ = graph
    to_go, ahead, first_known, limit, resolution = pruning
    kinds, words = len(limit), ahead.shape[1]
    value = np.empty((most, kinds))
    seen, rated = np.empty((most, words), np.uint64), np.empty((most, words), np.uint64)
    arc, before, origin = (
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
    )
    first, after = np.full(len(place), -1, np.int64), np.empty(most, np.int64)
    labels = (value, seen, rated, arc, before, origin, first, after)
    found = len(first_known)
    known = (np.empty((most + found, kinds)), np.empty((most + found, 2), np.int64))
    known[0][:found] = first_known
    bounds = (to_go, ahead, known, limit, resolution)
    made, room = _seed(sources, place, labels, bounds, found), True
    for rank in range(len(place)):
        at = first[rank]
        while at >= 0:
            count = _leave(at, rank, exits, value, known, found)
            found = _admit(known, found, count, limit, resolution)
            for a in range(start[rank], start[rank + 1]):
                room = made + 1 < most
                if room:
                    made = _extend(at, a, graph, labels, bounds, (made, found))
            at = after[at] if room else -1
        if not room:
            break
    return made, value, arc, before, origin, known[1][len(first_known) : found], room


@compiled
def _shelve(rank: int, shelf: Any, value: float, sign: int, arc: int, slot: int) -> int:
    """A slot of a node for a partial path of a signature, -1 when others are all better."""
    count, values, signs, arcs, slots = shelf
    at = -1
    for j in range(count[rank]):
        if signs[rank, j] == sign:
            if values[rank, j] <= value:
                return -1
            at = j
    if at < 0 and count[rank] < values.shape[1]:
        at = count[rank]
        count[rank] += 1
    if at < 0:
        at = int(np.argmax(values[rank]))
        if values[rank, at] <= value:
            return -1
    values[rank, at], signs[rank, at], arcs[rank, at], slots[rank, at] = value, sign, arc, slot
    return at


@compiled
def _pass_on(a: int, graph: Any, state: Any, weight: float, token: int) -> None:
    """Offer the partial paths of an arc's tail to its head."""
    tail, head, place, _ = graph
    shelf, seen, entered = state
    here, there = tail[a], head[a]
    for j in range(shelf[0][here]):
        if not _enter(seen[here, j], place[here], place[there], entered):
            continue
        sign = shelf[2][here, j]
        if token > 0:
            sign = (sign ^ token) * 1099511628211 + 1469598103934665603
        at = _shelve(there, shelf, shelf[1][here, j] + weight, sign, a, j)
        if at >= 0:
            seen[there, at] = entered


@compiled
def distinct(graph: Any, weight: Any, token: Any, source: Any, to_go: Any, width: int) -> Any:
    """The cheapest partial path of up to ``width`` signatures at every rank.

    ``graph`` is (tail, head, place, words), ``source`` (ranks, values). Returns the number of
    used slots per rank and, by rank and slot, value, signature, arc and slot of the predecessor
    (arc -1 - s at source s).
    """
    tail, head, place, words = graph
    nodes = len(place)
    shelf = (
        np.zeros(nodes, np.int64), np.empty((nodes, width)), np.empty((nodes, width), np.int64),
        np.empty((nodes, width), np.int64), np.empty((nodes, width), np.int64),
    )  # fmt: skip
    seen = np.zeros((nodes, width, words), np.uint64)
    entered = np.zeros(words, np.uint64)
    for s in range(len(source[0])):
        rank = source[0][s]
        at = _shelve(rank, shelf, source[1][s], 0, -1 - s, -1)
        if at >= 0:
            seen[rank, at] = 0
            _enter(seen[rank, at], -1, place[rank], seen[rank, at])
    for a in range(len(tail)):
        if np.isfinite(weight[a] + to_go[head[a]]):
            _pass_on(a, graph, (shelf, seen, entered), weight[a], token[a])
    return shelf


def collect(label: int, arc: Ints, before: Ints) -> list[int]:
    """Arcs from the source to a label, in order."""
    found = []
    while before[label] >= 0:
        found.append(int(arc[label]))
        label = int(before[label])
    return found[::-1]
