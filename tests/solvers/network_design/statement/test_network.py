"""What a network knows of its rows: runs behind them and slopes of designs."""

from __future__ import annotations

import numpy as np

from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import runs_behind
from tests.solvers.network_design.random_designs import random_design


def test_rows_of_no_design_have_one_run_behind_them() -> None:
    """Design 1 runs three times, row 2 belongs to none; whole runs stay whole."""
    runs = runs_behind(np.array([1, 0, -1]), np.array([2, 3]))
    assert runs.tolist() == [3, 2, 1]
    assert runs.dtype == np.int64
    assert runs_behind(np.array([-1]), np.zeros(0)).tolist() == [1.0]


def test_the_slope_spreads_a_fixed_cost_over_load_and_legs() -> None:
    """A full run pays its fixed cost on all its ≤ rows together, and its scarcest row the most."""
    for seed in range(20):
        network = Network.of(random_design(seed))
        owned = (network.row_design >= 0) & ~network.row_floor & (network.row_limit > 0.0)
        paid = np.bincount(
            network.row_design[owned], weights=(network.row_slope * network.row_limit)[owned],
            minlength=network.problem.designs,
        )  # fmt: skip
        has = np.isin(np.arange(network.problem.designs), network.row_design[owned])
        assert np.allclose(paid[has], network.problem.fixed_cost[has])
        assert (network.row_slope[~owned] == 0.0).all()
        for s in np.flatnonzero(has).tolist():
            mine = owned & (network.row_design == s)
            assert network.slope[s] == network.row_slope[mine].max()
