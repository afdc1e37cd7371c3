"""One way to compile a numeric kernel, so that every kernel is cached and typed alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])


def compiled(function: _Kernel) -> _Kernel:
    """``numba.njit`` with a disk cache, released from the interpreter lock, keeping the type.

    Division by zero gives ``inf`` or ``nan`` as in numpy.
    """
    quick: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast("_Kernel", quick)
