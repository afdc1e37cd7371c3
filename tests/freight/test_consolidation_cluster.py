"""Studies on a Dask cluster: the same as in one process, and plain words where one fails."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import pytest

from freight.consolidation.engines import engines
from freight.consolidation.study import Study, consolidate
from freight.errors import EngineError
from freight.io import read

distributed = pytest.importorskip("distributed", reason="the package distributed is missing")

STUDY = Study(seconds=120.0, gap=0.0, workers=1)


def cluster_of(workers: int, threads: int = 1, processes: bool = False) -> Any:
    """A cluster on this machine, in this process unless ``processes``."""
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=threads,
        processes=processes,
        dashboard_address=":0",
    )


@pytest.fixture
def scheduler() -> Iterator[str]:
    """Address of a cluster of one worker in this process."""
    with cluster_of(1) as cluster:
        yield cluster.scheduler_address


def _ends_its_process() -> None:
    os._exit(1)


def test_a_study_on_a_cluster_finds_what_one_process_finds(scheduler: str) -> None:
    """Five policies and the game of the joint one, every solve sent to the worker."""
    tiny = read("tiny")
    there = consolidate(tiny, replace(STUDY, scheduler=scheduler)).report
    here = consolidate(tiny, STUDY).report
    assert there.game is not None
    assert there.game == here.game
    costs = {one.policy.id: one.figures.objective for one in there.policies}
    assert costs == {one.policy.id: one.figures.objective for one in here.policies}
    # the pencil's figure for tiny, as its README works it out
    assert costs["joint"] == pytest.approx(71_729.20, abs=0.005)


def test_a_failing_task_of_a_cluster_hands_on_its_error(scheduler: str) -> None:
    """What a task raised there is raised here, and equal tasks are run each time."""
    with engines(2, scheduler) as engine:
        assert engine.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            engine.submit(divmod, 7, 0).result()
        clocks = [engine.submit(time.perf_counter_ns).result() for _ in range(2)]
        assert clocks[0] < clocks[1]


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the address and what to start."""
    monkeypatch.setattr("freight.consolidation.engines.CONNECT_SECONDS", 0.2)
    message = r"No Dask scheduler answers at 'tcp://127\.0\.0\.1:1': .*[^.]\. Start one with"
    with pytest.raises(EngineError, match=message), engines(2, "tcp://127.0.0.1:1"):
        pass


@pytest.mark.parametrize(
    ("workers", "threads", "message"),
    [(0, 1, "has no workers. Start one with: dask worker inproc"),
     (1, 3, "takes 3 jobs at once in one process. Start it with --nthreads 1")],
)  # fmt: skip
def test_a_cluster_that_cannot_work_is_refused(
    workers: int, threads: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without workers a study would wait for ever; HiGHS has one pool of threads a process."""
    monkeypatch.setattr("freight.consolidation.engines.CONNECT_SECONDS", 0.2)
    with (
        cluster_of(workers, threads) as cluster,
        pytest.raises(EngineError, match=message),
        engines(2, cluster.scheduler_address),
    ):
        pass


def test_a_scheduler_that_goes_away_ends_the_study() -> None:
    """The job under way is not waited for; the message says what happened."""
    with cluster_of(1) as cluster:
        closing = threading.Timer(0.2, cluster.close)
        with (
            pytest.raises(EngineError, match="went away with jobs under way"),
            engines(2, cluster.scheduler_address) as engine,
        ):
            _begin_and_wait(engine, closing)
        closing.join()


def _begin_and_wait(engine: Executor, closing: threading.Timer) -> None:
    future = engine.submit(time.sleep, 2)
    closing.start()
    future.result()


@pytest.mark.slow
def test_processes_of_a_cluster_solve_a_study_and_their_loss_is_told() -> None:
    """Two worker processes agree with the pencil; one that always dies on a job ends the study."""
    with cluster_of(2, processes=True) as cluster:
        study = replace(STUDY, workers=2, scheduler=cluster.scheduler_address)
        report = consolidate(read("tiny"), study).report
        costs = {one.policy.id: one.figures.objective for one in report.policies}
        assert costs["joint"] == pytest.approx(71_729.20, abs=0.005)
        with (
            pytest.raises(EngineError, match="ended one after the other on the same job"),
            engines(2, cluster.scheduler_address) as engine,
        ):
            engine.submit(_ends_its_process).result()
