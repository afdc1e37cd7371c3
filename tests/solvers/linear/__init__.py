"""Tests of ``solvers.linear``."""
