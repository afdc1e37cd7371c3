"""The progress line: there at once, names what is going on, keeps the best figures."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

import pytest
from rich.console import Console

from freight.report import progress
from freight.report.progress import STAGES, ProgressLine
from freight.requests.watching import Watcher

SOLVERS = Path(__file__).resolve().parents[2] / "solvers"


def plain() -> tuple[io.StringIO, Console]:
    """A stream that is no terminal."""
    stream = io.StringIO()
    return stream, Console(file=stream, width=200)


def test_the_first_line_is_there_before_anything_happens() -> None:
    """Nobody wonders whether the program has begun."""
    stream, console = plain()
    with ProgressLine(console, "reading tiny"):
        assert stream.getvalue() == "    0 s  reading tiny\n"


def test_a_line_says_stage_plan_bound_and_gap() -> None:
    """The best objective and bound heard, whatever comes after; 100 against 90 is 10 %."""
    _, console = plain()
    line = ProgressLine(console, "starting", "USD")
    for objective in (120.0, 100.0, 110.0):
        line.improved(objective)
    for bound in (80.0, 90.0, 85.0):
        line.bounded(bound)
    line.iterated("bound", 1200)
    expected = "computing the bound, round 1,200  plan 100 USD  bound 90  gap 10.00 %"
    assert line.line().plain.endswith(expected)
    line.began("writing the plan")
    assert "writing the plan  plan" in line.line().plain


def test_a_new_phase_gets_a_line_and_iterations_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a log a phase stands once, however many rounds it has."""
    monkeypatch.setattr(progress, "PHASE_SECONDS", 0.0)
    stream, console = plain()
    with ProgressLine(console, "reading"):
        pass
    with ProgressLine(console, "reading") as line:
        for number in range(5):
            line.iterated("bound", number)
        line.began("writing")
    told = [text.split(" s  ")[1] for text in stream.getvalue().splitlines()[1:]]
    assert told == ["reading", "computing the bound", "writing"]


def test_a_silent_job_is_heard_of_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an event for a while, the line comes again with the time."""
    monkeypatch.setattr(progress, "PLAIN_EVERY_SECONDS", 0.05)
    stream, console = plain()
    with ProgressLine(console, "thinking"):
        time.sleep(0.4)
    assert stream.getvalue().count("thinking") >= 3


def test_every_stage_of_the_solvers_has_words() -> None:
    """A stage that solvers name by a word of their own is said in a planner's."""
    told = {
        stage
        for path in SOLVERS.rglob("*.py")
        for stage in re.findall(r'(?:_say|iterated)\("([^"]+)"', path.read_text("utf-8"))
    }
    assert told
    assert told <= set(STAGES)


def test_figures_of_one_part_are_not_shown_as_those_of_the_whole() -> None:
    """Trucks of one city and day cost a fraction of all trucks, in another unit besides."""
    stream, console = plain()
    with ProgressLine(console, "reading") as line:
        listener = Watcher(line).of_parts().options(1.0).listener
        listener.improved(5.0)
        listener.bounded(4.0)
        listener.iterated("trucks of Wuhan", 0)
        assert line.line().plain.endswith("trucks of Wuhan")
    assert "plan" not in stream.getvalue()
