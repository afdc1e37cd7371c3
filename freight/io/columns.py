"""The columns of every table, drawn from the records of the domain so that they cannot differ.

Readers parse by them, faults explain by them, the format reference and the workbook's drop-downs
are generated from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from freight.domain.base import Frozen
from freight.domain.checks.references import REFERENCES
from freight.domain.drayage import DoorRow, Trucks
from freight.domain.emissions import EmissionFactor
from freight.domain.groupage import BoxOffer, Consignment
from freight.domain.instance import Defaults, ExchangeRate, Owner, Statement
from freight.domain.service import Departure, Service, Stop
from freight.domain.shipment import Shipment
from freight.domain.terminal import Terminal
from freight.domain.transfer import Transfer
from freight.domain.waterway import Berth, FleetRow, Flow, SectionRow
from freight.domain.wording import either, listed, number

TABLES: Final[Mapping[str, type[Frozen]]] = MappingProxyType(
    {
        "terminals": Terminal,
        "transfers": Transfer,
        "services": Service,
        "stops": Stop,
        "departures": Departure,
        "shipments": Shipment,
        "emissions": EmissionFactor,
    }
)
"""Tables with a file each; all but ``transfers`` must be there."""
HEAD: Final[Mapping[str, type[Frozen]]] = MappingProxyType(
    {"instance": Statement, "defaults": Defaults, "exchange": ExchangeRate, "owners": Owner}
)
"""Parts of ``instance.toml``."""
SIDE: Final[Mapping[str, type[Frozen]]] = MappingProxyType(
    {
        "doors": DoorRow,
        "trucks": Trucks,
        "consignments": Consignment,
        "boxes": BoxOffer,
        "sections": SectionRow,
        "fleet": FleetRow,
        "flows": Flow,
        "berths": Berth,
    }
)
"""Tables that stand beside an instance."""
RECORDS: Final[Mapping[str, type[Frozen]]] = MappingProxyType({**TABLES, **HEAD, **SIDE})
"""Every table there is."""
OPTIONAL: Final = frozenset({"transfers", "exchange"})
NESTED: Final = frozenset({"defaults", "exchange", "owners"})
"""Fields of the statement that are parts of their own."""


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    FLAG = "yes or no"
    MOMENT = "date and time"
    DAY = "date"
    DAYS = "dates"
    CLOCK = "time of day"
    CHOICE = "one of a list"
    WORDS = "words of a list"


_FORMATS: Final = MappingProxyType(
    {"date-time": Kind.MOMENT, "date": Kind.DAY, "time": Kind.CLOCK, None: Kind.TEXT}
)
_TYPES: Final = MappingProxyType(
    {"number": Kind.NUMBER, "integer": Kind.WHOLE, "boolean": Kind.FLAG, "array": Kind.WORDS}
)
_PATTERNS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$": ("a short name", "letters, digits, '.', '_' and '-'"),
        r"^[A-Z]{2}$": ("a country code", "two capital letters (ISO 3166-1) such as CN"),
        r"^[A-Z]{2}[A-Z2-9]{3}$": ("a UN/LOCODE", "five characters such as CNWUH"),
        r"^[A-Z]{3}$": ("a currency code", "three capital letters (ISO 4217) such as CNY"),
        r"^[0-9]{4}([0-9]{2}){0,3}$": ("an HS code", "4, 6, 8 or 10 digits such as 847130"),
        r"^UN[0-9]{4}$": ("a UN number", "UN and four digits such as UN3480"),
        r"^[A-Z0-9]{2}$": ("a package code", "two characters (UNECE Recommendation 21) such as CT"),
    }
)
"""What a text of some pattern is, and what it looks like."""
_TEXT: Final = ("a text", "a text")
_FORMS: Final[Mapping[Kind, tuple[str, str]]] = MappingProxyType(
    {
        Kind.FLAG: ("yes or no", "yes or no"),
        Kind.MOMENT: ("a date and time", "2026-12-01T08:00 or 2026-12-01T08:00+08:00, for example"),
        Kind.DAY: ("a date", "a date such as 2026-12-01"),
        Kind.DAYS: ("a list of dates", "dates such as 2026-12-01 2026-12-08, parted by spaces"),
        Kind.CLOCK: ("a time of day", "a time of day such as 08:30"),
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what its cells hold and how to say so."""

    name: str
    kind: Kind
    required: bool
    default: object = None
    unit: str = ""
    meaning: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    above: float | None = None
    high: float | None = None
    pattern: str | None = None
    refers: str | None = None
    """The table whose ids its cells name."""

    @property
    def noun(self) -> str:
        """What a cell holds: ``a number``."""
        if self.kind in _FORMS:
            return _FORMS[self.kind][0]
        if self.choices:
            name = self.name.replace("_", " ")
            one = name.removesuffix("s") if self.kind is Kind.WORDS else name
            return f"an {one}" if one[0] in "aeiou" else f"a {one}"
        if self.kind in (Kind.NUMBER, Kind.WHOLE):
            return f"a {self.kind.value}"
        return "an IANA time zone" if self._is_zone else _PATTERNS.get(self.pattern or "", _TEXT)[0]

    @property
    def form(self) -> str:
        """What a good cell looks like: ``a number of at least 0 (h)``."""
        if self.kind in _FORMS:
            return _FORMS[self.kind][1]
        if self.kind is Kind.WORDS:
            some = f"words out of {listed(self.choices)}" if self.choices else "names"
            return f"{some}, parted by spaces"
        if self.choices:
            return either(self.choices)
        if self.kind in (Kind.NUMBER, Kind.WHOLE):
            return self._range()
        if self._is_zone:
            return "an IANA time zone such as Asia/Shanghai"
        return _PATTERNS.get(self.pattern or "", _TEXT)[1]

    @property
    def _is_zone(self) -> bool:
        return self.name == "time_zone"

    def _range(self) -> str:
        words = "a whole number" if self.kind is Kind.WHOLE else "a number"
        if self.low is not None and self.high is not None:
            words += f" from {number(self.low)} to {number(self.high)}"
        elif self.low is not None:
            words += f" of at least {number(self.low)}"
        elif self.above is not None:
            words += f" above {number(self.above)}"
        return f"{words} ({self.unit})" if self.unit and len(self.unit) < 6 else words


@cache
def columns(table: str) -> Mapping[str, Column]:
    """The columns of a table by name, in the order of the record's fields."""
    schema = RECORDS[table].model_json_schema()
    required, shared = set(schema.get("required", ())), schema.get("$defs", {})
    skip = NESTED if table == "instance" else frozenset()
    return MappingProxyType(
        {
            name: _column(table, name, spec, required=name in required, shared=shared)
            for name, spec in schema["properties"].items()
            if name not in skip
        }
    )


def _column(
    table: str, name: str, spec: dict[str, Any], *, required: bool, shared: dict[str, Any]
) -> Column:
    core = next((one for one in spec.get("anyOf", ()) if one.get("type") != "null"), spec)
    listing = core.get("items", core)
    named = shared[listing["$ref"].rsplit("/", 1)[1]] if "$ref" in listing else {}
    choices = named.get("enum", ())
    kind = _TYPES.get(core.get("type", ""), _FORMATS[core.get("format")])
    if kind is Kind.WORDS and listing.get("format") == "date":
        kind = Kind.DAYS
    return Column(
        name=name,
        kind=Kind.CHOICE if choices and kind is Kind.TEXT else kind,
        required=required,
        default=spec.get("default"),
        unit=core.get("unit", ""),
        meaning=spec.get("description", named.get("description", "")),
        choices=tuple(choices),
        low=core.get("minimum"),
        above=core.get("exclusiveMinimum"),
        high=core.get("maximum"),
        pattern=core.get("pattern"),
        refers=REFERENCES.get((table, name)),
    )
