"""Every way from door to door by plain recursion over the tables, with arithmetic of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.instance import Instance
from freight.domain.terminal import Terminal
from freight.domain.timetable import DatedDeparture, dated_departures
from freight.domain.transfer import Transfer
from freight.requests.routing import Request
from freight.routing.request import latest_moment


@dataclass(frozen=True)
class State:
    """Boxes free at a terminal; ``kept``: still with the shipper, free since ``at``."""

    terminal: str
    at: datetime
    cost: float
    co2e_kg: float
    carriages: int
    seen: frozenset[str]
    kept: bool
    unloaded: datetime | None = None
    """When the vehicle arrived that left the boxes here."""


class BruteForce:
    """Enumerates the itineraries of one request by the rules of the network."""

    def __init__(self, instance: Instance, request: Request, loaded_tonnes: float) -> None:
        self.instance, self.request, self.loaded = instance, request, loaded_tonnes
        self.departures = dated_departures(instance)

    def values(self) -> list[tuple[float, float, float, float]]:
        """Cost, hours, kg CO2e and carriages of every itinerary."""
        ask = self.request
        start = State(ask.origin, ask.ready, 0.0, 0.0, 0, frozenset({ask.origin}), True)
        return list(self._go(start))

    def _go(self, state: State) -> Iterator[tuple[float, float, float, float]]:
        ask = self.request
        if state.terminal == ask.destination and state.carriages:
            yield from self._deliver(state)
        for departure in self.departures:
            yield from self._board(state, departure)
        for transfer, end in self._transfers(state.terminal):
            if end not in state.seen:
                yield from self._transfer(state, transfer, end)

    def _deliver(self, state: State) -> Iterator[tuple[float, float, float, float]]:
        ask = self.request
        due = ask.due or latest_moment(self.instance)
        hours = (state.at - ask.ready).total_seconds() / 3600
        late = max(0.0, (state.at - due).total_seconds() / 3600)
        if late > 24 * self.instance.statement.defaults.most_late_days:
            return
        cost = state.cost + ask.value * self.instance.statement.capital_rate_per_year / 8760 * hours
        if ask.due is not None:
            per_day = self.instance.statement.defaults.lateness_cost_per_teu_day
            cost += per_day / 24 * late * ask.teu
        yield cost, hours, state.co2e_kg, float(state.carriages)

    def _base(self, amount: float, currency: str) -> float:
        return amount / self.instance.rates[currency]

    def _factor(self, name: str, tonne_km: float) -> float:
        factor = self.instance.emission[name]
        if factor.unit.value == "g/tkm":
            return factor.value * tonne_km / 1000
        return factor.value * self.request.teu

    def _hub(self) -> float:
        return self._factor("hub", 0) if "hub" in self.instance.emission else 0.0

    def _lift(self, terminal: Terminal) -> float:
        per = terminal.handling_cost_per_teu * self.request.teu
        per += terminal.handling_cost_per_tonne * self.request.tonnes
        return self._base(per, terminal.currency)

    def _storage(self, state: State, until: datetime, cutoff: float = 0.0) -> float | None:
        """Storage of a dwell, None when it is too long.

        Boxes that come straight from the shipper arrive just in time for the cutoff.
        """
        hours = (until - state.at).total_seconds() / 3600
        if state.kept:
            hours = 0.0 if state.terminal == self.request.origin else min(hours, cutoff)
        if hours > 24 * self.instance.statement.defaults.most_dwell_days:
            return None
        terminal = self.instance.terminal[state.terminal]
        paid = max(0.0, hours - terminal.free_storage_hours)
        per_day = self._base(terminal.storage_cost_per_teu_day, terminal.currency)
        return per_day / 24 * paid * self.request.teu

    def _board(
        self, state: State, departure: DatedDeparture
    ) -> Iterator[tuple[float, float, float, float]]:
        service = self.instance.service[departure.service]
        stops = self.instance.stops_of[service.id]
        for i, stop in enumerate(stops[:-1]):
            leaves = departure.at(stop.depart_hours)
            in_time = state.at <= leaves - timedelta(hours=service.cutoff_hours)
            stored = self._storage(state, leaves, service.cutoff_hours)
            if stop.terminal != state.terminal or not stop.load or not in_time or stored is None:
                continue
            if not self._room(state, stop.terminal, leaves):
                continue
            cost = state.cost + stored + self._lift(self.instance.terminal[stop.terminal])
            yield from self._ride(state, departure, i, cost)

    def _room(self, state: State, terminal: str, leaves: datetime) -> bool:
        """Whether the terminal lifts all boxes on that day, off one vehicle and onto another."""
        here = self.instance.terminal[terminal]
        if here.capacity_teu_per_day is None:
            return True
        days = [one.astimezone(ZoneInfo(here.time_zone)).date()
                for one in (state.unloaded, leaves) if one is not None]  # fmt: skip
        lifts = max(days.count(day) for day in days) * self.request.teu
        return lifts <= here.capacity_teu_per_day

    def _ride(
        self, state: State, departure: DatedDeparture, first: int, cost: float
    ) -> Iterator[tuple[float, float, float, float]]:
        ask, service = self.request, self.instance.service[departure.service]
        stops = self.instance.stops_of[service.id]
        whole = sum(one.distance_km for one in stops)
        fixed = self._base(service.fixed_cost_per_departure, service.currency)
        co2e = state.co2e_kg + 2 * self._hub()
        for before, stop in zip(stops[first:], stops[first + 1 :], strict=False):
            most = min(service.capacity_teu, stop.capacity_teu or 1e9)
            tonnes = min(service.capacity_tonnes, stop.capacity_tonnes or 1e9)
            if ask.teu > most or self.loaded > tonnes:
                return
            cost += self._base(
                stop.cost_per_teu * ask.teu + stop.cost_per_tonne * ask.tonnes, stop.currency
            )
            if not self._passable(before.terminal, stop.terminal):
                return
            cost += self._crossing(before.terminal, stop.terminal)
            share = stop.distance_km / whole if whole else 1 / (len(stops) - 1)
            cost += fixed / (service.capacity_teu * ask.load_factor) * share * ask.teu
            co2e += self._factor(
                stop.emission_class or service.emission_class, self.loaded * stop.distance_km
            )
            terminal = self.instance.terminal[stop.terminal]
            most_lifts = terminal.capacity_teu_per_day
            lifted = most_lifts is None or ask.teu <= most_lifts
            if stop.unload and lifted and stop.terminal not in state.seen:
                at = departure.at(stop.arrive_hours) + timedelta(hours=terminal.handling_hours)
                yield from self._go(
                    State(stop.terminal, at, cost + self._lift(terminal), co2e,
                          state.carriages + 1, state.seen | {stop.terminal}, False,
                          departure.at(stop.arrive_hours))
                )  # fmt: skip

    def _passable(self, a: str, b: str) -> bool:
        """Whether the border between two stops lets all boxes through in a day."""
        for one in self.instance.transfers:
            ends = (one.from_terminal, one.to_terminal)
            if one.kind.crosses_border and (ends == (a, b) or (one.both_ways and ends == (b, a))):
                limit = one.capacity_teu_per_day
                return limit is None or self.request.teu <= limit
        return True

    def _crossing(self, a: str, b: str) -> float:
        for one in self.instance.transfers:
            ends = (one.from_terminal, one.to_terminal)
            if one.kind.crosses_border and (ends == (a, b) or (one.both_ways and ends == (b, a))):
                return self._tariff(one)
        return 0.0

    def _tariff(self, one: Transfer) -> float:
        per_teu = one.cost_per_teu + one.customs_cost_per_teu
        amount = per_teu * self.request.teu + one.cost_per_tonne * self.request.tonnes
        return self._base(amount, one.currency)

    def _transfers(self, terminal: str) -> Iterator[tuple[Transfer, str]]:
        for one in self.instance.transfers:
            if one.from_terminal == terminal:
                yield one, one.to_terminal
            if one.both_ways and one.to_terminal == terminal:
                yield one, one.from_terminal

    def _transfer(
        self, state: State, one: Transfer, end: str
    ) -> Iterator[tuple[float, float, float, float]]:
        most = one.capacity_teu_per_day
        if most is not None and most < self.request.teu:
            return
        waits = [0.0]
        if one.capacity_teu_per_day is not None and not state.kept:
            waits += [24.0, 48.0, 72.0]
        co2e = state.co2e_kg
        if one.emission_class is not None:
            co2e += self._factor(one.emission_class, self.loaded * one.distance_km)
        for wait in waits:
            start = state.at + timedelta(hours=wait)
            stored = self._storage(state, start)
            if stored is None:
                continue
            # From the shipper a move starts so late that nothing waits behind it: kept stays.
            yield from self._go(
                State(end, start + timedelta(hours=one.hours), state.cost + stored
                      + self._tariff(one), co2e, state.carriages + 1, state.seen | {end},
                      state.kept)
            )  # fmt: skip
