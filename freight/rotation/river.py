"""The river as a tree of sections with a depth for every month, and what a vessel may load there.

Draught: a vessel of deadweight ``W`` lies ``light`` metres deep empty and ``design`` metres deep
full; between the two its load grows in proportion (a box-shaped hull, assumption). On a section of
depth ``h`` it may load ``W · (min(h - keel, design) - light) / (design - light)`` tonnes.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from freight.domain.base import Amount, Currency, Frozen, Hours, Identifier, Kilometres, Text
from freight.domain.measures import exact
from freight.domain.wording import listed
from freight.errors import Fault, InstanceError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Section(Frozen):
    """A stretch of river from its upper to its lower port."""

    section: Text
    from_port: Identifier
    to_port: Identifier
    km: Kilometres
    hours_down: Hours
    hours_up: Hours
    lock_hours: Hours
    depth_m: tuple[Annotated[float, Field(gt=0)], ...]
    """Twelve months from January."""
    source: Text


class Vessel(Frozen):
    """A class of vessels."""

    vessel_class: Identifier
    nominal_teu: Annotated[int, Field(gt=0)]
    deadweight_tonnes: Annotated[float, Field(gt=0)]
    design_draught_m: Annotated[float, Field(gt=0)]
    light_draught_m: Annotated[float, Field(gt=0)]
    source: Text

    def load(self, depth_m: float, keel_m: float) -> Fraction:
        """Most tonnes on board in water of a depth with ``keel_m`` under the keel, exactly."""
        depth, keel, design, light = (
            Fraction(exact(metres))
            for metres in (depth_m, keel_m, self.design_draught_m, self.light_draught_m)
        )
        share = (min(depth - keel, design) - light) / (design - light)
        return Fraction(exact(self.deadweight_tonnes)) * max(Fraction(0), share)

    def load_tonnes(self, depth_m: float, keel_m: float) -> float:
        """The same as a floating point number."""
        return float(self.load(depth_m, keel_m))


class VesselOffer(Frozen):
    """A vessel class that can be had and what it costs."""

    vessel: Vessel
    count: Annotated[int, Field(ge=1)]
    cost_per_week: Amount
    cost_per_km: Amount
    cost_per_call: Amount
    currency: Currency
    source: Text


@dataclass(frozen=True)
class River:
    """Sections that form a tree."""

    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        """Raise InstanceError when the sections do not form one tree."""
        if len(self.ports) != len(self.sections) + 1 or any(
            self.path(self.ports[0], port) is None for port in self.ports
        ):
            what = "The sections do not form one river without loops."
            raise InstanceError([Fault("sections", None, None, what, "Check from and to ports.")])

    @cached_property
    def ports(self) -> tuple[str, ...]:
        """Every port, in the order of the sections."""
        found = [port for one in self.sections for port in (one.from_port, one.to_port)]
        return tuple(dict.fromkeys(found))

    def path(self, a: str, b: str) -> tuple[tuple[Section, bool], ...] | None:
        """Sections from port to port, each with whether it is sailed downstream."""
        reached: dict[str, tuple[tuple[Section, bool], ...]] = {a: ()}
        waiting = [a]
        while waiting:
            here = waiting.pop()
            for one in self.sections:
                for start, end, down in ((one.from_port, one.to_port, True),
                                         (one.to_port, one.from_port, False)):  # fmt: skip
                    if start == here and end not in reached:
                        reached[end] = (*reached[here], (one, down))
                        waiting.append(end)
        return reached.get(b)

    def sail(self, a: str, b: str) -> tuple[float, float]:
        """Kilometres and hours from port to port, locks included."""
        km, hours = self.exact_sail(a, b)
        return float(km), float(hours)

    def exact_sail(self, a: str, b: str) -> tuple[Decimal, Decimal]:
        """The same as they are written."""
        km = hours = Decimal(0)
        for section, down in self.path(a, b) or ():
            km += exact(section.km)
            hours += exact(section.hours_down if down else section.hours_up)
            hours += exact(section.lock_hours)
        return km, hours

    def shallowest(self, a: str, b: str, month: int) -> Section | None:
        """The section of least depth between two ports in a month (1 to 12)."""
        path = self.path(a, b) or ()
        return min((s for s, _ in path), key=lambda one: one.depth_m[month - 1], default=None)

    def require(self, ports: Sequence[str]) -> None:
        """Raise InstanceError naming every port that is not on the river."""
        unknown = [port for port in dict.fromkeys(ports) if port not in self.ports]
        if unknown:
            raise InstanceError([
                Fault("flows", None, "port", f"'{port}' is not on the river.",
                      f"Use one of {listed(self.ports)}.")
                for port in unknown
            ])  # fmt: skip


def yangtze() -> River:
    """The river from Changsha, Nanchang and Hefei to Shanghai, from ``sections.csv``."""
    return River(tuple(
        Section(
            section=row["section"], from_port=row["from_port"], to_port=row["to_port"],
            km=float(row["km"]), hours_down=float(row["hours_down"]),
            hours_up=float(row["hours_up"]), lock_hours=float(row["lock_hours"]),
            depth_m=tuple(float(row[month]) for month in MONTHS), source=row["source"],
        )
        for row in _rows("sections.csv")
    ))  # fmt: skip


def vessels() -> tuple[Vessel, ...]:
    """The vessel classes of ``vessels.csv``."""
    return tuple(Vessel.model_validate(row) for row in _rows("vessels.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    text = files("freight.rotation").joinpath("yangtze", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def assumed_offers(count: int = 4) -> tuple[VesselOffer, ...]:
    """Every class at round costs: an assumption for trials, to be replaced by real charters."""
    return tuple(
        VesselOffer(
            vessel=one, count=count, cost_per_week=400.0 * one.nominal_teu,
            cost_per_km=20.0 + 0.15 * one.nominal_teu, cost_per_call=2000.0, currency="CNY",
            source="assumption: 400 CNY a week per TEU of nominal capacity, 20 CNY/km and 0.15 "
            "CNY/km per TEU, 2,000 CNY a call",
        )
        for one in vessels()
    )  # fmt: skip
