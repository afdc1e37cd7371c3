"""Durations that no transport has: typing errors that would pass every other check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.wording import number

YEAR_HOURS: Final = 8760.0
_HOURS: Final = (
    ("terminals", "handling_hours"),
    ("terminals", "free_storage_hours"),
    ("transfers", "hours"),
    ("services", "cutoff_hours"),
    ("stops", "arrive_hours"),
    ("stops", "depart_hours"),
)
_DAYS: Final = ("most_late_days", "most_dwell_days")


def durations(survey: Survey) -> Iterator[Finding]:
    """Hours and days of more than a year."""
    remedy = "Write at most one year."
    for table, name in _HOURS:
        for index, record in enumerate(survey.records(table)):
            hours = getattr(record, name)
            if hours > YEAR_HOURS:
                what = f"{number(hours)} hours are more than a year."
                yield Finding(table, index, name, what, remedy)
    defaults = getattr(survey.instance.statement, "defaults", None)
    for name in _DAYS if defaults is not None else ():
        days = getattr(defaults, name)
        if days * 24.0 > YEAR_HOURS:
            yield Finding("defaults", 0, name, f"{number(days)} days are more than a year.", remedy)
