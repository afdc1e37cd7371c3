"""Processes beside the first: nothing in the current folder runs, none hangs or outlives it."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import numba.core.caching
import pytest

from freight.consolidation import agenda
from freight.consolidation.agenda import Agenda, Job, Slot
from freight.consolidation.engines import engines
from freight.errors import EngineError
from solvers.arrays import UnkeptWarning, compiled
from solvers.network_design.heuristics.matheuristic.pipe_process import Companion
from solvers.processes import ROOT, safe_path, spawning
from tests.command import freight_process

NAMES = ("numpy", "pickle", "runpy", "calendar", "random", "subprocess", "highspy")


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, full of scripts that leave a mark and break what imports them."""
    mark = tmp_path / "mark"
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(f"open({str(mark)!r}, 'w').close()\nraise SystemExit")
    (tmp_path / "solvers").mkdir()
    (tmp_path / "solvers" / "__init__.py").write_text(f"open({str(mark)!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    yield mark
    assert not mark.exists()


def test_the_companion_runs_nothing_of_the_current_folder(trap: Path) -> None:
    """It starts, hears that nothing is to be done, and ends cleanly."""
    companion = Companion("solvers.network_design.heuristics.matheuristic.worker_main")
    companion.send(None)
    assert companion.receive() is None
    companion._process.wait(60)
    assert companion.failure() is None
    companion.stop()


def test_spawned_processes_run_nothing_of_the_current_folder(trap: Path) -> None:
    """Neither the process nor what tracks its resources looks there."""
    with spawning() as context:
        event = context.Event()
        process = context.Process(target=event.set)
        process.start()
        process.join(60)
    assert process.exitcode == 0
    assert event.is_set()
    assert "PYTHONSAFEPATH" not in os.environ


def test_the_path_of_a_companion_has_no_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty place, a relative one and the folder itself are left out, the program stays."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "lib", str(tmp_path), "/usr/lib", str(ROOT)])
    assert safe_path() == ["/usr/lib", str(ROOT)]
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", ["", "/usr/lib"])
    assert safe_path() == ["/usr/lib", str(ROOT)]


ORPHAN = """
import time
from solvers.processes import end_with_parent, spawning

def work():
    end_with_parent()
    time.sleep(300)

if __name__ == "__main__":
    with spawning() as context:
        process = context.Process(target=work)
        process.start()
    print(process.pid, flush=True)
    time.sleep(300)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """However the first process ends, none of its workers stays behind."""
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker outlived its parent")


def test_kernels_work_where_compiled_code_cannot_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a read-only installation without a home they are compiled anew, which is said."""
    for kind in (numba.core.caching.CacheImpl, numba.core.caching.CodeLibraryCacheImpl):
        monkeypatch.setattr(kind, "_locator_classes", [])

    def twice(number: int) -> int:
        return 2 * number

    with pytest.warns(UnkeptWarning, match="cannot be kept.*NUMBA_CACHE_DIR"):
        kernel = compiled(twice)
    assert kernel(21) == 42


READ_ONLY = """
import sys, numba.core.caching as caching
for kind in (caching.CacheImpl, caching.CodeLibraryCacheImpl):
    kind._locator_classes = []
sys.argv[0] = "freight"
import cli
cli.main(["route", "tiny", "Wuhan", "Duisburg", "--ready", "2027-03-01T08:00+08:00"])
"""


@pytest.mark.slow
def test_a_command_says_once_that_compiled_code_cannot_be_kept() -> None:
    """One sentence, no place in the code."""
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Note: Compiled code cannot be kept") == 1
    assert "arrays.py" not in done.stderr


# --- clusters that hang ------------------------------------------------------------------------


def test_a_job_that_nobody_works_on_ends_the_study(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen or lost worker of a cluster is waited for so long and no longer."""
    monkeypatch.setattr(agenda, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(agenda, "LOOK_SECONDS", 0.02)

    def begin(_job: Job, _slot: Slot) -> Future[int]:
        return Future()

    def end(_job: Job, _result: int) -> None:
        pytest.fail("nothing ends")

    late = Agenda(time.perf_counter(), 1, begin, end, late_seconds=0.1)
    with pytest.raises(EngineError, match=r"not answered for 0 s after the time of its job"):
        late.carry_out([Job("a", 1.0)])


def test_local_workers_may_take_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a cluster a job that is late ends late."""
    monkeypatch.setattr(agenda, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(agenda, "LOOK_SECONDS", 0.02)
    future: Future[int] = Future()
    ended: list[int] = []

    def stopped() -> bool:
        future.set_result(3)
        return False

    Agenda(
        time.perf_counter(), 1, lambda _job, _slot: future, lambda _job, it: ended.append(it),
        stopped, math.inf,
    ).carry_out([Job("a", 1.0)])  # fmt: skip
    assert ended == [3]


@pytest.mark.slow
def test_a_port_that_accepts_and_says_nothing_is_no_scheduler() -> None:
    """The study ends within half a minute with the exit code of an engine."""
    pytest.importorskip("distributed", reason="the package distributed is missing")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        start = time.monotonic()
        words = ("consolidate", "tiny", "-t", 20, "--scheduler", address)
        told = freight_process(*words, code=4)
    assert "it accepts connections and says nothing" in told.stderr
    assert time.monotonic() - start < 60


def test_an_engine_of_one_needs_no_process() -> None:
    """One worker is this process."""
    with engines(1) as engine:
        assert engine.submit(os.getpid).result() == os.getpid()
