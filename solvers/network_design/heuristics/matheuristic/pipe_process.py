"""A second process at the other end of two pipes.

Started as a program of its own rather than by multiprocessing, so that it works under any main
program and never shares a HiGHS scheduler with its parent. Messages are pickles.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import IO

from solvers.processes import safe_path


class PipeProcess:
    """The parent's end of a process that runs ``main`` of a module of this project."""

    def __init__(self, module: str) -> None:
        start = f"import sys; sys.path[:] = {safe_path()!r}; from {module} import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )

    def send(self, message: object) -> None:
        """Write a message; nothing happens when the process is gone."""
        if self._process.stdin is not None:
            write(self._process.stdin, message)

    def receive(self) -> object:
        """Wait for a message; None when the process is gone."""
        return None if self._process.stdout is None else received(self._process.stdout)

    def busy(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def failure(self) -> int | None:
        """Exit code of a process that broke down, None while it runs or after a clean end."""
        return self._process.poll() or None

    def stop(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()


def write(pipe: IO[bytes], message: object) -> None:
    """Write a message, if there is still somebody to read it."""
    with contextlib.suppress(OSError, ValueError):
        pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
        pipe.flush()


def received(pipe: IO[bytes]) -> object:
    """The next message, None at the end of the pipe."""
    with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
        return pickle.load(pipe)
    return None


def serve(run: Callable[[IO[bytes], IO[bytes]], None]) -> None:
    """Run with the standard streams, to which nothing else may write, then end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(BrokenPipeError):
        run(sys.stdin.buffer, sink)
    # A thread that still waits for messages would keep a normal exit waiting too.
    os._exit(0)
