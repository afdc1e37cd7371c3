"""Matheuristic for fixed-charge network design; see :mod:`solvers.matheuristic.method`."""

from solvers.matheuristic.method import Matheuristic

__all__ = ["Matheuristic"]
