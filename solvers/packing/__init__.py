"""Packing items into bins of several types.

Imports the floor, options and linear models; no other package of ``solvers`` imports it.
"""
