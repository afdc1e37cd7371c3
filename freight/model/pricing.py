"""What a trip costs by the price list, line by line, before rounding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from freight.domain.charges import (
    Price,
    border,
    capital,
    customs,
    fixed,
    handling,
    lateness,
    leg,
    storage,
    transfer,
)
from freight.domain.instance import Instance
from freight.domain.plan import ChargeKind
from freight.domain.service import Mode
from freight.domain.shipment import Shipment
from freight.domain.transfer import Transfer
from freight.model.drawing import crossings_on_board
from freight.model.moments import HOUR, micros
from freight.model.network import Network
from freight.model.trips import Aboard, Carriage, Shift, Trip, begins, delivered
from solvers.arrays import Ints


@dataclass(frozen=True, slots=True)
class Line:
    """One charge before rounding; ``step`` counts carriages and dwells as the itinerary does."""

    kind: ChargeKind
    amount: float
    step: int | None
    reference: str
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait between two carriages; microseconds. ``arrives`` is before handling."""

    terminal: int
    arrives: int
    free_from: int
    departs: int

    @property
    def hours(self) -> float:
        """Dwell: from the end of handling to the next departure."""
        return (self.departs - self.free_from) / HOUR


class Pricer:
    """Prices trips of one instance."""

    def __init__(self, instance: Instance, network: Network, crossing: Ints | None = None) -> None:
        """``crossing`` is worked out from the instance unless it is given."""
        self.instance = instance
        self.network = network
        if crossing is None:
            crossing = crossings_on_board(instance, network.calls, network.moves)
        self.crossing = crossing

    def steps(self, trip: Trip) -> list[Carriage | Wait]:
        """Carriages with the waits between them; a wait only where time passes."""
        found: list[Carriage | Wait] = []
        for i, one in enumerate(trip.carriages):
            if i:
                wait = self._wait(trip.carriages[i - 1], one)
                if wait.departs > wait.arrives:
                    found.append(wait)
            found.append(one)
        return found

    def _wait(self, before: Carriage, after: Carriage) -> Wait:
        network = self.network
        if isinstance(before, Aboard):
            place = int(network.calls.terminal[before.unload])
            free = delivered(network, before)
            return Wait(place, free - int(network.handling[place]), free, begins(network, after))
        free = delivered(network, before)
        return Wait(network.moves[before.move].head, free, free, begins(network, after))

    def lines(self, trip: Trip) -> list[Line]:
        """Every charge of a trip except shares in fixed costs; those of 0 are left out."""
        shipment = self.instance.shipments[trip.shipment]
        tonnes = shipment.gross_tonnes * trip.teu / shipment.teu
        found: list[Line] = []
        for step, one in enumerate(self.steps(trip)):
            if isinstance(one, Aboard):
                found += self._ride(one, step, trip.teu, tonnes)
            elif isinstance(one, Shift):
                move = self.network.moves[one.move].transfer
                found += self._transfer(move, step, (trip.teu, tonnes), move.mode)
            else:
                terminal = self.instance.terminals[one.terminal]
                amount = storage.price(self.instance, terminal).amount(trip.teu, one.hours)
                found.append(Line(ChargeKind.STORAGE, amount, step, terminal.id, None))
        found += self._time(shipment, trip)
        return [one for one in found if one.amount]

    def _ride(self, one: Aboard, step: int, teu: int, tonnes: float) -> Iterator[Line]:
        calls = self.network.calls
        departure = calls.departure_of(one.load)
        mode = self.instance.service[departure.service].mode
        total = Price()
        for call in range(one.load + 1, one.unload + 1):
            total += leg.price(self.instance, calls.stop_of(call))
        yield Line(ChargeKind.LEG, total.amount(teu, tonnes), step, departure.id, mode)
        for call in range(one.load + 1, one.unload + 1):
            crossing = int(self.crossing[calls.stop[call]])
            if crossing >= 0:
                passed = self.network.moves[crossing].transfer
                yield from self._transfer(passed, step, (teu, tonnes), mode)
        for call in (one.load, one.unload):
            terminal = self.instance.terminals[int(calls.terminal[call])]
            amount = handling.price(self.instance, terminal).amount(teu, tonnes)
            yield Line(ChargeKind.HANDLING, amount, step, terminal.id, None)

    def _transfer(
        self, one: Transfer, step: int, load: tuple[float, float], mode: Mode
    ) -> Iterator[Line]:
        for kind, price in (
            (ChargeKind.TRANSFER, transfer.price(self.instance, one)),
            (ChargeKind.BORDER, border.price(self.instance, one)),
            (ChargeKind.CUSTOMS, customs.price(self.instance, one)),
        ):
            yield Line(kind, price.amount(*load), step, one.id, mode)

    def _time(self, shipment: Shipment, trip: Trip) -> Iterator[Line]:
        at = delivered(self.network, trip.carriages[-1])
        hours = (at - micros(shipment.ready)) / HOUR
        late = max(0, at - micros(shipment.due)) / HOUR
        held = capital.price(self.instance, shipment).amount(trip.teu, hours)
        missed = lateness.price(self.instance, shipment).amount(trip.teu, late)
        yield Line(ChargeKind.CAPITAL, held, None, shipment.id, None)
        yield Line(ChargeKind.LATENESS, missed, None, shipment.id, None)

    def fixed_weight(self, trip: Trip, one: Aboard) -> float:
        """Weight of a ride in the fixed cost of its departure."""
        calls = self.network.calls
        km = sum(calls.stop_of(c).distance_km for c in range(one.load + 1, one.unload + 1))
        return fixed.weight(trip.teu, km)
