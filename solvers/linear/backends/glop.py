"""Glop, the simplex solver of OR-Tools."""

from __future__ import annotations

from typing import ClassVar

from solvers.arrays import Floats
from solvers.linear.backends import mathopt
from solvers.linear.backends.base import LinearResult, Traits
from solvers.linear.model import LinearModel
from solvers.options import Options
from solvers.outcome import SolverUnavailable


class Glop:
    """Revised simplex; models without integer columns."""

    name: ClassVar[str] = "glop"
    traits: ClassVar[Traits] = Traits(
        integer=False, continuous=True, lp_duals=True, bound=False, time_limit=True, cancel=True,
        warm_start=False, streams=False, threads=False,
        summary="Glop inside OR-Tools: simplex for models without integer columns.",
    )  # fmt: skip

    def refusal(self, model: LinearModel) -> str | None:
        """A refusal when any column is integer."""
        return continuous_only("glop", model)

    def versions(self) -> dict[str, str]:
        """Version of ortools."""
        return mathopt.versions()

    def solve(
        self, model: LinearModel, options: Options, start: Floats | None = None
    ) -> LinearResult:
        """Solve; raises SolverUnavailable on integer columns, SolverFailed on an error."""
        refuse(self.refusal(model))
        call = mathopt.Call("SOLVER_TYPE_GLOP", "Glop", mathopt.parameters(options))
        return mathopt.solve(model, options, call, start)


def continuous_only(name: str, model: LinearModel) -> str | None:
    """The refusal of an LP solver, or None when the model is an LP."""
    if not model.is_mip:
        return None
    first = model.column_name(int(model.integral.argmax()))
    return (
        f"Backend '{name}' solves linear programs only and column {first} is integer. "
        "Use highs, scip or cbc."
    )


def refuse(reason: str | None) -> None:
    """Raise SolverUnavailable when there is a reason."""
    if reason is not None:
        raise SolverUnavailable(reason)
