"""Inequalities that the itinerary master lacks and its point violates.

Strong (disaggregated) linking inequalities ``x[k,a] ≤ b[k,a] y[design[a]]`` give the tight
relaxation of fixed-charge network design; there are K·A of them and few bind, so they are stated
when violated (Crainic, Frangioni, Gendron 2001; Chouman, Crainic, Gendron 2017).
"""

from __future__ import annotations

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.network_design.master.master import Master
from solvers.network_design.master.point import Point


def pair_flows(master: Master, share: Floats) -> tuple[Ints, Floats]:
    """Keys ``commodity · arcs + arc`` in ascending order and the share of demand on each."""
    arcs = master.network.problem.arcs
    used = np.flatnonzero(share > 1e-9)
    paths = master.paths.take(used)
    keys, inverse = np.unique(paths.pairs(arcs), return_inverse=True)
    weight = share[used][paths.arcs.owners()]
    flow = np.bincount(inverse, weights=weight, minlength=len(keys))
    return keys, flow.astype(np.float64, copy=False)


def violated_strong(master: Master, point: Point, tolerance: float) -> tuple[Ints, Ints]:
    """Commodity and arc of the strong inequalities broken by more than ``tolerance`` of a share."""
    problem = master.network.problem
    keys, flow = pair_flows(master, point.share)
    commodity, arc = np.divmod(keys, problem.arcs)
    owned = problem.design[arc] >= 0
    keys, flow, commodity, arc = keys[owned], flow[owned], commodity[owned], arc[owned]
    limit = master.network.strong(commodity, arc) / problem.demand[commodity]
    over = flow - limit * point.y[problem.design[arc]] > tolerance
    over[over] = ~np.isin(keys[over], master.strong_keys())
    return commodity[over], arc[over]
