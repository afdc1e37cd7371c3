"""Shortest paths of one traveller under several criteria: k best and Pareto.

Imports arrays alone; no other package of ``solvers`` imports it.
"""
