"""Nested documents (TOML, JSON) to sheets: a table is a list of records with named values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from freight.domain.wording import quoted
from freight.errors import Fault
from freight.io.columns import HEAD, NESTED, OPTIONAL, TABLES, columns
from freight.io.header import unknown_name
from freight.io.sheet import (
    ENOUGH,
    MOST_RECORDS,
    Place,
    Sheet,
    empty,
    missing_table,
    too_many,
    unlooked,
)

Where = Callable[[str, int | None], tuple[int | None, str | None, str | None]]
"""(path in the document, number of the record) to (row, column, place) of a fault."""

_SINGLE: Final = frozenset({"instance", "defaults"})


def statement_sheets(content: object, file: str, path: str, where: Where) -> dict[str, Sheet]:
    """The sheets instance, defaults, exchange and owners of a statement."""
    if not isinstance(content, dict):
        return unread_statement(file, *where(path, None), f"{quoted(content)} is not a record.")
    join = f"{path}." if path else ""
    sheets = {"instance": table_sheet("instance", content, file, path, where)}
    for name in NESTED:
        if name in content or name in OPTIONAL:
            sheets[name] = table_sheet(name, content.get(name, []), file, join + name, where)
        else:
            sheets[name] = _absent(name, file, where(join + name, None))
    return sheets


def unread_statement(
    file: str, row: int | None, column: str | None, place: str | None, what: str, remedy: str = ""
) -> dict[str, Sheet]:
    """The four sheets of a statement that cannot be read, the fault in the first."""
    fault = Fault(file, row, column, what, remedy or "Write its keys and values.", place)
    silent = {name: empty(name, file, unread=True) for name in HEAD}
    return silent | {"instance": empty("instance", file, (fault,), unread=True)}


def _absent(table: str, file: str, at: tuple[int | None, str | None, str | None]) -> Sheet:
    row, column, place = at
    what, remedy = missing_table(table, "part", table, ())
    fault = Fault(file, row, column or table, what, remedy, place)
    return empty(table, file, (fault,), unread=True)


def table_sheet(table: str, content: object, file: str, path: str, where: Where) -> Sheet:
    """The sheet of one table: a list of records, or a single record for the statement."""
    single = table in _SINGLE
    items = [content] if single else content
    if not isinstance(items, list):
        row, column, place = where(path, None)
        what = f"{quoted(items)} is not a list of records."
        fault = Fault(file, row, column, what, "Write a list of records.", place)
        return empty(table, file, (fault,), unread=True)
    if len(items) > MOST_RECORDS:
        row, column, place = where(path, None)
        fault = Fault(file, row, column, *too_many(len(items), "records"), place)
        return empty(table, file, (fault,), unread=True)

    def at(record: int | None, name: str | None) -> tuple[str, int | None, str | None, str | None]:
        spot = path if single or record is None else f"{path}[{record}]"
        spot = f"{spot}.{name}" if name and spot else name or spot
        return file, *where(spot, record)

    return _records_sheet(table, items, at)


def _records_sheet(table: str, items: list[object], at: Place) -> Sheet:
    known = columns(table)
    skip = NESTED if table == "instance" else frozenset()
    records: list[Mapping[str, object]] = []
    faults: list[Fault] = []
    bad = set[int]()
    for index, item in enumerate(items):
        if len(faults) >= ENOUGH:
            faults.append(unlooked(len(items) - index, at(None, None)))
            break
        if not isinstance(item, dict):
            bad.add(index)
            records.append({})
            file, row, column, place = at(index, None)
            what = f"{quoted(item)} is not a record."
            faults.append(Fault(file, row, column, what, "Write its keys and values.", place))
            continue
        if item.keys() <= known.keys():
            records.append(item)
            continue
        records.append({key: item[key] for key in known if key in item})
        strange = [name for name in item if name not in known and name not in skip]
        for name in strange[:ENOUGH]:
            file, row, column, place = at(index, name)
            text = unknown_name(name, [*known, *sorted(skip)], "key")
            faults.append(Fault(file, row, column, *text, place))
        if strange[ENOUGH:]:
            faults.append(unlooked(len(strange) - ENOUGH, at(index, None), "unknown keys"))
    return Sheet(table, records, at, tuple(faults), bad=frozenset(bad))


def table_sheets(content: Mapping[str, object], file: str, where: Where) -> dict[str, Sheet]:
    """The sheets of all tables of a document; a missing one is a fault unless it is optional."""
    sheets: dict[str, Sheet] = {}
    for name in TABLES:
        if name in content or name in OPTIONAL:
            sheets[name] = table_sheet(name, content.get(name, []), file, name, where)
        else:
            sheets[name] = _absent(name, file, where(name, None))
    return sheets
