"""Paths in a network without circles: topological order, k best and Pareto-optimal paths.

Imports arrays alone; every problem package may import it.
"""
