"""Whether an itinerary waits where boxes may wait; the rules are those of the statement.

They are checked so that the bound of a plan holds for every plan that the audit accepts: what the
network does not offer is no plan of the instance. See :mod:`freight.domain.waiting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from freight.domain.plan import Move, Ride
from freight.domain.waiting import LATER_DAYS, MOST_TRANSFERS
from freight.model.audit.facts import Facts, clock, same_moment

Said = tuple[str, str]
Carriage = Ride | Move
DAY = timedelta(days=1)


def waiting(
    facts: Facts, carriages: Sequence[Carriage], free: Sequence[datetime]
) -> Iterator[Said]:
    """What is wrong; ``free[i]`` is when the boxes are free before carriage ``i``."""
    yield from _in_a_row(carriages)
    for before, after in pairwise(carriages):
        if isinstance(before, Ride) and isinstance(after, Ride) and _same_stop(before, after):
            yield (
                "same departure",
                f"is unloaded from {before.departure} at {before.to_terminal} and loaded onto it "
                "again.",
            )
    first = next((i for i, one in enumerate(carriages) if isinstance(one, Ride)), len(carriages))
    if first and not _just_in_time(facts, carriages[: first + 1]):
        yield from _from_origin(facts, carriages[:first], free)
    for i in range(first, len(carriages)):
        yield from _at_once(facts, carriages[i], free[i])


def _in_a_row(carriages: Sequence[Carriage]) -> Iterator[Said]:
    for by_transfer, group in groupby(carriages, key=lambda one: isinstance(one, Move)):
        number = len(list(group))
        if by_transfer and number > MOST_TRANSFERS:
            yield "transfers", f"has {number} transfers in a row, allowed are {MOST_TRANSFERS}."


def _same_stop(before: Ride, after: Ride) -> bool:
    return before.departure == after.departure and before.to_sequence == after.from_sequence


def _just_in_time(facts: Facts, chain: Sequence[Carriage]) -> bool:
    """Whether transfers follow each other and end when the departure behind them closes."""
    *moves, ride = chain
    if not isinstance(ride, Ride):
        return False
    closes = ride.departs - timedelta(hours=facts.instance.service[ride.service].cutoff_hours)
    ends = [*(move.departs for move in moves[1:]), closes]
    return all(same_moment(move.arrives, end) for move, end in zip(moves, ends, strict=True))


def _from_origin(
    facts: Facts, moves: Sequence[Carriage], free: Sequence[datetime]
) -> Iterator[Said]:
    """Transfers from the origin that are not just in time for a departure."""
    start = moves[0]
    if not any(same_moment(start.departs, moment) for moment in _starts(facts, start)):
        yield (
            "waiting",
            f"starts from {start.from_terminal} at {clock(start.departs)}: neither just in time "
            "for its first departure, nor when goods are ready there.",
        )
    for move, moment in zip(moves[1:], free[1:], strict=False):
        yield from _at_once(facts, move, moment)


def _starts(facts: Facts, start: Carriage) -> Iterator[datetime]:
    """When transfers may start from an origin."""
    limited = any(
        transfer.capacity_teu_per_day is not None
        and (
            transfer.from_terminal == start.from_terminal
            or (transfer.both_ways and transfer.to_terminal == start.from_terminal)
        )
        for transfer in facts.instance.transfers
    )
    later = (0, *(LATER_DAYS if limited else ()))
    for shipment in facts.instance.shipments:
        if shipment.origin == start.from_terminal:
            yield from (shipment.ready + days * DAY for days in later)


def _at_once(facts: Facts, carriage: Carriage, free: datetime) -> Iterator[Said]:
    """A transfer starts when the boxes are free, a limited one also some days later."""
    if not isinstance(carriage, Move):
        return
    limited = facts.instance.transfer[carriage.transfer].capacity_teu_per_day is not None
    later = (0, *(LATER_DAYS if limited else ()))
    if not any(same_moment(carriage.departs, free + days * DAY) for days in later):
        hours = (carriage.departs - free) / timedelta(hours=1)
        yield (
            "waiting",
            f"waits {hours:g} h at {carriage.from_terminal} before {carriage.transfer}; boxes move "
            "on at once and wait where their next departure leaves.",
        )
