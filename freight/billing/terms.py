"""How bills are made out: for whom, at what price, and what they replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from freight.domain.bill import Bill, Copy


@dataclass(frozen=True)
class Terms:
    """What is asked of a book of bills beside its plan.

    ``margin`` is the share that a customer pays beyond the cost where the shipment states neither
    margin nor tariff; ``currency`` that of its copy (None: of the tariff, else of the plan).
    ``earlier`` are the documents, by shipment, that the new ones replace: numbers and planned boxes
    stay, the revision counts.
    """

    copy: Copy = Copy.INTERNAL
    margin: float = 0.0
    currency: str | None = None
    earlier: Mapping[str, Bill] = field(default_factory=dict)
