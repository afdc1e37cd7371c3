"""How other processes are started, and how they end.

An interpreter that is started with ``-c`` looks for modules in the current folder first, where a
script of the user's may be called ``numpy.py``.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Final

from solvers.arrays import UNKEPT

LOOK_SECONDS = 1.0
"""Between looks of a helper whether its parent is still there."""
ROOT: Final = Path(__file__).resolve().parents[1]
_CHILD: Final = {
    "PYTHONSAFEPATH": "1",
    # The first process has said it.
    "PYTHONWARNINGS": f"ignore:{UNKEPT.partition(',')[0]}",
}


@contextmanager
def spawning() -> Iterator[SpawnContext]:
    """A context of multiprocessing whose processes, started within, do not look in the folder."""
    before = {name: os.environ.get(name) for name in _CHILD}
    os.environ.update(_CHILD)
    try:
        yield multiprocessing.get_context("spawn")
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def safe_path() -> list[str]:
    """Where this process finds modules, without the current folder unless the program is there."""
    here = Path.cwd()
    kept = [
        place
        for place in sys.path
        if Path(place).is_absolute() and (Path(place) != here or here == ROOT)
    ]
    return kept if str(ROOT) in kept else [*kept, str(ROOT)]


def become_helper() -> None:
    """Make this process one that helps another.

    Signals that are meant for all, as a terminal's, are left to the parent, which says how a solve
    ends. When the parent is gone, however it went, so is this process.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os._exit(1)
