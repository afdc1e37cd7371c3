"""Tables that stand beside an instance: one CSV file each, read by the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from freight.domain.base import Frozen
from freight.domain.instance import Instance
from freight.domain.wording import quoted, suggestion
from freight.errors import Fault, InstanceError
from freight.io.columns import columns
from freight.io.csv_table import read_csv
from freight.io.csv_text import csv_text
from freight.io.guesses import Guesses
from freight.io.naming import Names, names_of, with_ids
from freight.io.schema import Table, read_table
from freight.io.values import cells
from freight.telling import tell

_END = {"ready": "origin", "due": "destination"}


@dataclass
class Rows:
    """The sound records of a table and the faults found so far; collects more of them."""

    table: Table
    faults: list[Fault] = field(default_factory=list)

    @property
    def records(self) -> tuple[Frozen, ...]:
        """Rows without a fault of form."""
        return self.table.records

    def wrong(self, index: int | None, column: str, what: str, remedy: str) -> None:
        """Note a fault of a record, by its position in ``records``."""
        self.faults.append(self.table.fault(index, column, what, remedy))

    def refer(self, column: str, known: Iterable[str], noun: str) -> None:
        """Note every value of a column that is not known; empty ones pass."""
        names = sorted(known)
        for index, record in enumerate(self.records):
            value = getattr(record, column)
            if value and value not in names:
                remedy = suggestion(str(value), names, f"give a {noun} that is")
                self.wrong(index, column, f"{quoted(value)} is no {noun} here.", remedy)

    def unique(self, named: Sequence[str]) -> None:
        """Note every record whose columns all equal those of an earlier one."""
        seen: dict[tuple[object, ...], int] = {}
        for index, record in enumerate(self.records):
            key = tuple(getattr(record, column) for column in named)
            if seen.setdefault(key, index) != index:
                shown = quoted(" ".join(str(one) for one in key))
                self.wrong(index, named[-1], f"{shown} stands twice.", "Keep one of them.")


def read_rows(name: str, path: Path, instance: Instance | None = None) -> Rows:
    """The rows of a side table; what is wrong with file and cells stands in the faults.

    Times without an offset are local at the row's origin or destination.
    """
    zones = {} if instance is None else {t.id: ZoneInfo(t.time_zone) for t in instance.terminals}

    def zone_of(column: str, raw: Mapping[str, object]) -> ZoneInfo | None:
        return zones.get(str(raw.get(_END.get(column, ""), "")).strip())

    guesses = Guesses()
    sheet = with_ids(read_csv(name, path, []), _names(instance), guesses)
    table = read_table(sheet, zone_of, guesses=guesses)
    found = Rows(table, list(table.faults))
    if not table.sheet.records and not found.faults:
        found.wrong(None, "", "The table has a header and no rows.", "Write at least one row.")
    return found


def _names(instance: Instance | None) -> Mapping[str, Names]:
    """What the columns of side tables name of an instance."""
    if instance is None:
        return {}
    terminals, owners = names_of(instance.terminals), names_of(instance.statement.owners)
    return {"origin": terminals, "destination": terminals, "owner": owners}


def sound(*rows: Rows) -> None:
    """Tell the notes of all tables, or raise InstanceError with their faults."""
    faults = [one for some in rows for one in some.faults]
    if faults:
        raise InstanceError(faults)
    tell(note for table in rows for note in table.table.notes)


def written_rows(name: str, records: Iterable[Frozen]) -> str:
    """Records as the text of a CSV file."""
    return csv_text(columns(name), (cells(name, record) for record in records))
