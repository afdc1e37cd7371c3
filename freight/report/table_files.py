"""Tables of a plan as files of one folder: CSV or Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.io.csv_text import MARK, marked
from freight.io.files import refusal, write_set
from freight.io.places import check_set
from freight.io.statement import FILE
from freight.packages import needed
from freight.report.tables import TABLES, frames

FORMS: Final = ("csv", "parquet")
_TIME: Final = "%Y-%m-%dT%H:%M:%S%z"


def write_tables(
    plan: Plan, instance: Instance, folder: Path, form: str = "csv", *, force: bool = False
) -> list[Path]:
    """Write every table into a folder as ``csv`` or ``parquet``, all or none; gives their paths.

    Raises InstanceError for another form or where it cannot be written, EngineError when Parquet
    is wanted and pyarrow is not installed.
    """
    check_tables(folder, form, force=force)
    make = _csv if form == "csv" else _parquet
    made = {f"{name}.{form}": make(table) for name, table in frames(plan, instance).items()}
    return write_set(folder, made, force=force)


def check_tables(
    folder: Path, form: str, *, force: bool = False, reads: Sequence[Path] = ()
) -> None:
    """Raise before the work where :func:`write_tables` would raise."""
    if form not in FORMS:
        raise refusal(folder, f"form '{form}' is unknown.", "Choose csv or parquet.")
    if form == "parquet":
        _need_parquet()
    if (folder / FILE).exists():
        what = "is the folder of an instance, whose tables would be overwritten."
        raise refusal(folder, what, "Choose another folder.")
    check_set(folder, [f"{name}.{form}" for name in TABLES], force=force, reads=reads)


def _csv(table: pd.DataFrame) -> bytes:
    """The table as CSV; texts that a spreadsheet would compute are marked."""
    plain: pd.DataFrame = table.apply(
        lambda column: (
            column.map(lambda cell: marked(cell) if isinstance(cell, str) else cell)
            if column.dtype == object or isinstance(column.dtype, pd.StringDtype)
            else column
        )
    )
    return (MARK + plain.to_csv(index=False, date_format=_TIME)).encode()


def _parquet(table: pd.DataFrame) -> bytes:
    made: bytes = _one_type(table).to_parquet(None, index=False)
    return made


def _one_type(table: pd.DataFrame) -> pd.DataFrame:
    """The table with text where a column holds values of several types, as Parquet wants."""
    mixed = [
        name
        for name, column in table.items()
        if column.dtype == object and len({type(one) for one in column.dropna()}) > 1
    ]
    return table.astype(dict.fromkeys(mixed, "string"))


def _need_parquet() -> None:
    needed("pyarrow", "Parquet needs", "write csv")
