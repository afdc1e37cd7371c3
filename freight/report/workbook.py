"""A plan as a workbook that a colleague can filter: a sheet per table, formatted, heads frozen."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pandas as pd
import xlsxwriter

from freight.domain.instance import Instance
from freight.domain.money import digits_of
from freight.domain.plan import Plan
from freight.report.tables import frames

FORMATS: Final = {
    "time": "yyyy-mm-dd hh:mm",
    "share": "0.0%",
    "number": "#,##0.##",
}
AMOUNTS: Final = frozenset(
    {
        "fixed_cost",
        "price",
        "cost",
        "amount",
        "penalty",
        "cost_per_teu",
        "cost_per_feu",
        "price_per_feu",
        "settlement",
    }
)
SHARES: Final = frozenset({"load_factor"})
IDS: Final = frozenset({"itinerary", "step", "sequence", "runs"})
WIDEST: Final = 46
SAMPLE: Final = 200
"""Rows looked at for the width of a column."""


def workbook(plan: Plan, instance: Instance) -> bytes:
    """The file as bytes. Times are clock times in the plan's zone, named in the head of a column.

    ``costs`` adds up, line by line, to the cost of the plan without what is unallocated.
    """
    out = BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": plan.instance, "comments": f"{plan.instance_digest}"})
        decimals = "0" * digits_of(plan.currency)
        forms = FORMATS | {"amount": f"#,##0.{decimals}" if decimals else "#,##0"}
        looks = {key: book.add_format({"num_format": form}) for key, form in forms.items()}
        looks["head"] = book.add_format(
            {"bold": True, "font_color": "white", "bg_color": "#1F4E78", "text_wrap": False}
        )
        for name, table in frames(plan, instance).items():
            _write(book.add_worksheet(name), _localized(table, plan.time_zone), looks)
    return out.getvalue()


def _localized(table: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Times without offset, which a spreadsheet needs, and the zone in the name of the column."""
    found = table.copy()
    for name in table.columns:
        if isinstance(table[name].dtype, pd.DatetimeTZDtype):
            found[name] = table[name].dt.tz_convert(zone).dt.tz_localize(None)
            found = found.rename(columns={name: f"{name} ({zone})"})
    return found


def _write(sheet: Any, table: pd.DataFrame, looks: dict[str, Any]) -> None:
    for index, name in enumerate(table.columns):
        column = table[name]
        look = looks.get(_look(str(name), column))
        sheet.write_string(0, index, str(name), looks["head"])
        sheet.set_column(index, index, _width(str(name), column), look)
        for row, value in enumerate(column.tolist(), start=1):
            _cell(sheet, (row, index), value, looks)
    sheet.freeze_panes(1, 1)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _look(name: str, column: pd.Series[Any]) -> str:
    if pd.api.types.is_datetime64_any_dtype(column):
        return "time"
    if name in AMOUNTS:
        return "amount"
    if name in SHARES:
        return "share"
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return "number" if numeric and name not in IDS else ""


def _width(name: str, column: pd.Series[Any]) -> int:
    longest = max((len(str(value)) for value in column.head(SAMPLE)), default=0)
    return min(WIDEST, max(len(name), longest) + 3)


def _cell(sheet: Any, at: tuple[int, int], value: object, looks: dict[str, Any]) -> None:
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return
    if isinstance(value, pd.Timestamp):
        sheet.write_datetime(*at, value.to_pydatetime(), looks["time"])
    elif isinstance(value, bool):
        sheet.write_string(*at, "yes" if value else "no")
    elif isinstance(value, int | float):
        sheet.write_number(*at, value)
    else:
        sheet.write_string(*at, str(value))
