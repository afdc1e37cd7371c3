"""Services and their stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.service import Stop
from freight.domain.wording import nearest, number, quoted

Placed = tuple[int, Stop]
"""A stop with its position in the table."""

_ZERO_AT_FIRST: Final = (
    "arrive_hours",
    "depart_hours",
    "distance_km",
    "cost_per_teu",
    "cost_per_tonne",
)


def minimum_loads(survey: Survey) -> Iterator[Finding]:
    """Departures that can never load as much as they must."""
    for index, one in enumerate(survey.instance.services):
        if one.minimum_load_teu > one.capacity_teu:
            what = (
                f"Service {quoted(one.id)} must load at least {number(one.minimum_load_teu)} TEU"
                f" but takes {number(one.capacity_teu)}."
            )
            remedy = "Lower minimum_load_teu or raise capacity_teu."
            yield Finding("services", index, "minimum_load_teu", what, remedy)


def stops(survey: Survey) -> Iterator[Finding]:
    """Stops out of order, for every service whose stops are all sound."""
    if "stops" in survey.unread:
        return
    placed: dict[str, list[Placed]] = {}
    for index, stop in enumerate(survey.instance.stops):
        placed.setdefault(stop.service, []).append((index, stop))
    known = sorted(survey.instance.service)
    broken = survey.broken_values("stops", "service")
    # A stop of a misspelt service is missing elsewhere: that service is not to be blamed too.
    broken |= {nearest(name, known) or name for name in placed if name not in known}
    for position, service in enumerate(survey.instance.services):
        some = sorted(placed.get(service.id, ()), key=lambda one: one[1].sequence)
        if service.id in broken:
            continue
        if len(some) < 2:
            what = f"Service {quoted(service.id)} has {len(some) or 'no'} stop"
            what += "." if len(some) == 1 else "s."
            remedy = "Give it at least two rows in stops, or remove it."
            yield Finding("services", position, "id", what, remedy)
        if some:
            yield from _order(some)


def _order(some: Sequence[Placed]) -> Iterator[Finding]:
    yield from _numbers(some)
    yield from _first(*some[0])
    yield from _times(some)
    seen: set[str] = set()
    for index, stop in some:
        if stop.terminal in seen:
            what = f"Service {quoted(stop.service)} stops at {quoted(stop.terminal)} twice."
            remedy = "Make two services of it: a service passes a terminal once."
            yield Finding("stops", index, "terminal", what, remedy)
        seen.add(stop.terminal)


def _numbers(some: Sequence[Placed]) -> Iterator[Finding]:
    for expected, (index, stop) in enumerate(some, start=1):
        if stop.sequence != expected:
            what = f"Service {quoted(stop.service)} has no stop {expected} before {stop.sequence}."
            if stop.sequence < expected:
                return  # two rows of one number, a fault of their own
            remedy = f"Number its stops 1 to {len(some)} without a gap."
            yield Finding("stops", index, "sequence", what, remedy)
            return


def _first(index: int, stop: Stop) -> Iterator[Finding]:
    for name in _ZERO_AT_FIRST:
        value = getattr(stop, name)
        if value != 0.0:
            what = f"The first stop of service {quoted(stop.service)} has {name} {number(value)}."
            yield Finding("stops", index, name, what, "Write 0: no leg leads to the first stop.")


def _times(some: Sequence[Placed]) -> Iterator[Finding]:
    for index, stop in some[1:]:
        if stop.depart_hours < stop.arrive_hours:
            what = (
                f"Service {quoted(stop.service)} departs from stop {stop.sequence} after"
                f" {number(stop.depart_hours)} h, before it arrives after"
                f" {number(stop.arrive_hours)} h."
            )
            remedy = f"Write at least {number(stop.arrive_hours)}."
            yield Finding("stops", index, "depart_hours", what, remedy)
    for (_, before), (index, stop) in pairwise(some):
        if stop.arrive_hours < before.depart_hours:
            what = (
                f"Service {quoted(stop.service)} arrives at stop {stop.sequence} after"
                f" {number(stop.arrive_hours)} h, before it departs from stop"
                f" {before.sequence} ({number(before.depart_hours)} h)."
            )
            remedy = "Count all hours from the departure from the first stop."
            yield Finding("stops", index, "arrive_hours", what, remedy)
