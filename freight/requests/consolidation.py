"""What a consolidation study looks at, and how hard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from solvers.options import Cancel

AUTO, CHEAPEST, NO_GAME = "auto", "cheapest", "none"


@dataclass(frozen=True)
class Study:
    """What to study and how hard.

    ``policies`` are shipped ids or TOML files, the first one is what savings refer to; none: every
    shipped one that makes sense in the instance.
    ``game_policy`` is the one whose cost is shared: an id; ``cheapest``; ``none``; ``auto``: joint,
    whose coalitions are cities with the trains that they run today, else the cheapest.
    ``seconds`` is for everything together, ``gap`` where a solve may stop. ``sampled``: rounds of
    sampling for the Shapley value; None: only where coalitions are too many.
    ``every_day``: trunk trains are offered on every weekday, not only on those of the instance.
    ``section_limits``: no train is longer than the sections of the network allow.
    ``weekly``: every policy runs the same trunk timetable each week; there is no game then.
    ``workers`` local processes (1: none), or a Dask ``scheduler`` by its address. ``output`` is the
    folder for the study, where ``force`` replaces an earlier one; ``rule`` settles the agreed plan
    in it. ``cancel`` ends the study with
    what it has: policies without a plan are left out, and the game with them.
    """

    policies: tuple[str, ...] = ()
    game_policy: str = AUTO
    seconds: float = 540.0
    gap: float = 0.002
    seed: int = 0
    sampled: int | None = None
    every_day: bool = False
    section_limits: bool = True
    weekly: bool = False
    workers: int = 2
    scheduler: str | None = None
    output: Path | None = None
    rule: str | None = None
    force: bool = False
    cancel: Cancel = field(default_factory=Cancel)
    hear: Callable[[str], None] = field(default=lambda _: None)
