"""Ruin and recreate on itineraries, in compiled batches of moves."""

from solvers.rerouting.rerouting import Rerouting

__all__ = ["Rerouting"]
