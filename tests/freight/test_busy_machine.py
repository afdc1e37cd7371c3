"""Nothing found is lost: the national system on a machine that other programs keep busy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from freight.generate import national
from freight.planning import plan
from solvers.options import Options

pytestmark = pytest.mark.slow


@contextmanager
def busy(programs: int) -> Iterator[None]:
    """So many programs that want a processor each."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(programs)]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("weeks", "seconds"), [(1, 5.0), (1, 60.0), (4, 240.0)])
def test_a_solve_that_runs_out_of_time_ends_with_its_best_plan(weeks, seconds):
    """Whatever was on the screen comes out as an audited plan, with a bound above 0."""
    shown: list[float] = []

    class Screen:
        """What the solve says."""

        def improved(self, objective: float) -> None:
            """A better plan."""
            shown.append(objective)

        def bounded(self, bound: float) -> None:
            """Nothing to keep."""

        def iterated(self, stage: str, iteration: int) -> None:
            """Nothing to keep."""

    with busy(2):
        found = plan(
            national(weeks=weeks, seed=1),
            options=Options(time_limit_seconds=seconds, listener=Screen()),
        )
    assert found.proof.objective == pytest.approx(
        min(shown), abs=1.0 + 0.01 * len(found.departures)
    )
    assert found.proof.bound is not None
    assert 0.0 < found.proof.bound <= found.proof.objective
    if seconds >= 60.0:
        assert found.totals.teu_unserved < 0.5 * found.totals.teu
