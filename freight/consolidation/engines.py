"""Where solves run: in this process, in local processes, or on a cluster, by one interface.

Everything is written against ``concurrent.futures.Executor``. Local processes are spawned, so that
each has its own HiGHS; a Dask scheduler is reached by its address and runs again what a lost
worker had under way. Solves in this process and in local ones end with their best when the study is
cancelled (:func:`flag`); those on a cluster are given up.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Any

from freight.errors import EngineError
from freight.packages import needed
from solvers.options import Cancel, SharedCancel
from solvers.processes import become_helper, spawning

CONNECT_SECONDS = 15.0
MOST_PER_PROCESSOR = 4
"""Local workers beyond this many wait for each other and fill the memory."""

_flags = [Cancel()]


def flag() -> Cancel:
    """What tells the solves of this process to end with their best."""
    return _flags[-1]


class Inline(Executor):
    """An executor that runs every task at once in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run; what a task raises leaves here, before there is a future to ask."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def _obey(event: Event) -> None:
    """Make a worker process end its solves when told, and itself with its parent."""
    become_helper()
    _flags.append(SharedCancel(event))


@contextmanager
def engines(
    workers: int = 2, scheduler: str | None = None, cancel: Cancel | None = None
) -> Iterator[Executor]:
    """An executor of ``workers`` processes (1: none), or of the Dask cluster at ``scheduler``.

    ``cancel`` ends the solves of local processes.
    Raises EngineError when Dask is asked for and not installed, cannot be reached, has no workers
    or such as take several jobs at once, loses a job again and again, or goes away meanwhile.
    """
    if scheduler is not None:
        with _cluster(scheduler) as executor:
            yield executor
    elif workers <= 1:
        _flags.append(cancel or Cancel())
        try:
            yield Inline()
        finally:
            _flags.pop()
    else:
        with spawning() as context:
            yield from _pool(context, workers, cancel)


def _pool(context: SpawnContext, workers: int, cancel: Cancel | None) -> Iterator[Executor]:
    told = context.Event()
    if cancel is not None:
        cancel.pass_on(told.set)
    others = set(multiprocessing.active_children())
    workers = min(workers, MOST_PER_PROCESSOR * (os.cpu_count() or workers))
    with ProcessPoolExecutor(workers, context, _obey, (told,)) as pool:
        try:
            yield pool
        except BaseException:
            _end(set(multiprocessing.active_children()) - others)
            raise


def _end(workers: Iterable[BaseProcess]) -> None:
    """End workers that nobody waits for any more."""
    for worker in workers:
        worker.kill()


@contextmanager
def _cluster(scheduler: str) -> Iterator[Executor]:
    distributed = needed("distributed", f"Scheduler '{scheduler}' needs")
    client = _connected(lambda: distributed.Client(scheduler, timeout=CONNECT_SECONDS), scheduler)
    with client:
        _check_workers(client, scheduler)
        try:
            # Solves end by the clock: the same task again need not have the same result.
            yield client.get_executor(retries=2, pure=False)
        except distributed.KilledWorker as error:
            raise EngineError(
                f"Workers of the Dask scheduler '{scheduler}' ended one after the other on the "
                "same job, most likely for lack of memory. Give them more."
            ) from error
        except CancelledError as error:
            raise EngineError(
                f"The Dask scheduler '{scheduler}' went away with jobs under way. "
                "See its log, and start the study again."
            ) from error


def _connected(connect: Callable[[], Any], scheduler: str) -> Any:
    """A client, or EngineError; a port that takes the call and says nothing is not waited for."""
    answered: Future[Any] = Future()

    def call() -> None:
        try:
            answered.set_result(connect())
        except Exception as error:  # noqa: BLE001 - handed on
            answered.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    try:
        return answered.result(2 * CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        reason = str(error).rstrip(".") or "it takes the call and says nothing"
        raise EngineError(
            f"No Dask scheduler answers at '{scheduler}': {reason}. Start one with: dask scheduler."
        ) from error


def _check_workers(client: Any, scheduler: str) -> None:
    """Refuse a cluster that has nobody to work, or mixes solves in one process."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise EngineError(
            f"The Dask scheduler '{scheduler}' has no workers. Start one with: "
            f"dask worker {scheduler} --nthreads 1."
        ) from error
    for address, threads in client.nthreads().items():
        # HiGHS has one pool of threads for each process.
        if threads > 1:
            raise EngineError(
                f"Dask worker '{address}' takes {threads} jobs at once in one process. Start it "
                "with --nthreads 1; --nworkers says how many processes a machine runs."
            )
