"""What every view for a terminal is made of: tables, amounts, shares, counted things."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from rich import box
from rich.table import Table

from freight.domain.clock import clock_text
from freight.domain.plan import ChargeKind

LONG = ("why", "before → after", "best in", "by", "source", "compared with", "policy", "step",
        "from", "to", "customer", "service", "lane")  # fmt: skip
"""Columns whose text may take several lines."""

CHARGE_WORDS = {
    ChargeKind.FIXED: "train and vessel fixed cost",
    ChargeKind.LEG: "legs (per TEU and tonne)",
    ChargeKind.HANDLING: "handling at terminals",
    ChargeKind.TRANSFER: "transfers",
    ChargeKind.DRAYAGE: "trucks to and from doors",
    ChargeKind.BORDER: "borders and gauge changes",
    ChargeKind.CUSTOMS: "customs",
    ChargeKind.STORAGE: "storage beyond free time",
    ChargeKind.CAPITAL: "capital tied up in goods",
    ChargeKind.LATENESS: "lateness",
    ChargeKind.NETWORK: "fixed departures run empty",
    ChargeKind.SETTLEMENT: "settlement between owners",
}


def money(amount: Decimal | float, currency: str) -> str:
    """``1,234,567 USD``: whole units, thousands grouped."""
    return f"{amount:,.0f} {currency}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share as percent, ``?`` when unknown."""
    return "?" if share is None else f"{100 * share:.{digits}f} %"


def table(title: str, *columns: str, text_columns: int = 1) -> Table:
    """An empty table; the first ``text_columns`` are words, the others figures."""
    empty = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        words = number < text_columns
        empty.add_column(column, justify="left" if words else "right", no_wrap=column not in LONG)
    return empty


def clock(moment: datetime, zone: str) -> str:
    """``03-01 21:00``: month, day and clock time in a zone; an hour that repeats says which."""
    return clock_text(moment, zone, " ").partition("-")[2]
