"""What is known stays known: starts, news of other processes, what was found before a failure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest

import solvers.network_design.heuristics.matheuristic.method as matheuristic
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.exact.columns import ColumnGeneration
from solvers.network_design.heuristics.matheuristic import Matheuristic
from solvers.network_design.heuristics.matheuristic.proving import News
from solvers.network_design.heuristics.matheuristic.search import Search
from solvers.network_design.heuristics.matheuristic.worker_pool import District, WorkerPool
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.relaxation.volume import volume
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.network_design.statement.verify import verify
from solvers.network_design.transform.subproblem import subproblem
from solvers.network_design.warm_start import Start, Started
from solvers.options import Cancel, Clock, Options
from solvers.outcome import Outcome, SolverFailed
from tests.solvers.network_design.cases import FREE, Arc, Row, carried, stated

QUICK = Options(time_limit_seconds=5.0, threads=1)


def train_and_road() -> tuple[NetworkDesign, Solution]:
    """6 units: a train of 4 at 1 a unit for 1, a road at 3; by train and road 1 + 4 + 6 = 11."""
    problem = stated(
        [Arc(0, 1, 1.0, 0), Arc(0, 1, 3.0)], [(0, 1, 6.0)], [(1.0, 1)], [Row([0], 4.0, 0)]
    )
    return problem, carried([(0, [0], 4.0), (0, [1], 2.0)], [1], 1)


@pytest.mark.parametrize("most", [4000, 0])
def test_a_start_is_returned_however_early_the_end(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled before anything was done, on small networks and on large ones."""
    monkeypatch.setattr(matheuristic, "LARGE", most)
    problem, start = train_and_road()
    cancel = Cancel()
    cancel.set()
    found = Matheuristic(start=start).solve(problem, replace(QUICK, cancel=cancel))
    assert found.objective == pytest.approx(11.0)


def test_a_failure_late_in_the_search_costs_nothing_found_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search breaks down in its first round: the start is returned, and why it ended."""

    def broken(_self: Search) -> None:
        raise SolverFailed("late")

    monkeypatch.setattr(Search, "round", broken)
    monkeypatch.setattr(
        "solvers.network_design.statement.incumbent.Progress.closed", lambda _self, _gap: False
    )
    problem, start = train_and_road()
    found = Matheuristic(first_dives=0, start=start).solve(problem, QUICK)
    assert found.objective == pytest.approx(11.0)
    assert found.notes["search"] == "ended early: late"


def test_whole_lots_of_the_proving_process_count() -> None:
    """It sends a solution of lots of 2: one of the statement, not only of its relaxation."""
    problem, solution = train_and_road()
    problem = replace(problem, lot=np.array([2.0]))
    run = matheuristic._Run(Matheuristic(), problem, QUICK)
    relaxation = Relaxation(Network.of(problem), QUICK)

    class Prover:
        def news(self) -> list[News]:
            return [News(solution=solution)]

        def tell(self, _cost: float) -> None:
            return None

    told: Any = Prover()
    run._prover = told
    run._exchange(Search(relaxation, run.inner, QUICK))
    assert run.progress.objective == pytest.approx(11.0)


@dataclass(frozen=True)
class Despairs:
    """A method that calls everything infeasible."""

    name: ClassVar[str] = "despairs"
    traits: ClassVar[Traits] = ArcFlow.traits

    def solve(self, problem: NetworkDesign, options: Options) -> Result:  # noqa: ARG002
        """Infeasible."""
        return Result(
            outcome=Outcome.INFEASIBLE, stop=None, objective=None, bound=None, solution=None,
            seconds=0.0, method=self.name, backend="highs", seed=options.seed,
        )  # fmt: skip


def test_a_checked_start_outweighs_a_claim_of_infeasibility() -> None:
    """The start satisfies every row, so it is the answer, without a bound."""
    problem, start = train_and_road()
    found = Started(Despairs(), (Start("known", start),)).solve(problem, QUICK)
    assert found.outcome is Outcome.FEASIBLE
    assert found.objective == pytest.approx(11.0)
    assert found.bound is None


def test_a_start_within_tolerance_is_not_called_infeasible() -> None:
    """Five times 1,000,000.6 on limits of 1,000,000: within a millionth, as the check allows."""
    arcs = [Arc(0, i + 1, 1.0, i) for i in range(5)]
    problem = stated(
        arcs, [(0, i + 1, 1e6 + 0.6) for i in range(5)], [(1.0, 1)] * 5,
        [Row([i], 1e6, i) for i in range(5)],
    )  # fmt: skip
    start = carried([(i, [i], 1e6 + 0.6) for i in range(5)], [1] * 5, 5)
    assert verify(problem, start).feasible
    found = ColumnGeneration(start=start).solve(problem, QUICK)
    assert found.objective == pytest.approx(5 + 5 * (1e6 + 0.6))


def test_a_crew_goes_on_after_a_district_that_fails_and_after_a_lost_process() -> None:
    """A cycle that pays is refused; then a process is killed: the next district is planned."""
    problem, start = train_and_road()
    pays = stated(
        [Arc(0, 1, 5.0), Arc(1, 2, -10.0), Arc(2, 1, -10.0)], [(0, 1, 1.0)], [],
        [Row([1], 1.0)],
    )  # fmt: skip
    good = District(problem, start, 5.0, 1e-6, 0)
    bad = District(pays, carried([(0, [0], 1.0)], [], 1), 5.0, 1e-6, 0)
    crew = WorkerPool(1)
    try:
        assert crew.submit(bad).result(timeout=60) is None
        after = crew.submit(good).result(timeout=60)
        assert after is not None
        assert after.objective == pytest.approx(11.0)
        crew._companions[0].stop()
        assert crew.submit(good).result(timeout=60) is None
        again = crew.submit(good).result(timeout=60)
        assert again is not None
    finally:
        crew.stop()


def test_a_part_cannot_open_a_design_whose_minimum_it_cannot_fill() -> None:
    """A train 0 → 1 → 2 with a minimum of 5 behind 1, which the part, going to 1, never meets."""
    problem = stated(
        [Arc(0, 1, 1.0, 0), Arc(1, 2, 1.0, 0), Arc(0, 1, 50.0), Arc(1, 2, 1.0)],
        [(0, 1, 4.0), (1, 2, 6.0)],
        [(10.0, 1)],
        [Row([0], 10.0, 0), Row([1], 10.0, 0), Row([1], 5.0, 0, floor=True)],
    )
    whole = carried([(0, [2], 4.0), (1, [3], 6.0)], [0], 2)
    assert verify(problem, whole).feasible
    assert verify(problem, planned_anew(problem, whole)).feasible


def test_a_part_cannot_close_a_design_that_gives_others_room() -> None:
    """The row of a train also counts an open arc, on which 8 of another order travel."""
    problem = stated(
        [Arc(0, 1, 1.0, 0), Arc(1, 2, 1.0, FREE), Arc(0, 1, 1.5)],
        [(0, 1, 8.0), (1, 2, 8.0)],
        [(10.0, 1)],
        [Row([0, 1], 10.0, 0)],
    )
    whole = carried([(0, [2], 8.0), (1, [1], 8.0)], [1], 2)
    assert verify(problem, whole).feasible
    assert verify(problem, planned_anew(problem, whole)).feasible


def planned_anew(problem: NetworkDesign, whole: Solution) -> Solution:
    """The whole with the best solution of its first order alone put back."""
    part = subproblem(Network.of(problem), whole, np.array([0]))
    best = ArcFlow().solve(part.problem, QUICK).solution
    assert best is not None
    return part.put_back(whole, best)


def test_bounds_go_on_rising_beside_an_arc_without_room() -> None:
    """10 units over a train of 5 at 1 for 3 and a road at 2; a second train has no room at all."""
    problem = stated(
        [Arc(0, 1, 1.0, 0), Arc(0, 1, 0.0, 1), Arc(0, 1, 2.0)],
        [(0, 1, 10.0)],
        [(3.0, 1), (1.0, 1)],
        [Row([0], 5.0, 0), Row([1], 0.0, 1)],
    )
    network = Network.of(problem)
    assert network.usable(0).tolist() == [0, 2]
    heard: list[float] = []
    steps = Relaxation(network, QUICK).by_volume()
    volume(steps, Clock(QUICK), lambda bound, _price, _likely: heard.append(bound), 200)
    assert np.isfinite(steps.best_bound)
    # By train 3 + 5 + 5 · 2 = 18, by road 20.
    assert 17.0 <= steps.best_bound <= 18.0 + 1e-6


@pytest.mark.parametrize("field", ["fixed_cost", "exit_cost", "unserved_cost"])
def test_costs_that_are_no_numbers_are_refused(field: str) -> None:
    """NaN in any cost makes the statement unsound."""
    problem, _ = train_and_road()
    broken = replace(problem, **{field: np.full_like(getattr(problem, field), np.nan)})
    with pytest.raises(SolverFailed, match=field):
        ColumnGeneration().solve(broken, QUICK)
