"""All itineraries together: demand, departures, capacities, minimum loads, daily throughput."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from freight.domain.charges import fixed, unserved
from freight.domain.money import rounded
from freight.domain.plan import LegLoad, Move, Plan, Ride, Run
from freight.domain.service import Service
from freight.model.audit.facts import Facts, clock, near, same_moment
from freight.model.audit.finding import Finding
from freight.model.audit.journeys import Journey

TOLERANCE = 1e-6


def demand_findings(facts: Facts, plan: Plan) -> Iterator[Finding]:
    """Every shipment travels or is listed as unserved, exactly."""
    moved: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for one in plan.itineraries:
        moved[one.shipment] += one.teu
        parts[one.shipment] += 1
    left: Counter[str] = Counter()
    for stays_behind in plan.unserved:
        left[stays_behind.shipment] += stays_behind.teu
    for shipment in facts.instance.shipments:
        where = f"shipment {shipment.id}"
        travels, stays = moved[shipment.id], left[shipment.id]
        if travels + stays != shipment.teu:
            yield Finding(
                "demand", where,
                f"{travels} TEU travel and {stays} TEU are unserved of {shipment.teu} TEU.",
            )  # fmt: skip
        if not shipment.splittable and (parts[shipment.id] > 1 or (travels and stays)):
            yield Finding("lot", where, "must travel whole but is split.")
    yield from _unserved_findings(facts, plan)


def _unserved_findings(facts: Facts, plan: Plan) -> Iterator[Finding]:
    times = Counter(one.shipment for one in plan.unserved)
    for shipment_id, count in times.items():
        if count > 1:
            yield Finding("demand", f"unserved {shipment_id}", f"is listed {count} times.")
    for one in plan.unserved:
        where = f"unserved {one.shipment}"
        shipment = facts.instance.shipment.get(one.shipment)
        if shipment is None:
            yield Finding("reference", where, "the shipment is unknown.")
            continue
        lot = shipment.container_type.teu if shipment.splittable else shipment.teu
        if one.teu <= 0 or one.teu % lot:
            yield Finding("lot", where, f"leaves {one.teu} TEU, expected whole lots of {lot} TEU.")
        if one.owner != shipment.owner:
            yield Finding("owner", where, f"owner is '{one.owner}', expected '{shipment.owner}'.")
        exact = unserved.price(facts.instance, shipment).per_teu * one.teu
        penalty = rounded(exact, facts.instance.statement.currency)
        if one.penalty != penalty:
            yield Finding("penalty", where, f"penalty is {one.penalty}, expected {penalty}.")


class Carried:
    """What the itineraries put on legs, lifts and transfers."""

    def __init__(self, facts: Facts, journeys: list[Journey]) -> None:
        self.facts = facts
        self.leg_teu: Counter[tuple[str, int]] = Counter()
        self.leg_tonnes: dict[tuple[str, int], float] = defaultdict(float)
        self.loaded: Counter[str] = Counter()
        self.lifts: Counter[tuple[str, date]] = Counter()
        self.starts: Counter[tuple[str, str, date]] = Counter()
        for journey in journeys:
            for one in journey.carriages:
                if isinstance(one, Ride):
                    self._ride(journey, one)
                else:
                    self._start(one.transfer, one, journey.itinerary.teu)

    def _ride(self, journey: Journey, ride: Ride) -> None:
        facts, teu = self.facts, journey.itinerary.teu
        shipment = journey.shipment
        dated = facts.departure[ride.departure]
        self.loaded[ride.departure] += teu
        self.lifts[ride.from_terminal, facts.local_day(ride.departs, ride.from_terminal)] += teu
        self.lifts[ride.to_terminal, facts.local_day(ride.arrives, ride.to_terminal)] += teu
        for before, here in facts.legs(ride):
            key = ride.departure, here.sequence
            self.leg_teu[key] += teu
            self.leg_tonnes[key] += shipment.loaded_tonnes * teu / shipment.teu
            passed = facts.crossing(before, here)
            if passed:
                day = facts.local_day(dated.at(before.depart_hours), before.terminal)
                self.starts[passed.id, before.terminal, day] += teu

    def _start(self, transfer: str, move: Move, teu: int) -> None:
        day = self.facts.local_day(move.departs, move.from_terminal)
        self.starts[transfer, move.from_terminal, day] += teu

    def throughput_findings(self) -> Iterator[Finding]:
        """Daily limits of terminals, transfers and borders."""
        instance = self.facts.instance
        for (terminal, day), teu in sorted(self.lifts.items()):
            limit = instance.terminal[terminal].capacity_teu_per_day
            if limit is not None and teu > limit + TOLERANCE:
                yield Finding(
                    "terminal capacity", f"{terminal} on {day}",
                    f"{teu} TEU are lifted, the terminal takes {limit:g} TEU a day.",
                )  # fmt: skip
        for (transfer, start, day), teu in sorted(self.starts.items()):
            limit = instance.transfer[transfer].capacity_teu_per_day
            if limit is not None and teu > limit + TOLERANCE:
                yield Finding(
                    "transfer capacity", f"{transfer} from {start} on {day}",
                    f"{teu} TEU start, the transfer takes {limit:g} TEU a day.",
                )  # fmt: skip


def departure_findings(facts: Facts, plan: Plan, carried: Carried) -> Iterator[Finding]:
    """Runs against the timetable, and what they carry against what they can."""
    seen: Counter[str] = Counter(run.departure for run in plan.departures)
    for key, count in seen.items():
        if count > 1:
            yield Finding("departure", f"departure {key}", f"is listed {count} times.")
    yield from _not_run(facts, set(facts.departure) - set(seen), carried)
    for run in plan.departures:
        where = f"departure {run.departure}"
        if run.departure not in facts.departure:
            yield Finding("departure", where, "is not in the timetable.")
            continue
        for code, message in _run(facts, run, carried):
            yield Finding(code, where, message)


def _not_run(facts: Facts, some: set[str], carried: Carried) -> Iterator[Finding]:
    for key in sorted(some):
        where, loaded = f"departure {key}", carried.loaded[key]
        if facts.service_of(key).committed:
            yield Finding("committed", where, "is committed but does not run.")
        elif loaded:
            yield Finding("departure", where, f"carries {loaded} TEU but does not run.")


def _run(facts: Facts, run: Run, carried: Carried) -> Iterator[tuple[str, str]]:
    dated = facts.departure[run.departure]
    service = facts.service_of(run.departure)
    for word, said, expected in (
        ("service", run.service, service.id), ("owner", run.owner, service.owner),
        ("mode", run.mode, service.mode), ("committed", run.committed, service.committed),
    ):  # fmt: skip
        if said != expected:
            yield "departure", f"{word} is {said!s}, expected {expected!s}."
    if not same_moment(run.departs, dated.departs_at):
        yield "timetable", f"leaves at {clock(run.departs)}, expected {clock(dated.departs_at)}."
    fewest = dated.most_runs if service.committed else 1
    if not fewest <= run.runs <= dated.most_runs:
        yield "runs", f"runs {run.runs} times, allowed are {fewest} to {dated.most_runs}."
    exact = fixed.per_run(facts.instance, service) * run.runs
    cost = rounded(exact, facts.instance.statement.currency)
    if run.fixed_cost != cost:
        yield "fixed cost", f"fixed_cost is {run.fixed_cost}, expected {cost}."
    loaded = carried.loaded[run.departure]
    least = service.minimum_load_teu * run.runs
    if not service.committed and not loaded:
        yield "empty", "is optional and runs without a box."
    elif not service.committed and loaded < least - TOLERANCE:
        yield "minimum load", f"loads {loaded} TEU, its minimum is {least:g} TEU."
    yield from _legs(facts, run, service, carried)


def _legs(facts: Facts, run: Run, service: Service, carried: Carried) -> Iterator[tuple[str, str]]:
    stops = facts.instance.stops_of[service.id]
    stated = {one.sequence: one for one in run.legs}
    if len(run.legs) != len(stops) - 1 or len(stated) != len(run.legs):
        yield "leg", f"has {len(run.legs)} legs, expected {len(stops) - 1}."
    fullest = 0.0
    for before, here in pairwise(stops):
        teu = carried.leg_teu[run.departure, here.sequence]
        tonnes = carried.leg_tonnes[run.departure, here.sequence]
        most_teu, most_tonnes = (u * run.runs for u in facts.leg_limits(service, here))
        name = f"leg {before.terminal}-{here.terminal}"
        fullest = max(fullest, teu / most_teu) if most_teu else fullest
        if teu > most_teu + TOLERANCE:
            yield "capacity", f"{name} carries {teu} TEU, it takes {most_teu:g} TEU."
        if tonnes > most_tonnes * (1 + TOLERANCE):
            yield "capacity", f"{name} carries {tonnes:.1f} t, it takes {most_tonnes:g} t."
        leg = stated.get(here.sequence)
        if leg is None:
            yield "leg", f"{name} is missing."
            continue
        dated = facts.departure[run.departure]
        moments = dated.at(before.depart_hours), dated.at(here.arrive_hours)
        places = leg.from_terminal == before.terminal and leg.to_terminal == here.terminal
        on_time = same_moment(leg.departs, moments[0]) and same_moment(leg.arrives, moments[1])
        if not (places and on_time):
            yield "timetable", f"{name} does not follow the timetable."
        yield from _leg_loads(name, leg, (teu, tonnes, most_teu, most_tonnes))
    if not near(run.load_factor, fullest):
        yield "leg", f"load_factor is {run.load_factor:.4f}, expected {fullest:.4f}."


def _leg_loads(
    name: str, leg: LegLoad, expected: tuple[float, float, float, float]
) -> Iterator[tuple[str, str]]:
    words = ("teu", "tonnes", "capacity_teu", "capacity_tonnes")
    for word, value in zip(words, expected, strict=True):
        said = float(getattr(leg, word))
        if not near(said, value):
            yield "leg", f"{name} states {word} {said:g}, expected {value:g}."
