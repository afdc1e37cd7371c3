"""Words as people say them: yes and no, modes, kinds of places, in Chinese and English."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from freight.domain.wording import either, nearest, quoted
from freight.io.columns import Column
from freight.io.typed.containers import container_of
from freight.io.typed.taken import CellError, Taken, narrow

_YES: Final = frozenset(
    {"yes", "true", "1", "y", "t", "是", "对", "有", "可", "可以", "√", "✓", "✔"}
)
_NO: Final = frozenset({"no", "false", "0", "n", "f", "否", "不", "无", "没有", "不可", "不是"})
_PARTS: Final = re.compile(r"[\s,;，；、/|+&和及]+")
LISTS: Final = MappingProxyType(
    {
        "rail barge sea air road": "mode",
        "rail river_port sea_port airport border depot": "terminal",
        "none integrated transit full": "customs",
        "g/tkm kg/teu": "unit",
    }
)
"""Lists of words by the choices of a column."""


@cache
def words(name: str) -> Mapping[str, str]:
    """Values by every other word for them, folded; of one list of ``words.csv``."""
    text = (files("freight.io.typed") / "words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["list"] == name]
    return MappingProxyType(
        {folded(word): row["value"] for row in rows for word in row["words"].split()}
    )


def folded(word: str) -> str:
    """A word without what people vary: width, capitals, spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", narrow(word).casefold())


def flag_of(column: Column, value: object) -> Taken:
    """Yes or no; raises :class:`CellError`."""
    if isinstance(value, bool):
        return Taken(value)
    word = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    word = narrow(word).casefold()
    if word in _YES:
        return Taken(value=True)
    if word in _NO:
        return Taken(value=False)
    raise CellError(f"{quoted(value)} is not {column.noun}.", f"Write {column.form}.")


def word_of(column: Column, value: object) -> str:
    """A cell as one word; raises :class:`CellError` for what is no text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise CellError(f"{quoted(value)} is not {column.noun}.", f"Write {column.form}.")


def choice_of(column: Column, value: object) -> Taken:
    """One of the choices of a column; raises :class:`CellError`."""
    word = word_of(column, value)
    plain = folded(word)
    for choice in column.choices:
        if plain == folded(choice):
            return Taken(choice)
    meant = container_of(column, word) if column.name == "container_type" else None
    meant = meant or words(_list_of(column)).get(plain)
    if meant is None:
        raise _unknown_word(column, word)
    return Taken(meant, meant)


def _list_of(column: Column) -> str:
    return LISTS.get(" ".join(column.choices), "transfer" if column.name == "kind" else "")


def _unknown_word(column: Column, word: str) -> CellError:
    close = nearest(word, column.choices)
    remedy = f"Did you mean {quoted(close)}?" if close else f"Write {either(column.choices)}."
    return CellError(f"{quoted(word)} is not {column.noun}.", remedy)


def words_of(column: Column, value: object) -> Taken:
    """Words of a list, each once; raises :class:`CellError`."""
    parts = value if isinstance(value, list | tuple) else parted(word_of(column, value))
    found: list[str] = []
    guessed = False
    for part in parts:
        word = word_of(column, part)
        taken = choice_of(column, word) if column.choices else Taken(word)
        word = str(taken.value)
        guessed |= bool(taken.read_as)
        if word in found:
            raise CellError(f"{quoted(word)} stands twice.", "Write it once.")
        found.append(word)
    return Taken(tuple(found), " ".join(found) if guessed else "")


def parted(text: str) -> list[str]:
    """The words of a cell, whatever parts them."""
    return [part for part in _PARTS.split(text) if part]
