"""The statement as rows of a key and a value: the sheet or the CSV file ``instance``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from freight.domain.wording import quoted, suggestion
from freight.errors import Fault
from freight.io.cells import blank
from freight.io.columns import NESTED, columns
from freight.io.form import Row, title
from freight.io.header import column_of
from freight.io.sheet import Sheet
from freight.io.typed.words import folded

_TITLES: Final = frozenset({"key", "项目", "键", "字段", "名称"})
"""What stands above the keys."""
PlaceOfKey = Callable[[int, int, str | None], str | None]
"""(row, 0 for the key or 1 for the value, name) to the place of a fault."""


def is_note(row: Sequence[object]) -> bool:
    """Whether a row is blank, or its first filled cell begins with ``#``."""
    first = next((cell for cell in row if not blank(cell)), None)
    return first is None or (isinstance(first, str) and first.lstrip().startswith("#"))


def key_of(cell: object) -> str:
    """The key of the statement that a cell names, or the text as it stands."""
    text = title(cell).strip()
    return column_of(text, "instance", "defaults") or text


def statement_of_rows(
    rows: Sequence[Row], file: str, place_of: PlaceOfKey
) -> tuple[dict[str, Sheet], tuple[Fault, ...]]:
    """The sheets instance and defaults, and what is wrong with their keys."""
    lines: dict[str, int] = {}
    values: dict[str, dict[str, object]] = {"instance": {}, "defaults": {}}
    faults: list[Fault] = []
    for row in rows:
        key = key_of(row.cells[0]) if row.cells else ""
        if is_note(row.cells) or (folded(key) in _TITLES and not lines):
            continue
        table = next((name for name in values if key in columns(name)), None)
        if table is None or key in lines:
            what, remedy = _key_fault(key, unknown=table is None)
            at = place_of(row.number, 0, None)
            faults.append(Fault(file, row.number, key, what, remedy, at))
            continue
        lines[key] = row.number
        values[table][key] = row.cells[1] if len(row.cells) > 1 else None

    def place(
        _record: int | None, name: str | None
    ) -> tuple[str, int | None, str | None, str | None]:
        if name in lines:
            return file, lines[name], name, place_of(lines[name], 1, name)
        return file, None, name, name or "the sheet"

    sheets = {name: Sheet(name, (record,), place) for name, record in values.items()}
    return sheets, tuple(faults)


def _key_fault(key: str, *, unknown: bool) -> tuple[str, str]:
    if not unknown:
        return f"The key {quoted(key)} stands twice.", "Keep one of them."
    keys = [name for name in (*columns("instance"), *columns("defaults")) if name not in NESTED]
    return f"{quoted(key)} is not a key of this sheet.", suggestion(key, keys, "remove it")
