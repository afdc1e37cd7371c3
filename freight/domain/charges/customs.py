"""Customs on a transfer or border crossing, per TEU."""

from __future__ import annotations

from freight.domain.charges.base import Price
from freight.domain.instance import Instance
from freight.domain.transfer import Transfer


def price(instance: Instance, transfer: Transfer) -> Price:
    """Price of what customs does on this transfer."""
    return Price(instance.base_amount(transfer.customs_cost_per_teu, transfer.currency))
