"""Limits of a solve and the events it reports while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from typing import Protocol


class Listener(Protocol):
    """Hears a solve as it goes: the progress line and the convergence plot are the same stream."""

    def improved(self, objective: float) -> None:
        """A better solution was found."""

    def bounded(self, bound: float) -> None:
        """A better proved bound was found."""

    def iterated(self, stage: str, iteration: int) -> None:
        """One more iteration of the named stage ended; 0: the stage begins."""


class Silent:
    """A listener that hears nothing."""

    def improved(self, objective: float) -> None:
        """Ignore."""

    def bounded(self, bound: float) -> None:
        """Ignore."""

    def iterated(self, stage: str, iteration: int) -> None:
        """Ignore."""


class Cancel:
    """A flag that a signal handler or another thread raises to end a solve early with its best."""

    def __init__(self) -> None:
        self._raised = False
        self._passed_on: list[Callable[[], None]] = []

    @property
    def raised(self) -> bool:
        """Whether the flag is up."""
        return self._raised

    def set(self) -> None:
        """Ask the solve to stop at its next check."""
        self._raised = True
        for tell in self._passed_on:
            tell()

    def pass_on(self, tell: Callable[[], None]) -> None:
        """Have ``tell`` called too when the flag is raised; at once where it is already."""
        self._passed_on.append(tell)
        if self.raised:
            tell()


class SharedCancel(Cancel):
    """A flag that this process or another one raises through an event."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self._event = event

    @property
    def raised(self) -> bool:
        """Whether the flag is up."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask every solve that looks at the event to stop at its next check."""
        self._event.set()

    def pass_on(self, tell: Callable[[], None]) -> None:
        """Have ``tell`` called once the event is set, from a thread that waits for it."""

        def wait() -> None:
            self._event.wait()
            tell()

        threading.Thread(target=wait, daemon=True).start()


@dataclass(frozen=True)
class Options:
    """How long, how exactly and how reproducibly to solve.

    ``gap`` is relative; ``threads`` is an upper limit. ``time_limit_seconds`` None: no limit.
    """

    time_limit_seconds: float | None = None
    gap: float = 1e-4
    seed: int = 0
    threads: int = 2
    listener: Listener = field(default_factory=Silent)
    cancel: Cancel = field(default_factory=Cancel)


class Clock:
    """Wall time of one solve against its limit and its cancel flag."""

    def __init__(self, options: Options) -> None:
        self._start = time.perf_counter()
        self._limit = options.time_limit_seconds
        self._cancel = options.cancel

    @property
    def seconds(self) -> float:
        """Seconds since the solve began."""
        return time.perf_counter() - self._start

    @property
    def left(self) -> float:
        """Seconds left, ``inf`` without a limit, never below 0."""
        return float("inf") if self._limit is None else max(0.0, self._limit - self.seconds)

    def part(self, share: float) -> Clock:
        """A clock of its own for a share of the time left, cancelled with this one."""
        limit = None if self._limit is None else share * self.left
        return Clock(Options(time_limit_seconds=limit, cancel=self._cancel))

    @property
    def over(self) -> bool:
        """Whether the limit has passed or the solve was cancelled."""
        return self._cancel.raised or self.left <= 0.0
