"""Flags that end a solve, in one process and shared between processes."""

from __future__ import annotations

import multiprocessing
import threading

from solvers.options import Cancel, SharedCancel


def test_a_flag_tells_whom_it_is_passed_on_to() -> None:
    """Who asked before is told when it is raised, who asks afterwards is told at once."""
    cancel, told = Cancel(), []
    cancel.pass_on(lambda: told.append("before"))
    assert not cancel.raised
    cancel.set()
    cancel.pass_on(lambda: told.append("after"))
    assert cancel.raised
    assert told == ["before", "after"]


def test_a_shared_flag_is_raised_from_this_process_too() -> None:
    """Raising it sets the event, so that every process that holds the event sees it."""
    event = multiprocessing.get_context("spawn").Event()
    here, there = SharedCancel(event), SharedCancel(event)
    assert not there.raised
    here.set()
    assert event.is_set()
    assert there.raised


def test_a_shared_flag_raised_elsewhere_is_passed_on() -> None:
    """Whoever sets the event, the one who waits here is told."""
    event = multiprocessing.get_context("spawn").Event()
    told = threading.Event()
    SharedCancel(event).pass_on(told.set)
    assert not told.wait(0.05)
    event.set()
    assert told.wait(10.0)
