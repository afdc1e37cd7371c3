"""Model files: MPS and LP, written by HiGHS, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import highspy

from solvers.errors import SolverFailed
from solvers.linear.backends.highs import load
from solvers.linear.model import LinearModel, column_number, row_number

SUFFIXES = (".mps", ".lp")


def write_model(model: LinearModel, path: str | Path) -> None:
    """Write a model in the format of the suffix, with the names of its columns and rows.

    HiGHS names columns c0, c1, … and rows r0, r1, … itself where the model has no other names.
    Written beside the target and moved into place when complete. Raises SolverFailed for another
    suffix or when HiGHS cannot write (repeated names or names with blanks, for instance).
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
    with TemporaryDirectory(dir=target.parent) as folder:
        part = Path(folder) / target.name
        if solver.writeModel(str(part)) == highspy.HighsStatus.kError or not part.exists():
            raise SolverFailed(f"{target.name}: HiGHS could not write it. Check the model's names.")
        part.replace(target)
