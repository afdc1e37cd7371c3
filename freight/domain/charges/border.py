"""Border crossings and gauge changes, on board of a service or by a transfer of their own."""

from __future__ import annotations

from freight.domain.charges.base import Price
from freight.domain.charges.transfer import tariff
from freight.domain.instance import Instance
from freight.domain.transfer import Transfer


def price(instance: Instance, transfer: Transfer) -> Price:
    """Price of the crossing; zero for a transfer that crosses no border."""
    return tariff(instance, transfer) if transfer.kind.crosses_border else Price()
