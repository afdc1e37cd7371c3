"""Methods × instances of multicommodity fixed-charge network design, each in a fresh process.

    python -m benchmarks.mcnd --instances ../shared/benchmarks/canad --time-limit 60

Solves one after the other with the same limit and threads, appends to a CSV in
``benchmarks/results`` and skips what is already there and did not fail, so an interrupted run goes
on. The instances are published by CommaLAB, University of Pisa (data set "mmcf"); they are not part
of the project.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.contention import Contention
from benchmarks.measures import gap_to, proved_gap
from benchmarks.one import Case, Record
from benchmarks.tables import RESULTS, Reference, Row, append_row, read_best_known, read_rows
from solvers.network_design.instances.dow import write_dow
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge

DEFAULT_FOLDER = Path("../shared/benchmarks/canad")
OURS = ("matheuristic", "columns")
GENERAL = ("arc-mip:highs", "arc-mip:scip", "arc-mip:cp-sat", "arc-mip:cbc")

#: Unseen instances of the same family: nodes, arcs, commodities, fixed ratio, tightness. Letters as
#: in the public set: V or F as variable or fixed costs weigh more, L or T for loose or tight rows.
FAMILY = {
    "g20-230-40-VL": FixedChargeShape(20, 230, 40, 0.15, 6.0, 49),
    "g20-230-40-FT": FixedChargeShape(20, 230, 40, 0.2, 16.0, 49),
    "g20-230-200-VL": FixedChargeShape(20, 230, 200, 5.0, 16.0, 9),
    "g20-230-200-FT": FixedChargeShape(20, 230, 200, 9.0, 22.0, 9),
    "g25-400-100-VL": FixedChargeShape(25, 400, 100, 0.5, 16.0, 19),
    "g25-400-100-FT": FixedChargeShape(25, 400, 100, 2.0, 26.0, 19),
    "g30-520-400-VT": FixedChargeShape(30, 520, 400, 1.5, 50.0, 9),
    "g30-520-400-FL": FixedChargeShape(30, 520, 400, 3.6, 40.0, 9),
    "g30-700-400-VL": FixedChargeShape(30, 700, 400, 1.8, 40.0, 9),
    "g30-700-400-FT": FixedChargeShape(30, 700, 400, 2.8, 50.0, 9),
    "g40-900-150-VT": FixedChargeShape(40, 900, 150, 0.4, 32.0, 19),
    "g40-900-150-FL": FixedChargeShape(40, 900, 150, 1.5, 22.0, 19),
}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mcnd", description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--instances", type=Path, default=DEFAULT_FOLDER,
                        help="folder of .dow files (default: %(default)s)")  # fmt: skip
    parser.add_argument("--only", nargs="*", default=None, help="names of instances, without .dow")
    parser.add_argument("--methods", nargs="*", default=[*OURS, *GENERAL],
                        help="methods, with :backend where they take one")  # fmt: skip
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds per solve")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--name", default=None, help="name of the result file, without .csv")
    parser.add_argument(
        "--generate", type=Path, default=None, metavar="DIR",
        help="write the unseen instances of the same family to DIR and stop",
    )  # fmt: skip
    return parser.parse_args()


def main() -> None:
    """Run what is missing and print one line per solve."""
    asked = arguments()
    if asked.generate is not None:
        generate(asked.generate, asked.seed)
        return
    files = sorted(asked.instances.glob("*.dow"))
    if asked.only is not None:
        files = [path for path in files if path.stem in asked.only]
    if not files:
        sys.exit(f"{asked.instances}: no .dow files. Name their folder with --instances.")
    target = RESULTS / f"{asked.name or f'mcnd-{asked.time_limit:g}s'}.csv"
    known = read_best_known(asked.instances)
    done = {row.key for row in read_rows(target) if row.outcome != "failed"}
    for path, method in ((p, m) for p in files for m in asked.methods):
        case = Case(str(path.resolve()), method, asked.time_limit, asked.seed, asked.threads)
        if (path.stem, method, case.time_limit_seconds, case.seed, case.threads) in done:
            continue
        contention = Contention()
        made = run(case)
        row = row_of(path.stem, case, made, contention.others_seconds())
        append_row(target, row, made.trace)
        print(line(row, known.get(path.stem)), flush=True)


def generate(folder: Path, seed: int) -> None:
    """Write the unseen family."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, (name, shape) in enumerate(FAMILY.items()):
        made = random_fixed_charge(1000 * (seed + 1) + i, shape)
        write_dow(made.problem(), folder / f"{name}.dow")
        print(f"{folder / name}.dow")


def run(case: Case) -> Record:
    """One case in a fresh process; a crash or a hang becomes a failed record."""
    patience = 3 * case.time_limit_seconds + 120
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.one"], input=json.dumps(asdict(case)),
            capture_output=True, text=True, timeout=patience, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return failed(f"no answer after {patience:g} s, killed")
    if done.returncode != 0:
        words = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return failed(words[0])
    return Record(**json.loads(done.stdout))


def failed(message: str) -> Record:
    """The record of a process that gave no answer."""
    return Record("failed", "", None, None, 0.0, 0.0, 0.0, 0, {}, [], message)


def row_of(instance: str, case: Case, made: Record, others: float | None) -> Row:
    """The CSV row of a record."""
    return Row(
        instance, case.method, case.time_limit_seconds, case.seed, case.threads, made.outcome,
        made.stop, made.objective, made.bound, round(made.seconds, 3),
        round(made.warm_up_seconds, 3), round(made.peak_mb, 1), made.violations, others,
        " ".join(f"{name}={number}" for name, number in sorted(made.versions.items())),
        made.message,
    )  # fmt: skip


def line(row: Row, known: Reference | None) -> str:
    """One printed line."""
    return "  ".join(_cells(row, known))


def _cells(row: Row, known: Reference | None) -> Iterator[str]:
    yield f"{row.instance:14} {row.method:16} {row.outcome:12}"
    yield "objective       none" if row.objective is None else f"objective {row.objective:10.0f}"
    gap = gap_to(row.objective, known.value if known else None)
    yield "to best known      –" if gap is None else f"to best known {100 * gap:6.2f} %"
    own = proved_gap(row.objective, row.bound)
    yield "proved      –" if own is None else f"proved {100 * own:6.2f} %"
    yield f"{row.seconds:6.1f} s  {row.peak_mb:5.0f} MB"
    if row.violations or row.message:
        yield f"{row.violations} violations {row.message}"


if __name__ == "__main__":
    main()
