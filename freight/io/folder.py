"""A folder of CSV files and one ``instance.toml``."""

from __future__ import annotations

from pathlib import Path

from freight.domain.wording import nearest
from freight.errors import Fault, InstanceError
from freight.io.columns import OPTIONAL, TABLES
from freight.io.csv_table import read_csv
from freight.io.regular import cannot_be_read
from freight.io.sheet import Sheet, Source, empty
from freight.io.statement import read_statement


def read_folder(path: Path) -> Source:
    """The sheets of a folder; a missing file that must be there is a fault."""
    try:
        present = sorted(one.name for one in path.iterdir() if one.suffix == ".csv")
    except OSError as error:
        fault = cannot_be_read(error)
        raise InstanceError([Fault(str(path), None, None, fault.what, fault.remedy)]) from error
    stray = [name for name in present if name.removesuffix(".csv") not in TABLES]
    sheets: dict[str, Sheet] = read_statement(path)
    for table in TABLES:
        name = f"{table}.csv"
        close = nearest(name, stray)
        if name in present or table not in OPTIONAL or close is not None:
            sheets[table] = read_csv(table, path / name, [close] if close else [])
        else:
            sheets[table] = empty(table, name)
    return Source(sheets)
