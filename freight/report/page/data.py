"""A plan and its instance as compact arrays, the one copy of the data that a page holds.

Names are kept once and referred to by position; times are whole minutes from ``start``. Itineraries
that follow the same steps share one chain. The fields of every array are listed at its builder.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from freight.billing.numbers import bill_numbers
from freight.domain.gazetteer import city
from freight.domain.instance import Instance
from freight.domain.money import digits_of
from freight.domain.plan import ChargeKind, Dwell, Itinerary, Move, Plan, Ride, Run, Step
from freight.domain.service import Mode
from freight.report.page.lanes import sea_path
from freight.report.tables.offered import not_run

Row = list[Any]
KINDS = tuple(ChargeKind)
MODES = tuple(Mode)
RIDE, MOVE, DWELL = 0, 1, 2


class Packer:
    """Packs one plan; names have positions by first use of the instance's own order."""

    def __init__(self, plan: Plan, instance: Instance) -> None:
        self.plan = plan
        self.instance = instance
        self.start = instance.statement.horizon_start
        self.terminal = {one.id: index for index, one in enumerate(instance.terminals)}
        self.service = {one.id: index for index, one in enumerate(instance.services)}
        self.transfer = {one.id: index for index, one in enumerate(instance.transfers)}
        self.owner = {one.id: index for index, one in enumerate(instance.statement.owners)}
        self.shipment = {one.id: index for index, one in enumerate(instance.shipments)}
        self.texts: dict[str, int] = {}
        self.run = {one.departure: index for index, one in enumerate(plan.departures)}

    def text(self, word: str) -> int:
        """Position of a word in ``texts``."""
        return self.texts.setdefault(word, len(self.texts))

    def minutes(self, moment: datetime) -> int:
        """Whole minutes from the start of the horizon."""
        return round((moment - self.start).total_seconds() / 60)

    @cached_property
    def borders(self) -> dict[tuple[str, str], int]:
        """Border transfers by pair of terminals, in both directions where both are offered."""
        found: dict[tuple[str, str], int] = {}
        for one in self.instance.transfers:
            if one.kind.crosses_border:
                found[one.from_terminal, one.to_terminal] = self.transfer[one.id]
                if one.both_ways:
                    found[one.to_terminal, one.from_terminal] = self.transfer[one.id]
        return found

    def runs(self) -> list[Row]:
        """Departure, service, owner, mode, committed, runs, departs, fixed, load factor, legs."""
        return [self._run(one) for one in self.plan.departures]

    def _run(self, run: Run) -> Row:
        kilometres = {one.sequence: one.distance_km for one in self.instance.stops_of[run.service]}
        legs = [
            [
                self.terminal[leg.from_terminal], self.terminal[leg.to_terminal], leg.sequence,
                self.minutes(leg.departs), self.minutes(leg.arrives), round(leg.teu, 2),
                round(leg.capacity_teu, 2), round(leg.tonnes), round(leg.capacity_tonnes),
                round(kilometres[leg.sequence]),
                self.borders.get((leg.from_terminal, leg.to_terminal), -1),
            ]
            for leg in run.legs
        ]  # fmt: skip
        return [
            run.departure, self.service[run.service], self.owner[run.owner],
            MODES.index(run.mode), int(run.committed), run.runs, self.minutes(run.departs),
            float(run.fixed_cost), round(run.load_factor, 4), legs,
        ]  # fmt: skip

    def step(self, step: Step) -> tuple[Any, ...]:
        """Ride: run, sequences. Move: transfer, ends, times. Dwell: terminal, times, paid hours."""
        if isinstance(step, Ride):
            return (RIDE, self.run[step.departure], step.from_sequence, step.to_sequence)
        times = (self.minutes(step.departs), self.minutes(step.arrives))
        if isinstance(step, Move):
            ends = (self.terminal[step.from_terminal], self.terminal[step.to_terminal])
            return (MOVE, self.transfer[step.transfer], *ends, *times, round(step.distance_km))
        return (DWELL, self.terminal[step.terminal], *times[::-1], round(step.storage_hours))

    def itineraries(self) -> tuple[list[tuple[Any, ...]], list[Row]]:
        """Chains of steps; and shipment, TEU, chain, delivered, hours late, kg CO2e, charges."""
        chains: dict[tuple[Any, ...], int] = {}
        rows = []
        for one in self.plan.itineraries:
            steps = tuple(self.step(step) for step in one.steps)
            chain = chains.setdefault(steps, len(chains))
            rows.append([
                self.shipment[one.shipment], one.teu, chain, self.minutes(one.delivered),
                round(one.late_hours, 1), round(one.co2e_kg), _charges(one),
                _mode_costs(one), _mode_co2e(one),
            ])  # fmt: skip
        return list(chains), rows

    def shipments(self) -> list[Row]:
        """Id, owner, ends, TEU, type, ready, due, goods (en, zh), HS, t, value, parties, flags.

        Words that many shipments share are positions in ``texts``.
        """
        numbers = bill_numbers(self.instance)
        return [
            [
                one.id, self.owner[one.owner], self.terminal[one.origin],
                self.terminal[one.destination], one.teu, self.text(one.container_type.value),
                self.minutes(one.ready), self.minutes(one.due), self.text(one.goods_en),
                self.text(one.goods_zh), self.text(one.hs_code), one.gross_tonnes, one.value,
                self.text(one.currency), self.text(one.consignor), self.text(one.consignee),
                self.text(one.dangerous or ""), int(one.reefer), numbers[one.id],
            ]
            for one in self.instance.shipments
        ]  # fmt: skip

    def idle(self) -> list[Row]:
        """Departures of the timetable not run: id, service, mode, departs, minimum, slots."""
        rows = []
        for dated in not_run(self.plan, self.instance):
            service = self.instance.service[dated.service]
            rows.append([
                dated.id, self.service[service.id], MODES.index(service.mode),
                self.minutes(dated.departs_at), service.minimum_load_teu, service.capacity_teu,
                self.terminal[self.instance.stops_of[service.id][0].terminal],
            ])  # fmt: skip
        return rows

    def lanes(self) -> dict[str, list[list[float]]]:
        """Points to draw for the legs at sea, by the positions of their ends."""
        found: dict[str, list[list[float]]] = {}
        for run in self.plan.departures:
            if run.mode is not Mode.SEA:
                continue
            kilometres = {s.sequence: s.distance_km for s in self.instance.stops_of[run.service]}
            for leg in run.legs:
                key = f"{self.terminal[leg.from_terminal]}-{self.terminal[leg.to_terminal]}"
                if key not in found:
                    ends = [self.instance.terminal[t] for t in (leg.from_terminal, leg.to_terminal)]
                    start, end = ((one.lat, one.lon) for one in ends)
                    path = sea_path(start, end, kilometres[leg.sequence])
                    found[key] = [[round(lat, 2), round(lon, 2)] for lat, lon in path]
        return found


def pack(plan: Plan, instance: Instance) -> dict[str, Any]:
    """Everything a page shows of one plan; raises KeyError when they do not belong together."""
    packer = Packer(plan, instance)
    chains, itineraries = packer.itineraries()
    shipments = packer.shipments()
    statement = instance.statement
    return {
        "title": {"en": statement.title_en, "zh": statement.title_zh},
        "instance": plan.instance,
        "digest": plan.instance_digest,
        "currency": plan.currency,
        "digits": digits_of(plan.currency),
        "zone": plan.time_zone,
        "start": round(statement.horizon_start.timestamp() * 1000),
        "end": packer.minutes(statement.horizon_end),
        "cost": float(plan.cost),
        "penalty": float(plan.unserved_penalty),
        "unallocated": float(plan.unallocated),
        "totals": plan.totals.model_dump(mode="json"),
        "proof": plan.proof.model_dump(mode="json"),
        "terminals": _terminals(instance),
        "owners": [[one.id, one.name_en, one.name_zh] for one in statement.owners],
        "services": [
            [one.id, one.name_en, one.name_zh, one.operator] for one in instance.services
        ],
        "transfers": [
            [one.id, packer.terminal[one.from_terminal], packer.terminal[one.to_terminal],
             one.kind.value, MODES.index(one.mode), one.operator, one.capacity_teu_per_day,
             one.distance_km]
            for one in instance.transfers
        ],
        "runs": packer.runs(),
        "chains": chains,
        "itineraries": itineraries,
        "shipments": shipments,
        "texts": list(packer.texts),
        "unserved": [
            [packer.shipment[one.shipment], one.teu, float(one.penalty), one.reason,
             one.reason_zh or one.reason]
            for one in plan.unserved
        ],
        "lanes": packer.lanes(),
        "idle": packer.idle(),
        "cities": _city_names(instance),
    }  # fmt: skip


def _terminals(instance: Instance) -> list[Row]:
    return [
        [one.id, one.name_en, one.name_zh, one.kind.value, one.city, one.country,
         round(one.lat, 3), round(one.lon, 3), one.time_zone]
        for one in instance.terminals
    ]  # fmt: skip


def _city_names(instance: Instance) -> dict[str, str]:
    """Chinese name of every city that has one, by the name that the terminals give it."""
    names = {terminal.city: city(terminal.city) for terminal in instance.terminals}
    return {given: known.zh for given, known in names.items() if known}


def _charges(itinerary: Itinerary) -> list[float]:
    """Amount by kind of charge, in the order of ``KINDS``."""
    found = [0.0] * len(KINDS)
    for one in itinerary.charges:
        found[KINDS.index(one.kind)] += float(one.amount)
    return _short(found)


def _mode_costs(itinerary: Itinerary) -> list[float]:
    """Charges by mode in the order of ``MODES``, the last for those without one."""
    found = [0.0] * (len(MODES) + 1)
    for one in itinerary.charges:
        found[-1 if one.mode is None else MODES.index(one.mode)] += float(one.amount)
    return _short(found)


def _mode_co2e(itinerary: Itinerary) -> list[float]:
    """Kg CO2e by mode in the order of ``MODES``, the last for terminals."""
    found = [0.0] * (len(MODES) + 1)
    for step in itinerary.steps:
        at = -1 if isinstance(step, Dwell) else MODES.index(step.mode)
        found[at] += step.co2e_kg
    found[-1] += max(0.0, itinerary.co2e_kg - sum(found))
    return [round(value) for value in found]


def _short(values: Iterable[float]) -> list[float]:
    """Smallest units kept, whole numbers written without a point."""
    return [int(value) if value == int(value) else round(value, 4) for value in values]
