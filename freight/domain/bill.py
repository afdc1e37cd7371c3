"""The through bill (货运一单式): one document, one price and one liable party per shipment.

A bill is a file (``bill.json``; its JSON Schema stands in ``freight/schemas``). Terminals are named
by id and described once in ``places``, liability regimes by key and described once in ``regimes``.
Times are local at the terminal, with offset and zone. ``total`` adds up all charges of the
shipment; ``price`` those that are invoiced. A plan's cost is the sum of its bills' totals and of
what the plan could allocate to nobody. ``digest`` is the SHA-256 of all other content, so that an
altered bill gives itself away.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from freight.domain.base import Frozen, Text
from freight.domain.carriage import Leg, Moment, TruckCall, Wait
from freight.domain.digest import digest
from freight.domain.liability import LimitRule, Regime, SdrAmount
from freight.domain.money import Cents
from freight.domain.plan import ChargeKind
from freight.domain.service import Mode
from freight.domain.terminal import TerminalKind

Kg = Annotated[int, Field(ge=0, json_schema_extra={"unit": "kg"})]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
DIGEST_FIELD = frozenset({"digest"})
LATER = (("copy_kind",), ("prices",), ("revision",), ("replaces",))
"""Fields that bills did not always have."""


class Status(StrEnum):
    """What a document is good for."""

    PLANNED = "planned"  # made from a plan, neither signed nor issued


class Copy(StrEnum):
    """Who a document is for."""

    INTERNAL = "internal"  # every charge, what is shared with whom, cost of time
    CUSTOMER = "customer"  # one price and surcharges


class Price(StrEnum):
    """What a customer pays for."""

    FREIGHT = "freight"  # carriage all the way, however it is made up
    CUSTOMS = "customs"
    DRAYAGE = "drayage"  # trucks to and from the doors


class Procedure(StrEnum):
    """What customs does at one point of the chain."""

    EXPORT = "export"  # export declaration
    INTEGRATED = "integrated"  # one declaration valid in the whole region
    TRANSIT = "transit"  # under seal to another customs office
    FULL = "full"  # a declaration of its own
    IMPORT = "import"  # import declaration


class Place(Frozen):
    """A terminal as printed on the document."""

    id: Text
    name_en: Text
    name_zh: Text
    kind: TerminalKind
    city: Text
    country: str
    """ISO 3166-1 alpha-2."""
    unlocode: str | None
    """UN/LOCODE, where one is listed."""


class Party(Frozen):
    """Someone the document names."""

    id: str | None = None
    name_en: Text
    name_zh: str | None = None
    city: str | None = None


class DocumentType(Frozen):
    """Kind of document: ``code`` is UN/EDIFACT data element 1001."""

    code: Text
    name_en: Text
    name_zh: Text


class Goods(Frozen):
    """What is carried on this bill, all its parts together."""

    hs_code: str
    description_en: Text
    description_zh: Text
    packages: int
    package_kind: str
    """UNECE Recommendation 21."""
    gross_kg: Kg
    """Goods with packing, without the boxes."""
    value: Cents
    value_currency: str
    dangerous: str | None
    """UN number."""
    reefer: bool


class Container(Frozen):
    """One box. Its number is planned until stuffing; goods are taken to stow evenly."""

    number: Annotated[str, Field(pattern=r"^[A-Z]{3}U\d{7}$")]
    """ISO 6346 with check digit."""
    planned: bool
    size_type: str
    """ISO 6346 size-type code."""
    tare_kg: Kg
    goods_kg: Kg
    packages: int

    @property
    def gross_kg(self) -> int:
        """Goods and box: the figure a verified gross mass will replace."""
        return self.tare_kg + self.goods_kg


class ChargeLine(Frozen):
    """One charge. ``leg`` is the number of the leg it belongs to, where it belongs to one."""

    kind: ChargeKind
    amount: Cents
    invoiced: bool
    """False: a cost of time that the shipper bears, no part of the price."""
    mode: Mode | None
    reference: str
    leg: int | None


class ChargeTotal(Frozen):
    """All charges of one kind."""

    kind: ChargeKind
    amount: Cents
    invoiced: bool


class PriceLine(Frozen):
    """One line of a customer's copy."""

    kind: Price
    amount: Cents


class Part(Frozen):
    """Boxes of the shipment that travel together."""

    number: int
    teu: int
    gross_kg: Kg
    packages: int
    containers: tuple[Container, ...]
    hand_over_by: Moment
    """Latest time at the place of receipt."""
    delivered: Moment
    late_hours: float
    steps: tuple[Annotated[Leg | Wait, Field(discriminator="kind")], ...]
    collection: tuple[TruckCall, ...] = ()
    """Trucks before the place of receipt, where they are planned."""
    delivery: tuple[TruckCall, ...] = ()
    """Trucks after the place of delivery, where they are planned."""
    co2e_kg: float
    """Legs, transfers and handling, well to wheel by ISO 14083."""
    charges: tuple[ChargeLine, ...]
    price: Cents
    total: Cents

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The steps that move."""
        return tuple(step for step in self.steps if isinstance(step, Leg))


class CustomsStep(Frozen):
    """Customs at one point of the chain, for the parts that pass it."""

    procedure: Procedure
    from_terminal: str
    to_terminal: str
    transfer: str | None
    parts: tuple[int, ...]


class SdrRate(Frozen):
    """What one SDR costs, for comparison with the goods' value only."""

    currency: str
    per_sdr: float
    source: Text


class ThroughLiability(Frozen):
    """Liability of the through carrier for the whole chain: the network system."""

    regime: Regime
    limit_sdr: SdrAmount
    """Where the leg of the loss is not known: for the loss of all goods on the bill."""
    value_sdr: SdrAmount | None
    """The goods' value; None: no rate is known."""
    rate: SdrRate | None
    lowest_limit_sdr: SdrAmount
    """Lowest fixed limit anywhere on the way, for the loss of all goods: every part on its worst
    leg."""
    covered_share: float | None
    """Share of the value within the lowest limit, at most 1."""


class Consolidation(Frozen):
    """A departure that this shipment shares with others."""

    departure: str
    service: str
    owner: str
    runs: int
    load_factor: float
    shipments: int
    """Travelling on it, this one included."""
    owners: int


class Notice(Frozen):
    """A remark printed on the document."""

    code: Text
    en: Text
    zh: Text


class Bill(Frozen):
    """The through bill of one shipment."""

    format: Literal["freight-bill/1"] = "freight-bill/1"
    number: Annotated[str, Field(pattern=r"^[A-Z0-9]{4}\d{6}\d{6}\d{2}$")]
    """Owner code, first day of the plan (yymmdd), serial number in the book, and two check digits
    by ISO 7064 MOD 97-10 over all of them (letters count A = 10 … Z = 35)."""
    type: DocumentType
    negotiable: bool
    status: Status
    issue_place: str
    issue_date: date
    shipment: str
    operator: Party
    """Multimodal transport operator: the through carrier."""
    consignor: Party
    consignee: Party
    goods: Goods
    container_type: str
    boxes: int
    teu: int
    teu_left_behind: int
    place_of_receipt: str
    place_of_delivery: str
    ready: Moment
    due: Moment
    delivered: Moment
    """When the last part arrives."""
    late_hours: float
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    customs: tuple[CustomsStep, ...]
    consolidation: tuple[Consolidation, ...]
    currency: str
    charges: tuple[ChargeTotal, ...]
    price: Cents
    """The one through price: all invoiced charges, on a customer's copy all its lines."""
    shipper_cost: Cents
    """Cost of time that the shipper bears beside the price."""
    total: Cents
    liability: ThroughLiability
    co2e_kg: float
    distance_km: float
    """Of all parts, weighted by boxes."""
    places: tuple[Place, ...]
    regimes: tuple[LimitRule, ...]
    notices: tuple[Notice, ...]
    instance: str
    instance_digest: Sha256
    plan_digest: Sha256
    copy_kind: Copy = Copy.INTERNAL
    """Whom the document is for; a customer's copy states ``prices`` and no charges."""
    prices: tuple[PriceLine, ...] = ()
    """On a customer's copy: the freight and surcharges that make up the price."""
    revision: Annotated[int, Field(ge=0)] = 0
    """How often the document of this number was replaced by one that says something else."""
    replaces: Sha256 | None = None
    """Digest of the document that this one replaces."""
    digest: Sha256

    @cached_property
    def place(self) -> dict[str, Place]:
        """Places by terminal id."""
        return {one.id: one for one in self.places}

    @cached_property
    def regime(self) -> dict[Regime, LimitRule]:
        """Regimes that apply on the way, by key."""
        return {one.regime: one for one in self.regimes}

    @property
    def hand_over_by(self) -> Moment:
        """When the first part must be at the place of receipt."""
        return min((part.hand_over_by for part in self.parts), key=lambda one: one.local)

    @property
    def intact(self) -> bool:
        """Whether the content still matches the digest printed on it."""
        return self.digest == digest(self, without=DIGEST_FIELD, later=LATER)


def sealed(bill: Bill) -> Bill:
    """The bill with the digest of its content in place."""
    return bill.model_copy(update={"digest": digest(bill, without=DIGEST_FIELD, later=LATER)})


def total_of(bills: tuple[Bill, ...]) -> Decimal:
    """Sum of the bills' totals; with the plan's unallocated amount it is the plan's cost."""
    return sum((one.total for one in bills), Decimal(0))


class BillBook(Frozen):
    """Several bills in one file."""

    format: Literal["freight-bills/1"] = "freight-bills/1"
    bills: tuple[Bill, ...]
