"""A plan: which departures run, which itinerary every shipment takes, what it costs and proves.

A plan is a file (``plan.json``). Amounts are Decimal, to the cent, in the plan's currency, and add
up exactly: ``cost = Σ itinerary charges + unallocated``, by charge, by mode and by owner alike.
The objective of the optimization is ``cost + unserved_penalty``, less the cost of drayage, which is
planned afterwards.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field

from freight.domain.base import Frozen, Instant, Many, Measure, Whole
from freight.domain.drayage import Drayage
from freight.domain.instance import Instance
from freight.domain.money import Cents
from freight.domain.service import Mode
from freight.domain.snapshot import InstanceSnapshot, InstanceSource
from freight.domain.transfer import CustomsMode, TransferKind
from freight.domain.views import html_of


class ChargeKind(StrEnum):
    """What a charge pays for."""

    FIXED = "fixed"  # a shipment's share of the fixed cost of a departure
    LEG = "leg"
    HANDLING = "handling"
    TRANSFER = "transfer"
    DRAYAGE = "drayage"  # trucks between a door and a terminal
    BORDER = "border"
    CUSTOMS = "customs"
    STORAGE = "storage"
    CAPITAL = "capital"  # borne by the shipper, not invoiced
    LATENESS = "lateness"  # conceded to the shipper, not invoiced
    NETWORK = "network"  # share of departures that run empty because they are committed
    SETTLEMENT = "settlement"  # balance between owners, so that each bears its agreed share

    @property
    def invoiced(self) -> bool:
        """Whether the shipper pays this charge in the through price."""
        return self not in (ChargeKind.CAPITAL, ChargeKind.LATENESS)


class Charge(Frozen):
    """One priced item of an itinerary; ``step`` counts from 0 in its list of steps."""

    kind: ChargeKind
    amount: Cents
    step: Whole | None = None
    reference: str = ""
    """The departure, transfer or terminal paid for; for ``network`` the owner of the departures."""
    mode: Mode | None = None


class Ride(Frozen):
    """Part of an itinerary on board of one departure, from loading to unloading."""

    kind: Literal["ride"] = "ride"
    departure: str
    service: str
    mode: Mode
    carrier: str
    from_terminal: str
    to_terminal: str
    from_sequence: Whole
    to_sequence: Whole
    departs: Instant
    arrives: Instant
    distance_km: Measure
    co2e_kg: Measure
    borders: tuple[str, ...] = ()
    """Ids of border transfers passed on board."""


class Move(Frozen):
    """Part of an itinerary by a transfer between two terminals."""

    kind: Literal["transfer"] = "transfer"
    transfer: str
    transfer_kind: TransferKind
    mode: Mode
    carrier: str
    from_terminal: str
    to_terminal: str
    departs: Instant
    arrives: Instant
    distance_km: Measure
    customs: CustomsMode
    co2e_kg: Measure


class Dwell(Frozen):
    """A wait at a terminal between arrival (handling included) and the next step."""

    kind: Literal["dwell"] = "dwell"
    terminal: str
    arrives: Instant
    departs: Instant
    handling_hours: Measure
    storage_hours: Measure
    """Hours beyond the free time."""
    co2e_kg: Measure = 0.0


Step = Annotated[Ride | Move | Dwell, Field(discriminator="kind")]


class Itinerary(Frozen):
    """What some boxes of one shipment do from receipt to delivery."""

    shipment: str
    owner: str
    teu: Whole
    loaded_tonnes: Measure
    steps: Many[Step]
    delivered: Instant
    late_hours: Measure
    co2e_kg: Measure
    charges: Many[Charge]

    @property
    def cost(self) -> Decimal:
        """Sum of the charges."""
        return sum((one.amount for one in self.charges), Decimal(0))


class LegLoad(Frozen):
    """What one leg of a departure carries."""

    from_terminal: str
    to_terminal: str
    sequence: Whole
    """Of the stop where the leg ends."""
    departs: Instant
    arrives: Instant
    teu: Measure
    tonnes: Measure
    capacity_teu: Measure
    capacity_tonnes: Measure


class Run(Frozen):
    """One departure that the plan operates; capacities and fixed cost count all its runs."""

    departure: str
    service: str
    owner: str
    mode: Mode
    committed: bool
    runs: Whole
    departs: Instant
    fixed_cost: Cents
    legs: Many[LegLoad]
    load_factor: Measure
    """TEU of the fullest leg over its capacity."""


class Unserved(Frozen):
    """Boxes left behind, with the reason."""

    shipment: str
    owner: str
    teu: Whole
    penalty: Cents
    reason: str
    reason_zh: str = ""
    """The same in Chinese."""


class Proof(Frozen):
    """How good the plan is and how that is known."""

    outcome: str
    stop: str | None
    objective: Measure
    """Cost plus penalty for unserved boxes, in the plan's currency."""
    bound: Measure | None
    """No plan that the audit of this instance accepts has a lower objective."""
    gap: Measure | None
    method: str
    backend: str
    seed: Whole
    seconds: Measure
    versions: dict[str, str]
    asked_gap: Measure | None = None
    """Gap at which the search was to end: a plan within it is called optimal."""
    trace: Many[tuple[Measure, Measure | None, Measure | None]] = ()
    """(seconds, objective, bound) as the solve went on."""


class Agreement(Frozen):
    """What the owners agreed to bear; their settlements follow from it."""

    rule: str
    """By which the cost was shared, such as nucleolus."""
    shares: dict[str, Cents]
    """Cost and penalty, trucks to the doors aside, by owner."""


class Totals(Frozen):
    """Sums over the plan, each adding up to ``cost`` exactly."""

    by_charge: dict[str, Cents]
    by_mode: dict[str, Cents]
    """Charges without a mode (storage, capital, …) stand under ``terminal``."""
    by_owner: dict[str, Cents]
    shipments: Whole
    shipments_on_time: Whole
    on_time_share: Measure
    """On-time TEU over all TEU of the instance."""
    teu: Whole
    teu_unserved: Whole
    co2e_kg: Measure


class Plan(Frozen):
    """A costed plan of one instance; the content of ``plan.json``."""

    format: Literal["freight-plan/1"] = "freight-plan/1"
    instance: str
    instance_digest: str
    currency: str
    time_zone: str
    cost: Cents
    """Sum of every itinerary's charges and of what is unallocated."""
    unserved_penalty: Cents
    unallocated: Cents = Decimal(0)
    """Fixed cost of committed departures when there is no shipment to bear it."""
    proof: Proof
    totals: Totals
    departures: Many[Run]
    itineraries: Many[Itinerary]
    unserved: Many[Unserved]
    drayage: Drayage | None = None
    """Trucks to and from the doors, once they are planned; no part of what is proved."""
    agreement: Agreement | None = None
    """Of the owners, where they settle among each other."""
    source: InstanceSource | None = None
    """Where the instance was read from."""
    snapshot: InstanceSnapshot | None = None
    """The instance itself, so that the plan can be read without any other file."""

    def with_instance(self, instance: Instance) -> Self:
        """The same plan as one of an instance: its name, digest, source and snapshot."""
        return self.model_copy(
            update={
                "instance": instance.statement.name,
                "instance_digest": instance.digest,
                "source": instance.source,
                "snapshot": instance.snapshot,
            }
        )

    @property
    def drayage_cost(self) -> Decimal:
        """Cost of the trucks; 0 where none are planned."""
        return Decimal(0) if self.drayage is None else self.drayage.cost

    def _repr_html_(self) -> str | None:
        """How a notebook shows it: by the view registered for plans, if there is one."""
        return html_of("plan", self)
