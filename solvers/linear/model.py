"""A linear or mixed-integer model as sparse arrays, the one form that every backend takes.

Sets
    ``J`` columns, ``I`` rows.

Parameters
    ``c[j]`` cost, ``A[i,j]`` matrix, ``[row_lower[i], row_upper[i]]`` and ``[col_lower[j],
    col_upper[j]]`` ranges (``±inf`` where open), ``integral[j]``, ``offset``.
Model
    ``min offset + Σ_j c[j] v[j]``  subject to  ``row_lower ≤ A v ≤ row_upper``,
    ``col_lower ≤ v ≤ col_upper``, ``v[j]`` integer where ``integral[j]``.

Names are functions of the position, called only for a message or a model file, so that a model of
a million columns carries no million strings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from scipy import sparse

from solvers.arrays import Bools, Floats

Matrix: TypeAlias = "sparse.csc_array[np.float64]"
Namer: TypeAlias = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Breach:
    """A row or a column whose value lies outside its range by ``amount`` > 0."""

    name: str
    value: float
    lower: float
    upper: float
    amount: float


def column_number(j: int) -> str:
    """Default name of a column."""
    return f"c{j}"


def row_number(i: int) -> str:
    """Default name of a row."""
    return f"r{i}"


@dataclass(frozen=True)
class LinearModel:
    """The model of the module docstring; arrays of shape J (columns) and I (rows).

    Raises ValueError on construction when shapes disagree or a value is NaN.
    """

    cost: Floats
    matrix: Matrix
    row_lower: Floats
    row_upper: Floats
    col_lower: Floats
    col_upper: Floats
    integral: Bools
    offset: float = 0.0
    column_name: Namer = field(default=column_number, repr=False, compare=False)
    row_name: Namer = field(default=row_number, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raise ValueError naming every array that does not fit."""
        rows, columns = self.matrix.shape
        want = {
            "cost": columns, "col_lower": columns, "col_upper": columns, "integral": columns,
            "row_lower": rows, "row_upper": rows,
        }  # fmt: skip
        faults = [
            f"{name} has shape {getattr(self, name).shape}, expected ({length},)."
            for name, length in want.items()
            if getattr(self, name).shape != (length,)
        ]
        faults += [f"{name} holds NaN." for name in want if np.isnan(getattr(self, name)).any()] + (
            ["matrix holds values that are not finite."] * int(not self._finite())
        )
        if faults:
            raise ValueError("LinearModel: " + " ".join(faults))

    def _finite(self) -> bool:
        return bool(np.isfinite(self.matrix.data).all() and np.isfinite(self.cost).all())

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def is_mip(self) -> bool:
        """Whether any column is integer."""
        return bool(self.integral.any())

    def value(self, values: Floats) -> float:
        """Objective of ``values`` (shape J)."""
        return float(self.offset + self.cost @ values)

    def violated_rows(self, values: Floats, tolerance: float = 1e-6) -> list[Breach]:
        """Rows that ``values`` break by more than ``tolerance · max(1, |limit|)``, by name."""
        activity: Floats = np.asarray(self.matrix @ values, dtype=np.float64)
        return _breaches(activity, (self.row_lower, self.row_upper), self.row_name, tolerance)

    def violated_columns(self, values: Floats, tolerance: float = 1e-6) -> list[Breach]:
        """Columns outside their range, or not whole where they must be."""
        found = _breaches(values, (self.col_lower, self.col_upper), self.column_name, tolerance)
        off = np.where(self.integral, np.abs(values - np.round(values)), 0.0)
        return found + [
            Breach(self.column_name(int(j)), float(values[j]), float(np.floor(values[j])),
                   float(np.ceil(values[j])), float(off[j]))
            for j in np.flatnonzero(off > tolerance)
        ]  # fmt: skip


def _breaches(
    values: Floats, limits: tuple[Floats, Floats], name: Namer, tolerance: float
) -> list[Breach]:
    """Positions where ``values`` leave their limits."""
    lower, upper = limits
    off = np.maximum(lower - values, values - upper)
    near = np.where(lower > values, lower, upper)
    scale = np.maximum(1.0, np.abs(np.where(np.isfinite(near), near, 0.0)))
    return [
        Breach(name(int(i)), float(values[i]), float(lower[i]), float(upper[i]), float(off[i]))
        for i in np.flatnonzero(off > tolerance * scale)
    ]
