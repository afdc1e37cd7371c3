"""From the sheets of a source to an instance, or to every fault of every file at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from freight.domain.checks import Survey, findings
from freight.domain.instance import Instance, Statement
from freight.domain.service import Stop
from freight.domain.terminal import Terminal
from freight.errors import Fault, InstanceError
from freight.io.columns import HEAD, NESTED, TABLES, columns
from freight.io.guesses import Guesses
from freight.io.naming import Names, names_of, with_ids
from freight.io.schema import (
    Reader,
    Table,
    ZoneOf,
    no_zone,
    parse_record,
    read_table,
    schema_faults,
)
from freight.io.sheet import ENOUGH, Sheet, Source

_END: Final = {"ready": "origin", "due": "destination"}


def assemble(source: Source) -> Instance:
    """The instance that the sheets state; raises :class:`InstanceError` with all faults."""
    statement, tables = _statement(source.sheets)
    tables |= _tables(source.sheets, tables["owners"])
    if any(len(table.faults) > ENOUGH for table in tables.values()):
        # Records that were not looked at would be missed everywhere.
        raise InstanceError(_faults(source, tables))
    parts: dict[str, Any] = {name: tables[name].records for name in TABLES}
    survey = Survey(
        Instance.model_construct(statement=statement, **parts),
        {name: table.broken for name, table in tables.items() if table.broken},
        frozenset(name for name, sheet in source.sheets.items() if sheet.unread),
    )
    faults = _faults(source, tables)
    for one in findings(survey):
        faults.append(tables[one.table].fault(one.index, one.field, one.what, one.remedy))
    if faults:
        raise InstanceError(faults)
    notes = (*source.notes, *(note for table in tables.values() for note in table.notes))
    instance = Instance(statement=statement, **parts)
    rows = {name: where for name, table in tables.items() if (where := _rows(table)) is not None}
    instance.mark_reading(notes, rows)
    return instance


def _rows(table: Table) -> tuple[str, Sequence[int]] | None:
    """File and row of every record of a table in rows; None: it is a document."""
    if not table.records:
        return None
    file, row, _, _ = table.sheet.place(0, None)
    if row is None or not file.endswith((".csv", "]")):
        return None
    lines = [table.sheet.place(origin, None)[1] or 0 for origin in table.origins]
    even = range(lines[0], lines[0] + len(lines))
    return file, even if lines == list(even) else tuple(lines)


def _faults(source: Source, tables: Mapping[str, Table]) -> list[Fault]:
    return [*source.faults, *(fault for table in tables.values() for fault in table.faults)]


def _tables(sheets: Mapping[str, Sheet], owners: Table) -> dict[str, Table]:
    tables = {"terminals": read_table(sheets["terminals"])}
    names = {"owners": _names(owners), "terminals": _names(tables["terminals"])}
    for name in ("services", "emissions", "stops"):
        tables[name] = _with_names(sheets[name], names)
        names |= {name: _names(tables[name])} if name != "stops" else {}
    terminals = [one for one in tables["terminals"].records if isinstance(one, Terminal)]
    zones = {one.id: ZoneInfo(one.time_zone) for one in terminals}
    stops = [one for one in tables["stops"].records if isinstance(one, Stop)]
    first: dict[str, Stop] = {}
    for stop in stops:
        if stop.service not in first or stop.sequence < first[stop.service].sequence:
            first[stop.service] = stop

    def zone_of(field: str, raw: Mapping[str, object]) -> ZoneInfo | None:
        if field in _END:
            name = str(raw.get(_END[field], "")).strip()
        else:
            start = first.get(str(raw.get("service", "")).strip())
            name = start.terminal if start else ""
        return zones.get(name)

    for name in TABLES:
        if name not in tables:
            tables[name] = _with_names(sheets[name], names, zone_of)
    return tables


def _names(table: Table) -> Names:
    broken = [str(raw.get("id", "")).strip() for raw in table.broken]
    return names_of(table.records, broken, whole=not broken and not table.sheet.unread)


def _with_names(sheet: Sheet, names: Mapping[str, Names], zone_of: ZoneOf = no_zone) -> Table:
    """The table of a sheet, with the ids of other tables where it gives their names."""
    guesses = Guesses()
    known = columns(sheet.table)
    by_column = {
        name: names[one.refers or ""] for name, one in known.items() if one.refers in names
    }
    return read_table(with_ids(sheet, by_column, guesses), zone_of, guesses=guesses)


def _statement(sheets: Mapping[str, Sheet]) -> tuple[Statement, dict[str, Table]]:
    """The statement, or what of it is sound, and the tables of its parts."""
    sheet = sheets["instance"]
    raw = sheet.records[0] if sheet.records else {}
    reader = Reader(_planner_zone(raw))
    values, wrong = parse_record("instance", raw, reader)
    base = str(values.get("currency", "")) or None
    parts = {name: read_table(sheets[name], base=base) for name in HEAD if name in NESTED}
    values |= {"exchange": parts["exchange"].records, "owners": parts["owners"].records}
    if parts["defaults"].records:
        values["defaults"] = parts["defaults"].records[0]
    try:
        statement = Statement.model_validate(values)
    except ValidationError as error:
        bad = {str(detail["loc"][0]) for detail in error.errors(include_url=False)} - {"owners"}
        sound: dict[str, Any] = {key: one for key, one in values.items() if key not in bad}
        statement = Statement.model_construct(**sound)
        wrong |= {} if sheet.unread else schema_faults(sheet, 0, error, set(wrong))
    found = [sheet.fault(0, name, *text) for name, text in wrong.items()]
    notes = (*sheet.notes, *reader.guesses.notes(sheet))
    table = Table(sheet, (), (raw,) if wrong else (), (0,), (*sheet.faults, *found), notes)
    return statement, parts | {"instance": table}


def _planner_zone(raw: Mapping[str, object]) -> ZoneOf:
    def zone_of(_field: str, _raw: Mapping[str, object]) -> ZoneInfo | None:
        try:
            return ZoneInfo(str(raw.get("time_zone", "")).strip())
        except (ValueError, OSError, KeyError):
            return None

    return zone_of
