"""A process that plans districts as they come (:mod:`solvers.matheuristic.crew`)."""

from __future__ import annotations

import pickle
from typing import IO

from solvers.matheuristic.companion import received, serve
from solvers.matheuristic.crew import District
from solvers.matheuristic.method import planned


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    while isinstance(district := received(source), District):
        pickle.dump(planned(district), sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def main() -> None:
    """Serve over the standard streams until they close."""
    serve(_serve)
