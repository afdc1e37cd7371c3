"""A table of a study in both languages, for the page and for the workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Both(NamedTuple):
    """A text in English and Chinese."""

    en: str
    zh: str


Cell = str | float | Both | None
Row = tuple[Cell, ...]


class Kind(StrEnum):
    """How a column is written."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DAYS = "days"
    SHARE = "share"


@dataclass(frozen=True)
class Column:
    """A column: its head, how it is written, and whether a bar shows its size."""

    head: Both
    kind: Kind = Kind.TEXT
    bar: bool = False


def amount(en: str, zh: str, currency: str, bar: bool = False) -> Column:
    """A column of amounts with their currency in the head."""
    return Column(Both(f"{en}, {currency}", f"{zh}（{currency}）"), Kind.MONEY, bar)


@dataclass(frozen=True)
class StudyTable:
    """A table; texts of cells are names that need no translation, or pairs of both languages."""

    key: str
    title: Both
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Both, ...] = field(default=())
    """Sentences below it."""
