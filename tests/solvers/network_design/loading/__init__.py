"""Tests of ``solvers.network_design.loading``."""
