"""The lists of checks and remarks, and how they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from freight.domain.checks import (
    circles,
    delivery,
    departures,
    emissions,
    money,
    names,
    places,
    references,
    remarks,
    services,
    shipments,
    sizes,
)
from freight.domain.checks.magnitudes import cargo, positions, rates, runs, ways
from freight.domain.checks.survey import Finding, Survey
from freight.domain.instance import Instance
from freight.errors import Fault

ENOUGH: Final = 1000
"""Findings of one check from which further ones are not looked for."""
_MORE: Final = "There may be more of this kind."
HEAD: Final = ("instance", "defaults", "owners")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, the tables that must be sound before it is asked, and whether others need it.

    A check that ``bears`` makes the tables of its findings unsound for the checks after it.
    """

    rule: Callable[[Survey], Iterator[Finding]]
    needs: tuple[str, ...] = ()
    bears: bool = False


CHECKS: Final = (
    Check(references.unknown_names, bears=True),
    Check(names.duplicates, bears=True),
    Check(names.unprintable),
    Check(money.no_owner),
    Check(money.horizon, ("instance",), bears=True),
    Check(money.base_rate, ("instance",)),
    Check(money.currencies_without_rate),
    Check(sizes.durations, bears=True),
    Check(sizes.factors),
    Check(sizes.penalties),
    Check(places.countries),
    Check(places.zones, ("instance",)),
    Check(places.transfers),
    Check(emissions.units),
    Check(services.minimum_loads),
    Check(departures.patterns, bears=True),
    Check(departures.runs, ("instance", "terminals", "stops")),
    Check(services.stops, bears=True),
    Check(
        circles.circles, ("instance", "terminals", "transfers", "services", "stops", "departures")
    ),
    Check(shipments.shipments),
    Check(shipments.ready_times, ("instance", "defaults", "terminals")),
)
"""Every rule; a new one is a function and a line here."""

IMPOSSIBLE: Final = (
    Check(rates.impossible_rates, ("instance", "exchange")),
    Check(positions.exchanged_positions, bears=True),
    Check(ways.impossible_ways, ("terminals", "transfers", "services", "stops")),
)
"""Figures that cannot be, for instances that are read; a plan made with them still opens."""

MAGNITUDES: Final = (
    Check(rates.odd_rates),
    Check(positions.odd_positions),
    Check(ways.odd_ways),
    Check(runs.odd_services),
    Check(runs.dates_beside),
    Check(runs.odd_emissions),
    Check(cargo.odd_cargo),
)
"""Figures that are hardly ever so, for a sound instance."""

MEANT: Final = (
    *MAGNITUDES,
    Check(departures.told_twice),
    Check(departures.idle_exceptions),
)
"""What may be meant otherwise and would change the plan: told where a plan is made, too."""

REMARKS: Final = (
    Check(remarks.nothing_to_do),
    Check(remarks.unused_terminals),
    Check(places.in_utc),
    Check(remarks.idle_services),
    Check(remarks.service_terms),
    Check(remarks.idle_owners),
    Check(remarks.owners_elsewhere),
    Check(remarks.unused_emissions),
    Check(remarks.unlike_stops),
    Check(remarks.legs),
    Check(remarks.ineffective_transfers),
    Check(remarks.free_shipments),
    Check(remarks.backlog),
    Check(delivery.deliveries),
    Check(delivery.surely_late),
    *MEANT,
)
"""What is allowed but suspicious, for a sound instance."""


def findings(survey: Survey) -> list[Finding]:
    """What every applicable check says, in order."""
    return _run((*CHECKS, *IMPOSSIBLE), survey)


def _run(checks: Sequence[Check], survey: Survey) -> list[Finding]:
    found: list[Finding] = []
    unsound: set[str] = set()
    for one in checks:
        if survey.intact(one.needs) and unsound.isdisjoint(one.needs):
            new = list(islice(one.rule(survey), ENOUGH))
            if len(new) == ENOUGH:
                new.append(Finding(new[-1].table, None, None, _MORE, "Correct the first faults."))
            found += new
            unsound |= {finding.table for finding in new} if one.bears else set()
    return found


def check(instance: Instance, *, magnitudes: bool = True) -> list[Fault]:
    """All faults of an instance, however it was built; none: it is sound.

    Without ``magnitudes`` figures that cannot be are no faults: for what was planned already.
    """
    checks = (*CHECKS, *IMPOSSIBLE) if magnitudes else CHECKS
    return [located(one) for one in _run(checks, Survey(instance))]


def warnings(instance: Instance) -> list[Fault]:
    """What its reader guessed, and what is suspicious in a sound instance by its tables."""
    return [*instance.notes, *_remarks(instance, REMARKS)]


def doubts(instance: Instance) -> list[Fault]:
    """What of a sound instance may be meant otherwise and would change the plan, by its tables."""
    return _remarks(instance, MEANT)


def _remarks(instance: Instance, checks: Sequence[Check]) -> list[Fault]:
    survey = Survey(instance)
    found = [located(one, instance) for check in checks for one in check.rule(survey)]
    return sorted(found, key=lambda one: (one.file, one.row or 0, one.column or ""))


def located(finding: Finding, instance: Instance | None = None) -> Fault:
    """A finding as a fault: in the row that it was read from, else at a record counted from 1."""
    file, rows = (instance.rows if instance else {}).get(finding.table, (finding.table, ()))
    if finding.index is None:
        return Fault(file, None, finding.field, finding.what, finding.remedy)
    if finding.index < len(rows):
        read = rows[finding.index]
        return Fault(file, read, finding.field, finding.what, finding.remedy)
    row = finding.index + 1
    place = f"record {row}" + (f", {finding.field}" if finding.field else "")
    return Fault(finding.table, row, finding.field, finding.what, finding.remedy, place)
