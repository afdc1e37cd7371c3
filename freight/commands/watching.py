"""A long command as a person sees it: one line of progress, and a flag that Ctrl-C raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from freight.commands.screen import err, tell
from freight.commands.stopping import stoppable
from freight.requests.watching import Watcher

if TYPE_CHECKING:
    from freight.domain.instance import Instance
    from freight.report.progress import ProgressLine


@contextmanager
def timed(stage: str) -> Iterator[Watcher]:
    """Show progress of a job that has nothing to keep before it is done."""
    from freight.report.progress import ProgressLine

    with ProgressLine(err, stage) as line:
        yield Watcher(line, hear=tell)


@contextmanager
def watched(stage: str, keeps: str = "the best so far") -> Iterator[Watcher]:
    """Show progress from ``stage`` on; the first signal keeps what ``keeps`` names."""
    with timed(stage) as watcher, stoppable(keeps) as stop:
        yield replace(watcher, cancel=stop)


def read_watched(name: str, watcher: Watcher) -> Instance:
    """An instance read while the line says so; its currency is that of the line from then on."""
    from freight.io import read

    watcher.began(f"reading {name}")
    instance = read(name)
    line: ProgressLine | object = watcher.listener
    if hasattr(line, "currency"):
        line.currency = instance.statement.currency
    watcher.began("loading the solvers")
    return instance
