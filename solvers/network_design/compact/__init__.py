"""The compact model in arc flows, and the method that hands it to an engine.

Imports the statement and :mod:`solvers.linear`; no other method imports it.
"""
