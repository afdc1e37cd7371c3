"""Model files: MPS and LP, written by HiGHS."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import highspy

from solvers.linear.backends.highs import load
from solvers.linear.model import LinearModel, column_number, row_number
from solvers.outcome import SolverFailed

SUFFIXES = (".mps", ".lp")


def write_model(model: LinearModel, path: str | Path) -> None:
    """Write a model in the format of the suffix, with the names of its columns and rows.

    HiGHS names columns c0, c1, … and rows r0, r1, … itself where the model has no other names.
    What is at the path is overwritten. Raises SolverFailed for another suffix or when HiGHS cannot
    write (repeated names or names with blanks, for instance), OSError when not all of it arrives.
    """
    target = Path(path)
    if target.suffix not in SUFFIXES:
        raise SolverFailed(
            f"{target.name}: suffix '{target.suffix}' is not known. Use {' or '.join(SUFFIXES)}."
        )
    solver = load(model)
    if model.column_name is not column_number:
        for j in range(model.columns):
            solver.passColName(j, model.column_name(j))
    if model.row_name is not row_number:
        for i in range(model.rows):
            solver.passRowName(i, model.row_name(i))
    write: Any = solver.writeModel
    # Bytes, since a name of a file need not be text.
    if write(os.fsencode(target)) == highspy.HighsStatus.kError:
        raise SolverFailed("HiGHS could not write the model. Check its names.")
    if not _complete(target):
        # HiGHS does not look whether what it writes arrives.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _complete(path: Path) -> bool:
    """Whether a model file has its last line."""
    with path.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - 16))
        return stream.read().rstrip().lower().endswith((b"endata", b"end"))
