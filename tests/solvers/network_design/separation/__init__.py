"""Tests of ``solvers.network_design.separation``."""
