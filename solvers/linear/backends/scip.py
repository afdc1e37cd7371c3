"""SCIP, as built into OR-Tools."""

from __future__ import annotations

from typing import ClassVar

from solvers.arrays import Floats
from solvers.linear.backends import mathopt
from solvers.linear.backends.base import LinearResult, Traits
from solvers.linear.model import LinearModel
from solvers.options import Options

#: Columns of SCIP's progress table that hold the dual and the primal bound.
_DUAL, _PRIMAL, _WIDTH = 14, 15, 18
#: The table prints seven digits: a bound is lowered by more than the rounding before it counts.
_ROUNDING = 1e-6


class Scip:
    """Constraint integer programming with SCIP, one thread."""

    name: ClassVar[str] = "scip"
    traits: ClassVar[Traits] = Traits(
        integer=True, continuous=True, lp_duals=False, bound=True, time_limit=True, cancel=True,
        warm_start=True, streams=True, threads=False,
        summary="SCIP inside OR-Tools: second opinion on mixed-integer models, one thread.",
    )  # fmt: skip

    def refusal(self, model: LinearModel) -> str | None:  # noqa: ARG002
        """Never: SCIP takes every linear and mixed-integer model."""
        return None

    def versions(self) -> dict[str, str]:
        """Version of ortools."""
        return mathopt.versions()

    def solve(
        self, model: LinearModel, options: Options, start: Floats | None = None
    ) -> LinearResult:
        """Solve; raises SolverFailed when SCIP reports an error or an unbounded model."""
        settings = mathopt.parameters(
            options, random_seed=options.seed, relative_gap_tolerance=options.gap
        )
        call = mathopt.Call("SOLVER_TYPE_GSCIP", "SCIP", settings, progress, noisy=True)
        return mathopt.solve(model, options, call, start)


def progress(line: str) -> tuple[float | None, float | None]:
    """Incumbent and bound of a line of SCIP's progress table, None where it has neither."""
    cells = line.split("|")
    if len(cells) != _WIDTH:
        return None, None
    bound = _number(cells[_DUAL])
    safe = None if bound is None else bound - _ROUNDING * abs(bound)
    return _number(cells[_PRIMAL]), safe


def _number(cell: str) -> float | None:
    """The number of a cell; SCIP writes '--' or 1e+20 for none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if abs(value) < 1e19 else None
