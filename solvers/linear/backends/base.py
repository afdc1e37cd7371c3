"""What a backend is: it takes a LinearModel and returns values, a bound and duals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from solvers.arrays import Floats
from solvers.linear.model import LinearModel
from solvers.options import Options
from solvers.outcome import Outcome, Stop, TracePoint


@dataclass(frozen=True, slots=True)
class Traits:
    """What a backend can do; asked before a solve so that a refusal comes early."""

    integer: bool  #: takes integer columns
    continuous: bool  #: takes continuous columns
    lp_duals: bool  #: returns duals of a model without integer columns
    bound: bool  #: returns a proved bound when stopped early on an integer model
    time_limit: bool  #: honours a time limit
    cancel: bool  #: can be stopped at any time, keeping its best
    warm_start: bool  #: uses starting values
    streams: bool  #: reports incumbents and bounds while it runs
    threads: bool  #: uses more than one thread when allowed
    summary: str  #: one sentence for the list of backends


@dataclass(frozen=True)
class LinearResult:
    """Answer of a backend; unknown parts are None.

    ``values`` and ``reduced_costs`` have the shape of the columns, ``row_duals`` of the rows. A
    dual is the rate at which the optimum grows with the right-hand side of its row (≥ rows: not
    negative; ≤ rows: not positive). ``bound`` is proved; for a linear program it is the optimum up
    to the solver's tolerance.
    """

    outcome: Outcome
    stop: Stop | None
    objective: float | None
    bound: float | None
    values: Floats | None
    seconds: float
    row_duals: Floats | None = None
    reduced_costs: Floats | None = None
    trace: list[TracePoint] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Raise ValueError when the parts contradict each other."""
        solved = self.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
        if solved != (self.values is not None and self.objective is not None):
            raise ValueError(f"Outcome {self.outcome} needs values and objective, or neither.")
        if self.outcome is Outcome.OPTIMAL and self.stop is not None:
            raise ValueError("An optimal outcome has no stop.")


class Backend(Protocol):
    """A solver of linear and mixed-integer models; never prints."""

    name: ClassVar[str]
    traits: ClassVar[Traits]

    def refusal(self, model: LinearModel) -> str | None:
        """Why this backend cannot take the model and what to use instead, or None."""
        ...

    def versions(self) -> dict[str, str]:
        """Library names and versions."""
        ...

    def solve(
        self, model: LinearModel, options: Options, start: Floats | None = None
    ) -> LinearResult:
        """Solve; raises SolverUnavailable on a refusal, SolverFailed on a broken answer."""
        ...
