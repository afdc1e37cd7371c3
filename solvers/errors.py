"""Errors of the solver layer."""

from __future__ import annotations


class SolverError(Exception):
    """Base of every error raised by ``solvers``."""


class SolverUnavailable(SolverError):
    """A backend that is not installed, or cannot take the model given, was asked for."""


class SolverFailed(SolverError):
    """A backend ended without a usable answer, or with one that contradicts itself."""


class FormatError(SolverError):
    """A benchmark file breaks its format; the message names the line."""
