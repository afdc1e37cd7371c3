"""Compiled code that is kept follows the sources it comes from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CALLEE = "from typing import NamedTuple\nfrom solvers.arrays import compiled\n"
CALLER = """from parcel.callee import {record}, twice
from solvers.arrays import compiled


@compiled
def run(given: {record}) -> float:
    return twice(given)


print(run({record}(3.0)))
"""


def written(folder: Path, record: str, factor: float) -> None:
    """A package of two kernels: one multiplies the field of a record, the other calls it."""
    package = folder / "parcel"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text("")
    (package / "callee.py").write_text(
        f"{CALLEE}\n\nclass {record}(NamedTuple):\n    value: float\n\n\n@compiled\n"
        f"def twice(given: {record}) -> float:\n    return {factor} * given.value\n"
    )
    (package / "caller.py").write_text(CALLER.format(record=record))


def outcome(folder: Path) -> float:
    """What the package prints in a process of its own that keeps compiled code."""
    path = os.pathsep.join([str(folder), str(Path(__file__).resolve().parents[2])])
    done = subprocess.run(
        [sys.executable, "-c", "import parcel.caller"], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(folder / "kept")},
    )  # fmt: skip
    return float(done.stdout)


def test_a_kernel_follows_kernels_of_other_modules(tmp_path: Path) -> None:
    """The caller's file stays as it is; what it calls multiplies by 2, then by 25, then by 2."""
    written(tmp_path, "Parcel", 2.0)
    assert outcome(tmp_path) == 6.0
    written(tmp_path, "Parcel", 25.0)
    assert outcome(tmp_path) == 75.0


def test_a_record_of_another_name_is_no_obstacle(tmp_path: Path) -> None:
    """What was kept names a class that is gone; it counts as not kept."""
    written(tmp_path, "Parcel", 2.0)
    assert outcome(tmp_path) == 6.0
    written(tmp_path, "Bundle", 2.0)
    assert outcome(tmp_path) == 6.0
