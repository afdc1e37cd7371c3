"""First columns of a master: a few rounds of routing under prices that grow where rows overflow.

Subgradient steps on the ≤ rows alone, all commodities at once (Held, Wolfe, Crowder 1974,
"Validation of subgradient optimization", Mathematical Programming 6), so that the master begins
with paths that fit together. The volume algorithm in its place was measured: on c37, c35, c45, c49
and ``yangtze-europe`` the root ends at the same bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from solvers.arrays import Floats
from solvers.network_design.master.lagrangian import surcharge
from solvers.network_design.pricing.pricer import Multipliers, Priced
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import runs_behind

_ROUNDS = 8


def initial_columns(
    network: Network, price: Callable[[Multipliers, Floats], Priced]
) -> Iterator[Itineraries]:
    """The paths of each round; ``price`` gives the cheapest of every asked commodity."""
    problem = network.problem
    asked = int((problem.demand > 0.0).sum())
    caps = ~network.row_floor & (network.row_limit > 0.0)
    runs = runs_behind(network.row_design, problem.y_max)
    limit = np.where(caps, network.row_limit * np.maximum(runs, 1), 1.0)
    base, extra = surcharge(network).row, np.zeros(network.rows)
    none = np.zeros(0, dtype=np.int64)
    scale = float(np.abs(base).max(initial=0.0))
    for i in range(1, _ROUNDS + 1):
        row = base + np.where(caps, extra, 0.0)
        prices = Multipliers.of(row, none, none, np.zeros(0), problem.commodities)
        found = price(prices, np.full(asked, np.inf))
        paths = Itineraries(found.commodity, found.path_exit, found.arcs)
        yield paths
        load = np.asarray(paths.row_use(network).sum(axis=1)).ravel()
        extra = np.maximum(0.0, extra + scale / np.sqrt(i) * np.clip(load / limit - 1.0, -1, 1))
