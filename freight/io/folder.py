"""A folder of CSV files and one ``instance.toml``, or ``instance.csv`` in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from freight.domain.wording import nearest
from freight.errors import Fault, InstanceError
from freight.io.columns import OPTIONAL, TABLES
from freight.io.csv_table import read_csv, read_keys
from freight.io.regular import cannot_be_read
from freight.io.sheet import Sheet, Source, empty
from freight.io.statement import FILE, read_statement

_HEAD: Final = ("instance", "owners", "exchange")
"""Parts of the statement that are files of their own where a workbook was saved as CSV."""


def read_folder(path: Path) -> Source:
    """The sheets of a folder; a missing file that must be there is a fault."""
    try:
        present = sorted(one.name for one in path.iterdir() if one.suffix == ".csv")
    except OSError as error:
        fault = cannot_be_read(error)
        raise InstanceError([Fault(str(path), None, None, fault.what, fault.remedy)]) from error
    typed = not (path / FILE).exists() and "instance.csv" in present
    sheets, faults = _typed_statement(path, present) if typed else (read_statement(path), ())
    known = {*TABLES, *_HEAD} if typed else {*TABLES}
    stray = [name for name in present if name.removesuffix(".csv") not in known]
    beside = [name for name in _HEAD if f"{name}.csv" in present and not typed]
    for table in TABLES:
        name = f"{table}.csv"
        close = nearest(name, stray)
        if name in present or table not in OPTIONAL or close is not None:
            sheets[table] = read_csv(table, path / name, [close] if close else [])
        else:
            sheets[table] = empty(table, name)
    return Source(sheets, faults, tuple(_left_out(beside)))


def _typed_statement(
    path: Path, present: Sequence[str]
) -> tuple[dict[str, Sheet], tuple[Fault, ...]]:
    """The statement from the sheets of a workbook that were saved as CSV files."""
    sheets, faults = read_keys(path / "instance.csv")
    for table in ("owners", "exchange"):
        name = f"{table}.csv"
        if name in present or table not in OPTIONAL:
            sheets[table] = read_csv(table, path / name, [])
        else:
            sheets[table] = empty(table, name)
    if "defaults" not in sheets:
        sheets["defaults"] = empty("defaults", "instance.csv", unread=True)
    return sheets, faults


def _left_out(names: Sequence[str]) -> Iterator[Fault]:
    for name in names:
        yield Fault(f"{name}.csv", None, None, f"The file is not read: {FILE} holds its part.")
