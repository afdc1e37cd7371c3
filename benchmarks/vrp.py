"""Vehicle routing on public instances: gap to the best known value, method by method.

``python -m benchmarks.vrp FOLDER --seconds 60`` where the folder holds ``solomon/``, ``cvrp_x/``,
``lilim/`` and ``bestknown.csv`` (``instance,best_known,status,source``; pickup and delivery as
``vehicles/distance``). Results are appended to a CSV, one line per instance and method; what is
there already is not run again, so a long measurement can be stopped and taken up later.

Gap: ``(distance - best) / best``. Pickup and delivery counts vehicles first: with more vehicles
than the best known the gap is that of the vehicles. Conventions: Solomon distances truncated to one
decimal, X distances rounded, Li and Lim in double precision. A solve ends before its limit when it
reaches the best known value. Methods: ``pyvrp`` is what ``best-of-both`` runs on its first core,
here alone on one; ``ortools-default`` is OR-Tools with every search parameter at its default, which
ends by itself at a local optimum.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path

from benchmarks.contention import Contention
from benchmarks.tables import append_line
from solvers.options import Cancel, Options, Silent
from solvers.vrp import routing_method
from solvers.vrp.best_of_both import RoutingMethod
from solvers.vrp.check import route_distance
from solvers.vrp.formats.lilim import read_lilim
from solvers.vrp.formats.vrplib import read_cvrplib, read_solomon
from solvers.vrp.ortools_routing import OrTools
from solvers.vrp.problem import Routing

FAMILIES = {
    "solomon": ("*.txt", "Solomon_", read_solomon),
    "cvrp_x": ("*.vrp", "", read_cvrplib),
    "lilim": ("*.txt", "LiLim_100_", read_lilim),
}
PLAIN = "ortools-default"
REACHED = 2e-5
"""A gap up to this is the rounding of the reference."""
RESULTS = Path(__file__).parent / "results" / "vrp-60s.csv"
VERSIONS = " ".join(f"{name} {version(name)}" for name in ("ortools", "pyvrp"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the results; distances in the units of the source.

    ``others_seconds`` is the processor time that other programs took meanwhile.
    """

    family: str
    instance: str
    method: str
    limit_seconds: float
    seconds: float
    to_best_seconds: float
    others_seconds: float
    seed: int
    versions: str
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


class Target(Silent):
    """Ends a solve by its cancel flag as soon as ``objective`` is reached, and notes when."""

    def __init__(self, objective: float) -> None:
        self.objective, self.cancel = objective, Cancel()
        self.best, self.to_best_seconds = float("inf"), 0.0
        self._start = time.perf_counter()

    def improved(self, objective: float) -> None:
        """Hear an incumbent."""
        if objective < self.best:
            self.best, self.to_best_seconds = objective, time.perf_counter() - self._start
        if objective <= self.objective:
            self.cancel.set()


def target(problem: Routing, vehicles: int, distance: float) -> float:
    """Best known value as an objective; 0.001 % is the rounding of distances to integers."""
    return int(problem.fleet.fixed_cost[0]) * vehicles + distance * problem.scale * (1 + 1e-5)


def measure(family: str, case: tuple[str, str, Routing], method: str, limits: Options) -> Row:
    """Solve one instance by one method; no feasible routes count as a gap of 1."""
    name, reference, problem = case
    vehicles, _, distance = reference.rpartition("/")
    best_vehicles, best = int(vehicles or 0), float(distance)
    goal, contention = Target(target(problem, best_vehicles, best)), Contention()
    options = replace(limits, listener=goal, cancel=goal.cancel)
    result = method_of(method).solve(problem, options)
    others = contention.others_seconds() or 0.0
    used, driven, gap = 0, 0.0, 1.0
    if result.routes is not None:
        used = len(result.routes.routes)
        driven = sum(route_distance(problem, one) for one in result.routes.routes) / problem.scale
        gap = driven / best - 1.0
        if best_vehicles and used != best_vehicles:
            gap = used / best_vehicles - 1.0
    return Row(
        family, name, method, limits.time_limit_seconds or 0.0, round(result.seconds, 1),
        round(goal.to_best_seconds, 1), others, limits.seed, VERSIONS, used, round(driven, 4),
        best_vehicles, best, round(gap, 6),
    )  # fmt: skip


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
    append_line(path, asdict(row))


def table(rows: list[Row]) -> str:
    """Mean and worst gap by family and method, as a Markdown table."""
    out = [
        "| family | method | instances | best known reached | mean gap | worst gap "
        "| mean seconds to best |",
        "| :--- | :--- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for family, method in sorted({(row.family, row.method) for row in rows}):
        some = [row for row in rows if (row.family, row.method) == (family, method)]
        gaps = [row.gap for row in some]
        reached = sum(gap <= REACHED for gap in gaps)
        seconds = sum(row.to_best_seconds for row in some) / len(some)
        mean = sum(gaps) / len(gaps)
        out.append(
            f"| {family} | {method} | {len(some)} | {reached} | {mean:.2%} | {max(gaps):.2%} "
            f"| {seconds:.1f} |"
        )
    return "\n".join(out)


def per_instance(rows: list[Row]) -> str:
    """Gap of every method on every instance, with what is best known."""
    methods = sorted({row.method for row in rows}, reverse=True)
    found = {(row.family, row.instance, row.method): row for row in rows}
    out = ["| family | instance | best known | " + " | ".join(f"{m} gap %" for m in methods) + " |",
           "| :--- | :--- | ---: | " + " | ".join("---:" for _ in methods) + " |"]  # fmt: skip
    for family, name in dict.fromkeys((row.family, row.instance) for row in rows):
        some = [found.get((family, name, method)) for method in methods]
        known = next(row for row in some if row is not None)
        best = f"{known.best_distance:g}"
        if known.best_vehicles:
            best = f"{known.best_vehicles} / {best}"
        gaps = ["–" if row is None else f"{100 * row.gap:.2f}" for row in some]
        out.append(f"| {family} | {name} | {best} | " + " | ".join(gaps) + " |")
    return "\n".join(out)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Vehicle routing on public instances.")
    default = Path(__file__).parents[2] / "shared" / "benchmarks" / "vrp"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--methods", nargs="+", default=["pyvrp", PLAIN])
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
