"""Sliding windows over a sorted line covered by few arcs.

Event ``e`` may go to every position ``lo[e] ≤ i < hi[e]`` of a line, where ``lo`` and ``hi`` never
decrease from one event to the next. Joining every pair takes ``Σ (hi - lo)`` arcs. Here breakpoints
are placed so that each window holds exactly one of them, or ends at it: what lies before the
breakpoint is reached along a chain that runs up to it, what lies behind along a chain that runs
down to it. That takes at most 2 arcs an event and 4 a position, whatever the windows' width.

A cost that is linear in ``place(position) - place(event)`` is kept exactly: every node of the
chains has a reference position, and an arc costs the difference of its ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Ints


@dataclass(frozen=True, slots=True)
class Cover:
    """Arcs that join events to positions, some of them through extra nodes.

    ``reference[n]`` is the position whose place counts as that of extra node ``n``. ``pairs`` join
    an event to a position, ``entries`` an event to a node, ``links`` a node to a node, ``exits`` a
    node to a position; each is an array of shape 2×arcs.
    """

    reference: Ints
    pairs: Ints
    entries: Ints
    links: Ints
    exits: Ints


def cover(lo: Ints, hi: Ints) -> Cover:
    """The smaller of all pairs and the two chains; both cover each window exactly."""
    lo = np.minimum(lo, hi)
    events = np.flatnonzero(hi > lo)
    pairs = int((hi - lo).sum())
    if not len(events):
        return Cover(np.zeros(0, np.int64), _none(), _none(), _none(), _none())
    positions = int(hi.max() - lo[events].min())
    if pairs <= 2 * len(events) + 4 * positions:
        return every_pair(events, lo[events], hi[events])
    return _chains(events, lo[events], hi[events])


def _none() -> Ints:
    return np.zeros((2, 0), dtype=np.int64)


def every_pair(events: Ints, lo: Ints, hi: Ints) -> Cover:
    """The cover without extra nodes; ``lo`` and ``hi`` in the shape of ``events``, in any order."""
    count = np.maximum(0, hi - lo)
    pairs = np.stack([np.repeat(events, count), ranges(lo, lo + count)])
    return Cover(np.zeros(0, np.int64), pairs, _none(), _none(), _none())


def ranges(lo: Ints, hi: Ints) -> Ints:
    """The integers of every ``lo[i]:hi[i]``, one range after the other."""
    count = hi - lo
    begin = np.cumsum(count) - count
    found: Ints = np.arange(int(count.sum()), dtype=np.int64) + np.repeat(lo - begin, count)
    return found


def _breakpoints(lo: Ints, hi: Ints) -> list[tuple[int, int, int]]:
    """(first event, event behind the last, breakpoint) of every group of events."""
    groups, i = [], 0
    while i < len(lo):
        at = int(hi[i])
        j = int(np.searchsorted(lo, at, "left"))
        groups.append((i, j, at))
        i = j
    return groups


def _chains(events: Ints, lo: Ints, hi: Ints) -> Cover:
    before_of = np.full(int(hi.max()), -1, dtype=np.int64)
    behind_of = before_of.copy()
    position, reference = [], []
    links: list[Ints] = []
    entries: list[Ints] = []
    count = 0
    for i, j, at in _breakpoints(lo, hi):
        up = np.arange(lo[i], at)
        down = np.arange(at, hi[j - 1])
        before_of[up] = count + np.arange(len(up))
        behind_of[down] = count + len(up) + np.arange(len(down))
        count += len(up) + len(down)
        position += [up, down]
        reference += [up, np.full(len(down), at)]
        links.append(np.stack([before_of[up[:-1]], before_of[up[1:]]]))
        links.append(np.stack([behind_of[down[1:]], behind_of[down[:-1]]]))
        beyond = np.arange(i, j)[hi[i:j] > at]
        entries.append(np.stack([events[i:j], before_of[lo[i:j]]]))
        entries.append(np.stack([events[beyond], behind_of[hi[beyond] - 1]]))
    where = np.concatenate(position)
    return Cover(
        np.concatenate(reference), _none(), np.concatenate(entries, axis=1),
        np.concatenate(links, axis=1), np.stack([np.arange(count), where]),
    )  # fmt: skip
