"""CP-SAT, the constraint solver of OR-Tools, for models of whole numbers only.

CP-SAT computes in integers. Given continuous columns or fractional coefficients it would round
them silently and prove the optimum of another model, so the model is scaled here on purpose or
refused: every row and the objective are multiplied by the smallest power of ten that makes their
coefficients whole; right-hand sides are then rounded inwards, which loses no whole solution.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

import numpy as np

from solvers.arrays import Floats, Ints
from solvers.linear.backends import mathopt
from solvers.linear.backends.base import LinearResult, Traits
from solvers.linear.backends.glop import refuse
from solvers.linear.model import LinearModel
from solvers.options import Options
from solvers.outcome import Outcome

#: Largest power of ten by which a row or the objective is scaled.
MAX_POWER = 6
#: CP-SAT adds up in 64-bit integers; sums of a row must stay far below 2^63.
MAX_ACTIVITY = 2.0**60
_PROGRESS = re.compile(r"^#\S+\s.*?best:(\S+)\s+next:\[([^,\]]*),")


class CpSat:
    """Lazy clause generation over whole numbers."""

    name: ClassVar[str] = "cp-sat"
    traits: ClassVar[Traits] = Traits(
        integer=True, continuous=False, lp_duals=False, bound=True, time_limit=True, cancel=True,
        warm_start=True, streams=True, threads=True,
        summary="CP-SAT inside OR-Tools: models of whole numbers only, scaled to integers.",
    )  # fmt: skip

    def refusal(self, model: LinearModel) -> str | None:
        """Why the model is not one of whole numbers, naming the first column or row at fault."""
        continuous = np.flatnonzero(~model.integral)
        if len(continuous):
            name = model.column_name(int(continuous[0]))
            return _advice(f"column {name} is continuous ({len(continuous)} are)")
        spread = np.maximum(np.abs(model.col_lower), np.abs(model.col_upper))
        if np.isinf(spread).any():
            name = model.column_name(int(np.argmax(spread)))
            return _advice(f"column {name} has no finite range")
        row_power, cost_power = _powers(model)
        if (row_power > MAX_POWER).any():
            name = model.row_name(int(np.argmax(row_power)))
            return _advice(f"row {name} has coefficients finer than 1e-{MAX_POWER}")
        if cost_power > MAX_POWER:
            return _advice(f"the objective has coefficients finer than 1e-{MAX_POWER}")
        sums = abs(model.matrix) @ np.maximum(spread, 1.0) * 10.0**row_power
        total = np.abs(model.cost) @ spread * 10.0**cost_power
        if max(float(sums.max(initial=0.0)), float(total)) > MAX_ACTIVITY:
            return _advice("its sums may overflow 64-bit integers")
        return None

    def versions(self) -> dict[str, str]:
        """Version of ortools."""
        return mathopt.versions()

    def solve(
        self, model: LinearModel, options: Options, start: Floats | None = None
    ) -> LinearResult:
        """Solve; raises SolverUnavailable on a refusal, SolverFailed on an error.

        The bound that CP-SAT proves belongs to the model given, since scaling is exact.
        """
        refuse(self.refusal(model))
        whole, scale = scaled(model)
        if (whole.row_lower > whole.row_upper).any() or (whole.col_lower > whole.col_upper).any():
            return LinearResult(Outcome.INFEASIBLE, None, None, None, None, 0.0)
        settings = mathopt.parameters(
            options, random_seed=options.seed, relative_gap_tolerance=options.gap,
            threads=options.threads,
        )  # fmt: skip
        call = mathopt.Call("SOLVER_TYPE_CP_SAT", "CP-SAT", settings, progress, scale)
        found = mathopt.solve(whole, options, call, start)
        if found.values is None:
            return found
        objective = model.value(found.values)
        bound = None if found.bound is None else min(found.bound, objective)
        return replace(found, objective=objective, bound=bound)


def scaled(model: LinearModel) -> tuple[LinearModel, float]:
    """The model with whole coefficients and bounds, and the factor of its objective."""
    row_power, cost_power = _powers(model)
    factor = 10.0**row_power
    matrix = model.matrix.copy()
    matrix.data = np.asarray(np.round(matrix.data * factor[matrix.indices]), dtype=np.float64)
    scale = 10.0**cost_power
    tiny = 1e-6
    whole = replace(
        model, cost=np.round(model.cost * scale), matrix=matrix, offset=model.offset * scale,
        row_lower=np.ceil(model.row_lower * factor - tiny),
        row_upper=np.floor(model.row_upper * factor + tiny),
        col_lower=np.ceil(model.col_lower - tiny), col_upper=np.floor(model.col_upper + tiny),
    )  # fmt: skip
    return whole, scale


def _powers(model: LinearModel) -> tuple[Ints, int]:
    """Per row, and for the objective, the power of ten that makes it whole (7: none up to 6)."""
    row = model.matrix.indices
    power = np.zeros(model.rows, dtype=np.int64)
    np.maximum.at(power, row, _power_of(model.matrix.data))
    return power, int(_power_of(model.cost).max(initial=0))


def _power_of(values: Floats) -> Ints:
    """Smallest power of ten, up to MAX_POWER + 1, that makes each value whole."""
    power = np.full(len(values), MAX_POWER + 1, dtype=np.int64)
    for p in range(MAX_POWER, -1, -1):
        big = values * 10.0**p
        whole = np.abs(big - np.round(big)) <= 1e-9 * np.maximum(1.0, np.abs(big))
        power[whole] = p
    return power


def _advice(what: str) -> str:
    return f"Backend 'cp-sat' takes whole numbers only and {what}. Use highs, scip or cbc."


def progress(line: str) -> tuple[float | None, float | None]:
    """Incumbent and bound of a line of CP-SAT's search log, None where it has neither."""
    found = _PROGRESS.match(line)
    if found is None:
        return None, None
    return _number(found[1]), _number(found[2])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
