"""Transfers as directed moves, and the chains of moves that a shipment may make in a row.

A chain never comes back to a terminal it has been to, so it never reverses a move, and holds at
most ``MOST_TRANSFERS`` moves. Where a transfer has a daily capacity it may also start one, two or
three days later, so that a full day does not close it; never later than the most dwell allows.

A chain is left out where another one, without a daily capacity, through no other terminals and by
no other modes, leads from the same start to the same end no later and at no higher cost, the
storage included that the earlier arrival may add at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from freight.domain.access import asked_by
from freight.domain.charges import Price, border, customs, transfer
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.domain.transfer import Transfer
from freight.domain.waiting import LATER_DAYS, MOST_TRANSFERS
from freight.model.moments import HOUR, span

LATER_STARTS = tuple(days * 24 * HOUR for days in LATER_DAYS)


@dataclass(frozen=True, slots=True)
class DirectedMove:
    """One direction of a transfer; terminals are positions, ``duration`` is in microseconds."""

    transfer: Transfer
    tail: int
    head: int
    duration: int
    price: Price
    asks: Mode | None
    """The mode that boxes must be allowed to travel by; None: all may take it."""
    starts: tuple[int, ...]
    """Waits after which it may start, none of them above the most dwell."""

    @property
    def limited(self) -> bool:
        """Whether it has a daily capacity."""
        return self.transfer.capacity_teu_per_day is not None


@dataclass(frozen=True, slots=True)
class Link:
    """One move of a chain, hung on the link before it (``parent`` -1: on the chain's root).

    ``root`` terminal and ``end`` terminal of the chain so far; ``wait`` before this move starts and
    ``offset`` from the root's moment to the end of this move, both in microseconds. Chains that
    run backwards from their root count ``offset`` from the start of this move to the root.
    """

    parent: int
    move: int
    end: int
    wait: int
    offset: int
    limited: bool
    """Whether any move of the chain has a daily capacity."""


def directed_moves(instance: Instance) -> list[DirectedMove]:
    """Both directions of every transfer that may be used so, in the order of the table."""
    place = {one.id: i for i, one in enumerate(instance.terminals)}
    most = span(instance.statement.defaults.most_dwell_days * 24)
    later = (0, *(wait for wait in LATER_STARTS if wait <= most))
    found = []
    for one in instance.transfers:
        a, b = place[one.from_terminal], place[one.to_terminal]
        price = crossing_price(instance, one) + transfer.price(instance, one)
        starts = (0,) if one.capacity_teu_per_day is None else later
        same = (span(one.hours), price, asked_by(instance, one), starts)
        found.append(DirectedMove(one, a, b, *same))
        if one.both_ways:
            found.append(DirectedMove(one, b, a, *same))
    return found


def crossing_price(instance: Instance, one: Transfer) -> Price:
    """Border and customs price of a transfer: what a service pays that crosses on board."""
    return border.price(instance, one) + customs.price(instance, one)


def forward_chains(
    root: int, moves: list[DirectedMove], useful: set[int], storage_per_hour: Sequence[float]
) -> list[Link]:
    """Chains that start at ``root`` and lead to a useful terminal, parents first.

    ``storage_per_hour`` per TEU and terminal: what an hour more of dwell may cost there.
    """
    out: dict[int, list[int]] = {}
    for m, move in enumerate(moves):
        out.setdefault(move.tail, []).append(m)
    links: list[Link] = []

    def grow(parent: int, end: int, seen: frozenset[int], offset: int, limited: bool) -> None:
        """Append every chain that goes on from ``end``; ``offset`` hours are behind it."""
        for m in out.get(end, []) if len(seen) <= MOST_TRANSFERS else []:
            move = moves[m]
            if move.head in seen:
                continue
            for wait in move.starts:
                later = offset + wait + move.duration
                some = limited or move.limited
                links.append(Link(parent, m, move.head, wait, later, some))
                grow(len(links) - 1, move.head, seen | {move.head}, later, some)

    grow(-1, root, frozenset({root}), 0, False)
    return _useful(_undominated(links, moves, storage_per_hour), useful)


def backward_chains(root: int, moves: list[DirectedMove], useful: set[int]) -> list[Link]:
    """Chains that end at ``root`` and start at a useful terminal, without waits, roots first.

    Boxes wait with the shipper before such a chain, at no charge.
    """
    into: dict[int, list[int]] = {}
    for m, move in enumerate(moves):
        into.setdefault(move.head, []).append(m)
    links: list[Link] = []

    def grow(parent: int, end: int, seen: frozenset[int], offset: int, limited: bool) -> None:
        """Append every chain that leads up to ``end``; ``offset`` hours lie after it."""
        for m in into.get(end, []) if len(seen) <= MOST_TRANSFERS else []:
            move = moves[m]
            if move.tail in seen:
                continue
            earlier = offset + move.duration
            some = limited or move.limited
            links.append(Link(parent, m, move.tail, 0, earlier, some))
            grow(len(links) - 1, move.tail, seen | {move.tail}, earlier, some)

    grow(-1, root, frozenset({root}), 0, False)
    return _useful(_undominated(links, moves, ()), useful)


def _undominated(
    links: list[Link], moves: list[DirectedMove], storage_per_hour: Sequence[float]
) -> list[Link]:
    """Chains without those that another one makes pointless; what others hang on stays.

    Each is judged where it ends: an earlier arrival half-way may cost storage further on.
    """
    price: list[Price] = []
    seen: list[frozenset[int]] = []
    asks: list[frozenset[Mode]] = []
    for one in links:
        before = (Price(), frozenset[int](), frozenset[Mode]()) if one.parent < 0 else (
            price[one.parent], seen[one.parent], asks[one.parent]
        )  # fmt: skip
        mode = moves[one.move].asks
        price.append(before[0] + moves[one.move].price)
        seen.append(before[1] | {one.end})
        asks.append(before[2] if mode is None else before[2] | {mode})
    by_end: dict[int, list[int]] = {}
    for i, one in enumerate(links):
        by_end.setdefault(one.end, []).append(i)

    def beaten(i: int, j: int) -> bool:
        later = links[i].offset - links[j].offset
        margin = storage_per_hour[links[i].end] * later / HOUR if storage_per_hour else 0.0
        no_dearer = (
            price[j].per_teu + margin <= price[i].per_teu
            and price[j].per_tonne <= price[i].per_tonne
        )
        same = (links[i].offset, price[i], seen[i], asks[i]) == (
            links[j].offset,
            price[j],
            seen[j],
            asks[j],
        ) and i < j
        no_wider = seen[j] <= seen[i] and asks[j] <= asks[i]
        return later >= 0 and no_dearer and no_wider and not same

    rivals = {end: [j for j in some if not links[j].limited] for end, some in by_end.items()}
    keep = [
        not any(j != i and beaten(i, j) for j in rivals[one.end]) for i, one in enumerate(links)
    ]
    return renumbered(links, with_parents(links, keep))


def _useful(links: list[Link], useful: set[int]) -> list[Link]:
    return renumbered(links, with_parents(links, [one.end in useful for one in links]))


def with_parents(links: list[Link], keep: list[bool]) -> list[bool]:
    """What is kept, with all that it hangs on."""
    wanted = keep.copy()
    for i in reversed(range(len(links))):
        if wanted[i] and links[i].parent >= 0:
            wanted[links[i].parent] = True
    return wanted


def renumbered(links: list[Link], keep: list[bool]) -> list[Link]:
    """The kept links, with their parents' new positions; a kept link's parent must be kept."""
    place = dict(_kept(keep))
    return [
        Link(place.get(one.parent, -1), one.move, one.end, one.wait, one.offset, one.limited)
        for one, wanted in zip(links, keep, strict=True)
        if wanted
    ]


def _kept(keep: list[bool]) -> Iterator[tuple[int, int]]:
    count = 0
    for i, wanted in enumerate(keep):
        if wanted:
            yield i, count
            count += 1
