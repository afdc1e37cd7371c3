"""Moments as whole microseconds since 1970 in UTC: exact, and fit for arrays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from freight.domain.clock import local
from solvers.arrays import Ints

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000


def micros(moment: datetime) -> int:
    """Microseconds of an aware datetime."""
    return (moment - EPOCH) // MICROSECOND


def span(hours: float) -> int:
    """Microseconds of a number of hours, rounded as ``timedelta`` does."""
    return timedelta(hours=hours) // MICROSECOND


def moment(at: int, zone: str) -> datetime:
    """The datetime of microseconds, in a time zone."""
    return local(EPOCH + timedelta(microseconds=int(at)), zone)


def local_days(at: Ints, zone: str) -> Ints:
    """Local calendar day of each moment, counted from 1970-01-01; shape of ``at``."""
    clock = pd.to_datetime(at, unit="us", utc=True).tz_convert(zone).tz_localize(None)
    days: NDArray[np.datetime64] = clock.to_numpy().astype("datetime64[D]")
    return days.astype(np.int64)


def day_text(day: int) -> str:
    """ISO date of a day counted from 1970-01-01."""
    return str(np.datetime64(int(day), "D"))
