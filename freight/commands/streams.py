"""Standard streams as they come: closed, full, cut off, or of another encoding than UTF-8."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

_STANDARD = (0, 1, 2)


def prepare() -> None:
    """Let every stream take every text, and leave no standard stream closed.

    A closed one would give its number to the next file that is opened, and what a library prints
    would end up in that file.
    """
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout, sys.stderr = _open(sys.stdout), _open(sys.stderr)


def _open(stream: TextIO | None) -> TextIO:
    """The stream itself; signs that it cannot write become ``?``, in UTF-8 their number."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    if isinstance(stream, io.TextIOWrapper):
        known = (stream.encoding or "").lower().replace("-", "").startswith("utf")
        stream.reconfigure(errors="backslashreplace" if known else "replace")
    return stream


def give_up_stdout() -> None:
    """Send what stdout still holds nowhere, so that the process ends quietly."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
