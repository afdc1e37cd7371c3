"""From the sheets of a source to an instance, or to every fault of every file at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from freight.domain.checks import Survey, findings
from freight.domain.instance import Instance, Statement
from freight.domain.service import Stop
from freight.domain.terminal import Terminal
from freight.errors import InstanceError
from freight.io.columns import HEAD, NESTED, TABLES
from freight.io.schema import Table, ZoneOf, parse_record, read_table, schema_faults
from freight.io.sheet import Sheet, Source

_END: Final = {"ready": "origin", "due": "destination"}


def assemble(source: Source) -> Instance:
    """The instance that the sheets state; raises :class:`InstanceError` with all faults."""
    statement, tables = _statement(source.sheets)
    tables |= _tables(source.sheets)
    parts: dict[str, Any] = {name: tables[name].records for name in TABLES}
    survey = Survey(
        Instance.model_construct(statement=statement, **parts),
        {name: table.broken for name, table in tables.items() if table.broken},
        frozenset(name for name, sheet in source.sheets.items() if sheet.unread),
    )
    faults = [*source.faults, *(fault for table in tables.values() for fault in table.faults)]
    for one in findings(survey):
        faults.append(tables[one.table].fault(one.index, one.field, one.what, one.remedy))
    if faults:
        raise InstanceError(faults)
    return Instance(statement=statement, **parts)


def _no_zone(_field: str, _raw: Mapping[str, object]) -> ZoneInfo | None:
    return None


def _tables(sheets: Mapping[str, Sheet]) -> dict[str, Table]:
    tables = {name: read_table(sheets[name], _no_zone) for name in ("terminals", "stops")}
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
            tables[name] = read_table(sheets[name], zone_of)
    return tables


def _statement(sheets: Mapping[str, Sheet]) -> tuple[Statement, dict[str, Table]]:
    """The statement, or what of it is sound, and the tables of its parts."""
    parts = {name: read_table(sheets[name], _no_zone) for name in HEAD if name in NESTED}
    sheet = sheets["instance"]
    raw = sheet.records[0] if sheet.records else {}
    values, wrong = parse_record("instance", raw, _planner_zone(raw))
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
    table = Table(sheet, (), (raw,) if wrong else (), (0,), (*sheet.faults, *found))
    return statement, parts | {"instance": table}


def _planner_zone(raw: Mapping[str, object]) -> ZoneOf:
    def zone_of(_field: str, _raw: Mapping[str, object]) -> ZoneInfo | None:
        try:
            return ZoneInfo(str(raw.get("time_zone", "")).strip())
        except (ValueError, OSError, KeyError):
            return None

    return zone_of
