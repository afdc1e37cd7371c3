"""Processes beside the first run nothing of the current folder; kernels need not be kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numba.core.caching
import pytest

from solvers.arrays import UnkeptWarning, compiled
from solvers.network_design.heuristics.matheuristic.pipe_process import PipeProcess
from solvers.processes import ROOT, safe_path, spawning

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
    companion = PipeProcess("solvers.network_design.heuristics.matheuristic.worker_main")
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
