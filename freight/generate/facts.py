"""Tables of facts that come with the package: CSV files, one dataclass a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeVar

from freight.domain.base import Frozen

Record = TypeVar("Record", bound=Frozen)


def text(folder: str, table: str) -> str:
    """The text of ``facts/<folder>/<table>.csv``."""
    place = files("freight.generate") / "facts" / folder / f"{table}.csv"
    return place.read_text(encoding="utf-8")


def rows(folder: str, table: str) -> Iterator[dict[str, str]]:
    """Rows of a table by column name; empty cells are left out."""
    for row in csv.DictReader(text(folder, table).splitlines()):
        yield {key: cell for key, cell in row.items() if cell}


def records(folder: str, table: str, kind: type[Record]) -> tuple[Record, ...]:
    """Rows whose columns are the fields of a record of the domain."""
    return tuple(kind.model_validate(row) for row in rows(folder, table))


def tariffs(folder: str) -> Mapping[str, float]:
    """Values of ``tariffs.csv`` by id."""
    return {row["id"]: float(row["value"]) for row in rows(folder, "tariffs")}


@dataclass(frozen=True, slots=True)
class Section:
    """One leg that any service may use, in the direction in which it was looked up."""

    km: float
    hours: float
    price: float
    """Per unit of ``basis``; 0 for Chinese rail, which follows the tariff by kilometre."""
    currency: str
    basis: str
    """``tariff``, ``feu``, ``teu`` or ``tonne``."""
    emission_class: str
    source: str


def sections(folder: str) -> Mapping[tuple[str, str], Section]:
    """Sections by (from, to), both directions."""
    found: dict[tuple[str, str], Section] = {}
    for row in rows(folder, "sections"):
        ends = row["from_terminal"], row["to_terminal"]
        for key, suffix in ((ends, ""), (ends[::-1], "_back")):
            found[key] = Section(
                km=float(row["km"]),
                hours=float(row.get(f"hours{suffix}", row["hours"])),
                price=float(row.get(f"price{suffix}", "0")),
                currency=row["currency"],
                basis=row["basis"],
                emission_class=row["emission_class"],
                source=row["source"],
            )
    return found
