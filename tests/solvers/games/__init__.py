"""Tests of ``solvers.games``."""
