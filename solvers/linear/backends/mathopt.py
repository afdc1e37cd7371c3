"""The solvers inside OR-Tools, through the protocol buffers of MathOpt.

The model is written straight into the wire form, array by array, which skips the modelling layer
and its cost. The native call runs in a worker thread, so that a cancel or a signal is seen at once
and the listener always hears from the thread that called. Source: OR-Tools documentation,
https://developers.google.com/optimization/math_opt.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias

import numpy as np
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
)
from ortools.math_opt.core.python import solver as native
from ortools.math_opt.python import init_arguments
from ortools.math_opt.python.solve import StatusNotOk
from ortools.util.python.solve_interrupter import SolveInterrupter

from solvers.arrays import Floats
from solvers.linear.backends.base import LinearResult
from solvers.linear.backends.muting import Muted
from solvers.linear.backends.recording import Recorder
from solvers.linear.model import LinearModel
from solvers.options import Options
from solvers.outcome import Outcome, SolverFailed, Stop

Progress: TypeAlias = "Callable[[str], tuple[float | None, float | None]]"
Proto: TypeAlias = Any
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Call:
    """One call of one native solver.

    ``parse`` reads (incumbent, bound) from a log line, None where it has neither; ``scale``
    divides the objective values that the solver states, whose model was scaled by it; ``noisy``
    solvers complain on stderr until their first log line.
    """

    solver: str
    name: str
    parameters: Proto
    parse: Progress | None = None
    scale: float = 1.0
    noisy: bool = False


def versions() -> dict[str, str]:
    """Version of ortools."""
    return {"ortools": version("ortools")}


def parameters(options: Options, **more: object) -> Proto:
    """Common parameters as a message; ``more`` sets further scalar fields."""
    message = parameters_pb2.SolveParametersProto(**more)
    if options.time_limit_seconds is not None:
        message.time_limit.FromMicroseconds(max(1, int(1e6 * options.time_limit_seconds)))
    return message


def _count_down(settings: Proto, recorder: Recorder) -> None:
    """Take what writing the model took from the time limit, where there is one."""
    if settings.HasField("time_limit"):
        settings.time_limit.FromMicroseconds(max(1, int(1e6 * recorder.clock.left)))


def solve(
    model: LinearModel, options: Options, call: Call, start: Floats | None = None
) -> LinearResult:
    """Run one native solver; raises SolverFailed when it reports an error or no finite optimum."""
    recorder = Recorder(options)
    message = message_of(model)
    model_parameters = model_parameters_pb2.ModelSolveParametersProto()
    if start is not None:
        hint = model_parameters.solution_hints.add()
        hint.variable_values.ids.extend(range(model.columns))
        hint.variable_values.values.extend(start)
    _count_down(call.parameters, recorder)
    answer = _watch(message, model_parameters, call, options, recorder)
    reason = answer.termination.reason
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED:
        message.ClearField("objective")
        _count_down(call.parameters, recorder)
        answer = _watch(message, model_parameters, call, options, recorder)
        if answer.termination.reason != result_pb2.TERMINATION_REASON_INFEASIBLE:
            raise SolverFailed(f"{call.name}: the model is unbounded. Bound its columns.")
    return _result(answer, model, call, options, recorder)


def message_of(model: LinearModel) -> Proto:
    """The model in wire form."""
    message = model_pb2.ModelProto()
    columns, rows = message.variables, message.linear_constraints
    columns.ids.extend(range(model.columns))
    columns.lower_bounds.extend(model.col_lower)
    columns.upper_bounds.extend(model.col_upper)
    columns.integers.extend(model.integral)
    priced = np.flatnonzero(model.cost)
    message.objective.offset = model.offset
    message.objective.linear_coefficients.ids.extend(priced)
    message.objective.linear_coefficients.values.extend(model.cost[priced])
    rows.ids.extend(range(model.rows))
    rows.lower_bounds.extend(model.row_lower)
    rows.upper_bounds.extend(model.row_upper)
    by_row = model.matrix.tocsr()
    by_row.sort_indices()
    matrix = message.linear_constraint_matrix
    matrix.row_ids.extend(np.repeat(np.arange(model.rows), np.diff(by_row.indptr)))
    matrix.column_ids.extend(by_row.indices)
    matrix.coefficients.extend(by_row.data)
    return message


def _watch(
    message: Proto, model_parameters: Proto, call: Call, options: Options, recorder: Recorder
) -> Proto:
    """Run the native solver in a worker thread; pass on its log and a cancel meanwhile."""
    lines: SimpleQueue[tuple[float, str]] = SimpleQueue()
    interrupter = SolveInterrupter()

    muted = Muted() if call.noisy else None

    def hear(batch: list[str]) -> None:
        if muted is not None:
            muted.lift()
        at = recorder.clock.seconds
        for line in batch:
            lines.put((at, line))

    with ThreadPoolExecutor(1) as pool:
        try:
            future = pool.submit(
                native.solve, message, getattr(parameters_pb2, call.solver),
                init_arguments.StreamableSolverInitArguments().to_proto(), call.parameters,
                model_parameters, hear if call.parse else None,
                callback_pb2.CallbackRegistrationProto(), None, interrupter.pybind_interrupter,
            )  # fmt: skip
            future.add_done_callback(lambda _: lines.put((0.0, "")))
            while not (future.done() and lines.empty()):
                _pass_on(lines, call, recorder)
                if options.cancel.raised:
                    interrupter.interrupt()
        finally:
            interrupter.interrupt()
            if muted is not None:
                muted.lift()
    return _answer_of(future, call)


def _answer_of(future: Future[Proto], call: Call) -> Proto:
    try:
        return future.result()
    except StatusNotOk as error:
        raise SolverFailed(f"{call.name}: {error}. Try another backend.") from error


def _pass_on(lines: SimpleQueue[tuple[float, str]], call: Call, recorder: Recorder) -> None:
    """Wait a moment for log lines and record what they say."""
    try:
        at, line = lines.get(timeout=_POLL_SECONDS)
    except Empty:
        return
    if call.parse is not None:
        incumbent, bound = call.parse(line)
        if incumbent is not None:
            recorder.incumbent(incumbent / call.scale, at)
        if bound is not None:
            recorder.proved(bound / call.scale, at)


def _result(
    answer: Proto, model: LinearModel, call: Call, options: Options, recorder: Recorder
) -> LinearResult:
    """The answer in our words."""
    reason, seconds = answer.termination.reason, recorder.clock.seconds
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return LinearResult(Outcome.INFEASIBLE, None, None, None, None, seconds)
    bound = float(answer.termination.objective_bounds.dual_bound) / call.scale
    known = bound if model.is_mip and np.isfinite(bound) else None
    if reason == result_pb2.TERMINATION_REASON_NO_SOLUTION_FOUND:
        why = _stop(answer, options, seconds)
        return LinearResult(
            Outcome.NO_SOLUTION, why, None, known, None, seconds, trace=recorder.trace
        )
    good = (result_pb2.TERMINATION_REASON_OPTIMAL, result_pb2.TERMINATION_REASON_FEASIBLE)
    if reason not in good:
        word = result_pb2.TerminationReasonProto.Name(reason).removeprefix("TERMINATION_REASON_")
        detail = answer.termination.detail
        raise SolverFailed(
            f"{call.name} ended as {word.lower()} {detail}. Check that the model is bounded."
        )
    stop = None if reason == good[0] else _stop(answer, options, seconds)
    return _solved(answer, model, call, recorder, (stop, known))


def _solved(
    answer: Proto, model: LinearModel, call: Call, recorder: Recorder,
    known: tuple[Stop | None, float | None],
) -> LinearResult:  # fmt: skip
    """A result with values, and with duals when the model has no integer columns."""
    stop, bound = known
    best = answer.solutions[0]
    values = _dense(best.primal_solution.variable_values, model.columns)
    objective = model.value(values) / call.scale
    if stop is None and not model.is_mip:
        bound = objective
    bound = None if bound is None else min(bound, objective)
    recorder.incumbent(objective)
    if bound is not None:
        recorder.proved(bound)
    duals = best.dual_solution if not model.is_mip and best.HasField("dual_solution") else None
    return LinearResult(
        Outcome.OPTIMAL if stop is None else Outcome.FEASIBLE, stop, objective, bound, values,
        recorder.clock.seconds,
        row_duals=None if duals is None else _dense(duals.dual_values, model.rows),
        reduced_costs=None if duals is None else _dense(duals.reduced_costs, model.columns),
        trace=recorder.trace,
    )  # fmt: skip


def _dense(vector: Proto, length: int) -> Floats:
    """A dense array from a sparse message."""
    dense = np.zeros(length)
    dense[np.asarray(vector.ids, dtype=np.int64)] = np.asarray(vector.values, dtype=np.float64)
    return dense


def _stop(answer: Proto, options: Options, seconds: float) -> Stop:
    """Why the solver stopped; some call a time limit undetermined."""
    if options.cancel.raised:
        return Stop.INTERRUPTED
    limit = options.time_limit_seconds
    late = limit is not None and seconds >= 0.9 * limit
    if late or answer.termination.limit == result_pb2.LIMIT_TIME:
        return Stop.TIME
    return Stop.ITERATIONS
