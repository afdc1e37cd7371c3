"""The statement as ``instance.toml``, every key with its meaning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from freight.domain.base import Frozen
from freight.domain.instance import Statement
from freight.io.columns import columns
from freight.io.values import text_of


def toml_text(statement: Statement) -> str:
    """The statement as TOML; reading it gives the same statement back."""
    lines = [*_keys("instance", statement), "", "[defaults]"]
    lines += _keys("defaults", statement.defaults)
    for name in ("exchange", "owners"):
        for record in getattr(statement, name):
            lines += ["", f"[[{name}]]", *_keys(name, record, notes=False)]
    return "\n".join(lines) + "\n"


def _keys(table: str, record: Frozen, *, notes: bool = True) -> Iterator[str]:
    for name, column in columns(table).items():
        value = getattr(record, name)
        if value is None:
            continue
        line = f"{name} = {_value(value)}"
        meaning = " ".join(column.meaning.split())
        yield f"{line}  # {meaning}" if notes and meaning else line


def _value(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float | int):
        return text_of(value)
    # JSON strings are TOML basic strings, but for DEL which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
