"""Signals: the first one keeps the best, the second one gives up, and no process stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from freight import planning
from freight.commands import failing, stopping
from freight.commands.stopping import Stopped, stoppable, unwinding
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.requests.planning import PlanRequest
from freight.requests.watching import Watcher
from tests.command import FREIGHT, ROOT, freight

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX systems")
SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"]


def send(name: str) -> None:
    """A signal to this process."""
    os.kill(os.getpid(), getattr(signal, name))


@pytest.mark.parametrize("name", SIGNALS)
def test_the_first_signal_asks_and_the_second_gives_up(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flag is raised and said so; after the job every handler is the one before."""
    monkeypatch.setattr(stopping, "SAME_SECONDS", 0.0)
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with stoppable("the plans found so far") as cancel:
        send(name)
        assert cancel.raised
        assert "Stopping with the plans found so far" in capsys.readouterr().err
        with pytest.raises(Stopped) as stopped:
            send(name)
    assert (stopped.value.number, stopped.value.given_up) == (number, True)
    assert signal.getsignal(number) == before
    assert failing.exit_code_of(stopped.value) == 128 + number
    assert "Given up: nothing is written." in capsys.readouterr().err


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_sent_to_process_and_group_is_one_signal(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``timeout`` and terminals send it twice at once: the best so far is kept all the same."""
    monkeypatch.setattr(stopping, "SAME_SECONDS", 60.0)
    with stoppable() as cancel:
        send(name)
        send(name)
        assert cancel.raised


def test_a_hang_up_ignored_by_nohup_stays_ignored() -> None:
    """``nohup freight solve …`` goes on when the terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable() as cancel:
            send("SIGHUP")
            assert not cancel.raised
    finally:
        signal.signal(signal.SIGHUP, before)


def test_outside_a_long_job_a_signal_unwinds() -> None:
    """Drafts are taken away on the way out, as after Ctrl-C."""
    with pytest.raises(Stopped), unwinding():
        send("SIGTERM")


@pytest.mark.parametrize("name", SIGNALS)
def test_a_solve_that_is_stopped_writes_its_plan(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signal comes while the solver runs; the plan it had is written, exit code 0."""
    whole = planning.plan_as_asked

    def interrupted(instance: Instance, request: PlanRequest, watcher: Watcher) -> Plan:
        found = whole(instance, request, watcher)
        send(name)
        assert watcher.cancel.raised
        return found

    monkeypatch.setattr(planning, "plan_as_asked", interrupted)
    told = freight("solve", "tiny", "-o", tmp_path / "plan.json")
    assert "Stopping with the best plan so far" in told.stderr
    assert "The plan holds" in freight("audit", "tiny", tmp_path / "plan.json").stdout


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_command_with_nothing_to_keep_ends_with_the_signal(
    name: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, 128 + the signal, and no half-written page or draft."""
    from freight.report import writing

    def stopped(*_: object, **__: object) -> None:
        send(name)

    plan = tmp_path / "plan.json"
    freight("solve", "tiny", "-o", plan)
    monkeypatch.setattr(writing, "write_report", stopped)
    told = freight("report", plan, "-o", tmp_path / "r.html", code=code)
    assert "Stopped before there was anything to keep." in told.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json"]


HELPER = "from solvers.processes import become_helper; import time; become_helper(); "
PARENT = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', "
    f"{(HELPER + 'print(1, flush=True); time.sleep(60)')!r}]); print(child.pid, flush=True); "
    "time.sleep(60)"
)


def running(number: int) -> bool:
    """Whether a process is there and no zombie."""
    state = Path(f"/proc/{number}/stat")
    return state.exists() and state.read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes as on Linux")
def test_a_helper_ends_with_its_parent_and_with_nothing_else() -> None:
    """Deaf to signals meant for all, gone two seconds after the parent was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert parent.stdout.readline() == "1\n"
        for name in SIGNALS:
            os.kill(child, getattr(signal, name))
        time.sleep(0.2)
        assert running(child)
        parent.kill()
    end = time.monotonic() + 10
    while running(child) and time.monotonic() < end:
        time.sleep(0.1)
    assert not running(child)


@pytest.mark.slow
@pytest.mark.parametrize("name", SIGNALS)
def test_a_long_solve_leaves_its_plan_and_no_process(name: str, tmp_path: Path) -> None:
    """A signal after 40 s of a long solve: a plan that holds, and every helper gone."""
    path = tmp_path / "plan.json"
    words = ["solve", "yangtze-europe", "-o", str(path), "--gap", "0", "--time-limit", "300"]
    process = subprocess.Popen(
        [*FREIGHT, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(40)
    helpers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    process.send_signal(getattr(signal, name))
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "best plan so far" in told
    assert "The plan holds" in freight("audit", "yangtze-europe", path).stdout
    assert [number for number in helpers if running(int(number))] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_study_leaves_no_worker(name: str, tmp_path: Path) -> None:
    """Workers end with the study, even with one that was killed."""
    words = ["consolidate", "yangtze-europe", "-t", "120", "-o", str(tmp_path / "study")]
    process = subprocess.Popen(
        [*FREIGHT, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(20)
    helpers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    assert len(helpers) >= 2
    process.send_signal(getattr(signal, name))
    process.wait(timeout=120)
    time.sleep(5)
    assert [number for number in helpers if running(int(number))] == []
