"""What is asked of a network of paths, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Floats, Ints

TOLERANCE = 1e-7


@dataclass(frozen=True)
class Query:
    """Where paths start and end and what they are judged by.

    Shapes: ``value`` K×A (arcs as given to :meth:`PathNetwork.of`), ``source`` S,
    ``source_value`` K×S, ``exit`` E, ``exit_value`` K×E, ``limit`` K: paths above it in any
    criterion are left out. ``resolution`` K: values closer than this count as equal.
    """

    value: Floats
    source: Ints
    source_value: Floats
    exit: Ints
    exit_value: Floats
    limit: Floats
    resolution: Floats

    @staticmethod
    def of(
        value: Floats,
        source: tuple[Ints, Floats],
        exits: tuple[Ints, Floats],
        limit: Floats | None = None,
        resolution: Floats | None = None,
    ) -> Query:
        """A query with no limits and full resolution unless given."""
        k = len(value)
        most = np.full(k, np.inf) if limit is None else limit
        fine = np.full(k, TOLERANCE) if resolution is None else resolution
        return Query(value, source[0], source[1], exits[0], exits[1], most, fine)


@dataclass(frozen=True, slots=True)
class Path:
    """One path: its values (K), its arcs in order, and positions in the sources and exits."""

    value: Floats
    arcs: tuple[int, ...]
    source: int
    exit: int


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths by ascending values; ``complete`` is False when the labels ran out."""

    paths: tuple[Path, ...]
    complete: bool
    labels: int
