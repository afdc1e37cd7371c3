"""Who hears a long job as it goes, and what may stop it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from solvers.options import Cancel, Listener, Options, Silent


class Phases(Silent):
    """Passes on what is going on, and no figures: those of one part are not those of the whole."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def iterated(self, stage: str, iteration: int) -> None:
        """Pass on."""
        self._listener.iterated(stage, iteration)


@dataclass(frozen=True)
class Watcher:
    """``listener`` hears phases, plans and bounds; ``cancel`` ends the job with the best so far.

    ``hear`` is told in sentences what was decided on the way.
    """

    listener: Listener = field(default_factory=Silent)
    cancel: Cancel = field(default_factory=Cancel)
    hear: Callable[[str], None] = field(default=lambda _: None)

    def began(self, stage: str) -> None:
        """Name what is going on now."""
        self.listener.iterated(stage, 0)

    def of_parts(self) -> Watcher:
        """A watcher of a job that solves one part after the other, each with figures of its own."""
        return replace(self, listener=Phases(self.listener))

    def options(
        self, seconds: float, gap: float = 1e-4, seed: int = 0, threads: int = 2
    ) -> Options:
        """Limits of a solve that is watched; no more threads than the machine has processors."""
        threads = min(threads, os.cpu_count() or threads)
        return Options(seconds, gap, seed, threads, self.listener, self.cancel)
