"""What is asked of a route: the shipment, the limits, and which answer is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from freight.domain.service import Mode


@dataclass(frozen=True)
class Request:
    """One query. ``origin`` and ``destination``: terminal ids, UN/LOCODEs, cities or names.

    ``tonnes`` are goods with packing, without the boxes; ``value`` of the goods in the base
    currency; ``due`` None: no lateness. ``owner`` decides which slots are open to it; None: the
    platform of the origin's city, else the first. ``load_factor`` is the share of a departure's
    slots that bear its fixed cost (an assumption of the quotation).

    The limits leave out what costs more (base currency), takes longer (hours from ready to
    delivery), emits more (kg CO2e), changes vehicle more often or is less reliable (0 to 1).
    """

    origin: str
    destination: str
    teu: int
    tonnes: float
    ready: datetime
    due: datetime | None = None
    value: float = 0.0
    modes: tuple[Mode, ...] = ()
    reefer: bool = False
    dangerous: str | None = None
    owner: str | None = None
    load_factor: float = 0.85
    most_cost: float | None = None
    most_hours: float | None = None
    most_co2e_kg: float | None = None
    most_changes: int | None = None
    least_reliability: float | None = None


@dataclass(frozen=True)
class RouteQuestion:
    """Which answer a :class:`Request` is to get.

    Without any of them: all options that no other beats in cost, arrival and CO2e. ``changes`` and
    ``reliable`` add criteria; ``cheapest`` asks for so many cheapest ones that differ; ``profile``
    for the best at every ready hour of a week; ``latest`` for the last moment to hand over in time.
    ``explain`` says why each mode was or was not chosen; ``number`` and ``offer`` choose an option
    by its number, to be shown step by step or to be billed.
    """

    changes: bool = False
    reliable: bool = False
    cheapest: int | None = None
    profile: bool = False
    latest: bool = False
    explain: bool = False
    number: int | None = None
    offer: int | None = None
