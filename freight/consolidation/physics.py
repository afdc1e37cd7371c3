"""How long and heavy a train may be on each part of the network.

A section is a set of countries with one gauge and one train length. Limits of a leg, for a train of
``n`` wagons on a section with most gross mass ``G`` and wagon tare ``m``:

- TEU                  ``≤ 2 n`` (one FEU or two TEU on a wagon)
- goods and boxes [t]  ``≤ G - n m``, where a gross limit is known

A leg between two sections obeys the stricter of both. What the instance states tighter stays.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from freight.consolidation.trunk import rebuilt
from freight.domain.instance import Instance
from freight.domain.service import Mode, Stop


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the network; unknown limits are None."""

    id: str
    countries: frozenset[str]
    wagons: int
    teu_per_wagon: int
    gross_tonnes: float | None
    wagon_tare_tonnes: float | None
    length_m: float
    source: str

    @property
    def capacity_teu(self) -> float:
        """TEU on the longest train."""
        return float(self.wagons * self.teu_per_wagon)

    @property
    def capacity_tonnes(self) -> float | None:
        """Goods and boxes on the longest train, where the gross limit is known."""
        if self.gross_tonnes is None or self.wagon_tare_tonnes is None:
            return None
        return self.gross_tonnes - self.wagons * self.wagon_tare_tonnes


@cache
def sections() -> tuple[Section, ...]:
    """The sections of ``sections.csv``, each with its source."""
    path = Path(__file__).parent / "sections.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Section(
                id=row["section"],
                countries=frozenset(row["countries"].split()),
                wagons=int(row["wagons"]),
                teu_per_wagon=int(row["teu_per_wagon"]),
                gross_tonnes=float(row["gross_tonnes"]) if row["gross_tonnes"] else None,
                wagon_tare_tonnes=(
                    float(row["wagon_tare_tonnes"]) if row["wagon_tare_tonnes"] else None
                ),
                length_m=float(row["length_m"]),
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )


def section_of(country: str) -> Section | None:
    """The section that a country belongs to, None where no limit is known."""
    return next((one for one in sections() if country in one.countries), None)


def within_sections(instance: Instance) -> Instance:
    """The instance with every rail leg held to the limits of its sections."""
    land = {one.id: one.country for one in instance.terminals}
    before = {
        (stop.service, stop.sequence): prior
        for stops in instance.stops_of.values()
        for prior, stop in pairwise(stops)
    }
    stops = []
    for stop in instance.stops:
        prior = before.get((stop.service, stop.sequence))
        if prior is not None and instance.service[stop.service].mode is Mode.RAIL:
            ends = (section_of(land[prior.terminal]), section_of(land[stop.terminal]))
            stops.append(_limited(stop, [one for one in ends if one is not None]))
        else:
            stops.append(stop)
    return rebuilt(instance, stops=tuple(stops))


def shortened_services(instance: Instance) -> dict[str, tuple[float, float]]:
    """Rail services that their sections hold to fewer TEU than stated.

    Each with stated and allowed TEU of the leg that loses most.
    """
    allowed = {(stop.service, stop.sequence): stop for stop in within_sections(instance).stops}
    cut: dict[str, tuple[float, float]] = {}
    for stop in instance.stops:
        service = instance.service[stop.service]
        stated, _ = stop.limits(service)
        limit = allowed[stop.service, stop.sequence].capacity_teu or stated
        known = cut.get(service.id, (stated, stated))
        if limit < stated and stated - limit > known[0] - known[1]:
            cut[service.id] = (stated, limit)
    return cut


def _limited(stop: Stop, ends: list[Section]) -> Stop:
    """The stop with the stricter limits of its leg's sections."""
    teu = _least([stop.capacity_teu, *(one.capacity_teu for one in ends)])
    tonnes = _least([stop.capacity_tonnes, *(one.capacity_tonnes for one in ends)])
    return stop.model_copy(update={"capacity_teu": teu, "capacity_tonnes": tonnes})


def _least(limits: Iterable[float | None]) -> float | None:
    known = [one for one in limits if one is not None]
    return min(known) if known else None
