"""Local times that can be reckoned with.

Python adds and subtracts datetimes of one named zone by the clock on the wall, so that a day on
which summer time begins counts 24 hours. With a fixed offset it counts real hours.
"""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo


def local(moment: datetime, zone: str | ZoneInfo) -> datetime:
    """An aware moment in local time, its offset fixed."""
    named = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    offset = named.utcoffset()
    return named if offset is None else named.replace(tzinfo=timezone(offset))
