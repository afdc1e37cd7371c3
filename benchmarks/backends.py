"""Build and solve the same compact model through three libraries, side by side in one run.

    python -m benchmarks.backends

HiGHS takes the sparse arrays directly, OR-Tools takes them as one wire message (SCIP for
mixed-integer models, Glop for linear ones), PuLP states them object by object and hands a file to
CBC; beside it stands CBC as the backend ``cbc`` uses it, with the file written from the arrays.
"Build" is the time to put the arrays into the library's own form, "solve" the rest until the
answer. Models come from the seeded generator, so the run needs no files.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
import pulp

from benchmarks.tables import RESULTS
from solvers.linear.backends import backend, highs, mathopt
from solvers.linear.backends.files import write_model
from solvers.linear.model import LinearModel, column_number, row_number
from solvers.network_design.compact.model import build
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge
from solvers.options import Options

CASES: dict[str, tuple[FixedChargeShape, bool]] = {
    "small, mixed-integer": (FixedChargeShape(12, 60, 15, 0.5, 6.0), True),
    "middle, mixed-integer": (FixedChargeShape(20, 230, 40, 0.15, 6.0, 49), True),
    "middle, relaxed": (FixedChargeShape(20, 230, 40, 0.15, 6.0, 49), False),
    "large, relaxed": (FixedChargeShape(30, 520, 100, 0.5, 20.0), False),
}

Outcome: TypeAlias = tuple[float, float, str, float | None]
"""Seconds to build, seconds to solve, outcome, objective."""

Library: TypeAlias = Callable[[LinearModel, Options], Outcome]


def through(chosen: str, builder: Callable[[LinearModel], object]) -> Library:
    """A library by its backend, whose call builds once more; the second build is subtracted."""

    def run(model: LinearModel, options: Options) -> Outcome:
        began = time.perf_counter()
        builder(model)
        built = time.perf_counter() - began
        began = time.perf_counter()
        found = backend(chosen).solve(model, options)
        solved = max(0.0, time.perf_counter() - began - built)
        return built, solved, found.outcome.value, found.objective

    return run


_WORDS = {pulp.LpSolutionOptimal: "optimal", pulp.LpSolutionIntegerFeasible: "feasible"}


def through_pulp(model: LinearModel, options: Options) -> Outcome:
    """PuLP's objects and its own call of CBC."""
    began = time.perf_counter()
    problem = state(model)
    built = time.perf_counter() - began
    solver = pulp.COIN_CMD(
        path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False, timeLimit=options.time_limit_seconds,
        gapRel=options.gap, threads=options.threads,
    )  # fmt: skip
    problem.solve(solver)
    solved = time.perf_counter() - began - built
    value = pulp.value(problem.objective)
    return built, solved, _WORDS.get(problem.sol_status, "no solution"), value


def state(model: LinearModel) -> pulp.LpProblem:
    """The model in PuLP's objects; a row with two sides becomes two rows."""
    problem = pulp.LpProblem("model", pulp.LpMinimize)
    lower = [None if np.isinf(v) else float(v) for v in model.col_lower]
    upper = [None if np.isinf(v) else float(v) for v in model.col_upper]
    kinds = [pulp.LpInteger if whole else pulp.LpContinuous for whole in model.integral]
    columns = [
        problem.add_variable(f"c{j}", lower[j], upper[j], kinds[j]) for j in range(model.columns)
    ]
    problem.setObjective(pulp.LpAffineExpression(zip(columns, model.cost.tolist(), strict=True)))
    rows = model.matrix.tocsr()
    start, index, data = rows.indptr.tolist(), rows.indices.tolist(), rows.data.tolist()
    for i in range(model.rows):
        part = slice(start[i], start[i + 1])
        terms = [(columns[j], v) for j, v in zip(index[part], data[part], strict=True)]
        for sense, side in sides(float(model.row_lower[i]), float(model.row_upper[i])):
            row = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, f"r{i}_{sense}", side)
            problem.addConstraint(row)
    return problem


def sides(lower: float, upper: float) -> list[tuple[int, float]]:
    """Sense and right-hand side of the one-sided rows that make a row."""
    if lower == upper:
        return [(pulp.LpConstraintEQ, lower)]
    both = [(pulp.LpConstraintGE, lower), (pulp.LpConstraintLE, upper)]
    return [side for side in both if np.isfinite(side[1])]


def libraries(*, whole: bool) -> dict[str, tuple[str, Library]]:
    """Backend whose versions count, and runner, of each library."""
    solver = "scip" if whole else "glop"
    return {
        "HiGHS (arrays)": ("highs", through("highs", highs.load)),
        f"OR-Tools {solver} (message)": (solver, through(solver, mathopt.message_of)),
        "PuLP (objects) → CBC": ("cbc", through_pulp),
        "backend cbc (file) → CBC": ("cbc", through("cbc", write)),
    }


def write(model: LinearModel) -> None:
    """Write the file that the backend ``cbc`` hands over."""
    with TemporaryDirectory() as folder:
        write_model(
            replace(model, column_name=column_number, row_name=row_number),
            Path(folder) / "model.mps",
        )


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
    options = Options(time_limit_seconds=limit_seconds)
    for name, (shape, whole) in CASES.items():
        model = build(random_fixed_charge(7, shape).problem()).model
        if not whole:
            model = replace(model, integral=np.zeros(model.columns, dtype=np.bool_))
        for library, (chosen, run) in libraries(whole=whole).items():
            made = [run(model, options) for _ in range(repeats)]
            versions = " ".join(f"{k}={v}" for k, v in backend(chosen).versions().items())
            yield Row(
                name, model.rows, model.columns, int(model.matrix.nnz), library, chosen,
                round(median(one[0] for one in made), 4), round(median(one[1] for one in made), 4),
                made[-1][2], made[-1][3], repeats, versions,
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
        print(f"{row.case:24} {row.library:27} build {row.build_seconds:8.3f} s  "
              f"solve {row.solve_seconds:8.3f} s  {row.outcome:9} {best}", flush=True)  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "backends.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in found)


if __name__ == "__main__":
    main()
