"""How long a route query takes: ``python -m benchmarks.routes yangtze-europe --queries 1000``.

Random pairs of terminals in and outside China, in both directions, random size, ready and due
times; three criteria. The timetable index is built before; its time is given apart.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from freight.domain.instance import Instance
from freight.io import read
from freight.routing import Request, Router


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


def main() -> None:
    """Time every query and print quantiles."""
    parser = argparse.ArgumentParser(description="Time route queries.")
    parser.add_argument("instance", nargs="?", default="yangtze-europe")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    instance = read(args.instance)
    began = time.perf_counter()
    router = Router(instance)
    built = time.perf_counter() - began
    seconds, options = [], []
    asked = list(requests(instance, args.queries + 1, args.seed))
    router.options(asked[0])
    for request in asked[1:]:
        began = time.perf_counter()
        options.append(len(router.options(request)))
        seconds.append(time.perf_counter() - began)
    median, tail = np.quantile(seconds, [0.5, 0.99]) * 1e3
    print(f"{args.instance}: index {built:.2f} s, {router.index.network.arcs} arcs")
    print(f"{args.queries} queries: median {median:.1f} ms, 99th percentile {tail:.1f} ms")
    print(f"options a query: mean {np.mean(options):.1f}, most {max(options)}")


if __name__ == "__main__":
    main()
