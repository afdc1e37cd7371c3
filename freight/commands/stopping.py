"""Ctrl-C in a long command: the first one asks for the best so far, the second gives up."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from freight.commands.screen import tell

if TYPE_CHECKING:
    from solvers.options import Cancel


@contextmanager
def interruptible(cancel: Cancel) -> Iterator[None]:
    """First Ctrl-C asks the solve to stop with its best; the second one ends the process."""

    def stop(_number: int, _frame: object) -> None:
        if cancel.raised:
            raise KeyboardInterrupt
        cancel.set()
        tell("Stopping with the best plan so far; Ctrl-C again to give up.")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
