"""What a method returns: an outcome, a solution, a bound, and how it came to them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.outcome import Outcome, Stop, TracePoint, relative_gap


@dataclass(frozen=True)
class Solution:
    """Designs, paths and leftovers of one solution of a NetworkDesign.

    Path ``i`` carries ``amount[i] > 0`` units of ``commodity[i]`` along ``path_arcs[i]`` from its
    origin to exit ``path_exit[i]`` (a position in ``exit_node``). ``y`` has shape S, ``unserved``
    shape K.
    """

    y: Ints
    commodity: Ints
    path_arcs: Ragged
    path_exit: Ints
    amount: Floats
    unserved: Floats


@dataclass(frozen=True)
class Result:
    """Outcome of one solve; refuses to exist when its parts contradict each other.

    ``bound`` is a proved lower bound on the optimum; unknown values are None, never inf or 0.
    """

    outcome: Outcome
    stop: Stop | None
    objective: float | None
    bound: float | None
    solution: Solution | None
    seconds: float
    method: str
    backend: str
    seed: int
    versions: dict[str, str] = field(default_factory=dict)
    trace: list[TracePoint] = field(default_factory=list)
    notes: dict[str, float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError on a contradiction between outcome, stop, objective and bound."""
        solved = self.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
        if solved != (self.solution is not None and self.objective is not None):
            raise ValueError(
                f"Outcome {self.outcome} needs both solution and objective or neither."
            )
        if self.outcome is Outcome.OPTIMAL and (self.bound is None or self.stop is not None):
            raise ValueError("An optimal outcome needs a bound and no stop.")
        if self.outcome in (Outcome.FEASIBLE, Outcome.NO_SOLUTION) and self.stop is None:
            raise ValueError(f"Outcome {self.outcome} must say why it stopped.")
        if self.objective is not None and self.bound is not None:
            slack = 1e-6 * max(1.0, abs(self.objective))
            if self.bound > self.objective + slack:
                raise ValueError(f"Bound {self.bound} lies above objective {self.objective}.")
        for value in (self.objective, self.bound):
            if value is not None and not np.isfinite(value):
                raise ValueError(f"Objective and bound must be finite or None, not {value}.")

    @property
    def gap(self) -> float | None:
        """Relative distance (objective - bound) / |objective|, or None when either is unknown."""
        return relative_gap(self.objective, self.bound)
