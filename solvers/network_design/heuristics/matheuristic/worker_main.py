"""A process that plans districts as ``worker_pool`` sends them."""

from __future__ import annotations

import pickle
from typing import IO

from solvers.network_design.heuristics.matheuristic.method import Matheuristic
from solvers.network_design.heuristics.matheuristic.pipe_process import received, serve
from solvers.network_design.heuristics.matheuristic.worker_pool import District
from solvers.network_design.statement.result import Result
from solvers.options import Options
from solvers.outcome import SolverFailed

_PATIENCE = 5


def planned(district: District) -> Result:
    """A part of a large network planned anew in this thread."""
    method = Matheuristic(
        first_dives=1, patience=_PATIENCE, search_share=1.0, brief=True,
        start=district.start,
    )  # fmt: skip
    options = Options(
        time_limit_seconds=district.seconds, gap=district.gap, seed=district.seed, threads=1
    )
    return method.solve(district.problem, options)


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    while isinstance(district := received(source), District):
        pickle.dump(_answer(district), sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def _answer(district: District) -> Result | str:
    """The district planned anew, or why it cannot be; the next one may go better."""
    try:
        return planned(district)
    except SolverFailed as failure:
        return str(failure)


def main() -> None:
    """Serve over the standard streams until they close."""
    serve(_serve)
