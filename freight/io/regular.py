"""Bytes of a file that is one: no pipe, device or folder, and not beyond a size."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 512 * 2**20
"""Size of the largest file that is read; a million shipments need about half of it."""
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unreadable(ValueError):
    """A file that is not read: what is wrong and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def regular_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of a regular file; raises FileNotFoundError, else :class:`Unreadable`.

    Never waits for a pipe and never reads more than ``most`` bytes.
    """
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as stream:
            kind = os.fstat(stream.fileno()).st_mode
            if stat.S_ISDIR(kind):
                raise Unreadable("It is a folder, not a file.", "Give a file.")
            if not stat.S_ISREG(kind):
                raise Unreadable("It is no regular file but a pipe or device.", "Give a file.")
            data = stream.read(most + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise cannot_be_read(error) from error
    if len(data) > most:
        what = f"The file is larger than {most // 2**20} MiB, which is more than is read."
        raise Unreadable(what, "Split it, or take out what does not belong there.")
    return data


def cannot_be_read(error: Exception) -> Unreadable:
    """What the system says about a file or folder that it does not let be read."""
    reason = getattr(error, "strerror", None) or error
    return Unreadable(f"It cannot be read: {reason}.", "Check its name and permissions.")
