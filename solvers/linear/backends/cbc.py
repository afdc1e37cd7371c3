"""CBC, by the binary that PuLP ships.

The model goes to the process as an MPS file written from the arrays; PuLP's own objects would take
longer to build than many models to solve (see the benchmarks). The process is run here, so that its
log is heard, stdout stays clean and a cancel ends it with its best solution (CBC takes the
interrupt signal as "stop and write what you have"). Trap met: PuLP's ``status`` says Optimal when a
time limit stopped the solve; its ``sol_status`` tells the truth.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import numpy as np
import pulp

from solvers.arrays import Floats
from solvers.linear.backends.base import LinearResult, Traits
from solvers.linear.backends.files import write_model
from solvers.linear.backends.recording import Recorder
from solvers.linear.model import LinearModel, column_number, row_number
from solvers.options import Options
from solvers.outcome import Outcome, SolverFailed, Stop

_POLL_SECONDS = 0.02
#: Least seconds, and share of the limit, that CBC may overrun before it is told to stop; twice
#: that much later it is killed.
_GRACE_SECONDS, _GRACE_SHARE = 1.0, 0.05
_INCUMBENT = re.compile(r"Integer solution of (\S+) found")
_NODES = re.compile(r"After \d+ nodes, .*?, (\S+) best solution, best possible (\S+) \(")
_SECONDS = re.compile(r"\(([\d.]+) seconds\)")
_BOUND = re.compile(r"^Lower bound:\s+(\S+)", re.MULTILINE)
#: CBC prints its final bound with three decimals.
_ROUNDING = 5e-4


class Cbc:
    """Branch-and-cut of COIN-OR."""

    name: ClassVar[str] = "cbc"
    traits: ClassVar[Traits] = Traits(
        integer=True, continuous=True, lp_duals=True, bound=True, time_limit=True, cancel=True,
        warm_start=True, streams=True, threads=True,
        summary="CBC through PuLP: the solver many teams already know; runs as a process.",
    )  # fmt: skip

    def missing(self) -> str | None:
        """Why the binary cannot be run, or None."""
        if Path(pulp.PULP_CBC_CMD.pulp_cbc_path).is_file():
            return None
        return "Backend 'cbc': PuLP ships no CBC binary for this platform. Use highs or scip."

    def refusal(self, model: LinearModel) -> str | None:
        """A refusal of a model without rows, which the MPS reader of CBC does not take."""
        if model.rows:
            return None
        return "Backend 'cbc' needs at least one row and the model has none. Use highs."

    def versions(self) -> dict[str, str]:
        """Version of PuLP."""
        return {"pulp": version("pulp")}

    def solve(
        self, model: LinearModel, options: Options, start: Floats | None = None
    ) -> LinearResult:
        """Solve; raises SolverFailed when CBC ends without an answer or finds no finite optimum."""
        recorder = Recorder(options)
        with TemporaryDirectory(prefix="cbc-") as folder:
            run = _Run(model, Path(folder), options, recorder)
            run.write(start)
            run.watch()
            return run.result()


@dataclass(frozen=True)
class _Answer:
    """Values, reduced costs and row duals as CBC's solution file states them."""

    values: Floats
    reduced_costs: Floats
    row_duals: Floats

    @staticmethod
    def read(path: Path, model: LinearModel) -> _Answer:
        """Read ``[**] position name value dual`` lines; columns are named c0…, rows r0…."""
        values, prices = np.zeros(model.columns), np.zeros(model.columns)
        duals = np.zeros(model.rows)
        with path.open(encoding="ascii") as file:
            next(file)
            for line in file:
                _, name, value, dual = line.replace("**", "").split()
                if name[0] == "c":
                    values[int(name[1:])], prices[int(name[1:])] = float(value), float(dual)
                else:
                    duals[int(name[1:])] = float(dual)
        return _Answer(values, prices, duals)


class _Run:
    """One run of the CBC binary in a folder of its own."""

    def __init__(
        self, model: LinearModel, folder: Path, options: Options, recorder: Recorder
    ) -> None:
        self.model = model
        self.folder = folder
        self.options = options
        self.recorder = recorder
        self.warm = False
        self.began = 0.0

    def write(self, start: Floats | None) -> None:
        """Write the model, without offset and names, and the starting values."""
        write_model(
            replace(self.model, offset=0.0, column_name=column_number, row_name=row_number),
            self.folder / "model.mps",
        )
        if start is None:
            return
        lines = (f"{j} c{j} {value!r}" for j, value in enumerate(start.tolist()))
        text = "\n".join(["Stopped on time - objective value 0", *lines, ""])
        (self.folder / "start.mst").write_text(text, encoding="ascii")
        self.warm = True

    def _arguments(self) -> list[str]:
        options = self.options
        many = [str(100 + options.threads)] if options.threads > 1 else []
        limit = options.time_limit_seconds
        left = None if limit is None else max(0.01, limit - self.recorder.clock.seconds)
        return [
            pulp.PULP_CBC_CMD.pulp_cbc_path, str(self.folder / "model.mps"),
            *(["-mips", str(self.folder / "start.mst")] if self.warm else []),
            *([] if left is None else ["-sec", f"{left:.3f}"]), "-timeMode", "elapsed",
            "-ratio", repr(options.gap), "-randomCbcSeed", str(options.seed + 1),
            *(["-threads", *many] if many else []),
            "-solve", "-printingOptions", "all", "-solution", str(self.folder / "answer.sol"),
        ]  # fmt: skip

    def watch(self) -> None:
        """Run CBC, hear its log, stop it on a cancel or well past its limit."""
        log = self.folder / "log.txt"
        self.began = self.recorder.clock.seconds
        with log.open("w") as out, log.open() as heard:
            process = subprocess.Popen(
                self._arguments(), stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )
            try:
                self._hear_until_done(process, heard)
                for line in heard:
                    self._hear(line)
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()

    def _hear_until_done(self, process: subprocess.Popen[bytes], heard: Any) -> None:
        told: float | None = None
        while process.poll() is None:
            for line in heard:
                self._hear(line)
            now = self.recorder.clock.seconds
            limit = self.options.time_limit_seconds
            grace = max(_GRACE_SECONDS, _GRACE_SHARE * (limit or 0.0))
            late = limit is not None and now > limit + grace
            if told is None and (self.options.cancel.raised or late):
                if os.name == "nt":
                    process.terminate()
                else:
                    process.send_signal(signal.SIGINT)
                told = now
            if told is not None and now > told + 2 * grace:
                process.kill()
            time.sleep(_POLL_SECONDS)

    def _hear(self, line: str) -> None:
        """Record what a line says, at the time it states: CBC's log arrives in blocks."""
        stated = _SECONDS.search(line)
        at = self.began + float(stated[1]) if stated else self.recorder.clock.seconds
        offset = self.model.offset
        found = _INCUMBENT.search(line)
        if found is not None:
            self.recorder.incumbent(float(found[1]) + offset, at)
        nodes = _NODES.search(line)
        if nodes is not None:
            bound = float(nodes[2])
            self.recorder.proved(bound - 1e-6 * abs(bound) + offset, at)

    def result(self) -> LinearResult:
        """Read the answer."""
        answer = self.folder / "answer.sol"
        log = (self.folder / "log.txt").read_text()
        if not answer.exists() or not answer.read_text().strip():
            if self._stop() is Stop.ITERATIONS:
                tail = " ".join(log.split()[-12:])
                raise SolverFailed(f"CBC ended without an answer ({tail}). Try another backend.")
            return self._nothing(Outcome.NO_SOLUTION, self._stop())
        status, sol_status = pulp.COIN_CMD(msg=False).get_status(str(answer))
        if status == pulp.LpStatusInfeasible:
            return self._nothing(Outcome.INFEASIBLE, None)
        if status == pulp.LpStatusUnbounded:
            raise SolverFailed("CBC: the model is unbounded. Bound its columns.")
        known = (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
        if sol_status not in known:
            return self._nothing(Outcome.NO_SOLUTION, self._stop())
        stop = None if sol_status == pulp.LpSolutionOptimal else self._stop()
        return self._solved(_Answer.read(answer, self.model), stop, log)

    def _solved(self, answer: _Answer, stop: Stop | None, log: str) -> LinearResult:
        model = self.model
        found = np.clip(answer.values, model.col_lower, model.col_upper)
        found = np.where(model.integral, np.round(found), found)
        objective = model.value(found)
        bound = self._bound(log, objective) if model.is_mip else None
        if stop is None and bound is None:
            bound = objective
        self.recorder.incumbent(objective)
        if bound is not None:
            self.recorder.proved(bound)
        duals = not model.is_mip and stop is None
        return LinearResult(
            Outcome.OPTIMAL if stop is None else Outcome.FEASIBLE, stop, objective, bound, found,
            self.recorder.clock.seconds,
            row_duals=answer.row_duals if duals else None,
            reduced_costs=answer.reduced_costs if duals else None,
            trace=self.recorder.trace,
        )  # fmt: skip

    def _bound(self, log: str, objective: float) -> float | None:
        """The bound that CBC printed last, lowered by its rounding, never above the objective."""
        found = _BOUND.findall(log)
        if not found or abs(float(found[-1])) > 1e30:
            return None
        value = float(found[-1])
        safe = value - _ROUNDING - 1e-6 * abs(value) + self.model.offset
        return min(safe, objective)

    def _stop(self) -> Stop:
        if self.options.cancel.raised:
            return Stop.INTERRUPTED
        limit = self.options.time_limit_seconds
        late = limit is not None and self.recorder.clock.seconds >= 0.9 * limit
        return Stop.TIME if late else Stop.ITERATIONS

    def _nothing(self, outcome: Outcome, stop: Stop | None) -> LinearResult:
        return LinearResult(
            outcome, stop, None, None, None, self.recorder.clock.seconds,
            trace=self.recorder.trace,
        )  # fmt: skip
