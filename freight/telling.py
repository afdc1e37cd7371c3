"""Who hears what readers have to say: notes about guesses and what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from freight.errors import Fault

Hearer = Callable[[Fault], None]

_hearer: ContextVar[Hearer | None] = ContextVar("hearer", default=None)


@contextmanager
def telling(hear: Hearer | None) -> Iterator[None]:
    """Within it, every reader tells its notes to ``hear``; None: to nobody."""
    token = _hearer.set(hear)
    try:
        yield
    finally:
        _hearer.reset(token)


def tell(notes: Iterable[Fault]) -> None:
    """Tell notes to whoever hears them."""
    hear = _hearer.get()
    if hear is not None:
        for note in notes:
            hear(note)
