"""From raw cells to the records of one table; every fault in our own words, none skipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from freight.domain.base import Frozen
from freight.domain.wording import either, nearest, number, quoted
from freight.errors import Fault
from freight.io.cells import blank, localize, take
from freight.io.columns import RECORDS, Column, Kind, columns
from freight.io.guesses import Guesses
from freight.io.sheet import ENOUGH, Sheet, unlooked
from freight.io.typed.codes import CODES
from freight.io.typed.numbers import POINT, Habits, habits_of
from freight.io.typed.taken import CellError, Taken

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
    notes: tuple[Fault, ...] = ()
    """What was guessed or left out, told once."""

    def fault(self, index: int | None, field: str | None, what: str, remedy: str) -> Fault:
        """A fault at a record, the faulty ones being counted after the sound."""
        return self.sheet.fault(None if index is None else self.origins[index], field, what, remedy)


def no_zone(_field: str, _values: Mapping[str, object]) -> ZoneInfo | None:
    """For tables whose times, if any, carry their offset."""
    return None


_MOST_WRONG: Final = 5
"""From so many faults on, a row may be no record at all."""
_FEW: Final = frozenset({Kind.TEXT, Kind.FLAG, Kind.CLOCK, Kind.CHOICE, Kind.WORDS})
"""Kinds of columns whose cells are codes and words: the same few again and again."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How the cells of one table are read, and what was guessed on the way."""

    zone_of: ZoneOf = no_zone
    habits: Habits = POINT
    units: Mapping[str, str] = field(default_factory=dict)
    """Units that the titles of number columns give, by column."""
    base: str | None = None
    """Currency of amounts in a table that has no column for it."""
    guesses: Guesses = field(default_factory=Guesses)
    known: dict[tuple[str, str], Taken] = field(default_factory=dict)
    """Cells that were read before, of columns with few values."""


def read_table(
    sheet: Sheet,
    zone_of: ZoneOf = no_zone,
    *,
    base: str | None = None,
    guesses: Guesses | None = None,
) -> Table:
    """Parse and validate every record of a sheet; ``guesses`` are those made before."""
    reader = Reader(zone_of, _habits(sheet), sheet.units, base, guesses or Guesses())
    model = RECORDS[sheet.table]
    sound: list[tuple[int, Frozen]] = []
    broken: list[tuple[int, Mapping[str, object]]] = []
    faults = list(sheet.faults)
    for index, raw in enumerate(sheet.records):
        if len(faults) >= ENOUGH:
            if len(sheet.faults) <= ENOUGH:
                faults.append(unlooked(len(sheet.records) - index, sheet.place(None, None)))
            break
        if index in sheet.bad:
            broken.append((index, dict(islice(raw.items(), 1))))
            continue
        values, wrong = parse_record(sheet.table, raw, reader)
        record = None
        try:
            record = model.model_validate(values)
        except ValidationError as error:
            wrong |= schema_faults(sheet, index, error, set(wrong))
        if record is None or wrong:
            broken.append((index, _reliable(sheet.table, raw, values, set(wrong))))
        else:
            sound.append((index, record))
        faults += _row_faults(sheet, index, wrong)
    return Table(
        sheet,
        tuple(record for _, record in sound),
        tuple(raw for _, raw in broken),
        tuple(index for index, _ in (*sound, *broken)),
        tuple(faults),
        (*sheet.notes, *reader.guesses.notes(sheet)),
    )


def _row_faults(sheet: Sheet, index: int, wrong: Mapping[str, tuple[str, str]]) -> list[Fault]:
    """A fault for every cell, or one for a row that is no record at all."""
    wrong = {name: text for name, text in wrong.items() if text[0]}
    needed = sum(1 for one in columns(sheet.table).values() if one.required)
    if len(wrong) < _MOST_WRONG or 2 * len(wrong) <= needed:
        return [sheet.fault(index, name, *text) for name, text in wrong.items()]
    name, (first, _) = next(iter(wrong.items()))
    what = f"{len(wrong)} cells of the row cannot be used, the first of them {name}: {first}"
    remedy = "Begin the row with # if it is a heading or a note; else correct it."
    return [sheet.fault(index, None, what, remedy)]


def _habits(sheet: Sheet) -> Habits:
    """How the table writes numbers; nothing to know where no number holds a comma."""
    known = columns(sheet.table)
    names = [name for name, one in known.items() if one.kind in (Kind.NUMBER, Kind.WHOLE)]
    texts = [
        cell for raw in sheet.records for name in names if isinstance(cell := raw.get(name), str)
    ]
    if not any("," in text or "，" in text for text in texts):
        return Habits(semicolons=sheet.semicolons)
    return habits_of(texts, semicolons=sheet.semicolons)


def _reliable(
    table: str, raw: Mapping[str, object], values: Mapping[str, object], wrong: set[str]
) -> Mapping[str, object]:
    """What of a faulty record can be believed, texts as they were read."""
    key = "currency" if table == "exchange" else "id"
    return {
        name: read if isinstance(read := values.get(name), str) else cell
        for name, cell in raw.items()
        if name not in wrong or name == key
    }


@cache
def _texts(table: str) -> frozenset[str]:
    known = columns(table).items()
    return frozenset(name for name, one in known if one.kind is Kind.TEXT and name not in CODES)


def parse_record(
    table: str, raw: Mapping[str, object], reader: Reader
) -> tuple[dict[str, object], dict[str, tuple[str, str]]]:
    """Values of the cells that are not blank, and by column what is wrong with the others."""
    known, texts = columns(table), _texts(table)
    values: dict[str, object] = {}
    wrong: dict[str, tuple[str, str]] = {}
    named: dict[str, Taken] = {}
    for name, cell in raw.items():
        if name in texts and isinstance(cell, str) and "\r" not in cell and not cell.isspace():
            # Most cells are plain text: they need no parsing, but an empty one is no value.
            if cell:
                values[name] = cell
        elif not blank(cell):
            try:
                taken = _taken(known[name], cell, reader)
                values[name] = _placed(taken.value, reader.zone_of, name, raw)
            except CellError as error:
                wrong[name] = (error.what, error.remedy)
                continue
            if taken.read_as:
                reader.guesses.add(name, cell, taken)
            if taken.currencies:
                named[name] = taken
    wrong |= _other_money(named, raw, str(values.get("currency") or reader.base or ""))
    return values, wrong


def _taken(column: Column, cell: object, reader: Reader) -> Taken:
    """What a cell is taken for, with the unit in the title of its column."""
    if column.kind in _FEW and isinstance(cell, str):
        key = (column.name, cell)
        if key not in reader.known:
            reader.known[key] = take(column, cell)
        return reader.known[key]
    unit = reader.units.get(column.name)
    if unit is None or isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return take(column, cell, reader.habits)
    plain = f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    try:
        taken = take(column, f"{plain} {unit}", reader.habits)
    except CellError:
        # A cell with a unit of its own needs none from the title.
        return take(column, cell, reader.habits)
    try:
        same = float(cell) == taken.value
    except ValueError:
        return taken
    return replace(taken, read_as="" if same else taken.read_as, rule=f"{unit} in the title")


def _other_money(
    named: Mapping[str, Taken], raw: Mapping[str, object], currency: str
) -> dict[str, tuple[str, str]]:
    """Amounts whose own sign is not that of the currency in their row."""
    return {
        name: (
            f"{quoted(raw[name])} is in {either(sorted(taken.currencies))}, its row in {currency}.",
            "Write the amount without its sign, or correct the currency of the row.",
        )
        for name, taken in named.items()
        if currency and currency not in taken.currencies
    }


def _placed(value: object, zone_of: ZoneOf, name: str, raw: Mapping[str, object]) -> object:
    """A value, a time of it with the offset of its place."""
    # Without a zone the terminal is unknown, which is a fault of its own: any offset will do.
    if not isinstance(value, datetime) or value.tzinfo is not None:
        return value
    zone = zone_of(name, raw)
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
        # Only zones of places are offered: never UTC, or Etc/GMT+8, which is UTC-8, for UTC+8.
        zones = sorted(available_timezones())
        places = [zone for zone in zones if "/" in zone and not zone.startswith("Etc/")]
        close = nearest(str(detail["input"]), places)
        remedy = f"Did you mean {quoted(close)}?" if close else f"Write {column.form}."
        return f"{shown} is not an IANA time zone.", remedy
    return f"{shown} is not {column.noun}.", f"Write {column.form}."
