"""Packing items into bins of several types.

Imports the floor of ``solvers`` alone; no other package of ``solvers`` imports it.
"""
