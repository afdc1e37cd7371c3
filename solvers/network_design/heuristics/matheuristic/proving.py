"""A second process that proves bounds by branch and price while the first one searches.

Messages (:mod:`solvers.network_design.heuristics.matheuristic.pipe_process`): down, the task and
then costs of better solutions; up, bounds and solutions.
"""

from __future__ import annotations

import contextlib
import pickle
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import IO

from solvers.network_design.exact.branch_and_price import BranchAndPrice
from solvers.network_design.heuristics.matheuristic.pipe_process import PipeProcess, received, serve
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.options import Clock, Options

_LAST_WORDS = 2.0  #: seconds that news of a process that has ended may take


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


class Prover(PipeProcess):
    """The parent's end: start, tell, hear, stop."""

    def __init__(self, task: Task) -> None:
        super().__init__(__name__)
        self._inbox: SimpleQueue[News] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.send(task)

    def _listen(self) -> None:
        while isinstance(news := self.receive(), News):
            self._inbox.put(news)

    def hear_out(self) -> None:
        """Wait for the last news of a process that has ended."""
        if not self.busy():
            self._listener.join(_LAST_WORDS)

    def tell(self, objective: float) -> None:
        """A solution of this cost is known."""
        self.send(objective)

    def news(self) -> list[News]:
        """Everything heard since the last call."""
        heard: list[News] = []
        with contextlib.suppress(Empty):
            while True:
                heard.append(self._inbox.get_nowait())
        return heard


class _Child:
    """The other end: hears costs, reports bounds and solutions. It is the listener of its tree."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self.source = source
        self.sink = sink
        self.progress: Progress | None = None

    def run(self) -> None:
        """Solve the task that comes first; then report until closed or out of time."""
        task = received(self.source)
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
            cost = received(self.source)
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
    """Serve one task on the standard streams."""
    serve(lambda source, sink: _Child(source, sink).run())
