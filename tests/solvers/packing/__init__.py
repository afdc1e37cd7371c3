"""Tests of ``solvers.packing``."""
