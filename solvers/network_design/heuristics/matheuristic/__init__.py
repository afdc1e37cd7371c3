"""Matheuristic for fixed-charge network design; ``method`` says how its parts work together.

Imports everything below, greedy construction and ruin and recreate among it; only the registry
and its own processes import it.
"""

from solvers.network_design.heuristics.matheuristic.method import Matheuristic

__all__ = ["Matheuristic"]
