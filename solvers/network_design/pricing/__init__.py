"""Cheapest, near-cheapest and all paths of every commodity under given prices.

Imports the statement alone; master, relaxation, exact methods and heuristics may import it.
"""
