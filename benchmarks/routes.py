"""How long a route query takes: ``python -m benchmarks.routes yangtze-europe --queries 1000``.

Random pairs of terminals in and outside China, in both directions, random size, ready and due
times; three criteria. The timetable index is built before; its time is given apart. The result is
kept as the one line of its instance in ``results/routes.csv``.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.contention import Contention
from freight.domain.instance import Instance
from freight.io import read
from freight.routing import Request, Router

RESULTS = Path(__file__).parent / "results" / "routes.csv"
QUANTILES = (0.5, 0.99)


@dataclass(frozen=True)
class Timing:
    """One line of the results; ``others_seconds``: processor time of other programs meanwhile.

    ``cpu``: processor time of the query itself, which a busy machine lengthens less.
    """

    instance: str
    arcs: int
    index_seconds: float
    queries: int
    seed: int
    median_ms: float
    p99_ms: float
    worst_ms: float
    median_cpu_ms: float
    p99_cpu_ms: float
    answered: int
    mean_options: float
    seconds: float
    others_seconds: float


def requests(instance: Instance, count: int, seed: int) -> Iterator[Request]:
    """Random queries; equal seeds give equal ones."""
    rng = random.Random(seed)
    inside = [one.id for one in instance.terminals if one.country == "CN"]
    outside = [one.id for one in instance.terminals if one.country != "CN"]
    statement = instance.statement
    span = int((statement.horizon_end - statement.horizon_start).total_seconds() // 7200)
    for _ in range(count):
        ends = [rng.choice(inside), rng.choice(outside)]
        rng.shuffle(ends)
        ready = statement.horizon_start + timedelta(hours=rng.randrange(span))
        teu = rng.choice([1, 2, 4, 10])
        yield Request(
            ends[0], ends[1], teu, teu * rng.uniform(3, 11), ready,
            ready + timedelta(days=rng.randrange(15, 45)), teu * rng.choice([2e4, 6e4, 2e5]),
        )  # fmt: skip


def measure(name: str, queries: int, seed: int) -> Timing:
    """Build the index, ask everything once, one query before it as a warm-up."""
    instance, contention = read(name), Contention()
    began = time.perf_counter()
    router = Router(instance)
    built = time.perf_counter() - began
    asked = list(requests(instance, queries + 1, seed))
    router.options(asked[0])
    seconds, work, options = [], [], []
    for request in asked[1:]:
        began, busy = time.perf_counter(), time.process_time()
        options.append(len(router.options(request)))
        seconds.append(time.perf_counter() - began)
        work.append(time.process_time() - busy)
    median, tail = (1e3 * float(one) for one in np.quantile(seconds, QUANTILES))
    own = [round(1e3 * float(one), 1) for one in np.quantile(work, QUANTILES)]
    return Timing(
        instance.statement.name, router.index.network.arcs, round(built, 2), queries, seed,
        round(median, 1), round(tail, 1), round(1e3 * max(seconds), 1), own[0], own[1],
        sum(one > 0 for one in options), round(float(np.mean(options)), 2),
        round(sum(seconds), 1), contention.others_seconds() or 0.0,
    )  # fmt: skip


def keep(path: Path, one: Timing) -> None:
    """Write a line in the place of the one its instance had."""
    lines: list[dict[str, str]] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            lines = [row for row in csv.DictReader(file) if row["instance"] != one.instance]
    lines.append({key: str(value) for key, value in asdict(one).items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Timing)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def main() -> None:
    """Time the queries, print and keep the result."""
    parser = argparse.ArgumentParser(description="Time route queries.")
    parser.add_argument("instance", nargs="?", default="yangtze-europe")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, default=RESULTS)
    args = parser.parse_args()
    found = measure(args.instance, args.queries, args.seed)
    keep(args.results, found)
    for key, value in asdict(found).items():
        print(f"{key}: {value}")


if __name__ == "__main__":
    main()
