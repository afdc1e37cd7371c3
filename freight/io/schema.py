"""From raw cells to the records of one table; every fault in our own words, none skipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from freight.domain.base import Frozen
from freight.domain.wording import nearest, number, quoted
from freight.errors import Fault
from freight.io.cells import CellError, blank, localize, parse
from freight.io.columns import RECORDS, Column, Kind, columns
from freight.io.sheet import Sheet

ZoneOf = Callable[[str, Mapping[str, object]], ZoneInfo | None]
"""(field, values of the record) to the zone of a time without offset; None: not known."""


@dataclass(frozen=True, slots=True)
class Table:
    """The sound records of a sheet, where each stood, and the faulty ones as they were."""

    sheet: Sheet
    records: tuple[Frozen, ...]
    broken: tuple[Mapping[str, object], ...]
    origins: tuple[int, ...]
    """For every record, the sound and then the faulty, its number in the sheet."""
    faults: tuple[Fault, ...]

    def fault(self, index: int | None, field: str | None, what: str, remedy: str) -> Fault:
        """A fault at a record, the faulty ones being counted after the sound."""
        return self.sheet.fault(None if index is None else self.origins[index], field, what, remedy)


def read_table(sheet: Sheet, zone_of: ZoneOf) -> Table:
    """Parse and validate every record of a sheet."""
    model = RECORDS[sheet.table]
    sound: list[tuple[int, Frozen]] = []
    broken: list[tuple[int, Mapping[str, object]]] = []
    faults = list(sheet.faults)
    for index, raw in enumerate(sheet.records):
        if index in sheet.bad:
            broken.append((index, dict(islice(raw.items(), 1))))
            continue
        values, wrong = parse_record(sheet.table, raw, zone_of)
        record = None
        try:
            record = model.model_validate(values)
        except ValidationError as error:
            wrong |= schema_faults(sheet, index, error, set(wrong))
        if record is None or wrong:
            broken.append((index, _reliable(sheet.table, raw, set(wrong))))
        else:
            sound.append((index, record))
        faults += [sheet.fault(index, name, *text) for name, text in wrong.items()]
    return Table(
        sheet,
        tuple(record for _, record in sound),
        tuple(raw for _, raw in broken),
        tuple(index for index, _ in (*sound, *broken)),
        tuple(faults),
    )


def _reliable(table: str, raw: Mapping[str, object], wrong: set[str]) -> Mapping[str, object]:
    key = "currency" if table == "exchange" else "id"
    return {name: cell for name, cell in raw.items() if name not in wrong or name == key}


@cache
def _texts(table: str) -> frozenset[str]:
    return frozenset(name for name, one in columns(table).items() if one.kind is Kind.TEXT)


def parse_record(
    table: str, raw: Mapping[str, object], zone_of: ZoneOf
) -> tuple[dict[str, object], dict[str, tuple[str, str]]]:
    """Values of the cells that are not blank, and by column what is wrong with the others."""
    known, texts = columns(table), _texts(table)
    values: dict[str, object] = {}
    wrong: dict[str, tuple[str, str]] = {}
    for name, cell in raw.items():
        if name in texts and isinstance(cell, str) and "\r" not in cell and not cell.isspace():
            # Most cells are plain text: they need no parsing, but an empty one is no value.
            if cell:
                values[name] = cell
        elif not blank(cell):
            try:
                value = parse(known[name], cell)
                if isinstance(value, datetime):
                    value = _aware(value, zone_of(name, raw))
                values[name] = value
            except CellError as error:
                wrong[name] = (error.what, error.remedy)
    return values, wrong


def _aware(value: datetime, zone: ZoneInfo | None) -> datetime:
    # Without a zone the terminal is unknown, which is a fault of its own: any offset will do.
    if value.tzinfo is not None:
        return value
    return value.replace(tzinfo=UTC) if zone is None else localize(value, zone)


def schema_faults(
    sheet: Sheet, index: int, error: ValidationError, skip: set[str]
) -> dict[str, tuple[str, str]]:
    """What a model found wrong in a record, by column, but for columns that have a fault."""
    known, wrong = columns(sheet.table), dict[str, tuple[str, str]]()
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0])
        if name in known and name not in skip | sheet.absent:
            shown = quoted(sheet.records[index].get(name))
            wrong[name] = translate(detail, known[name], shown)
    return wrong


def translate(detail: ErrorDetails, column: Column, shown: str) -> tuple[str, str]:
    """What pydantic found, in our words: what is wrong and what to do."""
    kind, limits = detail["type"], detail.get("ctx", {})
    if kind in ("missing", "string_too_short"):
        return "The value is missing.", f"Write {column.form}."
    if kind == "greater_than_equal":
        return f"{shown} is below {number(limits['ge'])}.", f"Write {column.form}."
    if kind == "greater_than":
        return f"{shown} is not above {number(limits['gt'])}.", f"Write {column.form}."
    if kind == "less_than_equal":
        return f"{shown} is above {number(limits['le'])}.", f"Write {column.form}."
    if column.name == "time_zone":
        close = nearest(str(detail["input"]), sorted(available_timezones()))
        remedy = f"Did you mean {quoted(close)}?" if close else f"Write {column.form}."
        return f"{shown} is not an IANA time zone.", remedy
    return f"{shown} is not {column.noun}.", f"Write {column.form}."
