"""Circles of zero time: legs and transfers that lead back to a terminal in the same moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

from freight.domain.checks.survey import Finding, Survey
from freight.domain.clock import clock_text
from freight.domain.instance import Instance
from freight.domain.service import Stop
from freight.domain.timetable import rows_by_departure
from freight.domain.wording import quoted

Ways = dict[str, set[str]]
"""Terminals that can be reached from a terminal in no time."""


def circles(survey: Survey) -> Iterator[Finding]:
    """Legs of zero hours by which boxes could go round and round in one moment.

    A leg of zero hours is allowed; a circle of them, with no handling and no cutoff on the way,
    would let boxes pass a train any number of times.
    """
    instance = survey.instance
    rides = {
        service: pairs for service in instance.stops_of if (pairs := _at_once(instance, service))
    }
    if not rides:
        return
    place = {(one.service, one.sequence): i for i, one in enumerate(instance.stops)}
    told: set[int] = set()
    for moment, ways, legs in _by_moment(instance, rides):
        for first, last in legs:
            index = place[last.service, last.sequence]
            if index not in told and first.terminal in _reached(ways, last.terminal):
                told.add(index)
                yield _finding(instance, index, (first, last), moment)


def _finding(instance: Instance, index: int, leg: tuple[Stop, Stop], moment: datetime) -> Finding:
    first, last = leg
    when = clock_text(moment, instance.terminal[first.terminal].time_zone)
    what = (
        f"Service {quoted(last.service)} takes no time from {quoted(first.terminal)} to"
        f" {quoted(last.terminal)}, and there is a way back in no time, for example at {when}."
    )
    remedy = "Give the leg its hours, or one of the terminals handling hours."
    return Finding("stops", index, "arrive_hours", what, remedy)


def _at_once(instance: Instance, service: str) -> list[tuple[Stop, Stop]]:
    """(loaded at, unloaded at) of the rides that take no time, with all that belongs to them."""
    stops = instance.stops_of[service]
    if service not in instance.service or instance.service[service].cutoff_hours:
        return []
    return [
        (first, last)
        for first, last in combinations(stops, 2)
        if first.load
        and last.unload
        and last.arrive_hours == first.depart_hours
        and not instance.terminal[last.terminal].handling_hours
    ]


def _by_moment(
    instance: Instance, rides: dict[str, list[tuple[Stop, Stop]]]
) -> Iterator[tuple[datetime, Ways, list[tuple[Stop, Stop]]]]:
    legs: dict[datetime, list[tuple[Stop, Stop]]] = defaultdict(list)
    for service, departs in rows_by_departure(instance):
        for first, last in rides.get(service, ()):
            legs[departs + timedelta(hours=first.depart_hours)].append((first, last))
    moves = [
        (end, other)
        for one in instance.transfers
        if not one.hours
        for end, other in (
            (one.from_terminal, one.to_terminal),
            *(((one.to_terminal, one.from_terminal),) if one.both_ways else ()),
        )
    ]
    for moment, some in legs.items():
        ways: Ways = defaultdict(set)
        for tail, head in (*moves, *((first.terminal, last.terminal) for first, last in some)):
            ways[tail].add(head)
        yield moment, ways, some


def _reached(ways: Ways, start: str) -> set[str]:
    found, queue = {start}, [start]
    while queue:
        new = ways.get(queue.pop(), set()) - found
        found |= new
        queue += new
    return found
