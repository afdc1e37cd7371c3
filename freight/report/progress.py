"""One live line while a solve runs: stage, incumbent, bound, gap, time."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

REFRESH_PER_SECOND = 4
PLAIN_EVERY_SECONDS = 10.0


class ProgressLine:
    """A solvers.Listener that shows a live line on a terminal, and a plain line now and then else.

    Use as a context manager. ``currency`` is what objective and bound are counted in.
    """

    def __init__(self, console: Console, currency: str) -> None:
        self._console = console
        self._currency = currency
        self._start = time.perf_counter()
        self._stage = "building the network"
        self._objective: float | None = None
        self._bound: float | None = None
        self._last_plain = 0.0
        self._lock = threading.Lock()
        self._live = Live(
            console=console, get_renderable=self.line, refresh_per_second=REFRESH_PER_SECOND,
            transient=True,
        ) if console.is_terminal else None  # fmt: skip

    def __enter__(self) -> ProgressLine:
        """Start showing."""
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        if self._live:
            self._live.stop()

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
        """Name the stage."""
        self._stage = f"{stage} {iteration}"
        self._plain()

    def line(self) -> Text:
        """The line as it stands."""
        text = f"{time.perf_counter() - self._start:5.0f} s  {self._stage}"
        if self._objective is not None:
            text += f"  plan {self._objective:,.0f} {self._currency}"
        if self._bound is not None:
            text += f"  bound {self._bound:,.0f}"
        if self._objective and self._bound is not None:
            text += f"  gap {100 * max(0.0, 1 - self._bound / self._objective):.2f} %"
        return Text(text)

    def _plain(self) -> None:
        if self._live:
            return
        with self._lock:
            now = time.perf_counter()
            if now - self._last_plain >= PLAIN_EVERY_SECONDS:
                self._last_plain = now
                self._console.print(self.line(), soft_wrap=True)
