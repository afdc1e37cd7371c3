"""Names that people give instead of ids: 武汉吴家山 for a terminal, 武汉平台 for an owner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from freight.domain.base import Frozen
from freight.domain.emissions import EmissionFactor
from freight.domain.gazetteer import city_key, folded, terminals_named
from freight.domain.instance import Owner
from freight.domain.service import Service
from freight.domain.terminal import Terminal
from freight.domain.wording import either, quoted, suggestion
from freight.io.cells import UNJUDGED, Doubtful, blank
from freight.io.columns import Kind, columns
from freight.io.guesses import Guesses
from freight.io.sheet import Sheet
from freight.io.typed.taken import Taken
from freight.io.typed.words import parted

_ID: Final = re.compile(r"[A-Za-z0-9._-]+")


@dataclass
class Names:
    """The ids of a table and what else its records are called."""

    ids: frozenset[str]
    lookup: Callable[[str], tuple[str, ...]]
    whole: bool = True
    """Whether every record is known: else a name may be that of one that could not be read."""
    printed: tuple[str, ...] = ()
    """What the records are called, as people would write it."""

    def __post_init__(self) -> None:
        """Start without answers; each name is looked up once."""
        self._known: dict[str, tuple[str, ...]] = {}

    def meant(self, name: str) -> tuple[str, ...]:
        """The ids that a name stands for: itself first, none when it is unknown."""
        if name in self.ids:
            return (name,)
        if name not in self._known:
            self._known[name] = self.lookup(name)
        return self._known[name]


def names_of(records: Iterable[Frozen], broken: Iterable[str] = (), *, whole: bool = True) -> Names:
    """What the records of a table are called; ``broken`` are ids of its faulty rows."""
    known = tuple(records)
    terminals = tuple(one for one in known if isinstance(one, Terminal))
    ids = frozenset(str(getattr(one, "id", "")) for one in known) | frozenset(broken)
    if terminals:
        places = tuple(one.name_zh for one in terminals)
        return Names(
            ids, lambda name: tuple(t.id for t in terminals_named(name, terminals)), whole, places
        )
    called: dict[str, list[str]] = {}
    for one in known:
        for key in _keys(one):
            called.setdefault(key, []).append(str(getattr(one, "id", "")))

    def lookup(name: str) -> tuple[str, ...]:
        return tuple(called.get(folded(name), called.get(city_key(name), ())))

    printed = tuple(str(one.name_zh) for one in known if isinstance(one, Owner | Service))
    return Names(ids, lookup, whole, printed)


def _keys(record: Frozen) -> set[str]:
    if isinstance(record, Owner):
        texts = (record.id, record.name_en, record.name_zh)
        return {folded(text) for text in texts} | {city_key(record.city)}
    if isinstance(record, Service):
        return {folded(text) for text in (record.id, record.name_en, record.name_zh)}
    return {folded(record.id)} if isinstance(record, EmissionFactor) else set()


def with_ids(sheet: Sheet, names: Mapping[str, Names], guesses: Guesses) -> Sheet:
    """The sheet with ids in place of names, by column; a name of several records is doubtful."""
    wanted = {name: names[name] for name in columns(sheet.table) if name in names}
    if not wanted:
        return sheet
    records = []
    for raw in sheet.records:
        changed = dict[str, object]()
        for column, known in wanted.items():
            cell = raw.get(column)
            if isinstance(cell, str) and not blank(cell) and cell not in known.ids:
                changed |= _named(sheet.table, column, cell, known, guesses)
        records.append({**raw, **changed} if changed else raw)
    return replace(sheet, records=records)


def _named(
    table: str, column: str, cell: str, known: Names, guesses: Guesses
) -> Mapping[str, object]:
    several = columns(table)[column].kind is Kind.WORDS
    meant = known.meant(cell.strip())
    if len(meant) == 1 or not several:
        found: list[tuple[str, ...]] = [meant]
    else:
        found = [known.meant(part) or (part,) for part in parted(cell)]
    if any(len(one) > 1 for one in found):
        choices = next(one for one in found if len(one) > 1)
        what = f"{quoted(cell)} can be {either([quoted(one) for one in choices])}."
        return {column: Doubtful(what, "Write the id of the one that is meant.")}
    ids = " ".join(one[0] for one in found if one)
    if not ids and not _ID.fullmatch(cell.strip()):
        return {column: _stranger(table, column, cell, known)}
    if not ids or ids == cell.strip():
        return {}
    if ids.split() != parted(cell):
        guesses.add(column, cell, Taken(ids, ids))
    return {column: ids}


def _stranger(table: str, column: str, cell: str, known: Names) -> Doubtful:
    """What is said of a name in signs that no id has, and that nothing bears."""
    if not known.whole:
        return UNJUDGED
    there = columns(table)[column].refers
    remedy = suggestion(cell, known.printed, f"write an id or a name of {there}")
    return Doubtful(f"{quoted(cell)} is no id or name of {there}.", remedy)
