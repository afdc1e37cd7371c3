"""Itineraries and flows as GeoJSON (RFC 7946) for any map program: longitude first, WGS 84."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from freight.domain.instance import Instance
from freight.domain.plan import Dwell, Move, Plan, Ride
from freight.domain.service import Mode
from freight.report.page.lanes import sea_path

Feature = dict[str, Any]


def text(plan: Plan, instance: Instance) -> str:
    """A FeatureCollection: terminals in use as points, flows and itineraries as lines.

    Lines are schematic: straight between terminals, along usual routes at sea. The property
    ``layer`` tells ``terminal``, ``flow`` and ``itinerary`` apart.
    """
    lines = Lines(instance)
    features = [
        *_terminals(plan, instance),
        *_flows(plan, lines),
        *_itineraries(plan, lines),
    ]
    data = {"type": "FeatureCollection", "name": plan.instance, "features": features}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


class Lines:
    """Coordinates of the moves of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._stops = {
            key: {stop.sequence: stop for stop in some} for key, some in instance.stops_of.items()
        }

    def ride(self, ride: Ride) -> list[list[float]]:
        """Every stop that a ride passes, with the way at sea between."""
        stops = self._stops[ride.service]
        found: list[list[float]] = []
        for sequence in range(ride.from_sequence, ride.to_sequence):
            before, after = stops[sequence], stops[sequence + 1]
            ends = (before.terminal, after.terminal)
            found += self.leg(ride.mode, ends, after.distance_km)[1 if found else 0 :]
        return found

    def leg(self, mode: Mode, ends: tuple[str, str], distance_km: float) -> list[list[float]]:
        """From one terminal to the next."""
        start, end = (self.instance.terminal[one] for one in ends)
        points = [(start.lat, start.lon), (end.lat, end.lon)]
        if mode is Mode.SEA:
            points = sea_path(points[0], points[1], distance_km)
        return [[round(lon, 4), round(lat, 4)] for lat, lon in points]


def _terminals(plan: Plan, instance: Instance) -> Iterator[Feature]:
    used = {
        end
        for one in plan.itineraries
        for step in one.steps
        if not isinstance(step, Dwell)
        for end in (step.from_terminal, step.to_terminal)
    }
    for one in instance.terminals:
        if one.id in used:
            properties = {
                "layer": "terminal",
                "id": one.id,
                "name_en": one.name_en,
                "name_zh": one.name_zh,
                "kind": one.kind.value,
                "country": one.country,
                "unlocode": one.unlocode,
            }
            yield _feature("Point", [round(one.lon, 4), round(one.lat, 4)], properties)


def _flows(plan: Plan, lines: Lines) -> Iterator[Feature]:
    teu: defaultdict[tuple[Mode, str, str], float] = defaultdict(float)
    km: dict[tuple[Mode, str, str], float] = {}
    for run in plan.departures:
        kilometres = {s.sequence: s.distance_km for s in lines.instance.stops_of[run.service]}
        for leg in run.legs:
            key = (run.mode, leg.from_terminal, leg.to_terminal)
            teu[key] += leg.teu
            km[key] = kilometres[leg.sequence]
    for one in plan.itineraries:
        for step in one.steps:
            if isinstance(step, Move):
                key = (step.mode, step.from_terminal, step.to_terminal)
                teu[key] += one.teu
                km[key] = step.distance_km
    for key, amount in sorted(teu.items()):
        if amount > 0:
            mode, start, end = key
            properties = {"layer": "flow", "mode": mode.value, "from": start, "to": end}
            line = lines.leg(mode, (start, end), km[key])
            yield _feature("LineString", line, properties | {"teu": amount})


def _itineraries(plan: Plan, lines: Lines) -> Iterator[Feature]:
    for one in plan.itineraries:
        moves = [step for step in one.steps if not isinstance(step, Dwell)]
        parts = [
            lines.ride(step)
            if isinstance(step, Ride)
            else lines.leg(step.mode, (step.from_terminal, step.to_terminal), step.distance_km)
            for step in moves
        ]
        properties = {
            "layer": "itinerary",
            "shipment": one.shipment,
            "owner": one.owner,
            "teu": one.teu,
            "modes": [step.mode.value for step in moves],
            "departures": [step.departure for step in moves if isinstance(step, Ride)],
            "delivered": one.delivered.isoformat(),
            "late_hours": one.late_hours,
            "cost": str(one.cost),
            "currency": plan.currency,
            "co2e_kg": round(one.co2e_kg, 1),
        }
        yield _feature("MultiLineString", parts, properties)


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }
