"""Vehicle routing on public instances: gap to the best known value, method by method.

``python -m benchmarks.vrp FOLDER --seconds 60`` where the folder holds ``solomon/``, ``cvrp_x/``,
``lilim/`` and ``bestknown.csv`` (``instance,best_known,status,source``; pickup and delivery as
``vehicles/distance``). Results are appended to a CSV, one line per instance and method; what is
there already is not run again, so a long measurement can be stopped and taken up later.

Gap: ``(distance - best) / best``. Pickup and delivery counts vehicles first: with more vehicles
than the best known the gap is that of the vehicles. Conventions: Solomon distances truncated to one
decimal, X distances rounded, Li and Lim in double precision.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from solvers.formats.lilim import read_lilim
from solvers.formats.vrplib import read_cvrplib, read_solomon
from solvers.options import Options
from solvers.vrp import routing_method
from solvers.vrp.best_of_both import RoutingMethod
from solvers.vrp.check import route_distance
from solvers.vrp.ortools_routing import OrTools
from solvers.vrp.problem import Routing

FAMILIES = {
    "solomon": ("*.txt", "Solomon_", read_solomon),
    "cvrp_x": ("*.vrp", "", read_cvrplib),
    "lilim": ("*.txt", "LiLim_100_", read_lilim),
}
PLAIN = "ortools-default"
RESULTS = Path(__file__).parent / "results" / "vrp.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the results; distances in the units of the source."""

    family: str
    instance: str
    method: str
    seconds: float
    seed: int
    vehicles: int
    distance: float
    best_vehicles: int
    best_distance: float
    gap: float


def cases(folder: Path, family: str, best: dict[str, str]) -> Iterator[tuple[str, str, Routing]]:
    """Name, best known value and problem of every instance of a family that has a reference."""
    pattern, prefix, reader = FAMILIES[family]
    for path in sorted((folder / family).glob(pattern)):
        if prefix + path.stem in best:
            yield path.stem, best[prefix + path.stem], reader(path)


def method_of(name: str) -> RoutingMethod:
    """A method by name, and OR-Tools with every parameter at its default."""
    return OrTools(plain=True) if name == PLAIN else routing_method(name)


def measure(family: str, case: tuple[str, str, Routing], method: str, options: Options) -> Row:
    """Solve one instance by one method; no feasible routes count as a gap of 1."""
    name, reference, problem = case
    vehicles, _, distance = reference.rpartition("/")
    best_vehicles, best = int(vehicles or 0), float(distance)
    result = method_of(method).solve(problem, options)
    used, driven, gap = 0, 0.0, 1.0
    if result.routes is not None:
        used = len(result.routes.routes)
        driven = sum(route_distance(problem, one) for one in result.routes.routes) / problem.scale
        gap = driven / best - 1.0
        if best_vehicles and used != best_vehicles:
            gap = used / best_vehicles - 1.0
    seconds = round(result.seconds, 1)
    row = (family, name, method, seconds, options.seed, used, driven, best_vehicles, best)
    return Row(*row, gap=round(gap, 6))


def read_rows(path: Path) -> list[Row]:
    """Rows of a results file, none when it does not exist yet."""
    if not path.exists():
        return []
    kinds = {"str": str, "int": int, "float": float}
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Row(**{f.name: kinds[str(f.type)](line[f.name]) for f in fields(Row)})
            for line in csv.DictReader(lines)
        ]


def append_row(path: Path, row: Row) -> None:
    """Add one line, with a header to a new file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, [f.name for f in fields(Row)], lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerow(asdict(row))


def table(rows: list[Row]) -> str:
    """Mean and worst gap by family and method, as a Markdown table."""
    out = ["| family | method | instances | mean gap | worst gap | mean seconds |",
           "| --- | --- | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for family, method in sorted({(row.family, row.method) for row in rows}):
        some = [row for row in rows if (row.family, row.method) == (family, method)]
        gaps = [row.gap for row in some]
        seconds = sum(row.seconds for row in some) / len(some)
        mean = sum(gaps) / len(gaps)
        out.append(
            f"| {family} | {method} | {len(some)} | {mean:.2%} | {max(gaps):.2%} | {seconds:.0f} |"
        )
    return "\n".join(out)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Vehicle routing on public instances.")
    default = Path(__file__).parents[2] / "shared" / "benchmarks" / "vrp"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--methods", nargs="+", default=["best-of-both", PLAIN])
    parser.add_argument("--families", nargs="+", choices=list(FAMILIES), default=list(FAMILIES))
    parser.add_argument("--instances", nargs="+", help="only these, by file name without suffix")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def main() -> None:
    """Measure what is asked and not yet in the results, then print the table."""
    args = arguments()
    with (args.folder / "bestknown.csv").open(encoding="utf-8", newline="") as lines:
        best = {line["instance"]: line["best_known"] for line in csv.DictReader(lines)}
    known = {(row.family, row.instance, row.method) for row in read_rows(args.results)}
    options = Options(time_limit_seconds=args.seconds, seed=args.seed)
    for family in args.families:
        for case in cases(args.folder, family, best):
            for method in args.methods:
                asked = not args.instances or case[0] in args.instances
                if asked and (family, case[0], method) not in known:
                    row = measure(family, case, method, options)
                    append_row(args.results, row)
                    print(f"{family} {row.instance} {method}: {row.gap:+.2%}", flush=True)
    print(table(read_rows(args.results)))


if __name__ == "__main__":
    main()
