"""Draws how boxes wait at a terminal: from their READY events to the gates of departures.

A window of departures belongs to every event: from the loading deadline that the boxes still make
to the most dwell. It is cut where free storage ends, so that storage is linear in time within each
part, and where it holds the very call that the boxes were unloaded at: nobody unloads boxes to load
them onto the same train again. Each part is covered by few arcs (:mod:`freight.model.windows`),
whose number is linear in the number of calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from freight.model.moments import HOUR
from freight.model.network import Arc, Drawing
from freight.model.windows import Cover, cover
from solvers.arrays import Ints

Window = tuple[Ints, Ints]
"""First position and the position behind the last, for every event."""


@dataclass(frozen=True, slots=True)
class Boarding:
    """Loads at one terminal; shapes ``loads``, times in microseconds.

    ``unloaded_from`` is the call that a node was unloaded at, -1 for none; shape nodes. Storage
    costs ``per_hour`` per TEU beyond ``free``; nobody waits longer than ``most``.
    """

    place: int
    loads: Ints
    leave: Ints
    cutoff: Ints
    gate: Ints
    unloaded_from: Ints
    most: int
    free: int
    per_hour: float

    def of(self, cutoff: int) -> Boarding:
        """The loads with one cutoff, by departure."""
        some = np.flatnonzero(self.cutoff == cutoff)
        some = some[np.argsort(self.leave[some], kind="stable")]
        return replace(
            self, loads=self.loads[some], leave=self.leave[some], cutoff=self.cutoff[some],
            gate=self.gate[some],
        )  # fmt: skip


def draw_dwell(drawing: Drawing, boarding: Boarding, events: Ints, at: Ints) -> None:
    """Ways from the READY ``events`` of a terminal, in order of their time ``at``, to its gates."""
    for cutoff in np.unique(boarding.cutoff):
        some = boarding.of(int(cutoff))
        lo = np.searchsorted(some.leave, at + cutoff, "left")
        hi = np.searchsorted(some.leave, at + boarding.most, "right")
        mid = np.searchsorted(some.leave, at + boarding.free, "right")
        mid = np.clip(mid, lo, np.maximum(lo, hi))
        for window, per_hour in (((lo, mid), 0.0), ((mid, hi), boarding.per_hour)):
            for part in _covers(some, (events, at), window):
                _draw_cover(drawing, some, (events, at + boarding.free), (part, per_hour))


def _covers(some: Boarding, events: tuple[Ints, Ints], window: Window) -> list[Cover]:
    """The windows without the call that an event was unloaded at."""
    nodes, at = events
    lo, hi = window
    calls = some.unloaded_from[nodes]
    order = np.argsort(some.loads, kind="stable")
    found = order[np.searchsorted(some.loads[order], calls).clip(max=len(order) - 1)]
    own = np.where(some.loads[found] == calls, found, -1)
    inside = (own >= lo) & (own < hi)
    covers = [cover(lo, np.where(inside, lo, hi))]
    # Where boxes have equal time until their own train goes on, windows stay in order when parted.
    stay = some.leave[own] - at
    for length in np.unique(stay[inside]):
        apart = np.flatnonzero(inside & (stay == length))
        apart = apart[np.lexsort((own[apart], at[apart]))]
        for first, behind in ((lo[apart], own[apart]), (own[apart] + 1, hi[apart])):
            covers.append(_of_events(cover(first, behind), apart))
    return covers


def _of_events(part: Cover, events: Ints) -> Cover:
    """A cover of some events, renumbered as all are."""
    pairs, entries = part.pairs.copy(), part.entries.copy()
    pairs[0], entries[0] = events[pairs[0]], events[entries[0]]
    return replace(part, pairs=pairs, entries=entries)


def _draw_cover(
    drawing: Drawing, some: Boarding, events: tuple[Ints, Ints], priced: tuple[Cover, float]
) -> None:
    """Arcs that cost so much an hour from the moment since which each event pays."""
    nodes, since = events
    part, price = priced
    leave, gate = some.leave, some.gate
    deadline = leave - some.cutoff
    extra = drawing.add_nodes(deadline[part.reference], some.place)
    reference = leave[part.reference]
    per_hour = price / HOUR if price else 0.0
    for (tail, start), (head, end) in (
        ((nodes[part.pairs[0]], since[part.pairs[0]]),
         (gate[part.pairs[1]], leave[part.pairs[1]])),
        ((nodes[part.entries[0]], since[part.entries[0]]),
         (extra[part.entries[1]], reference[part.entries[1]])),
        ((extra[part.links[0]], reference[part.links[0]]),
         (extra[part.links[1]], reference[part.links[1]])),
        ((extra[part.exits[0]], reference[part.exits[0]]),
         (gate[part.exits[1]], leave[part.exits[1]])),
    ):  # fmt: skip
        drawing.add_arcs(Arc.DWELL, tail, head, -1, per_hour * np.abs(end - start))
