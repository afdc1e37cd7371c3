"""What the checks look at, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from freight.domain.base import Frozen
from freight.domain.instance import Instance

_PARTS: Final = re.compile(r"[\s,;，；]+")
HEAD_TABLES: Final = ("exchange", "owners")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one record; ``index`` counts from 0 in its table, None: the table.

    Indices beyond the sound records count on through the broken ones.
    """

    table: str
    index: int | None
    field: str | None
    what: str
    remedy: str


@dataclass(frozen=True)
class Survey:
    """An instance under check, with the records that are not in it because they are faulty.

    A reader hands over what it could make sense of; ``broken`` keeps the raw fields of the rest,
    so that nobody calls a terminal unknown whose row merely has a typing error; of what is faulty
    itself only the key is kept.
    """

    instance: Instance
    broken: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    """Tables of which nothing is known: missing or unreadable."""

    def intact(self, tables: Iterable[str]) -> bool:
        """Whether every record of these tables is known and sound."""
        return not any(table in self.unread or self.broken.get(table) for table in tables)

    def records(self, table: str) -> Sequence[Frozen]:
        """The sound records of a table."""
        holder = self.instance.statement if table in HEAD_TABLES else self.instance
        records: Sequence[Frozen] = getattr(holder, table)
        return records

    def names(self, table: str, name: str) -> Iterator[tuple[int, str]]:
        """(index, name) for every name in one field, over sound and then over broken records."""
        for index, record in enumerate(self.records(table)):
            value = getattr(record, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None:
                    yield index, str(one)
        for index, raw in enumerate(self.broken.get(table, ()), start=len(self.records(table))):
            value = raw.get(name)
            for one in _PARTS.split(value) if isinstance(value, str) else ():
                if one:
                    yield index, one

    def broken_values(self, table: str, name: str) -> set[str]:
        """Values of one field over the faulty records of a table."""
        return {str(one[name]).strip() for one in self.broken.get(table, ()) if name in one}

    def broken_ids(self, table: str) -> set[str]:
        """Ids of the faulty records of a table."""
        return self.broken_values(table, "currency" if table == "exchange" else "id")

    def ids(self, table: str) -> set[str]:
        """Every id that a table states, be its record sound or faulty."""
        key = "currency" if table == "exchange" else "id"
        sound = {str(getattr(one, key)) for one in self.records(table)}
        return sound | self.broken_ids(table)
