"""Currencies and the statement's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.wording import either, number, quoted

PRICED: Final = ("terminals", "transfers", "services", "stops", "shipments")
MOST_DAYS: Final = 731
"""Longest horizon: two years. Timetables are written out day by day."""


def currencies_without_rate(survey: Survey) -> Iterator[Finding]:
    """Amounts in a currency that nobody can turn into the base currency."""
    base = getattr(survey.instance.statement, "currency", None)
    if base is None or "exchange" in survey.unread:
        return
    known = survey.ids("exchange") | {base}
    remedy = f"Add its rate to exchange, or use {either(sorted(known))}."
    for table in PRICED:
        for index, currency in survey.names(table, "currency"):
            if currency not in known:
                what = f"Currency {quoted(currency)} has no exchange rate."
                yield Finding(table, index, "currency", what, remedy)


def base_rate(survey: Survey) -> Iterator[Finding]:
    """The base currency needs no rate; one that is not 1 contradicts it."""
    statement = survey.instance.statement
    for index, one in enumerate(statement.exchange):
        if one.currency == statement.currency and one.per_base != 1.0:
            what = f"The base currency {one.currency} has the rate {number(one.per_base)}."
            yield Finding("exchange", index, "per_base", what, "Remove it: the base counts 1.")


def horizon(survey: Survey) -> Iterator[Finding]:
    """The horizon must end after it starts and have a length that can be planned."""
    one = survey.instance.statement
    if one.horizon_end <= one.horizon_start:
        what = f"The horizon ends at {one.horizon_end.isoformat()}, not after its start."
        remedy = f"Write a time after {one.horizon_start.isoformat()}."
        yield Finding("instance", 0, "horizon_end", what, remedy)
    elif (one.horizon_end - one.horizon_start).days > MOST_DAYS:
        days = (one.horizon_end - one.horizon_start).days
        what = f"The horizon is {days:,} days long."
        yield Finding("instance", 0, "horizon_end", what, "Plan at most two years at once.")


def no_owner(survey: Survey) -> Iterator[Finding]:
    """Somebody must answer for services and shipments."""
    if not survey.instance.statement.owners and survey.intact(("owners",)):
        what, remedy = "There is no owner.", "State at least one with id, names and city."
        yield Finding("owners", None, None, what, remedy)
