"""Greedy construction: commodities put on the network one by one, each on its cheapest path.

Imports the statement and pricing; ruin and recreate, and the matheuristic, import it.
"""

from solvers.network_design.heuristics.greedy.construction import Construction, greedy

__all__ = ["Construction", "greedy"]
