"""The compact model in arc flows.

Imports the statement and :mod:`solvers.linear`.
"""
