"""Arrays that every part of ``solvers`` hands on, and the one way to compile code over them.

Imports nothing of ours; everything may import it.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Masks: TypeAlias = NDArray[np.uint64]
Bools: TypeAlias = NDArray[np.bool_]

UNKEPT = (
    "Compiled code cannot be kept, as neither the program's folder nor the home folder can be "
    "written: every start takes longer. Name a folder that can in NUMBA_CACHE_DIR."
)


class UnkeptWarning(UserWarning):
    """Said once where kernels are compiled anew at every start."""


_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])


def compiled(function: _Kernel) -> _Kernel:
    """``numba.njit`` with a disk cache, released from the interpreter lock, keeping the type.

    Division by zero gives ``inf`` or ``nan`` as in numpy. numba is imported with the first kernel,
    so that who reads arrays alone does not wait for it.
    """
    jit = import_module("numba").njit
    try:
        kernel = jit(cache=True, nogil=True, error_model="numpy")(function)
        _keep_fresh(kernel, function)
        _forgive_full_disk(kernel)
        return cast("_Kernel", kernel)
    except RuntimeError:
        # Neither beside the program nor in the home of the user can anything be kept.
        warnings.warn(UNKEPT, UnkeptWarning, stacklevel=1)
        return cast("_Kernel", jit(nogil=True, error_model="numpy")(function))


def _keep_fresh(kernel: Any, function: Callable[..., Any]) -> None:
    """Have kept code compiled anew when any module changes that it may come from.

    numba looks at the file of the kernel alone, but code of kernels and records of other modules is
    part of it too. What was kept of a class that is no longer there counts as not kept.
    """
    cache = kernel._cache
    cache._cache_file._source_stamp = _stamp(function.__module__)
    load = cache._cache_file._load_index

    def load_what_still_is() -> dict[object, str]:
        try:
            kept: dict[object, str] = load()
        except (AttributeError, ImportError, EOFError):
            return {}
        return kept

    cache._cache_file._load_index = load_what_still_is


def _stamp(module: str) -> tuple[object, ...]:
    """Time and size of the file of a module, and the stamps of what it imports of its package."""
    named = vars(sys.modules[module])
    file = Path(named["__file__"]).stat()
    root = module.partition(".")[0]
    origins = {str(getattr(value, "__module__", "")) for value in named.values()}
    near = sorted(name for name in origins if name.partition(".")[0] == root and name != module)
    return (module, file.st_mtime, file.st_size, *(_stamp(name) for name in near))


def _forgive_full_disk(kernel: Any) -> None:
    """Have a kernel that cannot be kept on a full disk run all the same."""
    cache = kernel._cache
    save = cache.save_overload

    def save_if_there_is_room(*overload: object) -> None:
        with contextlib.suppress(OSError):
            save(*overload)

    cache.save_overload = save_if_there_is_room


@dataclass(frozen=True, slots=True)
class Ragged:
    """Variable-length lists of integers: list ``i`` is ``values[start[i]:start[i+1]]``."""

    start: Ints
    values: Ints

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, i: int | np.integer[Any]) -> Ints:
        return self.values[self.start[i] : self.start[i + 1]]

    def take(self, which: Ints) -> Ragged:
        """The lists at the given positions."""
        size = np.diff(self.start)[which]
        start = np.zeros(len(which) + 1, dtype=np.int64)
        np.cumsum(size, out=start[1:])
        at = np.arange(start[-1]) + np.repeat(self.start[:-1][which] - start[:-1], size)
        return Ragged(start, self.values[at])

    def owners(self) -> Ints:
        """The list that each value belongs to; shape of ``values``."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.start))

    @staticmethod
    def of(lists: Sequence[Sequence[int] | Ints]) -> Ragged:
        """Pack a sequence of lists."""
        start = np.zeros(len(lists) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in lists], out=start[1:])
        parts = [np.asarray(one, dtype=np.int64) for one in lists]
        values = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        return Ragged(start, values)

    @staticmethod
    def grouped(owner: Ints, value: Ints, many: int) -> Ragged:
        """For each of ``many`` owners its different values, ascending; below 0 is left out."""
        some = (owner >= 0) & (value >= 0)
        wide = int(value.max(initial=0)) + 1
        keys = np.unique(owner[some] * wide + value[some])
        who, what = np.divmod(keys, wide)
        start = np.zeros(many + 1, dtype=np.int64)
        np.cumsum(np.bincount(who, minlength=many), out=start[1:])
        return Ragged(start, what)
