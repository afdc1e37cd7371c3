"""What a solution costs above the prices of a bound, commodity by commodity.

For prices ``β`` of rows (``≤ 0`` of ≥ rows) let ``c̄_p`` be the unit cost of itinerary ``p`` with
the prices of what it loads, and ``c̄*_k`` the least of commodity ``k``, at most the cost ``w_k`` of
leaving it. With flows ``f`` and unserved ``u`` the objective is a constant plus

    Σ_k [Σ_p (c̄_p - c̄*_k) f_p + (w_k - c̄*_k) u_k] + Σ_s [F_s y_s - Σ_{r of s} β_r load_r]

The first sum belongs to commodities; what a design costs above what its riders pay is split evenly
among them. Where this is high, most can be saved; it proves nothing.
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats, Ragged
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution


def riders(problem: NetworkDesign, solution: Solution) -> Ragged:
    """The commodities on every design."""
    who = solution.commodity[solution.path_arcs.owners()]
    step = problem.design[solution.path_arcs.values]
    return Ragged.grouped(step, who, problem.designs)


def regret(network: Network, price: Floats, solution: Solution) -> Floats:
    """Cost of every commodity above prices ``price`` (shape rows), shape K, at least 0."""
    problem = network.problem
    many = problem.commodities
    least = np.minimum(_least(network, price), problem.unserved_cost)
    paths = Itineraries.of(solution)
    use = paths.row_use(network)
    paid = np.asarray(use.T @ price) / problem.demand[paths.commodity]
    above = paths.unit_cost(network) + paid - least[paths.commodity]
    found: Floats = np.zeros(many)
    np.add.at(found, paths.commodity, above * solution.amount)
    left = np.flatnonzero(solution.unserved > 0.0)
    found[left] += (problem.unserved_cost[left] - least[left]) * solution.unserved[left]
    if problem.designs:
        load = use @ paths.shares(network, solution.amount)
        found += _of_designs(network, price, solution, load)
    return np.maximum(found, 0.0)


def _least(network: Network, price: Floats) -> Floats:
    """Least priced unit cost of every commodity, ``inf`` where there is no path or no demand."""
    problem = network.problem
    asked = np.flatnonzero(problem.demand > 0.0)
    none = np.zeros(0, dtype=np.int64)
    prices = Multipliers.of(price, none, none, np.zeros(0), problem.commodities)
    found = np.full(problem.commodities, np.inf)
    found[asked] = Pricer(network).price(prices, asked, np.full(len(asked), -np.inf)).value
    return found


def _of_designs(network: Network, price: Floats, solution: Solution, load: Floats) -> Floats:
    """What designs cost above what their riders pay, by rider; shape K."""
    problem = network.problem
    owned = np.flatnonzero(network.row_design >= 0)
    paid: Floats = np.zeros(problem.designs)
    np.add.at(paid, network.row_design[owned], (price * load)[owned])
    on = riders(problem, solution)
    size = np.maximum(np.diff(on.start), 1)
    each = (problem.fixed_cost * solution.y - paid) / size
    found: Floats = np.zeros(problem.commodities)
    np.add.at(found, on.values, each[on.owners()])
    return found
