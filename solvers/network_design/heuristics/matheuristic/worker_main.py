"""A process that plans districts as ``worker_pool`` sends them."""

from __future__ import annotations

import pickle
from typing import IO

from solvers.network_design.heuristics.matheuristic.method import planned
from solvers.network_design.heuristics.matheuristic.pipe_process import received, serve
from solvers.network_design.heuristics.matheuristic.worker_pool import District
from solvers.network_design.statement.result import Result
from solvers.outcome import SolverFailed


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
