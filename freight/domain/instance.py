"""Everything that one planning problem states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import Annotated

from pydantic import AwareDatetime, Field

from freight.domain.base import Amount, Currency, Frozen, Identifier, Text, ZoneName
from freight.domain.digest import canonical, sha256_of
from freight.domain.emissions import EmissionFactor
from freight.domain.gazetteer import city_key
from freight.domain.service import Departure, Service, Stop
from freight.domain.shipment import Shipment
from freight.domain.snapshot import InstanceSnapshot, InstanceSource
from freight.domain.terminal import Terminal
from freight.domain.transfer import Transfer
from freight.errors import Fault

LATER_COLUMNS = MappingProxyType(
    {"shipments": ("tariff_per_teu", "margin"), "departures": ("except_dates", "source")}
)
"""Columns that instances did not always have: empty ones are no part of the digest."""


class ExchangeRate(Frozen):
    """Units of a currency that buy one unit of the base currency."""

    currency: Currency
    """ISO 4217 code."""
    per_base: Annotated[float, Field(gt=0)]
    """Units of it that buy one unit of the base currency."""
    date: date
    """Of the rate."""
    source: Text
    """Where the rate comes from."""


class Owner(Frozen):
    """A city platform: runs services, brings shipments, signs through bills."""

    id: Identifier
    """Short name by which services and shipments name it."""
    name_en: Text
    """Name in English, as printed."""
    name_zh: Text
    """Name in Chinese, as printed."""
    city: Text
    """City of the platform, in English."""


class Defaults(Frozen):
    """Values for what a row leaves open. Amounts are in the base currency."""

    unserved_cost_per_teu: Amount
    """What leaving a box behind costs where the shipment does not say."""
    lateness_cost_per_teu_day: Amount
    """What a day late costs where the shipment does not say."""
    most_late_days: Annotated[float, Field(gt=0)] = 30.0
    """A delivery later than this counts as unserved."""
    most_dwell_days: Annotated[float, Field(gt=0)] = 14.0
    """No box waits longer than this at one terminal, its origin excepted."""


class Statement(Frozen):
    """``instance.toml``: name, horizon, money, defaults, owners."""

    name: Identifier
    """Short name of the instance."""
    title_en: Text
    """Title in English."""
    title_zh: Text
    """Title in Chinese."""
    horizon_start: AwareDatetime
    """Departures leave from then on."""
    horizon_end: AwareDatetime
    """Departures leave from the start until before the end."""
    time_zone: ZoneName
    """Of the planner: how times are shown where no terminal gives a zone."""
    currency: Currency
    """Base currency: every total is in it."""
    capital_rate_per_year: Annotated[float, Field(ge=0, le=1)]
    """Cost of the capital tied up in goods under way, as a share of their value a year."""
    capital_source: Text
    """Where the rate comes from."""
    policy: Identifier | None = None
    """Consolidation policy that shaped the instance, if any. What it cuts off stays behind; boxes
    cross the border of the owners' countries once."""
    defaults: Defaults
    exchange: tuple[ExchangeRate, ...] = ()
    owners: Annotated[tuple[Owner, ...], Field(min_length=1)]


class Instance(Frozen):
    """One instance: the statement and its tables."""

    statement: Statement
    terminals: tuple[Terminal, ...]
    transfers: tuple[Transfer, ...]
    services: tuple[Service, ...]
    stops: tuple[Stop, ...]
    departures: tuple[Departure, ...]
    shipments: tuple[Shipment, ...]
    emissions: tuple[EmissionFactor, ...]

    @cached_property
    def notes(self) -> tuple[Fault, ...]:
        """What a reader guessed or left out; no part of the content, nor of its digest."""
        return ()

    @cached_property
    def rows(self) -> Mapping[str, tuple[str, Sequence[int]]]:
        """File and row of every record, by table, where it was read from tables with rows."""
        return {}

    def mark_reading(
        self, notes: Iterable[Fault], rows: Mapping[str, tuple[str, Sequence[int]]]
    ) -> None:
        """Note what its reader has to say, and which rows it read."""
        self.__dict__["notes"] = tuple(notes)
        self.__dict__["rows"] = dict(rows)

    @cached_property
    def terminal(self) -> dict[str, Terminal]:
        """Terminals by id."""
        return {one.id: one for one in self.terminals}

    @cached_property
    def service(self) -> dict[str, Service]:
        """Services by id."""
        return {one.id: one for one in self.services}

    @cached_property
    def shipment(self) -> dict[str, Shipment]:
        """Shipments by id."""
        return {one.id: one for one in self.shipments}

    @cached_property
    def transfer(self) -> dict[str, Transfer]:
        """Transfers by id."""
        return {one.id: one for one in self.transfers}

    @cached_property
    def owner(self) -> dict[str, Owner]:
        """Owners by id."""
        return {one.id: one for one in self.statement.owners}

    @cached_property
    def emission(self) -> dict[str, EmissionFactor]:
        """Emission factors by class."""
        return {one.id: one for one in self.emissions}

    @cached_property
    def stops_of(self) -> dict[str, tuple[Stop, ...]]:
        """Stops of every service in order of sequence."""
        found: dict[str, list[Stop]] = {one.id: [] for one in self.services}
        for stop in self.stops:
            found.setdefault(stop.service, []).append(stop)
        return {key: tuple(sorted(some, key=lambda s: s.sequence)) for key, some in found.items()}

    @cached_property
    def rates(self) -> dict[str, float]:
        """Units of each currency per unit of the base currency, the base itself included."""
        return {one.currency: one.per_base for one in self.statement.exchange} | {
            self.statement.currency: 1.0
        }

    @cached_property
    def home_countries(self) -> frozenset[str]:
        """Countries of the terminals in the owners' cities."""
        cities = {city_key(one.city) for one in self.statement.owners}
        return frozenset(one.country for one in self.terminals if city_key(one.city) in cities)

    def base_amount(self, amount: float, currency: str) -> float:
        """An amount in the base currency; raises KeyError for a currency without a rate."""
        return amount / self.rates[currency]

    @cached_property
    def source(self) -> InstanceSource | None:
        """Where it was read from, if it was: no part of its content, lost when that changes."""
        return None

    def mark_source(self, source: InstanceSource) -> None:
        """Note where it was read from."""
        self.__dict__["source"] = source

    def canonical(self) -> bytes:
        """Canonical JSON in UTF-8: keys sorted, no spaces."""
        data = self.model_dump(mode="json")
        if self.statement.policy is None:
            del data["statement"]["policy"]
        for table, names in LATER_COLUMNS.items():
            for record, name in product(data[table], names):
                if record[name] in (None, []):
                    del record[name]
        return canonical(data)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the instance's canonical JSON: equal content, equal digest."""
        return sha256_of(self.canonical())

    @cached_property
    def snapshot(self) -> InstanceSnapshot | None:
        """The whole instance as a plan carries it; None where it is too large."""
        return InstanceSnapshot.of(self.canonical())
