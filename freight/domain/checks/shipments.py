"""Shipments: what each row must say for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.instance import Statement
from freight.domain.packages import PACKAGE_CODES
from freight.domain.shipment import ContainerType, Shipment
from freight.domain.wording import number, quoted

MOST_BOX_TONNES: Final = 30.48
"""Greatest gross mass of a freight container, ISO 668."""
Fault = tuple[str, str, str]
"""(field, what is wrong, what to do)."""


def shipments(survey: Survey) -> Iterator[Finding]:
    """Every fault of a shipment that its own row shows."""
    for index, one in enumerate(survey.instance.shipments):
        for rule in RULES:
            fault = rule(one)
            if fault is not None:
                yield Finding("shipments", index, *fault)


def _ends(one: Shipment) -> Fault | None:
    if one.origin != one.destination:
        return None
    what = f"Shipment {quoted(one.id)} goes from {quoted(one.origin)} to the same place."
    return "destination", what, "Name another destination."


def _due(one: Shipment) -> Fault | None:
    if one.due > one.ready:
        return None
    what = f"Shipment {quoted(one.id)} is due {_shown(one.due)}, not after it is ready."
    return "due", what, f"Write a time after {_shown(one.ready)}."


def _boxes(one: Shipment) -> Fault | None:
    size = one.container_type.teu
    if one.teu % size == 0:
        return None
    kind = one.container_type.value
    what = f"Shipment {quoted(one.id)} has {one.teu} TEU in boxes {kind} of {size}."
    return "teu", what, f"Write a multiple of {size}, or another container type."


def _mass(one: Shipment) -> Fault | None:
    whose = f" of shipment {quoted(one.id)}"
    fault = overweight(one.container_type, one.teu, one.gross_tonnes, whose)
    return None if fault is None else ("gross_tonnes", *fault)


def overweight(
    kind: ContainerType, teu: int, tonnes: float, whose: str = ""
) -> tuple[str, str] | None:
    """What is wrong, and what to do, where a box with its share of the goods is too heavy."""
    boxes, tare = teu / kind.teu, kind.tare_tonnes
    gross = tonnes / boxes + tare
    if gross <= MOST_BOX_TONNES + 1e-9:
        return None
    what = (
        f"A box{whose} weighs {gross:.2f} t"
        f" ({tonnes / boxes:.2f} t of goods, {tare} t empty): over {MOST_BOX_TONNES} t."
    )
    most = (MOST_BOX_TONNES - tare) * boxes
    remedy = f"Write at most {number(round(most, 3))}, or more TEU."
    if tonnes / 1000 <= most and tonnes >= 1000:
        remedy += f" If {number(tonnes)} are kg, write {number(tonnes / 1000)}."
    return what, remedy


def _package(one: Shipment) -> Fault | None:
    if one.package_kind in PACKAGE_CODES:
        return None
    what = f"{quoted(one.package_kind)} is not a package code of UNECE Recommendation 21."
    return "package_kind", what, "Write one such as CT carton, PX pallet, BX box or NE unpacked."


RULES: Final[tuple[Callable[[Shipment], Fault | None], ...]] = (
    _ends,
    _due,
    _boxes,
    _mass,
    _package,
)


def ready_times(survey: Survey) -> Iterator[Finding]:
    """Shipments ready too late for the horizon, or so long before it that the year is wrong."""
    statement = survey.instance.statement
    for index, one in enumerate(survey.instance.shipments):
        known = one.origin in survey.instance.terminal
        fault = _ready_fault(one, statement) if known else None
        if fault is not None:
            yield Finding("shipments", index, "ready", *fault)


def _ready_fault(one: Shipment, statement: Statement) -> tuple[str, str] | None:
    start, end = statement.horizon_start, statement.horizon_end
    defaults = statement.defaults
    earliest = start - timedelta(days=max(defaults.most_late_days, defaults.most_dwell_days))
    if earliest <= one.ready < end:
        return None
    word = "after the horizon ends" if one.ready >= end else "long before the horizon starts"
    bound = end if one.ready >= end else start
    what = f"Shipment {quoted(one.id)} is ready {_shown(one.ready)}, {word}, {_shown(bound)}."
    return what, f"Write a time from {earliest:%Y-%m-%d} until {end:%Y-%m-%d}, or move the horizon."


def _shown(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")
