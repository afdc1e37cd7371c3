"""Ruin and recreate on paths, in compiled batches of moves.

Imports loading and what lies below it; the matheuristic imports it.
"""

from solvers.network_design.heuristics.ruin_recreate.search import RuinRecreate

__all__ = ["RuinRecreate"]
