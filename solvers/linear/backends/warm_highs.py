"""A linear program kept in HiGHS and solved again and again while it grows.

Every solve starts from the last basis. An interior point near the optimum may be asked for
instead of a vertex; going back to vertices costs one crossover.
"""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

from solvers.linear.backends.highs import QuietHighs
from solvers.linear.model import LinearModel
from solvers.options import Cancel
from solvers.outcome import SolverFailed

_STATUS = highspy.HighsModelStatus


class WarmHighs(QuietHighs):
    """HiGHS with the ways of solving that a growing program needs."""

    def __init__(self, threads: int = 1) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._interior = False
        self.set_option("threads", threads)
        self.set_option("simplex_scale_strategy", 0)

    def set_option(self, option: str, value: float | int | str | bool) -> None:
        """Set one option; raises SolverFailed when this HiGHS does not know it."""
        if self.setOptionValue(option, value) != highspy.HighsStatus.kOk:
            raise SolverFailed(f"HiGHS refuses option {option}={value}. Install highspy 1.16.")

    def stop_with(self, cancel: Cancel) -> None:
        """End a solve early once ``cancel`` is raised; worth the looks at it on large programs."""

        def check(event: highspy.highs.HighsCallbackEvent) -> None:
            if cancel.raised:
                event.interrupt()

        self.cbSimplexInterrupt += check

    def reoptimize(self, seconds: float, interior: bool) -> bool:
        """Reach an optimum; False when time ran out. Raises SolverFailed when there is none.

        ``interior`` asks for a central point near the optimum by interior point without crossover:
        quick on a large program, and its duals move less than those of a vertex.
        """
        self._choose(interior)
        self.set_option("time_limit", min(self.getRunTime() + max(seconds, 0.0), 1e9))
        self._run()
        state = self.getModelStatus()
        if state in (_STATUS.kTimeLimit, _STATUS.kInterrupt):
            return False
        usable = state == _STATUS.kOptimal or (interior and state == _STATUS.kUnknown)
        if not usable and not self._rescued(interior):
            raise SolverFailed(
                f"The itinerary master ended as '{self.modelStatusToString(state)}', "
                "expected an optimum. Scale the costs and limits of the statement."
            )
        return True

    def probe(
        self, column: int, ranges: tuple[float, float], now: tuple[float, float], iterations: int
    ) -> float:
        """Value with other ``ranges`` of a column, after so many simplex iterations from here.

        The column is given its range of ``now`` again, and the basis is left as it was.
        """
        basis = self.getBasis()
        self.set_option("simplex_iteration_limit", iterations)
        self.changeColBounds(column, *ranges)
        self.run()
        value = float(self.getInfo().objective_function_value)
        self.changeColBounds(column, *now)
        self.setBasis(basis)
        self.set_option("simplex_iteration_limit", highspy.kHighsIInf)
        return value

    def linear(self) -> LinearModel:
        """The program as it stands."""
        lp = self.getLp()
        shape = (lp.num_row_, lp.num_col_)
        data, index, start = (
            np.array(part)
            for part in (lp.a_matrix_.value_, lp.a_matrix_.index_, lp.a_matrix_.start_)
        )
        if lp.a_matrix_.format_ == highspy.MatrixFormat.kColwise:
            matrix = csc_array((data, index, start), shape=shape)
        else:
            matrix = csc_array(csr_array((data, index, start), shape=shape))
        return LinearModel(
            np.array(lp.col_cost_), matrix, np.array(lp.row_lower_), np.array(lp.row_upper_),
            np.array(lp.col_lower_), np.array(lp.col_upper_), np.zeros(shape[1], dtype=np.bool_),
        )  # fmt: skip

    def _choose(self, interior: bool) -> None:
        if interior == self._interior:
            if interior:
                self.clearSolver()
            return
        if interior:
            self.set_option("solver", "ipm")
            self.set_option("run_crossover", "off")
            self.set_option("ipm_optimality_tolerance", 1e-3)
            self.set_option("presolve", "off")
            self.clearSolver()
        else:
            self.set_option("run_crossover", "on")
            self.set_option("ipm_optimality_tolerance", 1e-8)
            self.clearSolver()
            self._run()
            self.set_option("solver", "simplex")
            self.set_option("presolve", "choose")
        self._interior = interior

    def _run(self) -> None:
        """Run, once more after a reset when another thread count was used in this process."""
        status = self.run()
        if status == highspy.HighsStatus.kError and self.getModelStatus() == _STATUS.kNotset:
            self.resetGlobalScheduler(True)
            self.run()

    def _rescued(self, interior: bool) -> bool:
        """Solve once more from nothing, by simplex, after a numerical breakdown."""
        if interior:
            self._choose(False)
        else:
            self.clearSolver()
        self._run()
        return bool(self.getModelStatus() == _STATUS.kOptimal)
