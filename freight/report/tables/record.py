"""A row of a table: the value of every column by its name."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

Value = str | int | float | bool | datetime | None
Record = dict[str, Value]


def utc(moment: datetime) -> pd.Timestamp:
    """A moment as frames hold it."""
    return pd.Timestamp(moment).tz_convert("UTC")
