"""Processes that plan districts of a large network, side by side."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

from solvers.network_design.heuristics.matheuristic.pipe_process import PipeProcess
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution

_SERVER = "solvers.network_design.heuristics.matheuristic.worker_main"


@dataclass(frozen=True, slots=True)
class District:
    """A problem with what is done now, and how long and how closely to plan it anew."""

    problem: NetworkDesign
    start: Solution
    seconds: float
    gap: float
    seed: int


class WorkerPool:
    """So many processes; each plans one district at a time. A process that is lost is replaced."""

    def __init__(self, count: int) -> None:
        self._companions = [PipeProcess(_SERVER) for _ in range(count)]
        self._idle: SimpleQueue[PipeProcess] = SimpleQueue()
        for one in self._companions:
            self._idle.put(one)
        self._threads = ThreadPoolExecutor(count)
        self._stopped = False

    def submit(self, district: District) -> Future[Result | None]:
        """Have a district planned; None where that failed or the process was lost."""
        return self._threads.submit(self._ask, district)

    def _ask(self, district: District) -> Result | None:
        one = self._idle.get()
        try:
            one.send(district)
            answer = one.receive()
            if answer is None and not self._stopped:
                one.stop()
                one = PipeProcess(_SERVER)
                self._companions.append(one)
        finally:
            self._idle.put(one)
        return answer if isinstance(answer, Result) else None

    def stop(self) -> None:
        """End all processes at once."""
        self._stopped = True
        for one in self._companions:
            one.stop()
        self._threads.shutdown(cancel_futures=True)
        for one in self._companions:
            one.stop()
