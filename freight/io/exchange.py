"""Two folders change places in one step, where the system can do that (Linux)."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Final

_EXCHANGE: Final = 2
_HERE: Final = -100
"""AT_FDCWD: names are as the process sees them."""


def exchanged(draft: Path, target: Path) -> bool:
    """Put a finished folder in the place of another, which keeps its foreign files.

    Files of the target that the draft lacks are linked into the draft first, modes of the others
    taken over; then both change places, and the draft's name holds the old folder. False, with
    the target as it was, where links or exchanges are not to be had.
    """
    try:
        before = _taken_over(draft, target)
        if not _exchange(draft, target):
            return False
    except (OSError, shutil.Error):
        return False
    for late in draft.iterdir():
        if late.name not in before:
            late.rename(target / late.name)
    return True


def _taken_over(draft: Path, target: Path) -> set[str]:
    """Link foreign files into the draft; gives the names that the target had."""
    own = {one.name for one in draft.iterdir()}
    names = set()
    for entry in target.iterdir():
        names.add(entry.name)
        if entry.name in own:
            (draft / entry.name).chmod(stat.S_IMODE(entry.stat().st_mode))
        elif entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, draft / entry.name, symlinks=True, copy_function=os.link)
        else:
            os.link(entry, draft / entry.name, follow_symlinks=False)
    draft.chmod(stat.S_IMODE(target.stat().st_mode))
    return names


def _exchange(draft: Path, target: Path) -> bool:
    """One rename that swaps both; False where the system has none."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    done: int = rename(_HERE, os.fsencode(draft), _HERE, os.fsencode(target), _EXCHANGE)
    return done == 0
