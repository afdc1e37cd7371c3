"""HiGHS through highspy: the default backend.

Traps met: the library prints a banner unless silenced before its first log line; the thread count
belongs to the process, a run that asks for another one fails until the scheduler is reset; ``run``
reports failure by its status alone. Source: HiGHS documentation, https://highs.dev.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, ClassVar

import highspy
import numpy as np

from solvers.arrays import Floats
from solvers.linear.backends.base import LinearResult, Traits
from solvers.linear.backends.recording import Recorder
from solvers.linear.model import LinearModel
from solvers.options import Options
from solvers.outcome import Outcome, SolverFailed, Stop

_STATUS: Any = highspy.HighsModelStatus
_STOPS = {
    _STATUS.kTimeLimit: Stop.TIME,
    _STATUS.kIterationLimit: Stop.ITERATIONS,
    _STATUS.kSolutionLimit: Stop.ITERATIONS,
    _STATUS.kInterrupt: Stop.INTERRUPTED,
    _STATUS.kHighsInterrupt: Stop.INTERRUPTED,
}


class QuietHighs(highspy.Highs):
    """A HiGHS object that is silent from its first moment, so that stdout stays clean."""

    def enableCallbacks(self) -> None:
        """Silence the log before the first line can be written."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Highs:
    """Branch-and-cut, simplex and interior point of HiGHS."""

    name: ClassVar[str] = "highs"
    traits: ClassVar[Traits] = Traits(
        integer=True, continuous=True, lp_duals=True, bound=True, time_limit=True, cancel=True,
        warm_start=True, streams=True, threads=True,
        summary="HiGHS: open MIP and LP solver, the default.",
    )  # fmt: skip

    def refusal(self, model: LinearModel) -> str | None:  # noqa: ARG002
        """Never: HiGHS takes every linear and mixed-integer model."""
        return None

    def versions(self) -> dict[str, str]:
        """Version of highspy."""
        return {"highspy": version("highspy")}

    def solve(
        self, model: LinearModel, options: Options, start: Floats | None = None
    ) -> LinearResult:
        """Solve; raises SolverFailed when HiGHS reports an error or an unbounded model."""
        recorder = Recorder(options)
        solver = load(model)
        _configure(solver, options)
        if start is not None and model.is_mip:
            given = highspy.HighsSolution()
            given.col_value = start
            solver.setSolution(given)
        _listen(solver, recorder, options, model)
        _run(solver, options, recorder)
        return _result(solver, model, recorder)


def load(model: LinearModel) -> QuietHighs:
    """A silent HiGHS object that holds the model; raises SolverFailed when it is refused."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = model.columns, model.rows
    lp.offset_ = model.offset
    lp.col_cost_ = model.cost
    lp.col_lower_, lp.col_upper_ = model.col_lower, model.col_upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = model.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = model.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = model.matrix.data
    if model.is_mip:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in model.integral]
    solver = QuietHighs()  # type: ignore[no-untyped-call]
    if solver.passModel(lp) == highspy.HighsStatus.kError:
        raise SolverFailed("HiGHS refused the model. Check its bounds with 'violated_columns'.")
    return solver


def _configure(solver: QuietHighs, options: Options) -> None:
    settings: dict[str, Any] = {
        "threads": options.threads,
        "random_seed": options.seed,
        "mip_rel_gap": options.gap,
    }
    if options.time_limit_seconds is not None:
        settings["time_limit"] = max(0.0, options.time_limit_seconds)
    for key, value in settings.items():
        if solver.setOptionValue(key, value) != highspy.HighsStatus.kOk:
            raise SolverFailed(f"HiGHS refused the setting {key} = {value}. Correct the options.")


def _listen(solver: QuietHighs, recorder: Recorder, options: Options, model: LinearModel) -> None:
    """Stream incumbents and bounds, and stop when cancelled."""

    def hear(event: highspy.highs.HighsCallbackEvent) -> None:
        recorder.incumbent(event.data_out.mip_primal_bound)
        recorder.proved(event.data_out.mip_dual_bound)
        if options.cancel.raised:
            event.interrupt()

    def check(event: highspy.highs.HighsCallbackEvent) -> None:
        if options.cancel.raised:
            event.interrupt()

    if model.is_mip:
        solver.cbMipImprovingSolution += hear
        solver.cbMipInterrupt += hear
    solver.cbSimplexInterrupt += check
    solver.cbIpmInterrupt += check


def _run(solver: QuietHighs, options: Options, recorder: Recorder) -> None:
    """Run, and once more where the first run says nothing usable.

    After a reset when another thread count was set before in this process; without presolve when
    presolve could not tell infeasible from unbounded, or when its answer, carried back, broke a
    row (HiGHS then reports a solve error).
    """
    status = solver.run()
    if status == highspy.HighsStatus.kError and solver.getModelStatus() == _STATUS.kNotset:
        solver.resetGlobalScheduler(True)
        status = solver.run()
    if solver.getModelStatus() in (_STATUS.kUnboundedOrInfeasible, _STATUS.kSolveError):
        solver.setOptionValue("presolve", "off")
        if options.time_limit_seconds is not None:
            solver.setOptionValue("time_limit", recorder.clock.left)
        status = solver.run()
    if status == highspy.HighsStatus.kError:
        words = solver.modelStatusToString(solver.getModelStatus())
        raise SolverFailed(f"HiGHS ended with an error ({words}). Try another backend.")


def _result(solver: QuietHighs, model: LinearModel, recorder: Recorder) -> LinearResult:
    status, info = solver.getModelStatus(), solver.getInfo()
    seconds = recorder.clock.seconds
    if status == _STATUS.kInfeasible:
        return LinearResult(Outcome.INFEASIBLE, None, None, None, None, seconds)
    if status == _STATUS.kModelEmpty:
        values = np.zeros(0)
        return LinearResult(
            Outcome.OPTIMAL, None, model.offset, model.offset, values, seconds, np.zeros(0), values
        )
    if status != _STATUS.kOptimal and status not in _STOPS:
        words = solver.modelStatusToString(status)
        raise SolverFailed(f"HiGHS ended as '{words}'. Check that the model is bounded.")
    if info.primal_solution_status == highspy.kSolutionStatusFeasible:
        return _answer(solver, model, recorder, _STOPS.get(status))
    return LinearResult(
        Outcome.NO_SOLUTION, _STOPS.get(status, Stop.CONVERGED), None, _bound(info, model, None),
        None, seconds, trace=recorder.trace,
    )  # fmt: skip


def _answer(
    solver: QuietHighs, model: LinearModel, recorder: Recorder, stop: Stop | None
) -> LinearResult:
    """A result with values, and with duals when the model has no integer columns."""
    solution, info = solver.getSolution(), solver.getInfo()
    values = np.array(solution.col_value, dtype=np.float64)
    objective = model.value(values)
    duals = not model.is_mip and info.dual_solution_status == highspy.kSolutionStatusFeasible
    bound = objective if stop is None and not model.is_mip else _bound(info, model, objective)
    recorder.incumbent(objective)
    if bound is not None:
        recorder.proved(bound)
    return LinearResult(
        Outcome.OPTIMAL if stop is None else Outcome.FEASIBLE, stop, objective, bound, values,
        recorder.clock.seconds,
        row_duals=np.array(solution.row_dual, dtype=np.float64) if duals else None,
        reduced_costs=np.array(solution.col_dual, dtype=np.float64) if duals else None,
        trace=recorder.trace,
    )  # fmt: skip


def _bound(info: Any, model: LinearModel, objective: float | None) -> float | None:
    """The proved bound of a MIP, never above the objective."""
    if not model.is_mip or not np.isfinite(info.mip_dual_bound):
        return None
    bound = float(info.mip_dual_bound)
    return bound if objective is None else min(bound, objective)
