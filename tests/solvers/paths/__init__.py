"""Tests of ``solvers.paths``."""
