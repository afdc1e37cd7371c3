"""How to plan an instance."""

from __future__ import annotations

from dataclasses import dataclass

AUTO = "auto"


@dataclass(frozen=True)
class PlanRequest:
    """Method, engine and limits of :func:`freight.planning.plan_as_asked`.

    ``method`` ``auto`` chooses by size. After ``seconds``, or at a proved relative ``gap``, the
    best plan found is taken; ``threads`` is an upper limit.
    """

    method: str = AUTO
    backend: str = "highs"
    seconds: float = 120.0
    gap: float = 0.001
    seed: int = 0
    threads: int = 2
