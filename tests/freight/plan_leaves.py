"""Every leaf of a plan file changed to odd values: what a check or a view must live with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

Leaf = tuple[str | int, ...]
NUMBERS = (0, -1, 1, 0.5, -0.0, 1e-300, 1e15, 2**53, 10**400, 1e308, "1e400", "NaN", "0.001")
TEXTS = ("", " ", "x", "moon", "\x00", "\x1b[2J", "货", "[/b]", "../..", "rail", "ride", "a" * 5000)
TIMES = (
    "2027-03-06T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2027-03-06T08:00:00.000001+08:00", "1900-01-01T00:00:00+00:00", "2200-12-31T23:00:00+00:00",
    "2027-13-01T00:00:00+00:00",
)  # fmt: skip
OTHERS = (None, True, [], {}, [[]], "-1", -(10**30))


def leaves(data: Any, path: Leaf = ()) -> Iterator[Leaf]:
    """Paths of all values that are no record and no list, and of all lists and records too."""
    if path:
        yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))


def odd_values(value: Any) -> Iterator[Any]:
    """Other values for a leaf of one kind, the likely ones first."""
    if isinstance(value, str) and value[:2] == "20" and "T" in value:
        yield from TIMES
    yield from (*NUMBERS, *TEXTS, *OTHERS)
    if isinstance(value, list) and value:
        yield from (value[1:], value * 2, value[::-1])


def replaced(data: Any, path: Leaf, value: Any) -> Any:
    """A document with another value at a path."""
    changed = deepcopy(data)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def without(data: Any, path: Leaf) -> Any:
    """A document without what stands at a path."""
    changed = deepcopy(data)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return changed


def value_at(data: Any, path: Leaf) -> Any:
    """What stands at a path."""
    for key in path:
        data = data[key]
    return data


def nudged(value: Any) -> Any:
    """A value changed as little as matters: one more, a cent, a second, a ten-thousandth."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value + 0.0001
    if re.fullmatch(r"-?\d+\.\d\d", value):
        return str(Decimal(value) + Decimal("0.01"))
    if re.match(r"\d{4}-\d\d-\d\dT", value):
        return re.sub(
            r":(\d\d)([+-])", lambda m: f":{(int(m[1]) + 1) % 60:02d}{m[2]}", value, count=1
        )
    return f"{value}x"


def name_of(path: Leaf) -> str:
    """A path without the numbers in lists: ``itineraries.#.teu``."""
    return ".".join("#" if isinstance(key, int) else key for key in path)


def text_of(document: Any) -> str:
    """The document as a file, numbers without end too."""
    return json.dumps(document, ensure_ascii=True)
