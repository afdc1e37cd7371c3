"""Transfers between terminals that do not cross a border; their price covers the lifts."""

from __future__ import annotations

from freight.domain.charges.base import Price
from freight.domain.instance import Instance
from freight.domain.transfer import Transfer


def price(instance: Instance, transfer: Transfer) -> Price:
    """Price of the move; zero for a border transfer, which is priced as a border crossing."""
    return Price() if transfer.kind.crosses_border else tariff(instance, transfer)


def tariff(instance: Instance, transfer: Transfer) -> Price:
    """The cost columns of the row, whatever they are charged as."""
    return Price(
        instance.base_amount(transfer.cost_per_teu, transfer.currency),
        instance.base_amount(transfer.cost_per_tonne, transfer.currency),
    )
