"""Readers of public benchmark files of vehicle routing.

Imports the statement of :mod:`solvers.vrp.problem`; no method imports it.
"""
