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
MOST_FACTOR: Final = 1e6
"""Of an emission factor, in its unit: a tonne of CO2e for each tonne-kilometre."""
MOST_PENALTY: Final = 1e12
"""Of one shipment left behind, in the currency of its row."""
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


def factors(survey: Survey) -> Iterator[Finding]:
    """Emission factors that no vehicle has; their sums would be beyond reckoning."""
    for index, factor in enumerate(survey.instance.emissions):
        if factor.value > MOST_FACTOR:
            what = f"{number(factor.value)} is more than anything emits."
            yield Finding("emissions", index, "value", what, "Write it in the unit of its row.")


def penalties(survey: Survey) -> Iterator[Finding]:
    """Shipments whose penalty for all boxes together is beyond reckoning."""
    defaults = getattr(survey.instance.statement, "defaults", None)
    usual = getattr(defaults, "unserved_cost_per_teu", 0.0)
    for index, shipment in enumerate(survey.instance.shipments):
        own = shipment.unserved_cost_per_teu
        per_teu = usual if own is None else own
        if per_teu * shipment.teu > MOST_PENALTY:
            what = f"{shipment.teu:,} TEU at {number(per_teu)} are more than {MOST_PENALTY:,.0f}."
            yield Finding(
                "shipments", index, "unserved_cost_per_teu", what, "Write less, or fewer TEU."
            )
