"""Networks too large for a master: a bound by the volume algorithm, solutions by guided loading."""

from __future__ import annotations

from solvers.incumbent import Progress
from solvers.loading import Loader
from solvers.network import Network
from solvers.options import Options
from solvers.relaxation import Relaxation
from solvers.volume import volume

LARGE = 10_000_000  #: usable arcs, over all commodities, from which a master is not tried
_BOUND_SHARE = 0.5  #: of the time, for the bound
_MOST_ROUNDS = 400
_PATIENCE = 8  #: loadings without improvement after which the search ends


def searched(network: Network, relaxation: Relaxation, progress: Progress, options: Options) -> int:
    """Prove by the volume algorithm, then load under its prices; the number of loadings."""
    own = progress.clock.part(_BOUND_SHARE)
    price, likely = volume(relaxation, own, _MOST_ROUNDS, 0, progress.prove)
    loader = Loader(network, price, likely)
    idle, rounds = 0, 0
    while idle < _PATIENCE and not progress.clock.over and not progress.closed(options.gap):
        solution = loader.load(progress.clock)
        if solution is None:
            break
        idle = 0 if progress.offer(solution) else idle + 1
        rounds += 1
        options.listener.iterated("loading", rounds)
    return rounds
