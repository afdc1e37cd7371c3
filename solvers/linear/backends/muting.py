"""Keeps a native library's start-up noise off the error stream."""

from __future__ import annotations

import os
from threading import Lock, current_thread, main_thread


class Muted:
    """Points file descriptor 2 at the null device from construction until ``lift``.

    Only when the main thread asks: two overlapping redirections could restore each other's null.
    ``lift`` may be called from any thread, any number of times.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._saved: int | None = None
        if current_thread() is main_thread():
            self._saved = os.dup(2)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)
            os.close(null)

    def lift(self) -> None:
        """Restore the error stream."""
        with self._lock:
            if self._saved is not None:
                os.dup2(self._saved, 2)
                os.close(self._saved)
                self._saved = None
