"""How a solve ends, whatever it solves: what it established, why it stopped, or what went wrong.

Imports nothing of ours; everything may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What the solve established."""

    OPTIMAL = "optimal"  #: a solution and a bound within the asked gap
    FEASIBLE = "feasible"  #: a solution, not proved to the asked gap
    INFEASIBLE = "infeasible"  #: proved that no solution exists
    NO_SOLUTION = "no solution"  #: stopped before finding one


class Stop(StrEnum):
    """Why the solve ended before it proved what was asked."""

    TIME = "time"
    ITERATIONS = "iterations"
    CONVERGED = "converged"  #: a heuristic or restricted model ran out of improvements
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class TracePoint:
    """One step of a solve: seconds since the start with the incumbent and the bound then known."""

    seconds: float
    objective: float | None
    bound: float | None


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """(objective - bound) / max(|objective|, 1e-9), at least 0; None when either is unknown."""
    if objective is None or bound is None:
        return None
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)


class SolverError(Exception):
    """Base of every error raised by ``solvers``."""


class SolverUnavailable(SolverError):
    """A backend that is not installed, or cannot take the model given, was asked for."""


class SolverFailed(SolverError):
    """A backend ended without a usable answer, or with one that contradicts itself."""


class FormatError(SolverError):
    """A benchmark file breaks its format; the message names the line."""
