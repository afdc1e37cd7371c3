"""What doubling shipments or weeks costs: ``python -m benchmarks.scaling --time-limit 60``.

Generates instances, keeps a share of their shipments, and measures every step from the instance to
a plan, each in a fresh process: compiling to arrays, making the network ready, one pricing of all
commodities, and the gap that a solve of equal time ends with. Lines are appended to
``results/scaling.csv``; what is there with the same limit and seed is not measured again.
``--only national:4:1`` takes one case: instance, weeks, and one shipment in how many is kept.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np

from benchmarks.contention import Contention
from benchmarks.tables import RESULTS as FOLDER
from benchmarks.tables import append_line
from freight.domain.instance import Instance
from freight.generate.national import national
from freight.generate.yangtze import yangtze_europe
from freight.model.compile import compile_instance
from freight.planning import choose_method
from solvers.network_design.master.lagrangian import surcharge
from solvers.network_design.registry import method_class
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.network import Network
from solvers.options import Options

T = TypeVar("T")
RESULTS = FOLDER / "scaling.csv"
GENERATORS = {"yangtze-europe": yangtze_europe, "national": national}
CASES = [
    ("yangtze-europe", 4, 1), ("yangtze-europe", 8, 2), ("yangtze-europe", 8, 1),
    ("national", 2, 1), ("national", 4, 2), ("national", 4, 1),
]  # fmt: skip
WRITTEN = {":".join(map(str, case)): case for case in CASES}


@dataclass(frozen=True)
class Measured:
    """One line: sizes, seconds of the steps, and where a solve of equal time ends.

    One shipment in ``one_of`` is kept. Times in seconds, memory in MB.
    """

    instance: str
    weeks: int
    one_of: int
    seed: int
    time_limit_seconds: float
    shipments: int
    designs: int
    arcs: int
    compile_seconds: float
    network_seconds: float
    pricing_seconds: float
    method: str
    objective: float | None
    bound: float | None
    unserved: float
    peak_mb: float
    others_seconds: float


def thinned(instance: Instance, one_of: int) -> Instance:
    """The instance with every ``one_of``-th shipment."""
    return instance.model_copy(update={"shipments": instance.shipments[::one_of]})


def measure(name: str, weeks: int, one_of: int, seed: int, limit: float) -> Measured:
    """Every step once; compiled code is warmed up by a first pricing."""
    contention = Contention()
    instance = thinned(GENERATORS[name](weeks=weeks, seed=seed), one_of)
    compiled, took = _timed(lambda: compile_instance(instance))
    problem = compiled.problem
    network, network_took = _timed(lambda: Network.of(problem))
    relaxation = Relaxation(network, Options())
    far = np.full(len(relaxation.asked), np.inf)
    _, pricing = _timed(lambda: relaxation.price(surcharge(relaxation.network), far))
    method, _ = choose_method(problem)
    made = method_class(method)().solve(problem, Options(time_limit_seconds=limit, seed=seed))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    left = 0.0 if made.solution is None else float(made.solution.unserved.sum())
    return Measured(
        name, weeks, one_of, seed, limit, len(instance.shipments), problem.designs, problem.arcs,
        round(took, 2), round(network_took, 2), round(pricing, 3), method, made.objective,
        made.bound, left, round(peak, 1), contention.others_seconds() or 0.0,
    )  # fmt: skip


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    """What a call makes, and its seconds."""
    began = time.perf_counter()
    made = run()
    return made, time.perf_counter() - began


def read() -> list[dict[str, str]]:
    """Lines measured so far."""
    if not RESULTS.exists():
        return []
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table_rows(lines: list[dict[str, str]]) -> list[list[str]]:
    """Cells of the table in the README."""
    found = []
    for r in lines:
        gap = "–"
        if r["objective"] and r["bound"]:
            objective = float(r["objective"])
            gap = f"{100 * (objective - float(r['bound'])) / objective:.2f}"
        found.append([
            r["instance"], r["weeks"], r["shipments"], r["designs"], r["arcs"],
            r["compile_seconds"], r["network_seconds"], r["pricing_seconds"], r["method"],
            f"{float(r['time_limit_seconds']):g}", gap, f"{float(r['unserved']):.0f}",
            f"{float(r['peak_mb']):.0f}",
        ])  # fmt: skip
    return found


HEAD = ("instance", "weeks", "shipments", "designs", "arcs", "compile s", "network s", "pricing s",
        "method", "limit s", "proved gap %", "TEU left", "peak MB")  # fmt: skip


def main() -> None:
    """Measure what is missing, one process for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds per solve")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=None, choices=WRITTEN,
                        metavar="CASE", help="cases, e.g. national:4:1")  # fmt: skip
    parser.add_argument("--one", default=None, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one is not None:
        name, weeks, one_of = WRITTEN[asked.one]
        line = measure(name, weeks, one_of, asked.seed, asked.time_limit)
        append_line(RESULTS, asdict(line))
        return
    done = {
        (r["instance"], int(r["weeks"]), int(r["one_of"]))
        for r in read()
        if int(r["seed"]) == asked.seed and float(r["time_limit_seconds"]) == asked.time_limit
    }
    for written, case in WRITTEN.items():
        if case in done or (asked.only is not None and written not in asked.only):
            continue
        subprocess.run(
            [sys.executable, "-m", "benchmarks.scaling", "--one", written,
             "--seed", str(asked.seed), "--time-limit", str(asked.time_limit)],
            check=True,
        )  # fmt: skip
        print("  ".join(table_rows(read())[-1]), flush=True)


if __name__ == "__main__":
    main()
