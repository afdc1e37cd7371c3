"""JSON in which every name stands once: of two values under one name, readers take either."""

from __future__ import annotations

import json
import math
from collections import Counter

from freight.domain.wording import quoted


class TwiceError(ValueError):
    """A name stands twice in one record of a document."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{quoted(name)} stands twice in one record.")
        self.name = quoted(name).strip("'")


def strict_json(text: str) -> object:
    """The content of a JSON text.

    Raises :class:`TwiceError` for a name that stands twice in one record, ``json.JSONDecodeError``
    for what is no JSON, RecursionError and ValueError for what nests too deep or has numbers
    without end.
    """
    return json.loads(text, object_pairs_hook=_once, parse_constant=_constant)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        count = Counter(name for name, _ in pairs)
        twice = next(name for name, number in count.items() if number > 1)
        raise TwiceError(twice)
    return record


def _constant(name: str) -> float:
    return {"NaN": math.nan, "Infinity": math.inf}.get(name, -math.inf)
