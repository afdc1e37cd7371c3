"""How likely it is that every connection of an itinerary holds.

A carriage comes late by an exponentially distributed time. Up to the next dated departure the
delays of the carriages since the last one add up; with a mean of ``m`` hours in all and a slack of
``s`` hours before loading closes, the connection holds with probability ``1 - exp(-s / m)``.
The reliability of an itinerary is the product over its connections; a single carriage has none to
miss and scores 1. Whether the boxes then arrive by their due time is another question.

Means are assumptions. Rail and road: 15 % of the time under way (standard deviations of 12 to 20 %
of the mean are usual for domestic running). Barge 13 h and air 18 h: the middle of the standard
deviations taken for the Yangtze (8 to 18 h) and for air (0.5 to 1 day). Sea 24 h, where half to two
thirds of the ships keep their schedule.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import exp, prod
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.domain.plan import Dwell, Itinerary, Move, Ride
from freight.domain.service import Mode

MEAN_DELAY_HOURS: Final = MappingProxyType({Mode.BARGE: 13.0, Mode.SEA: 24.0, Mode.AIR: 18.0})
"""Assumption, for any distance."""
MEAN_DELAY_SHARE: Final = 0.15
"""Assumption for rail and road: of the hours under way."""
_HOUR: Final = 3600.0


def mean_delay_hours(step: Ride | Move) -> float:
    """Mean delay of a carriage."""
    under_way = (step.arrives - step.departs).total_seconds() / _HOUR
    return MEAN_DELAY_HOURS.get(step.mode, MEAN_DELAY_SHARE * under_way)


def connections(
    instance: Instance, itinerary: Itinerary, ready: datetime
) -> tuple[tuple[float, float], ...]:
    """Slack and mean delay, in hours, of every connection to a dated departure.

    Transfers before the first ride are planned just in time; what they may lose counts from when
    the boxes are ``ready``.
    """
    found: list[tuple[float, float]] = []
    delay, free, moving = 0.0, ready, timedelta(0)
    for step in itinerary.steps:
        if isinstance(step, Dwell):
            continue
        if isinstance(step, Ride):
            closes = step.departs - timedelta(hours=instance.service[step.service].cutoff_hours)
            if delay:
                slack = (closes - free - moving).total_seconds() / _HOUR
                found.append((max(0.0, slack), delay))
            handling = instance.terminal[step.to_terminal].handling_hours
            free, moving = step.arrives + timedelta(hours=handling), timedelta(0)
            delay = mean_delay_hours(step)
        else:
            moving += step.arrives - step.departs
            delay += mean_delay_hours(step)
    return tuple(found)


def reliability(instance: Instance, itinerary: Itinerary, ready: datetime) -> float:
    """Probability that every connection holds, 0 to 1."""
    return prod(
        1.0 - exp(-slack / mean) if mean > 0 else 1.0
        for slack, mean in connections(instance, itinerary, ready)
    )
