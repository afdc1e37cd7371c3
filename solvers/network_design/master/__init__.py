"""The restricted master in path flows: its linear program, cuts, bound, and its integer version.

Imports the statement, pricing and :mod:`solvers.linear`; what separates, relaxes and searches
imports it.
"""
