"""How faults speak: values in quotes, kept short, and the nearest name that would be right."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from freight.errors import Fault, InstanceError

_LONGEST = 60
_LISTED = 12


def quoted(value: object) -> str:
    """The value as a reader may recognize it: in quotes, on one line, not too long."""
    text = number(value) if isinstance(value, float) else str(value)
    plain = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text[:200])
    return f"'{plain[:_LONGEST]}…'" if len(plain) > _LONGEST else f"'{plain}'"


def nearest(word: str, names: Collection[str]) -> str | None:
    """The name most like the word, capitals aside, or None when nothing is alike."""
    return _nearest(word[:_LONGEST], tuple(names))


@lru_cache(maxsize=4096)
def _nearest(word: str, names: tuple[str, ...]) -> str | None:
    folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def suggestion(word: str, names: Collection[str], otherwise: str) -> str:
    """What to do about an unknown name: the nearest one, all of a few, or ``otherwise``."""
    close = nearest(word, names)
    if close is not None:
        return f"Did you mean {quoted(close)}?"
    if 0 < len(names) <= _LISTED:
        return f"Use one of {listed(names)}, or {otherwise}."
    return f"{otherwise[0].upper()}{otherwise[1:]}."


def listed(names: Iterable[object]) -> str:
    """``a, b and c``."""
    some = [str(name) for name in names]
    if len(some) < 2:
        return "".join(some)
    return f"{', '.join(some[:-1])} and {some[-1]}"


def either(names: Iterable[object]) -> str:
    """``a, b or c``."""
    some = [str(name) for name in names]
    if len(some) < 2:
        return "".join(some)
    return f"{', '.join(some[:-1])} or {some[-1]}"


def counted(count: int, what: str) -> str:
    """``1 train``, ``2 trains``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def number(value: float) -> str:
    """A number without needless decimals."""
    return f"{value:.12g}"


def unknown(column: str, value: str, known: Sequence[str]) -> InstanceError:
    """The answer to a name that was typed and is none of the known ones."""
    close = nearest(value, known)
    few = f"Choose one of {', '.join(known)}." if known else ""
    many = f"There are {len(known):,}, such as {listed(known[:3])}."
    remedy = f"Did you mean {close}?" if close else (few if len(known) <= _LISTED else many)
    what = f"{quoted(value)} is unknown."
    return InstanceError([Fault("command line", None, column, what, remedy)])


def refused(column: str, what: str, remedy: str) -> InstanceError:
    """The answer to a flag or field that cannot be as it is asked."""
    return InstanceError([Fault("command line", None, column, what, remedy)])


def legible(text: str) -> str:
    r"""A name as text: what cannot be printed, or is no text at all, stands as ``\x09``."""
    known = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in known)
