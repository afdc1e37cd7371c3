"""The compact mixed-integer program: exact on small instances, and the reference for all others.

The formulation stands in :mod:`solvers.network_design.compact.model`. Branch-and-bound is the
backend's; here the model is built, the answer cleaned (runs rounded, flows repaired for the rounded
runs where the backend's tolerances left traces), decomposed into paths, and freed of runs that
carry nothing.

Circulations cost something on networks with cycles and are cancelled when found; a model whose
minimum rows could only be met by circulating is refused with SolverFailed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from solvers.arrays import Floats
from solvers.errors import SolverFailed, SolverUnavailable
from solvers.linear.backends import Backend, LinearResult, backend
from solvers.network_design.compact.model import ArcModel, build
from solvers.network_design.statement.flows import decompose, objective_of, trim_runs
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.options import Clock, Options
from solvers.outcome import Outcome, Stop, TracePoint, relative_gap

#: Largest breach of a row by the rounded answer that is left to the final tolerance.
_CLEAN = 1e-9
_REPAIR_SECONDS = 30.0


@dataclass(frozen=True)
class ArcFlow:
    """Solve the compact model with a backend.

    ``strong`` states all linking rows (a tight relaxation, |K|·|A| rows) instead of only those
    that capacity rows do not imply.
    """

    backend: str = "highs"
    strong: bool = True

    name: ClassVar[str] = "arc-mip"
    traits: ClassVar[Traits] = Traits(
        exact=True, gives_bound=True, lots=True, floors=True, largest=300_000,
        summary="Compact arc model in a general MIP solver: exact, for small instances.",
    )  # fmt: skip

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve and report.

        Raises SolverUnavailable when the backend is missing or refuses the model, SolverFailed
        when the problem is unsound, the backend breaks down or paths cannot carry its flows.
        """
        clock = Clock(options)
        problem.ensure_sound()
        solver = backend(self.backend)
        stated = build(problem, self.strong)
        report = _Report(self.backend, solver, options, clock)
        if not stated.possible:
            return report.result(Outcome.INFEASIBLE, None)
        reason = solver.refusal(stated.model)
        if reason is not None:
            raise SolverUnavailable(reason)
        began = clock.seconds
        answer = solver.solve(stated.model, _remaining(options, clock))
        report = replace(report, answer=answer, began=began)
        if answer.values is None:
            return report.result(answer.outcome, answer.stop)
        return report.solved(problem, _solution(stated, answer.values, options))


def _remaining(options: Options, clock: Clock) -> Options:
    """The same options with the time that building the model left."""
    if options.time_limit_seconds is None:
        return options
    return replace(options, time_limit_seconds=clock.left)


def _solution(stated: ArcModel, values: Floats, options: Options) -> Solution:
    """Paths and needed runs of an answer; raises SolverFailed when paths cannot carry it."""
    problem = stated.problem
    flows, y = stated.split(_repaired(stated, values, options))
    solution = trim_runs(problem, decompose(problem, flows, y))
    if problem.row_floor.any() and _misses_a_floor(problem, solution):
        raise SolverFailed(
            "A minimum row is met only by flow that circulates, which no path carries. Remove the "
            "minimum or the cycle of arcs."
        )
    return solution


def _repaired(stated: ArcModel, values: Floats, options: Options) -> Floats:
    """Values with whole integers; the continuous rest solved again where that breaks a row."""
    model = stated.model
    whole = np.where(model.integral, np.round(values), values)
    whole = np.clip(whole, model.col_lower, model.col_upper)
    if not model.violated_rows(whole, _CLEAN):
        return whole
    fixed = replace(
        model, integral=np.zeros(model.columns, dtype=np.bool_),
        col_lower=np.where(model.integral, whole, model.col_lower),
        col_upper=np.where(model.integral, whole, model.col_upper),
    )  # fmt: skip
    again = backend("highs").solve(
        fixed, Options(_REPAIR_SECONDS, threads=options.threads, seed=options.seed)
    )
    return whole if again.values is None else again.values


def _misses_a_floor(problem: NetworkDesign, solution: Solution) -> bool:
    """Whether the paths stay below a minimum row."""
    step = solution.path_arcs.owners()
    arc, k = solution.path_arcs.values, solution.commodity[step]
    owner, member = problem.row_arcs.owners(), problem.row_arcs.values
    use = np.zeros(problem.rows)
    for d in range(problem.load.shape[0]):
        taken = problem.load[d][k] * solution.amount[step]
        on_arc = np.bincount(arc, weights=taken, minlength=problem.arcs)
        use += np.where(
            problem.row_dim == d,
            np.bincount(owner, weights=on_arc[member], minlength=problem.rows), 0.0,
        )  # fmt: skip
    runs = np.ones(problem.rows)
    owned = problem.row_design >= 0
    runs[owned] = solution.y[problem.row_design[owned]]
    need = problem.row_limit * runs
    short = problem.row_floor & (need - use > 1e-6 * np.maximum(1.0, need))
    return bool(short.any())


@dataclass(frozen=True)
class _Report:
    """Turns an answer into a Result."""

    name: str
    solver: Backend
    options: Options
    clock: Clock
    answer: LinearResult | None = None
    began: float = 0.0

    def solved(self, problem: NetworkDesign, solution: Solution) -> Result:
        """A result with a solution; optimal when the bound is within the asked gap."""
        answer = self.answer
        objective = objective_of(problem, solution)
        bound = None if answer is None or answer.bound is None else min(answer.bound, objective)
        gap = relative_gap(objective, bound)
        stop = answer.stop if answer is not None else None
        proved = gap is not None and gap <= self.options.gap
        if proved or (answer is not None and answer.outcome is Outcome.OPTIMAL):
            return self.result(Outcome.OPTIMAL, None, (objective, bound), solution)
        return self.result(Outcome.FEASIBLE, stop or Stop.CONVERGED, (objective, bound), solution)

    def result(
        self, outcome: Outcome, stop: Stop | None,
        values: tuple[float | None, float | None] | None = None, solution: Solution | None = None,
    ) -> Result:  # fmt: skip
        """A result with whatever is known."""
        answer = self.answer
        known = answer.bound if answer and outcome is Outcome.NO_SOLUTION else None
        objective, bound = values or (None, known)
        trace = [
            TracePoint(self.began + point.seconds, point.objective, point.bound)
            for point in (answer.trace if answer is not None else [])
        ]
        return Result(
            outcome=outcome, stop=stop, objective=objective, bound=bound, solution=solution,
            seconds=self.clock.seconds, method=ArcFlow.name, backend=self.name,
            seed=self.options.seed, versions=self.solver.versions(), trace=trace,
            notes={"build seconds": self.began},
        )  # fmt: skip
