"""Handling at a terminal: one lift when a box is loaded, one when it is unloaded."""

from __future__ import annotations

from freight.domain.charges.base import Price
from freight.domain.instance import Instance
from freight.domain.terminal import Terminal


def price(instance: Instance, terminal: Terminal) -> Price:
    """Price of one lift."""
    return Price(
        instance.base_amount(terminal.handling_cost_per_teu, terminal.currency),
        instance.base_amount(terminal.handling_cost_per_tonne, terminal.currency),
    )
