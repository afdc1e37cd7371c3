"""Trunk trains: rail services of the owners that cross a border, their direction and cut points.

Owners are the *players* of consolidation when they bring shipments. An owner without any stands for
the market: its slots are sold to everybody, and no policy changes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from freight.domain.instance import Instance
from freight.domain.service import Mode, Service, Stop
from freight.domain.transfer import Transfer, TransferKind


class Direction(StrEnum):
    """Which end of a trunk train lies at home."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    THROUGH = "through"  # neither end lies in a home country


@dataclass(frozen=True, slots=True)
class Trunk:
    """One trunk train: its service, stops in order, and where its ends lie."""

    service: Service
    stops: tuple[Stop, ...]
    direction: Direction

    @property
    def home_stop(self) -> Stop:
        """The end at home: the first stop of an outbound train, the last of an inbound one."""
        return self.stops[-1] if self.direction is Direction.INBOUND else self.stops[0]


def players(instance: Instance) -> tuple[str, ...]:
    """Owners that bring shipments, in the order of the instance."""
    bring = {one.owner for one in instance.shipments}
    return tuple(one.id for one in instance.statement.owners if one.id in bring)


def trunks(instance: Instance) -> tuple[Trunk, ...]:
    """Every rail service of a player whose stops lie in more than one country, in table order."""
    home, own = instance.home_countries, set(players(instance))
    found = []
    for service in instance.services:
        stops = instance.stops_of[service.id]
        lands = [instance.terminal[stop.terminal].country for stop in stops]
        if service.mode is Mode.RAIL and service.owner in own and len(set(lands)) > 1:
            found.append(Trunk(service, stops, _direction(lands, home)))
    return tuple(found)


def _direction(countries: list[str], home: frozenset[str]) -> Direction:
    if countries[0] in home:
        return Direction.OUTBOUND
    return Direction.INBOUND if countries[-1] in home else Direction.THROUGH


def crossings(instance: Instance) -> dict[tuple[str, str], Transfer]:
    """Border and gauge-change transfers by the ordered pair of terminals they join.

    The first row that joins them counts, as in planning and in the audit.
    """
    found: dict[tuple[str, str], Transfer] = {}
    for one in instance.transfers:
        if one.kind.crosses_border:
            found.setdefault((one.from_terminal, one.to_terminal), one)
            if one.both_ways:
                found.setdefault((one.to_terminal, one.from_terminal), one)
    return found


def gauge_changes(instance: Instance, stops: tuple[Stop, ...]) -> list[int]:
    """Positions ``i`` where the gauge changes between ``stops[i]`` and ``stops[i + 1]``."""
    known = crossings(instance)
    return [
        i
        for i, (one, two) in enumerate(pairwise(stops))
        if (pair := (one.terminal, two.terminal)) in known
        and known[pair].kind is TransferKind.GAUGE_CHANGE
    ]


def rebuilt(instance: Instance, **tables: object) -> Instance:
    """The instance with other tables; a fresh record, so that nothing derived is carried over."""
    same = {name: getattr(instance, name) for name in Instance.model_fields}
    return Instance(**(same | tables))
