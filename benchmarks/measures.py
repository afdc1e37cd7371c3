"""Figures of merit of one solve, from its trace of incumbents and bounds.

Primal integral after Berthold (2013), "Measuring the impact of primal heuristics", Operations
Research Letters 41: the area under the primal gap ``|v - v*| / max(|v|, |v*|)``, which is 1 until
a first solution is known; divided here by the time limit, so that it reads as a mean gap.
"""

from __future__ import annotations

from collections.abc import Sequence

Step = tuple[float, float | None, float | None]
"""Seconds, objective, bound."""


def gap_to(objective: float | None, reference: float | None) -> float | None:
    """(objective - reference) / |reference|, negative when the reference is beaten."""
    if objective is None or reference is None:
        return None
    return (objective - reference) / max(abs(reference), 1e-9)


def proved_gap(objective: float | None, bound: float | None) -> float | None:
    """(objective - bound) / |objective|, at least 0."""
    if objective is None or bound is None:
        return None
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)


def incumbents(trace: Sequence[Step]) -> list[tuple[float, float]]:
    """Times and values of strict improvements, in order of time."""
    found: list[tuple[float, float]] = []
    for seconds, objective, _ in sorted(trace, key=lambda step: step[0]):
        if objective is not None and (not found or objective < found[-1][1]):
            found.append((seconds, objective))
    return found


def time_to(trace: Sequence[Step], target: float) -> float | None:
    """Seconds until an incumbent of at most ``target`` was known."""
    return next((at for at, value in incumbents(trace) if value <= target), None)


def time_to_best(trace: Sequence[Step]) -> float | None:
    """Seconds until the final incumbent was known (within 1e-6)."""
    found = incumbents(trace)
    if not found:
        return None
    best = found[-1][1]
    return time_to(trace, best + 1e-6 * max(1.0, abs(best)))


def primal_integral(
    trace: Sequence[Step], reference: float | None, limit_seconds: float
) -> float | None:
    """Mean primal gap over the time limit, 0 to 1; None without a reference."""
    if reference is None or limit_seconds <= 0:
        return None
    area, since, gap = 0.0, 0.0, 1.0
    for at, value in incumbents(trace):
        now = min(at, limit_seconds)
        area += gap * (now - since)
        since = now
        gap = min(1.0, max(0.0, value - reference) / max(abs(value), abs(reference), 1e-9))
    return (area + gap * (limit_seconds - since)) / limit_seconds
