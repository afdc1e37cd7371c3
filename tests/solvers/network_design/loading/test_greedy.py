"""Loading one commodity after the other: feasible wherever it ends, and right where it is easy."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.network_design.loading.greedy import greedy
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options
from tests.solvers.network_design.random_designs import random_design
from tests.solvers.network_design.separation.cases import two_trains

FREE = Clock(Options())


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("lots", [False, True])
def test_what_is_loaded_breaks_no_row_of_a_train(seed: int, lots: bool) -> None:
    """Flows balance, lots are whole, capacities hold; a must-serve rest is the only thing left."""
    problem = random_design(seed, lots=lots)
    network = Network.of(problem)
    if not network.acyclic:
        return
    solution = greedy(network, FREE)
    must = ~np.isfinite(problem.unserved_cost)
    forced = bool(problem.row_floor.any())
    if not solution.unserved[must].any() and not forced:
        checked = verify(problem, trim_runs(problem, solution))
        assert checked.feasible, [fault.message for fault in checked.violations]


def test_shipments_that_fit_one_train_share_it() -> None:
    """Five of 20 units fill one train of 100: one run of 1,000 and nothing by road."""
    problem = two_trains(100.0)
    solution = greedy(Network.of(problem), FREE)
    checked = verify(problem, trim_runs(problem, solution))
    assert checked.feasible
    assert checked.objective == pytest.approx(1000.0)


def test_without_time_everything_stays_behind() -> None:
    """A clock that is over ends the loading with what is loaded by then, here nothing."""
    problem = two_trains(150.0)
    solution = greedy(Network.of(problem), Clock(Options(time_limit_seconds=0.0)))
    assert len(solution.commodity) == 0
    assert solution.unserved.tolist() == problem.demand.tolist()
