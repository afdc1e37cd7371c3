"""Result files: one CSV row per solve, its trace beside it, and where they lie."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

Trace: TypeAlias = "list[tuple[float, float | None, float | None]]"
"""Seconds, objective and bound of every step of a solve."""

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One solve as written to a CSV file; empty where unknown. Times in seconds.

    ``others_seconds`` is the processor time that other programs took during the solve: where it is
    a sizeable part of ``seconds``, the figures are those of a busy machine.
    """

    instance: str
    method: str
    time_limit_seconds: float
    seed: int
    threads: int
    outcome: str
    stop: str
    objective: float | None
    bound: float | None
    seconds: float
    warm_up_seconds: float
    peak_mb: float
    violations: int
    others_seconds: float | None
    versions: str
    message: str

    @property
    def key(self) -> tuple[str, str, float, int, int]:
        """What makes a solve the same solve."""
        return (self.instance, self.method, self.time_limit_seconds, self.seed, self.threads)


def read_rows(path: Path) -> list[Row]:
    """Rows of a file, none when it does not exist."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [Row(**{name: _value(name, text) for name, text in line.items()})
                for line in csv.DictReader(file)]  # fmt: skip


_KINDS: dict[str, type] = {
    "time_limit_seconds": float, "seed": int, "threads": int, "objective": float, "bound": float,
    "seconds": float, "warm_up_seconds": float, "peak_mb": float, "violations": int,
    "others_seconds": float,
}  # fmt: skip


def _value(name: str, text: str) -> Any:
    kind = _KINDS.get(name)
    if kind is None:
        return text
    return kind(text) if text else None


def append_line(path: Path, cells: dict[str, Any]) -> None:
    """Add a line to a CSV file, with a header to a new one; None becomes empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(cells), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(cells)


def append_row(path: Path, row: Row, trace: Iterable[object]) -> None:
    """Add a row to the file and its trace to the file beside it."""
    append_line(path, asdict(row))
    line = {"key": list(row.key), "trace": list(trace)}
    with trace_path(path).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def trace_path(path: Path) -> Path:
    """Where the traces of a result file lie."""
    return path.with_suffix(".traces.jsonl")


def read_traces(path: Path) -> dict[tuple[Any, ...], Trace]:
    """Traces by row key."""
    source = trace_path(path)
    if not source.exists():
        return {}
    lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    return {tuple(line["key"]): [tuple(step) for step in line["trace"]] for line in lines}


@dataclass(frozen=True)
class Reference:
    """Value that gaps are measured against: its source is optimal, recalled or ours."""

    value: float
    status: str


def read_best_known(folder: Path) -> dict[str, Reference]:
    """Best known values of the instances in a folder, from its ``bestknown.csv``."""
    source = folder / "bestknown.csv"
    if not source.exists():
        return {}
    with source.open(newline="", encoding="utf-8") as file:
        return {
            line["instance"]: Reference(float(line["best_known"]), line["status"])
            for line in csv.DictReader(file)
            if line["best_known"]
        }


def with_ours(known: dict[str, Reference], rows: Iterable[Row]) -> dict[str, Reference]:
    """Add, where nothing is known, the best value that any row holds, marked as ours."""
    best: dict[str, float] = {}
    for row in rows:
        if row.objective is not None and not row.violations:
            best[row.instance] = min(row.objective, best.get(row.instance, float("inf")))
    ours = {name: Reference(value, "ours") for name, value in best.items() if name not in known}
    return {**known, **ours}
