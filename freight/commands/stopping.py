"""Being told to stop: Ctrl-C, SIGTERM (``timeout``, shutdown) and SIGHUP (the terminal is gone).

Everywhere a signal unwinds the command like Ctrl-C does, so that drafts go away and workers end. A
long job runs inside :func:`stoppable`: there the first signal asks for the best so far, which is
written as usual; the second one gives up.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from freight.commands.screen import tell
from solvers.options import Cancel

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Those that a system has."""
SAME_SECONDS = 0.25
"""A signal this soon after the first is that one again: ``timeout`` sends it to the process and to
its group."""
Handler = Callable[[int, FrameType | None], None]


class Stopped(KeyboardInterrupt):
    """A signal ended the command; ``number`` is the signal's.

    ``given_up``: it was the second one, and what the job had is not written.
    """

    def __init__(self, number: int, *, given_up: bool = False) -> None:
        super().__init__(number)
        self.number, self.given_up = number, given_up


def give_up(number: int, _frame: FrameType | None) -> None:
    """Unwind the command."""
    raise Stopped(number)


@contextmanager
def unwinding() -> Iterator[None]:
    """Signals end the command by an exception, not on the spot."""
    with _handled(give_up):
        yield


@contextmanager
def stoppable(what: str = "the best so far") -> Iterator[Cancel]:
    """A flag that the first signal raises; ``what`` is said to be kept then."""
    cancel, first = Cancel(), 0.0

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal first
        if cancel.raised:
            if time.monotonic() - first < SAME_SECONDS:
                return
            raise Stopped(number, given_up=True)
        first = time.monotonic()
        cancel.set()
        tell(f"Stopping with {what}; Ctrl-C again to give up.")

    with _handled(stop):
        yield cancel


@contextmanager
def _handled(handler: Handler) -> Iterator[None]:
    """Have signals handled; a hang-up that is ignored, as under ``nohup``, stays so."""
    before = {}
    try:
        for name in NAMES:
            number = getattr(signal, name, None)
            if number is None or (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
                continue
            before[number] = signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
