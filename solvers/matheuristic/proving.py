"""A second process that proves bounds by branch and price while the first one searches.

Started as a program of its own rather than by multiprocessing, so that it works under any main
program and never shares a HiGHS scheduler with its parent. Messages are pickles over the pipes:
down, the task and then costs of better solutions; up, bounds and solutions.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

from solvers.branching import BranchAndPrice
from solvers.incumbent import Progress
from solvers.network import Network
from solvers.options import Clock, Options
from solvers.problem import NetworkDesign
from solvers.relaxation import Relaxation
from solvers.result import Solution


@dataclass(frozen=True, slots=True)
class Task:
    """What to prove, how closely, and how long it may take."""

    problem: NetworkDesign
    gap: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class News:
    """A proved bound, a solution found on the way, or the end of the tree."""

    bound: float | None = None
    solution: Solution | None = None
    closed: bool = False


class Prover:
    """The parent's end: start, tell, hear, stop."""

    def __init__(self, task: Task) -> None:
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        self._inbox: SimpleQueue[News] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._send(task)

    def _listen(self) -> None:
        pipe = self._process.stdout
        while pipe is not None:
            news = _received(pipe)
            if not isinstance(news, News):
                return
            self._inbox.put(news)

    def _send(self, message: object) -> None:
        pipe = self._process.stdin
        with contextlib.suppress(OSError, ValueError):
            if pipe is not None:
                pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
                pipe.flush()

    def tell(self, objective: float) -> None:
        """A solution of this cost is known."""
        self._send(objective)

    def news(self) -> list[News]:
        """Everything heard since the last call."""
        heard: list[News] = []
        with contextlib.suppress(Empty):
            while True:
                heard.append(self._inbox.get_nowait())
        return heard

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


def _received(pipe: IO[bytes]) -> object:
    """The next message, None at the end of the pipe."""
    with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
        return pickle.load(pipe)
    return None


class _Child:
    """The other end: hears costs, reports bounds and solutions. It is the listener of its tree."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self.source = source
        self.sink = sink
        self.progress: Progress | None = None

    def run(self) -> None:
        """Solve the task that comes first; then report until closed or out of time."""
        task = _received(self.source)
        if not isinstance(task, Task):
            return
        options = Options(time_limit_seconds=task.seconds, gap=task.gap, threads=1)
        clock = Clock(options)
        self.progress = Progress(task.problem, clock, self)
        threading.Thread(target=self._hear, daemon=True).start()
        relaxation = Relaxation(Network.of(task.problem), options)
        root = relaxation.root(clock, hear=self.progress.prove)
        if not root.converged:
            return
        tree = BranchAndPrice(relaxation, self.progress, task.gap)
        exhausted = tree.run(clock, root, relaxation.low, relaxation.high)
        self._send(News(bound=self.progress.bound, closed=exhausted))

    def _hear(self) -> None:
        while True:
            cost = _received(self.source)
            if not isinstance(cost, float) or self.progress is None:
                return
            self.progress.ceiling = min(self.progress.ceiling, cost)

    def _send(self, news: News) -> None:
        pickle.dump(news, self.sink, pickle.HIGHEST_PROTOCOL)
        self.sink.flush()

    def improved(self, objective: float) -> None:
        """Pass a better solution up."""
        if self.progress is not None and objective < self.progress.ceiling:
            self._send(News(solution=self.progress.solution))

    def bounded(self, bound: float) -> None:
        """Pass a better bound up."""
        self._send(News(bound=bound))

    def iterated(self, stage: str, iteration: int) -> None:
        """Nothing to pass up."""


def main() -> None:
    """Serve one task on the standard streams; nothing else may write to them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(BrokenPipeError):
        _Child(sys.stdin.buffer, sink).run()
    # The thread that still waits for costs would keep a normal exit waiting too.
    os._exit(0)
