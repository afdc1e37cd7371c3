"""PDLP, the first-order LP solver of OR-Tools.

Source: Applegate et al. (2021), "Practical large-scale linear programming using primal-dual
hybrid gradient", NeurIPS 34.
"""

from __future__ import annotations

from typing import ClassVar

from solvers.arrays import Floats
from solvers.linear.backends import mathopt
from solvers.linear.backends.base import LinearResult, Traits
from solvers.linear.backends.glop import continuous_only, refuse
from solvers.linear.model import LinearModel
from solvers.options import Options

#: Relative and absolute accuracy asked for; the library's own default is 1e-6.
ACCURACY = 1e-8


class Pdlp:
    """Primal-dual hybrid gradient; models without integer columns, answers to an accuracy."""

    name: ClassVar[str] = "pdlp"
    traits: ClassVar[Traits] = Traits(
        integer=False, continuous=True, lp_duals=True, bound=False, time_limit=True, cancel=True,
        warm_start=True, streams=False, threads=True,
        summary="PDLP inside OR-Tools: first-order method for very large linear programs.",
    )  # fmt: skip

    def refusal(self, model: LinearModel) -> str | None:
        """A refusal when any column is integer."""
        return continuous_only("pdlp", model)

    def versions(self) -> dict[str, str]:
        """Version of ortools."""
        return mathopt.versions()

    def solve(
        self, model: LinearModel, options: Options, start: Floats | None = None
    ) -> LinearResult:
        """Solve; raises SolverUnavailable on integer columns, SolverFailed on an error."""
        refuse(self.refusal(model))
        settings = mathopt.parameters(options, threads=options.threads)
        accuracy = settings.pdlp.termination_criteria.simple_optimality_criteria
        accuracy.eps_optimal_absolute = ACCURACY
        accuracy.eps_optimal_relative = ACCURACY
        call = mathopt.Call("SOLVER_TYPE_PDLP", "PDLP", settings)
        return mathopt.solve(model, options, call, start)
