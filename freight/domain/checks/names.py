"""Names that may stand once only, and texts that can be printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from freight.domain.base import Frozen
from freight.domain.checks.survey import Finding, Survey
from freight.domain.wording import listed, quoted

KEYS: Final = {
    "owners": ("id",),
    "exchange": ("currency",),
    "terminals": ("id",),
    "transfers": ("id",),
    "services": ("id",),
    "stops": ("service", "sequence"),
    "shipments": ("id",),
    "emissions": ("id",),
    "departures": (
        "service",
        "weekdays",
        "departs_local",
        "first_date",
        "last_date",
        "except_dates",
        "departs_at",
    ),
}
"""Fields that no two records of a table may share."""


def duplicates(survey: Survey) -> Iterator[Finding]:
    """Every record whose key another record has already."""
    for table, fields in KEYS.items():
        seen = survey.broken_values(table, fields[0]) if len(fields) == 1 else set[object]()
        met: set[object] = set(seen)
        for index, record in enumerate(survey.records(table)):
            key = _key(record, fields)
            if key in met:
                yield Finding(table, index, fields[0], *_twice(record, fields))
            met.add(key)


def _key(record: Frozen, fields: tuple[str, ...]) -> object:
    values = tuple(getattr(record, name) for name in fields)
    return values[0] if len(values) == 1 else values


def _twice(record: Frozen, fields: tuple[str, ...]) -> tuple[str, str]:
    if len(fields) == 1:
        remedy = "Give each its own." if fields == ("id",) else "Keep one of them."
        return f"{quoted(getattr(record, fields[0]))} stands twice.", remedy
    shown = [f"{name} {quoted(getattr(record, name))}" for name in fields[:2]]
    if len(fields) > 2:
        what = f"The same departures of service {quoted(getattr(record, fields[0]))} stand twice."
        return what, "Keep one row and give the number of trains or vessels in most_runs."
    return f"There are two rows with {listed(shown)}.", "Keep one of them."


def unprintable(survey: Survey) -> Iterator[Finding]:
    """Texts with signs that no page, workbook or bill can show; line breaks are none of them."""
    for table in (*KEYS, "instance"):
        records = [survey.instance.statement] if table == "instance" else survey.records(table)
        for index, record in enumerate(records):
            for name, value in record.__dict__.items():
                if not isinstance(value, str) or value.isprintable():
                    continue
                sign = _bad_sign(value)
                if sign is not None:
                    what = f"{quoted(value)} holds the control character U+{ord(sign):04X}."
                    yield Finding(table, index, name, what, "Type the text anew.")


def _bad_sign(text: str) -> str | None:
    for sign in text:
        if sign != "\n" and (unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufffe\uffff"):
            return sign
    return None
