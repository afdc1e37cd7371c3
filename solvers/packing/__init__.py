"""Packing items into bins of several types.

Imports arrays, outcome, options and errors alone; no other package of ``solvers`` imports it.
"""
