"""Solutions that come back to places, mended where they do and nowhere else.

Only the paths concerned leave. Once they are loaded anew on the cheapest ways with room, once they
stay behind; the cheaper of both is the answer. Nothing is solved again.
"""

from __future__ import annotations

from solvers.network_design.loading.greedy import Loader
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.places import returning
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options

_GRACE = 3.0  #: seconds for new ways where the time of the solve is over


def mended(problem: NetworkDesign, solution: Solution, clock: Clock) -> Solution | None:
    """The cheapest mended solution that keeps every rule; None where no way of mending does."""
    gone = returning(problem, solution.commodity, solution.path_arcs)
    if not gone.any():
        return solution
    loader = Loader(Network.of(problem))
    best: tuple[float, Solution] | None = None
    for seconds in (max(_GRACE, clock.left), 0.0):
        own = Clock(Options(time_limit_seconds=seconds))
        lean = trim_runs(problem, loader.mended(solution, gone, own))
        checked = verify(problem, lean)
        if checked.feasible and (best is None or checked.objective < best[0]):
            best = (checked.objective, lean)
    return None if best is None else best[1]
