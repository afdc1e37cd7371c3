"""Build and solve the same compact model through three libraries, side by side in one run.

    python -m benchmarks.backends

HiGHS takes the sparse arrays directly, OR-Tools takes them as one wire message (SCIP for
mixed-integer models, Glop for linear ones), PuLP states them object by object and hands a file to
CBC. "Build" is the time to put the arrays into the library's own form, "solve" the rest of the
call. Models come from the seeded generator, so the run needs no files.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from statistics import median

import numpy as np

from benchmarks.tables import RESULTS
from solvers.arc_model import build
from solvers.backends import backend, cbc, highs, mathopt
from solvers.generate import FixedChargeShape, random_fixed_charge
from solvers.linear import LinearModel
from solvers.options import Options

CASES: dict[str, tuple[FixedChargeShape, bool]] = {
    "small, mixed-integer": (FixedChargeShape(12, 60, 15, 0.5, 6.0), True),
    "middle, mixed-integer": (FixedChargeShape(20, 230, 40, 0.2, 10.0), True),
    "middle, relaxed": (FixedChargeShape(20, 230, 40, 0.2, 10.0), False),
    "large, relaxed": (FixedChargeShape(30, 520, 100, 0.5, 20.0), False),
}

Builder = Callable[[LinearModel], object]


def libraries(*, whole: bool) -> dict[str, tuple[str, Builder]]:
    """Backend and builder of each library."""
    return {
        "HiGHS (arrays)": ("highs", highs.load),
        "OR-Tools (message)": ("scip" if whole else "glop", mathopt.message_of),
        "PuLP (objects) → CBC": ("cbc", cbc.state),
    }


@dataclass(frozen=True)
class Row:
    """One library on one model: medians over the repeats, in seconds."""

    case: str
    rows: int
    columns: int
    nonzeros: int
    library: str
    backend: str
    build_seconds: float
    solve_seconds: float
    outcome: str
    objective: float | None
    repeats: int
    versions: str


def measure(limit_seconds: float, repeats: int) -> Iterator[Row]:
    """Every case through every library."""
    for name, (shape, whole) in CASES.items():
        model = build(random_fixed_charge(7, shape).problem()).model
        if not whole:
            model = replace(model, integral=np.zeros(model.columns, dtype=np.bool_))
        for library, (chosen, builder) in libraries(whole=whole).items():
            yield _one(name, model, (library, chosen, builder), (limit_seconds, repeats))


def _one(
    name: str, model: LinearModel, how: tuple[str, str, Builder], much: tuple[float, int]
) -> Row:
    library, chosen, builder = how
    limit_seconds, repeats = much
    solver, builds, totals = backend(chosen), [], []
    for _ in range(repeats):
        began = time.perf_counter()
        builder(model)
        builds.append(time.perf_counter() - began)
        began = time.perf_counter()
        found = solver.solve(model, Options(time_limit_seconds=limit_seconds))
        totals.append(time.perf_counter() - began)
    versions = " ".join(f"{k}={v}" for k, v in solver.versions().items())
    return Row(
        name, model.rows, model.columns, int(model.matrix.nnz), library, chosen,
        round(median(builds), 4), round(max(0.0, median(totals) - median(builds)), 4),
        found.outcome.value, found.objective, repeats, versions,
    )  # fmt: skip


def main() -> None:
    """Measure, print and write ``results/backends.csv``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backends", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds per solve")
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    found = []
    for row in measure(asked.time_limit, asked.repeats):
        found.append(row)
        best = "none" if row.objective is None else f"{row.objective:.2f}"
        print(f"{row.case:24} {row.library:22} build {row.build_seconds:8.3f} s  "
              f"solve {row.solve_seconds:8.3f} s  {row.outcome:9} {best}", flush=True)  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "backends.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in found)


if __name__ == "__main__":
    main()
