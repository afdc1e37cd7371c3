"""Ruin and recreate on paths, in compiled batches of moves.

Imports the statement and pricing; the matheuristic imports it.
"""

from solvers.network_design.heuristics.ruin_recreate.search import Rerouting

__all__ = ["Rerouting"]
