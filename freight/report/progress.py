"""One live line while a job runs: what is going on, the plan, its bound and gap, the time.

On a terminal the line lives; elsewhere a plain one is printed when the phase changes, and at least
every ten seconds.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from types import MappingProxyType, TracebackType
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

REFRESH_PER_SECOND = 4
PLAIN_EVERY_SECONDS = 10.0
STAGES: Final = MappingProxyType(
    {
        "bound": ("computing the bound", "round"),
        "branches": ("closing the gap by branch and price", "node"),
        "districts": ("planning parts of the network anew", "part"),
        "branch and cut": ("branch and cut", "node"),
        "dives": ("rounding the relaxation to plans", "plan"),
        "first plan": ("making a first plan", "attempt"),
        "loading": ("making a first plan", "attempt"),
        "first prices": ("pricing the network", "round"),
        "model": ("stating the model", "part"),
        "proof": ("proving", "round"),
        "search": ("improving the plan", "round"),
    }
)
"""What solvers call a stage → what a planner reads, and what its iterations are."""
PHASE_SECONDS = 1.0
"""Between plain lines of two phases."""


class ProgressLine:
    """A solvers.Listener that says where a job is. Use as a context manager.

    ``currency`` is what objective and bound are counted in, known once an instance is read.
    """

    def __init__(self, console: Console, stage: str = "starting", currency: str = "") -> None:
        self.currency = currency
        self._console = console
        self._start = time.perf_counter()
        self._stage = stage
        self._shown = ""
        self._objective: float | None = None
        self._bound: float | None = None
        self._last_plain = -PLAIN_EVERY_SECONDS
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._live = Live(
            console=console, get_renderable=self.line, refresh_per_second=REFRESH_PER_SECOND,
            transient=True,
        ) if console.is_terminal else None  # fmt: skip

    def __enter__(self) -> ProgressLine:
        """Start showing: the first line is there at once."""
        # A machine that has no thread left still plans.
        with suppress(RuntimeError):
            if self._live:
                self._live.start(refresh=True)
            else:
                self._plain()
                threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        self._over.set()
        if self._live:
            self._live.stop()

    def began(self, stage: str) -> None:
        """Name what is going on now."""
        self.iterated(stage, 0)

    def improved(self, objective: float) -> None:
        """Keep the best objective."""
        if self._objective is None or objective < self._objective:
            self._objective = objective
        self._plain()

    def bounded(self, bound: float) -> None:
        """Keep the best bound."""
        if self._bound is None or bound > self._bound:
            self._bound = bound
        self._plain()

    def iterated(self, stage: str, iteration: int) -> None:
        """Name the stage; its iterations count from 1, 0 says that it begins."""
        words, unit = STAGES.get(stage, (stage, "step"))
        self._stage = f"{words}, {unit} {iteration:,}" if iteration else words
        self._plain()

    def line(self) -> Text:
        """The line as it stands."""
        text = f"{time.perf_counter() - self._start:5.0f} s  {self._stage}"
        if self._objective is not None:
            text += f"  plan {self._objective:,.0f} {self.currency}"
        if self._bound is not None:
            text += f"  bound {self._bound:,.0f}"
        if self._objective and self._bound is not None:
            text += f"  gap {100 * max(0.0, 1 - self._bound / self._objective):.2f} %"
        return Text(text)

    def _beat(self) -> None:
        while not self._over.wait(PLAIN_EVERY_SECONDS / 2):
            self._plain()

    def _plain(self) -> None:
        if self._live or self._over.is_set():
            return
        with self._lock:
            now = time.perf_counter()
            phase = self._stage.partition(",")[0]
            pause = PLAIN_EVERY_SECONDS if phase == self._shown else PHASE_SECONDS
            if now - self._last_plain >= pause:
                self._last_plain, self._shown = now, phase
                with suppress(OSError, ValueError):
                    self._console.print(self.line(), soft_wrap=True)
