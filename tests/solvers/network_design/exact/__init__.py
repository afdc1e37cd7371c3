"""Tests of ``solvers.network_design.exact``."""
