"""Where solves run: in this process, in local processes, or on a cluster, by one interface.

Everything is written against ``concurrent.futures.Executor``. Local processes are spawned, so that
each has its own HiGHS; a Dask scheduler is reached by its address and reruns what a lost worker
had under way.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from freight.errors import EngineError


class Inline(Executor):
    """An executor that runs every task at once in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run; what a task raises leaves here, before there is a future to ask."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@contextmanager
def engines(workers: int = 2, scheduler: str | None = None) -> Iterator[Executor]:
    """An executor of ``workers`` processes (1: none), or of the Dask cluster at ``scheduler``.

    Raises EngineError when Dask is asked for and not installed, or cannot be reached.
    """
    if scheduler is not None:
        with _cluster(scheduler) as executor:
            yield executor
    elif workers <= 1:
        yield Inline()
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            yield pool


@contextmanager
def _cluster(scheduler: str) -> Iterator[Executor]:
    try:
        client_class = import_module("distributed").Client
    except ImportError as error:
        raise EngineError(
            f"Scheduler '{scheduler}' needs the package distributed, which is not installed. "
            "Install it with: pip install dask distributed."
        ) from error
    try:
        client = client_class(scheduler)
    except (OSError, ValueError) as error:
        raise EngineError(f"No Dask scheduler answers at '{scheduler}': {error}.") from error
    with client:
        executor: Executor = client.get_executor(retries=2)
        yield executor
