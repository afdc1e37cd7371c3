"""One solve in a process of its own: reads a case as JSON from stdin, writes its record to stdout.

A method is named as in the registry, with a backend after a colon where it takes one
(``arc-mip:scip``). Compiled code is warmed up on a small instance first, which is timed apart.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from solvers.network_design.instances.dow import read_dow
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge
from solvers.network_design.registry import method_class
from solvers.network_design.statement.method import Method
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result
from solvers.network_design.statement.verify import verify
from solvers.options import Options
from solvers.outcome import SolverError


@dataclass(frozen=True)
class Case:
    """What is to be solved and how."""

    path: str
    method: str
    time_limit_seconds: float
    seed: int
    threads: int


@dataclass(frozen=True)
class Record:
    """What came out; ``trace`` holds (seconds, objective, bound)."""

    outcome: str
    stop: str
    objective: float | None
    bound: float | None
    seconds: float
    warm_up_seconds: float
    peak_mb: float
    violations: int
    versions: dict[str, str]
    trace: list[tuple[float, float | None, float | None]]
    message: str = ""


def make(name: str) -> Method:
    """The method object that a name stands for."""
    method, _, chosen = name.partition(":")
    known: Callable[..., Method] = method_class(method)
    return known(backend=chosen) if chosen else known()


def fit(problem: NetworkDesign, method: str) -> NetworkDesign:
    """The problem as the method can take it: CP-SAT needs flows in whole units."""
    if not method.endswith(":cp-sat"):
        return problem
    return replace(problem, lot=np.ones(problem.commodities))


def solve(case: Case) -> Record:
    """Warm up, solve, verify against the problem as given."""
    method, problem = make(case.method), read_dow(case.path)
    options = Options(
        time_limit_seconds=case.time_limit_seconds, seed=case.seed, threads=case.threads
    )
    began = time.perf_counter()
    small = random_fixed_charge(1, FixedChargeShape(8, 24, 6)).problem()
    method.solve(fit(small, case.method), replace(options, time_limit_seconds=10.0))
    warm = time.perf_counter() - began
    result = method.solve(fit(problem, case.method), options)
    return record(case, problem, result, warm)


def record(case: Case, problem: NetworkDesign, result: Result, warm: float) -> Record:
    """The record of a result; the objective is the verifier's, not the method's."""
    objective, bound, violations = result.objective, result.bound, 0
    if result.solution is not None:
        audit = verify(problem, result.solution)
        objective, violations = audit.objective, len(audit.violations)
    if case.method.endswith(":cp-sat"):
        bound = None
    trace = [(point.seconds, point.objective, point.bound) for point in result.trace]
    return Record(
        result.outcome.value, result.stop.value if result.stop else "", objective, bound,
        result.seconds, warm, _peak_mb(), violations, result.versions,
        [*trace, (result.seconds, objective, bound)],
    )  # fmt: skip


def _peak_mb() -> float:
    """Largest resident size of this process or a child, in MB."""
    sizes = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return max(sizes) / 1024


def main() -> None:
    """Solve the case on stdin."""
    case = Case(**json.loads(sys.stdin.read()))
    if not Path(case.path).is_file():
        sys.exit(f"{case.path}: no such instance file.")
    try:
        made = solve(case)
    except SolverError as error:
        made = Record("failed", "", None, None, 0.0, 0.0, _peak_mb(), 0, {}, [], str(error))
    json.dump(asdict(made), sys.stdout)


if __name__ == "__main__":
    main()
