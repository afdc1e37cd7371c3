"""Solutions that come back to places, mended where they do and nowhere else.

Only the paths concerned leave. Once they are loaded anew on the cheapest ways with room, once they
stay behind; the cheaper of both is the answer. Nothing is solved again.
"""

from __future__ import annotations

import numpy as np

from solvers.network_design.loading.greedy import Construction
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.places import returning
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.network_design.statement.verify import verify


def mended(problem: NetworkDesign, solution: Solution) -> Solution | None:
    """The cheapest mended solution that keeps every rule; None where no way of mending does."""
    gone = returning(problem, solution.commodity, solution.path_arcs)
    if not gone.any():
        return solution
    network = Network.of(problem)
    kept = Itineraries.of(solution).take(np.flatnonzero(~gone))
    best: tuple[float, Solution] | None = None
    for reload in (True, False):
        made = Construction(network, np.zeros(network.rows))
        made.put(kept, solution.amount[~gone])
        if reload:
            made.load(np.zeros(problem.designs))
        sound = made.without_short() if reload else None
        lean = trim_runs(problem, (sound or made.emptied()).solution())
        checked = verify(problem, lean)
        if checked.feasible and (best is None or checked.objective < best[0]):
            best = (checked.objective, lean)
    return None if best is None else best[1]
