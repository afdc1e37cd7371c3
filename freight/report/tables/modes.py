"""What every mode of transport does in a plan, and which one is the main mode of an itinerary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from freight.domain.instance import Instance
from freight.domain.plan import Dwell, Itinerary, Plan, Run
from freight.domain.service import Mode
from freight.report.tables.record import Record


@dataclass(frozen=True)
class ModeFigures:
    """One mode in a plan."""

    mode: Mode
    departures: int
    """Departures of services with something on board, all their runs counted."""
    teu: int
    """TEU that travel by it at all; boxes that change vehicle within the mode count once."""
    teu_km: float
    load_factor: float | None
    """TEU-km on board of those departures over the TEU-km they have room for; None without any."""
    cost: Decimal
    co2e_kg: float


def carrying(plan: Plan) -> list[Run]:
    """Departures with something on board; committed ones may run empty."""
    return [run for run in plan.departures if run.load_factor > 0]


def main_mode(itinerary: Itinerary) -> Mode | None:
    """The mode by which an itinerary covers most kilometres; None where it never moves."""
    kilometres: Counter[Mode] = Counter()
    for step in itinerary.steps:
        if not isinstance(step, Dwell):
            kilometres[step.mode] += step.distance_km  # type: ignore[assignment]
    return max(kilometres, key=lambda mode: kilometres[mode]) if kilometres else None


def mode_figures(plan: Plan, instance: Instance | None = None) -> list[ModeFigures]:
    """The modes that a plan uses, in the order of ``Mode``.

    Kilometres of legs are those of the instance; without one every leg counts alike.
    """
    used, room, departures = _loads(plan, instance)
    teu, teu_km, co2e = _itineraries(plan)
    return [
        ModeFigures(
            mode=mode,
            departures=departures[mode],
            teu=teu[mode],
            teu_km=teu_km[mode],
            load_factor=used[mode] / room[mode] if room[mode] else None,
            cost=plan.totals.by_mode.get(mode.value, Decimal(0)),
            co2e_kg=co2e[mode],
        )
        for mode in Mode
        if departures[mode] or teu[mode] or plan.totals.by_mode.get(mode.value)
    ]


def _loads(
    plan: Plan, instance: Instance | None
) -> tuple[dict[Mode, float], dict[Mode, float], Counter[Mode]]:
    """TEU-km on board, TEU-km of room, and departures, by mode."""
    stops = () if instance is None else instance.stops
    kilometres = {(stop.service, stop.sequence): stop.distance_km for stop in stops}
    used: defaultdict[Mode, float] = defaultdict(float)
    room: defaultdict[Mode, float] = defaultdict(float)
    departures: Counter[Mode] = Counter()
    for run in carrying(plan):
        departures[run.mode] += run.runs
        for leg in run.legs:
            length = kilometres.get((run.service, leg.sequence), 1.0)
            used[run.mode] += leg.teu * length
            room[run.mode] += leg.capacity_teu * length
    return used, room, departures


def _itineraries(plan: Plan) -> tuple[Counter[Mode], dict[Mode, float], dict[Mode, float]]:
    """TEU, TEU-km and kg CO2e by mode."""
    teu: Counter[Mode] = Counter()
    teu_km: defaultdict[Mode, float] = defaultdict(float)
    co2e: defaultdict[Mode, float] = defaultdict(float)
    for itinerary in plan.itineraries:
        moves = [step for step in itinerary.steps if not isinstance(step, Dwell)]
        teu.update(dict.fromkeys({step.mode for step in moves}, itinerary.teu))
        for step in moves:
            teu_km[step.mode] += itinerary.teu * step.distance_km
            co2e[step.mode] += step.co2e_kg
    return teu, teu_km, co2e


def modes(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row a mode."""
    for figures in mode_figures(plan, instance):
        yield {
            "mode": figures.mode.value,
            "departures": figures.departures,
            "teu": figures.teu,
            "teu_km": figures.teu_km,
            "load_factor": figures.load_factor,
            "cost": float(figures.cost),
            "currency": plan.currency,
            "co2e_kg": figures.co2e_kg,
        }
