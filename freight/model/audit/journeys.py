"""Every itinerary on its own: does it exist, does it connect in place and time, is it allowed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from freight.domain.charges import storage
from freight.domain.footprint import leg_kg, lift_kg, transfer_kg
from freight.domain.gazetteer import city_key
from freight.domain.plan import Dwell, Itinerary, Move, Ride
from freight.domain.service import Mode
from freight.domain.shipment import Shipment
from freight.domain.transfer import Transfer
from freight.model.audit.facts import MOMENT, Facts, clock, near, same_moment
from freight.model.audit.finding import Finding
from freight.model.audit.waiting import waiting

Said = tuple[str, str]


class Journey:
    """One itinerary of a known shipment whose departures, stops and transfers are known too."""

    def __init__(self, facts: Facts, itinerary: Itinerary, where: str) -> None:
        self.facts = facts
        self.instance = facts.instance
        self.itinerary = itinerary
        self.where = where
        self.shipment: Shipment = facts.instance.shipment[itinerary.shipment]

    @property
    def carriages(self) -> list[Ride | Move]:
        """Steps that move boxes."""
        return [one for one in self.itinerary.steps if not isinstance(one, Dwell)]

    def available(self, one: Ride | Move) -> datetime:
        """When boxes are free to go on after a carriage."""
        if isinstance(one, Move):
            return one.arrives
        hours = self.instance.terminal[one.to_terminal].handling_hours
        return one.arrives + timedelta(hours=hours)

    def findings(self) -> Iterator[Finding]:
        """Everything wrong with it."""
        for said in (
            self._load(), self._places(), self._borders(), self._times(), self._waiting(),
            self._dwells(), self._delivery(), self._footprint(),
        ):  # fmt: skip
            for code, message in said:
                yield Finding(code, self.where, message)
        for one in self.carriages:
            where = f"{self.where}, {one.departure if isinstance(one, Ride) else one.transfer}"
            said = self._ride(one) if isinstance(one, Ride) else self._move(one)
            for code, message in said:
                yield Finding(code, where, message)

    def _load(self) -> Iterator[Said]:
        plan, stated = self.itinerary, self.shipment
        if plan.owner != stated.owner:
            yield "owner", f"owner is '{plan.owner}', expected '{stated.owner}'."
        lot = stated.container_type.teu if stated.splittable else stated.teu
        if plan.teu <= 0 or plan.teu % lot:
            yield "lot", f"carries {plan.teu} TEU, expected whole lots of {lot} TEU."
        tonnes = stated.loaded_tonnes * plan.teu / stated.teu
        if not near(plan.loaded_tonnes, tonnes):
            yield "tonnes", f"weighs {plan.loaded_tonnes:g} t loaded, expected {tonnes:g} t."

    def _places(self) -> Iterator[Said]:
        some = self.carriages
        if not some:
            yield "connection", "has no ride and no transfer."
            return
        places = [some[0].from_terminal, *(one.to_terminal for one in some)]
        if places[0] != self.shipment.origin:
            yield "connection", f"starts at {places[0]}, expected {self.shipment.origin}."
        if places[-1] != self.shipment.destination:
            yield "connection", f"ends at {places[-1]}, expected {self.shipment.destination}."
        for before, after in pairwise(some):
            if before.to_terminal != after.from_terminal:
                yield (
                    "connection",
                    f"arrives at {before.to_terminal} but goes on from {after.from_terminal}.",
                )
        for place in sorted({one for one in places if places.count(one) > 1}):
            yield "visited twice", f"visits {place} {places.count(place)} times."

    def _borders(self) -> Iterator[Said]:
        """Under a policy, boxes leave home or come home once."""
        instance, home = self.instance, self.instance.home_countries
        if instance.statement.policy is None or not self.carriages:
            return
        passed = [self.carriages[0].from_terminal]
        for one in self.carriages:
            if isinstance(one, Ride):
                passed += [
                    stop.terminal
                    for stop in instance.stops_of[one.service]
                    if one.from_sequence < stop.sequence <= one.to_sequence
                ]
            else:
                passed.append(one.to_terminal)
        inside = [instance.terminal[place].country in home for place in passed]
        crossings = sum(here != there for here, there in pairwise(inside))
        if inside[0] != inside[-1] and crossings > 1:
            yield (
                "border",
                f"crosses the border of {', '.join(sorted(home))} {crossings} times, expected "
                f"once under policy {instance.statement.policy}.",
            )

    def _times(self) -> Iterator[Said]:
        free = self.shipment.ready
        most = timedelta(days=self.instance.statement.defaults.most_dwell_days)
        for i, one in enumerate(self.carriages):
            if one.departs < free - MOMENT:
                yield (
                    "time",
                    f"leaves {one.from_terminal} at {clock(one.departs)}, before it is free at "
                    f"{clock(free)}.",
                )
            elif isinstance(one, Ride):
                yield from self._cutoff(one, free)
            if i and one.departs - free > most + MOMENT:
                days = (one.departs - free) / timedelta(days=1)
                yield (
                    "dwell limit",
                    f"waits {days:.1f} days at {one.from_terminal}, allowed are "
                    f"{most / timedelta(days=1):g}.",
                )
            free = self.available(one)

    def _waiting(self) -> Iterator[Said]:
        free = [self.shipment.ready, *(self.available(one) for one in self.carriages)]
        return waiting(self.facts, self.carriages, free)

    def _cutoff(self, ride: Ride, free: datetime) -> Iterator[Said]:
        hours = self.instance.service[ride.service].cutoff_hours
        deadline = ride.departs - timedelta(hours=hours)
        if free > deadline + MOMENT:
            yield (
                "cutoff",
                f"is free at {ride.from_terminal} at {clock(free)}, after the cutoff of "
                f"{ride.departure} at {clock(deadline)}.",
            )

    def _dwells(self) -> Iterator[Said]:
        steps = self.itinerary.steps
        for i, one in enumerate(steps):
            before = steps[i - 1] if i else None
            if not isinstance(one, Dwell):
                gap = before is not None and not isinstance(before, Dwell)
                if gap and before is not None and not same_moment(before.arrives, one.departs):
                    yield "dwell", f"does not say where it is before {clock(one.departs)}."
                continue
            after = steps[i + 1] if i + 1 < len(steps) else None
            if isinstance(before, Ride | Move) and isinstance(after, Ride | Move):
                yield from self._dwell(one, before, after)
            else:
                yield "dwell", f"dwells at {one.terminal} without a step on either side."

    def _dwell(self, one: Dwell, before: Ride | Move, after: Ride | Move) -> Iterator[Said]:
        place = before.to_terminal
        if one.terminal != place:
            yield "dwell", f"dwells at {one.terminal} while it is at {place}."
        if not same_moment(one.arrives, before.arrives) or not same_moment(
            one.departs, after.departs
        ):
            yield (
                "dwell",
                f"dwells at {place} from {clock(one.arrives)} to {clock(one.departs)}, expected "
                f"{clock(before.arrives)} to {clock(after.departs)}.",
            )
        free = self.available(before)
        handling = (free - before.arrives) / timedelta(hours=1)
        price = storage.price(self.instance, self.instance.terminal[place])
        paid = price.beyond((after.departs - free) / timedelta(hours=1))
        for word, said, expected in (
            ("h of handling", one.handling_hours, handling),
            ("h of storage", one.storage_hours, paid), ("kg CO2e", one.co2e_kg, 0.0),
        ):  # fmt: skip
            if not near(said, expected, 1e-6):
                yield "dwell", f"has {said:g} {word} at {place}, expected {expected:g}."

    def _delivery(self) -> Iterator[Said]:
        if not self.carriages:
            return
        stated, plan = self.shipment, self.itinerary
        at = self.available(self.carriages[-1])
        if not same_moment(at, plan.delivered):
            yield "delivery", f"is delivered at {clock(plan.delivered)}, expected {clock(at)}."
        late = stated.late_hours(at)
        if not near(plan.late_hours, late, 1e-6):
            yield "lateness", f"is {plan.late_hours:g} h late, expected {late:g} h."
        most = self.instance.statement.defaults.most_late_days
        if late > most * 24 + 1e-6:
            yield "lateness", f"is {late / 24:.1f} days late, allowed are {most:g}."

    def _footprint(self) -> Iterator[Said]:
        total = sum(one.co2e_kg for one in self.itinerary.steps)
        if not near(total, self.itinerary.co2e_kg):
            yield "co2e", f"states {self.itinerary.co2e_kg:.3f} kg CO2e, its steps {total:.3f}."

    def _ride(self, one: Ride) -> Iterator[Said]:
        yield from self._ride_facts(one)
        yield from self._permission(one)
        first = self.facts.stop(one.service, one.from_sequence)
        last = self.facts.stop(one.service, one.to_sequence)
        if first and not first.load:
            yield "stop flag", f"is loaded at {first.terminal}, where the service does not load."
        if last and not last.unload:
            yield (
                "stop flag",
                f"is unloaded at {last.terminal}, where the service does not unload.",
            )
        teu = self.itinerary.teu
        tonnes = self.shipment.loaded_tonnes * teu / self.shipment.teu
        legs = [leg_kg(self.instance, here, teu, tonnes) for _, here in self.facts.legs(one)]
        expected = sum(legs) + 2 * lift_kg(self.instance, teu)
        if not near(one.co2e_kg, expected):
            yield "co2e", f"states {one.co2e_kg:.3f} kg CO2e, expected {expected:.3f}."

    def _ride_facts(self, one: Ride) -> Iterator[Said]:
        service = self.instance.service[one.service]
        dated = self.facts.departure[one.departure]
        first = self.facts.stop(one.service, one.from_sequence)
        last = self.facts.stop(one.service, one.to_sequence)
        if first is None or last is None:
            return
        passed = [self.facts.crossing(before, here) for before, here in self.facts.legs(one)]
        for code, word, said, expected in (
            ("timetable", "mode", one.mode, service.mode),
            ("timetable", "carrier", one.carrier, service.operator),
            ("timetable", "from_terminal", one.from_terminal, first.terminal),
            ("timetable", "to_terminal", one.to_terminal, last.terminal),
            ("timetable", "borders", one.borders, tuple(b.id for b in passed if b)),
        ):
            if said != expected:
                yield code, f"{word} is {said!s}, expected {expected!s}."
        for word, moment, stated in (
            ("departs", one.departs, dated.at(first.depart_hours)),
            ("arrives", one.arrives, dated.at(last.arrive_hours)),
        ):
            if not same_moment(moment, stated):
                yield (
                    "timetable",
                    f"{word} at {moment.isoformat()}, the timetable says "
                    f"{stated.astimezone(moment.tzinfo).isoformat()}.",
                )
        km = sum(here.distance_km for _, here in self.facts.legs(one))
        if not near(one.distance_km, km):
            yield "timetable", f"distance_km is {one.distance_km:g}, expected {km:g}."

    def _permission(self, one: Ride) -> Iterator[Said]:
        service, stated = self.instance.service[one.service], self.shipment
        if stated.modes and service.mode not in stated.modes:
            allowed = ", ".join(mode.value for mode in stated.modes)
            yield "mode", f"rides by {service.mode.value}, allowed are {allowed}."
        if stated.reefer and not service.reefer:
            yield "reefer", "needs temperature control, which the service does not offer."
        if stated.dangerous and not service.dangerous:
            yield (
                "dangerous",
                f"is dangerous goods ({stated.dangerous}), which the service does not take.",
            )
        if service.open_to and stated.owner not in service.open_to:
            yield "access", f"belongs to {stated.owner}, to whom the service is not open."

    def _within_city(self, stated: Transfer) -> bool:
        """Whether it is a road transfer within one city, which is allowed whatever the modes."""
        ends = [self.instance.terminal[one] for one in (stated.from_terminal, stated.to_terminal)]
        same = len({(city_key(one.city), one.country) for one in ends}) == 1
        return stated.mode is Mode.ROAD and same

    def _move(self, one: Move) -> Iterator[Said]:
        stated = self.instance.transfer[one.transfer]
        ways = {(stated.from_terminal, stated.to_terminal)}
        if stated.both_ways:
            ways.add((stated.to_terminal, stated.from_terminal))
        if (one.from_terminal, one.to_terminal) not in ways:
            yield "transfer", f"does not lead from {one.from_terminal} to {one.to_terminal}."
        for word, said, expected in (
            ("transfer_kind", one.transfer_kind, stated.kind), ("mode", one.mode, stated.mode),
            ("carrier", one.carrier, stated.operator), ("customs", one.customs, stated.customs),
            ("distance_km", one.distance_km, stated.distance_km),
        ):  # fmt: skip
            if said != expected:
                yield "transfer", f"{word} is {said!s}, expected {expected!s}."
        modes = self.shipment.modes
        if modes and stated.mode not in modes and not self._within_city(stated):
            allowed = ", ".join(mode.value for mode in modes)
            yield "mode", f"moves by {stated.mode.value}, allowed are {allowed}."
        if not same_moment(one.arrives, one.departs + timedelta(hours=stated.hours)):
            took = (one.arrives - one.departs) / timedelta(hours=1)
            yield "transfer", f"takes {took:g} h, expected {stated.hours:g} h."
        teu = self.itinerary.teu
        tonnes = self.shipment.loaded_tonnes * teu / self.shipment.teu
        expected = transfer_kg(self.instance, stated, teu, tonnes)
        if not near(one.co2e_kg, expected):
            yield "co2e", f"states {one.co2e_kg:.3f} kg CO2e, expected {expected:.3f}."
