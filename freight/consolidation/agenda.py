"""Jobs that wait for each other, so many at once as there are workers, within one time limit.

When a job begins, the time of all workers until the deadline is shared over the jobs not begun, by
weight; what an early end leaves over goes to the later ones. A job never gets more than leaves the
longest chain of jobs that wait for it their part. A job that begins while nothing else could gets
the threads of the idle workers. Once stopped, nothing begins, and what runs has a while to end.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from freight.errors import EngineError

LEAST_SECONDS = 1.0
LOOK_SECONDS = 0.5
"""Between looks whether to stop."""
GRACE_SECONDS = 30.0
"""For jobs that run when the agenda is stopped."""

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """A piece of work: its share of the time, and the jobs that must end before it begins."""

    key: Hashable
    weight: float
    after: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """What a job is given."""

    seconds: float
    threads: int


@dataclass
class Agenda(Generic[T]):
    """A deadline (``time.perf_counter``) and a number of workers."""

    deadline: float
    workers: int
    begin: Callable[[Job, Slot], Future[T]]
    end: Callable[[Job, T], None]
    stopped: Callable[[], bool] = lambda: False
    overtime: float = math.inf
    """Seconds after the deadline from which workers that have not answered count as lost."""

    def carry_out(self, jobs: Iterable[Job], done: Iterable[Hashable] = ()) -> None:
        """Carry the jobs out, those with the longest chain first; ``done`` are over already.

        Raises what a job raises, EngineError when workers are lost, ValueError for jobs that wait
        for what never ends.
        """
        waiting, over = list(jobs), set(done)
        running: dict[Future[T], tuple[Job, float]] = {}
        given_up = math.inf
        try:
            while (waiting or running) and time.perf_counter() < given_up:
                self._check_overtime(running)
                if self.stopped():
                    waiting.clear()
                    given_up = min(given_up, time.perf_counter() + GRACE_SECONDS)
                else:
                    self._begin_all(waiting, over, running)
                finished, _ = wait(running, LOOK_SECONDS, FIRST_COMPLETED)
                for future in [one for one in running if one in finished]:
                    job, _ = running.pop(future)
                    self.end(job, future.result())
                    over.add(job.key)
        except BrokenExecutor as error:
            raise EngineError(
                "A worker process ended before its job did, most likely for lack of memory. "
                "Use fewer workers."
            ) from error
        finally:
            for future in running:
                future.cancel()

    def _check_overtime(self, running: Mapping[Future[T], object]) -> None:
        late = time.perf_counter() - self.deadline
        if running and late > self.overtime:
            raise EngineError(
                f"{len(running)} jobs have not ended {late:.0f} s after the time was over: their "
                "workers are gone, stopped or cannot be reached. See the logs of the cluster."
            )

    def _begin_all(
        self, waiting: list[Job], over: set[Hashable], running: dict[Future[T], tuple[Job, float]]
    ) -> None:
        ready = [job for job in waiting if job.after <= over]
        ready.sort(key=lambda job: -_chain(job, waiting))
        if not ready and not running:
            raise ValueError(f"{len(waiting)} jobs wait for jobs that are not on the agenda.")
        for place, job in enumerate(ready):
            idle = self.workers - len(running)
            if idle <= 0:
                break
            ends = [end for _, end in running.values()]
            threads = max(1, idle // (len(ready) - place))
            slot = Slot(self._seconds(job, waiting, ends), threads)
            waiting.remove(job)
            running[self.begin(job, slot)] = (job, time.perf_counter() + slot.seconds)

    def _seconds(self, job: Job, waiting: Sequence[Job], ends: Sequence[float]) -> float:
        """Time for one job: its part of all workers' time, and of its chain's."""
        now = time.perf_counter()
        left = max(0.0, self.deadline - now)
        busy = sum(min(left, max(0.0, end - now)) for end in ends)
        total = sum(one.weight for one in waiting)
        share = (self.workers * left - busy) * job.weight / total
        chained = left * job.weight / _chain(job, waiting)
        return max(LEAST_SECONDS, min(share, chained))


def _chain(job: Job, waiting: Sequence[Job]) -> float:
    """Weight of the longest chain of waiting jobs that begins with a job."""
    after = [_chain(one, waiting) for one in waiting if job.key in one.after]
    return job.weight + max(after, default=0.0)
