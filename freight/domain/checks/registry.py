"""The list of checks and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from freight.domain.checks.references import unknown_names
from freight.domain.checks.survey import Finding, Survey
from freight.domain.instance import Instance
from freight.errors import Fault


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and the tables that must be sound before it is asked."""

    rule: Callable[[Survey], Iterator[Finding]]
    needs: tuple[str, ...] = ()


CHECKS: Final = (Check(unknown_names),)


def findings(survey: Survey) -> list[Finding]:
    """What every applicable check says, in order."""
    found: list[Finding] = []
    for one in CHECKS:
        faulty = {finding.table for finding in found}
        if survey.intact(one.needs) and faulty.isdisjoint(one.needs):
            found += one.rule(survey)
    return found


def check(instance: Instance) -> list[Fault]:
    """All cross-reference faults of an instance, however it was built; none: it is sound."""
    return [located(one) for one in findings(Survey(instance))]


def located(finding: Finding) -> Fault:
    """A finding as a fault that stands at a record of the instance, counted from 1."""
    row = None if finding.index is None else finding.index + 1
    place = None
    if row is not None:
        place = f"record {row}" + (f", {finding.field}" if finding.field else "")
    return Fault(finding.table, row, finding.field, finding.what, finding.remedy, place)
