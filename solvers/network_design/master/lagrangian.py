"""The Lagrangian lower bound of the fixed-charge network design problem.

Relaxing rows, strong inequalities and cuts with prices ``β`` (signed, see Prices), ``α ≥ 0`` and
``ω ≥ 0`` leaves one shortest path per commodity and one sign test per design:

    L(β, α, ω) = Σ_k q[k] min(p[k], π[k]) - Σ_{r of no design} β[r] limit[r] + Σ_j ω[j] w0[j]
               + Σ_s min_{y_min ≤ y ≤ y_max} y · f̄[s]
    f̄[s] = f[s] - Σ_{r of s} β[r] limit[r] - Σ_{(k,a): design[a]=s} α[k,a] b[k,a] - Σ_j ω[j] w[j,s]

where ``π[k]`` includes the surcharges of strong inequalities and cuts on arcs.

Every such value is a lower bound whatever the prices, so it needs no converged master; ``f̄`` are
reduced costs that fix designs against an incumbent (Geoffrion 1974; Holmberg, Yuan 2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.network_design.master.cuts import Cuts
from solvers.network_design.master.master import Master
from solvers.network_design.master.point import Prices
from solvers.network_design.pricing.pricer import Multipliers, Priced
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign


@dataclass(frozen=True, slots=True)
class Stated:
    """Strong inequalities ``x ≤ strong_limit · y`` of a relaxation without a master, and no cuts.

    ``strong_commodity``, ``strong_arc`` and ``strong_limit`` are parallel.
    """

    network: Network
    fixed_cost: Floats
    strong_commodity: Ints
    strong_arc: Ints
    strong_limit: Floats

    @property
    def cuts(self) -> Cuts:
        """None."""
        return Cuts(self.network.problem.arcs)


@dataclass(frozen=True, slots=True)
class DualPoint:
    """A bound, the reduced costs ``f̄`` of the designs that prove it, and its prices.

    ``least[k]`` is ``min(p[k], π[k])``, the priced unit cost of serving or leaving ``k``.
    """

    bound: float
    reduced: Floats
    least: Floats
    multipliers: Multipliers | None = None

    @staticmethod
    def none(problem: NetworkDesign) -> DualPoint:
        """No bound, before anything is priced."""
        least = np.full(problem.commodities, -np.inf)
        return DualPoint(-np.inf, np.zeros(problem.designs), least)


def multipliers(master: Master | Stated, prices: Prices) -> Multipliers:
    """The prices as the pricing kernel wants them."""
    count = master.network.problem.commodities
    commodity, arc, price = master.cuts.surcharges(prices.cut)
    return Multipliers.of(
        prices.row,
        np.concatenate([master.strong_commodity, commodity]),
        np.concatenate([master.strong_arc, arc]),
        np.concatenate([prices.strong, price]),
        count,
    )


def aggregated_duals(master: Master | Stated, prices: Prices) -> Floats:
    """Row prices that take from each design what rows and strong inequalities do, shape R.

    For those who look at row prices alone: what single commodities pay for the designs they open is
    spread over all load, as in the relaxation without strong inequalities. Inequalities stated
    after the prices were found have none.
    """
    net, many = master.network, len(prices.strong)
    row = net.own_row[master.strong_arc[:many]]
    some = row >= 0
    paid = (prices.strong * master.strong_limit[:many])[some] / net.row_limit[row[some]]
    return prices.row + np.bincount(row[some], weights=paid, minlength=net.rows)


def surcharge(net: Network) -> Multipliers:
    """Prices that spread fixed costs over capacity, to start from sensible itineraries."""
    empty = np.zeros(0, dtype=np.int64)
    return Multipliers.of(net.row_slope, empty, empty, np.zeros(0), net.problem.commodities)


def priced_apart(net: Network, prices: Multipliers, priced: Priced, asked: Ints) -> float:
    """Bound of prices of rows alone, from what they make of the ``asked`` commodities.

    -inf where a cycle gains or where nothing reaches what must be served.
    """
    value = np.full(net.problem.commodities, np.inf)
    value[asked] = priced.value
    none, pairs = np.zeros(0), np.zeros(0, dtype=np.int64)
    stated = Stated(net, net.problem.fixed_cost, pairs, pairs, none)
    rows = Prices(prices.row, none, none, none)
    low, high = net.problem.y_min.astype(np.float64), net.problem.y_max.astype(np.float64)
    found = lagrangian(stated, rows, value, low, high).bound
    return -np.inf if priced.cyclic or not np.isfinite(found) else found


def lagrangian(
    master: Master | Stated, prices: Prices, value: Floats, low: Floats, high: Floats
) -> DualPoint:
    """Bound of ``prices`` given the cheapest priced unit cost ``value`` of every commodity.

    ``low`` and ``high`` are the ranges of the designs (those of a branch, or the statement's). The
    bound is one for the costs that the master charges at the time.
    """
    net, problem = master.network, master.network.problem
    some = problem.demand > 0.0
    least = np.minimum(problem.unserved_cost, value)
    flow = least[some] @ problem.demand[some]
    owned = net.row_design >= 0
    worth = prices.row * net.row_limit
    reduced = master.fixed_cost - np.bincount(
        net.row_design[owned], weights=worth[owned], minlength=problem.designs
    )
    reduced -= np.bincount(
        problem.design[master.strong_arc],
        weights=prices.strong * master.strong_limit,
        minlength=problem.designs,
    )
    cuts = master.cuts.charge(prices.cut, reduced)
    designs = np.where(reduced > 0.0, low, high) @ reduced
    bound = float(flow - worth[~owned].sum() + cuts + designs)
    return DualPoint(bound, reduced, least, multipliers(master, prices))
