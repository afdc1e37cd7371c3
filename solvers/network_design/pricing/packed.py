"""The network in search order, as scans read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.network_design.statement.network import Network


@dataclass(frozen=True, slots=True)
class Packed:
    """The network as the scan reads it: arcs in search order, their costs side by side."""

    ends: tuple[Any, Any]
    costs: Floats
    factors: Floats
    design: Ints
    rows: tuple[Any, Any]

    @staticmethod
    def of(net: Network, row_price: Floats) -> Packed:
        """Arcs in search order, rows priced per unit of load."""
        problem, order = net.problem, net.order
        rho = net.arc_prices(row_price)
        costs = np.column_stack(
            [problem.cost[order], problem.attribute[:, order].T, rho[:, order].T]
        )
        caps = net.caps_at.take(order)
        return Packed(
            (problem.tail[order].astype(np.int32),
            problem.head[order].astype(np.int32)), np.ascontiguousarray(costs),
            np.vstack([np.ones(problem.commodities), problem.rate, net.load]),
            problem.design[order],
            (caps.start, caps.values),
        )  # fmt: skip
