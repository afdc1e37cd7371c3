"""Which doors a plan's boxes go to, and how their trucks are planned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DrayageRequest:
    """Either a table of ``doors`` or ``synthetic_doors`` within ``within_km`` of each terminal.

    ``trucks`` None: assumed costs. ``seconds`` are for all cities and days together. ``output``
    takes the plan with its trucks, ``routes`` every stop of every truck as CSV; ``force`` replaces
    what is there.
    """

    doors: Path | None = None
    synthetic_doors: bool = False
    within_km: float = 60.0
    trucks: Path | None = None
    seconds: float = 60.0
    method: str = "pyvrp"
    seed: int = 0
    output: Path = Path("door-plan.json")
    routes: Path | None = None
    force: bool = False
