"""Scheduled transport: services, their stops and their departures."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from freight.domain.base import (
    Amount,
    Currency,
    Frozen,
    Hours,
    Identifier,
    Kilometres,
    Teu,
    Text,
)


class Mode(StrEnum):
    """How goods move."""

    RAIL = "rail"
    BARGE = "barge"
    SEA = "sea"
    AIR = "air"
    ROAD = "road"

    @property
    def unece_code(self) -> str:
        """Code of the mode by UNECE Recommendation 19."""
        return {"sea": "1", "rail": "2", "road": "3", "air": "4", "barge": "8"}[self.value]


class Weekday(StrEnum):
    """Days of the week, as written in a timetable pattern."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Service(Frozen):
    """Transport offered again and again over the same stops: a row of ``services.csv``."""

    id: Identifier
    """Short name by which stops and departures name it."""
    name_en: Text
    """Name in English, as printed."""
    name_zh: Text
    """Name in Chinese, as printed."""
    mode: Mode
    """How it moves."""
    operator: Text
    """The carrier that performs it, as printed on a bill."""
    owner: Identifier
    """The owner (city platform) that pays for a departure."""
    committed: bool
    """True: every departure runs; False: the plan decides."""
    fixed_cost_per_departure: Amount
    """Price of running one departure, however full."""
    currency: Currency
    """Of the fixed cost."""
    capacity_teu: Annotated[float, Field(gt=0, json_schema_extra={"unit": "TEU"})]
    """Most TEU on board of one departure."""
    capacity_tonnes: Annotated[float, Field(gt=0, json_schema_extra={"unit": "t"})]
    """Gross tonnes of goods and boxes."""
    minimum_load_teu: Teu = 0.0
    """An optional departure that runs must load at least this much, summed over its stops."""
    cutoff_hours: Hours = 0.0
    """How long before departure a box must be ready at the terminal."""
    reefer: bool = False
    """Whether temperature-controlled boxes may ride."""
    dangerous: bool = False
    """Whether dangerous goods may ride."""
    open_to: tuple[Identifier, ...] = ()
    """Owners whose shipments may ride; empty: everybody's."""
    emission_class: Identifier
    """Emission factor of its legs."""
    source: Text
    """Where the figures come from: source ids, or the word assumption."""


class Stop(Frozen):
    """One stop of a service with the leg that leads to it: a row of ``stops.csv``."""

    service: Identifier
    """The service that stops."""
    sequence: Annotated[int, Field(ge=1)]
    """1 at the first stop, then one more each."""
    terminal: Identifier
    """Where it stops."""
    arrive_hours: Hours
    """Hours after the departure from the first stop."""
    depart_hours: Hours
    """The same for its departure from this stop."""
    distance_km: Kilometres
    """From the stop before; 0 at the first."""
    cost_per_teu: Amount
    """Of the leg from the stop before; 0 at the first."""
    cost_per_tonne: Amount = 0.0
    """The same per tonne of goods (air cargo); 0 at the first."""
    currency: Currency
    """Of both costs."""
    capacity_teu: Annotated[float, Field(gt=0, json_schema_extra={"unit": "TEU"})] | None = None
    """Of the leg from the stop before, where it is less than the service's."""
    capacity_tonnes: Annotated[float, Field(gt=0, json_schema_extra={"unit": "t"})] | None = None
    """The same for gross tonnes."""
    load: bool = True
    """Whether boxes may be loaded here."""
    unload: bool = True
    """Whether boxes may be unloaded here."""
    emission_class: Identifier | None = None
    """Of the leg from the stop before, where it is not the service's."""
    source: Text
    """Where the figures come from: source ids, or the word assumption."""

    def limits(self, service: Service) -> tuple[float, float]:
        """TEU and gross tonnes that one run takes on the leg from the stop before."""
        teu = service.capacity_teu if self.capacity_teu is None else self.capacity_teu
        tonnes = service.capacity_tonnes if self.capacity_tonnes is None else self.capacity_tonnes
        return min(teu, service.capacity_teu), min(tonnes, service.capacity_tonnes)


class Departure(Frozen):
    """When a service leaves its first stop: a row of ``departures.csv``.

    Either ``departs_at``, or ``weekdays`` with ``departs_local`` (clock time at the first stop),
    for every such day of the horizon, from ``first_date`` to ``last_date`` where given, but for the
    days of ``except_dates``.
    """

    service: Identifier
    """The service that leaves."""
    weekdays: tuple[Weekday, ...] = ()
    """Days on which it leaves, every week."""
    departs_local: time | None = None
    """Clock time at the first stop on those days."""
    first_date: date | None = None
    """No earlier day counts; empty: from the start of the horizon."""
    last_date: date | None = None
    """No later day counts; empty: to the end of the horizon."""
    except_dates: tuple[date, ...] = ()
    """Days on which it does not leave although its weekdays say so: cancelled trains, closures."""
    departs_at: AwareDatetime | None = None
    """The one moment at which it leaves."""
    most_runs: Annotated[int, Field(ge=1, le=1_000)] = 1
    """How many trains or vessels may leave together."""
    source: Text | None = None
    """Where the figures come from: source ids, or the word assumption."""
