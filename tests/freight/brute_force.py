"""Every itinerary of one shipment by plain search over the words of an instance.

Shares nothing with the network: it walks terminals, departures and transfers as a person would and
prices what it finds. Cheapest cost per TEU without fixed costs and capacities. Good for a few
dozen departures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from freight.domain.charges import (
    border,
    capital,
    customs,
    handling,
    lateness,
    leg,
    storage,
    transfer,
)
from freight.domain.instance import Instance
from freight.domain.service import Service, Stop
from freight.domain.shipment import Shipment
from freight.domain.timetable import DatedDeparture, dated_departures
from freight.domain.transfer import Transfer

MOST_TRANSFERS = 3


@dataclass(frozen=True)
class _At:
    """Where boxes are free since when; ``still`` with the shipper, who may hold them back."""

    terminal: str
    since: datetime
    still: bool
    seen: frozenset[str]
    transfers: int
    cost: float


class BruteForce:
    """Searches the itineraries of the shipments of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.departures = dated_departures(instance)
        self.most = timedelta(days=instance.statement.defaults.most_dwell_days)

    def cheapest(self, shipment: Shipment) -> float | None:
        """Cost per TEU of the best itinerary, None where there is none."""
        start = _At(shipment.origin, shipment.ready, True, frozenset({shipment.origin}), 0, 0.0)
        return min(self._walk(shipment, start), default=None)

    def _walk(self, shipment: Shipment, here: _At) -> Iterator[float]:
        if here.terminal == shipment.destination:
            end = shipment.due + timedelta(days=self.instance.statement.defaults.most_late_days)
            if here.since <= end:
                yield here.cost + self._time(shipment, here.since)
            return
        for dated in self.departures:
            for first, last in self._rides(shipment, here, dated):
                yield from self._walk(shipment, self._ridden(shipment, here, dated, first, last))
        for move in self.instance.transfers if here.transfers < MOST_TRANSFERS else ():
            if not self._may_move(shipment, move):
                continue
            for head in self._heads(move, here):
                yield from self._walk(shipment, self._moved(shipment, here, move, head))

    def _time(self, one: Shipment, delivered: datetime) -> float:
        hours = (delivered - one.ready) / timedelta(hours=1)
        late = max(0.0, (delivered - one.due) / timedelta(hours=1))
        return capital.price(self.instance, one).amount(1, hours) + lateness.price(
            self.instance, one
        ).amount(1, late)

    def _rides(
        self, shipment: Shipment, here: _At, dated: DatedDeparture
    ) -> Iterator[tuple[Stop, Stop]]:
        service = self.instance.service[dated.service]
        if not _fits(shipment, service):
            return
        calls = self.instance.stops_of[service.id]
        for i, first in enumerate(calls[:-1]):
            leaves = dated.at(first.depart_hours)
            in_time = here.since <= leaves - timedelta(hours=service.cutoff_hours)
            may_wait = leaves - here.since <= self.most
            if here.still:
                cutoff = timedelta(hours=service.cutoff_hours)
                may_wait = not here.transfers or cutoff <= self.most
            if first.terminal == here.terminal and first.load and in_time and may_wait:
                for last in calls[i + 1 :]:
                    if last.unload and last.terminal not in here.seen:
                        yield first, last

    def _ridden(
        self, shipment: Shipment, here: _At, dated: DatedDeparture, first: Stop, last: Stop
    ) -> _At:
        instance = self.instance
        per_teu = shipment.gross_tonnes / shipment.teu
        cost = here.cost
        wait = (dated.at(first.depart_hours) - here.since) / timedelta(hours=1)
        if here.still:
            # From the origin's transfers boxes arrive at the cutoff; at the origin they wait free.
            wait = instance.service[first.service].cutoff_hours if here.transfers else 0.0
        cost += storage.price(instance, instance.terminal[here.terminal]).amount(1, wait)
        for before, stop in pairwise(instance.stops_of[first.service]):
            if first.sequence < stop.sequence <= last.sequence:
                cost += leg.price(instance, stop).amount(1, per_teu)
                crossing = self._crossing(before, stop)
                if crossing:
                    cost += border.price(instance, crossing).amount(1, per_teu)
                    cost += customs.price(instance, crossing).amount(1, per_teu)
        for stop in (first, last):
            cost += handling.price(instance, instance.terminal[stop.terminal]).amount(1, per_teu)
        hours = instance.terminal[last.terminal].handling_hours
        since = dated.at(last.arrive_hours) + timedelta(hours=hours)
        return _At(last.terminal, since, False, here.seen | {last.terminal}, 0, cost)

    def _crossing(self, before: Stop, here: Stop) -> Transfer | None:
        for one in self.instance.transfers:
            ways = [(one.from_terminal, one.to_terminal)]
            if one.both_ways:
                ways.append((one.to_terminal, one.from_terminal))
            if one.kind.crosses_border and (before.terminal, here.terminal) in ways:
                return one
        return None

    def _may_move(self, shipment: Shipment, move: Transfer) -> bool:
        """Modes hold for transfers too, but for trucks within a city."""
        ends = [self.instance.terminal[one] for one in (move.from_terminal, move.to_terminal)]
        inside = move.mode.value == "road" and len({(one.city, one.country) for one in ends}) == 1
        return inside or not shipment.modes or move.mode in shipment.modes

    def _heads(self, move: Transfer, here: _At) -> Iterator[str]:
        if move.from_terminal == here.terminal and move.to_terminal not in here.seen:
            yield move.to_terminal
        back = move.both_ways and move.to_terminal == here.terminal
        if back and move.from_terminal not in here.seen:
            yield move.from_terminal

    def _moved(self, shipment: Shipment, here: _At, move: Transfer, head: str) -> _At:
        per_teu = shipment.gross_tonnes / shipment.teu
        cost = here.cost
        for charge in (transfer, border, customs):
            cost += charge.price(self.instance, move).amount(1, per_teu)
        since = here.since + timedelta(hours=move.hours)
        return _At(head, since, here.still, here.seen | {head}, here.transfers + 1, cost)


def _fits(shipment: Shipment, service: Service) -> bool:
    return (
        (not shipment.modes or service.mode in shipment.modes)
        and (service.reefer or not shipment.reefer)
        and (service.dangerous or shipment.dangerous is None)
        and (not service.open_to or shipment.owner in service.open_to)
    )
