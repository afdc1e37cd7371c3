"""What an instance says, looked up by the words of a plan; shares nothing with the compiler."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from freight.domain.instance import Instance
from freight.domain.money import unit_of
from freight.domain.plan import Ride
from freight.domain.service import Service, Stop
from freight.domain.timetable import DatedDeparture
from freight.domain.transfer import Transfer
from freight.model.audit.timetable import timetable_of

MOMENT = timedelta(milliseconds=1)
"""What two readings of one timetable may differ by."""


class Facts:
    """Timetable, limits and directions of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.unit = float(unit_of(instance.statement.currency))

    @cached_property
    def departure(self) -> dict[str, DatedDeparture]:
        """Dated departures by id."""
        return timetable_of(self.instance)

    def service_of(self, departure: str) -> Service:
        """Service of a known departure."""
        return self.instance.service[self.departure[departure].service]

    def stop(self, service: str, sequence: int) -> Stop | None:
        """A stop by service and sequence."""
        stops = self.instance.stops_of.get(service, ())
        return next((one for one in stops if one.sequence == sequence), None)

    def legs(self, ride: Ride) -> list[tuple[Stop, Stop]]:
        """(from, to) stops of every leg that a ride covers."""
        stops = self.instance.stops_of[ride.service]
        return [
            (before, here)
            for before, here in pairwise(stops)
            if ride.from_sequence < here.sequence <= ride.to_sequence
        ]

    def leg_limits(self, service: Service, stop: Stop) -> tuple[float, float]:
        """TEU and tonnes that one run takes on the leg ending at a stop."""
        teu = service.capacity_teu if stop.capacity_teu is None else stop.capacity_teu
        tonnes = service.capacity_tonnes if stop.capacity_tonnes is None else stop.capacity_tonnes
        return min(teu, service.capacity_teu), min(tonnes, service.capacity_tonnes)

    @cached_property
    def _crossings(self) -> dict[tuple[str, str], Transfer]:
        found: dict[tuple[str, str], Transfer] = {}
        for one in self.instance.transfers:
            if one.kind.crosses_border:
                found.setdefault((one.from_terminal, one.to_terminal), one)
                if one.both_ways:
                    found.setdefault((one.to_terminal, one.from_terminal), one)
        return found

    def crossing(self, before: Stop, here: Stop) -> Transfer | None:
        """The border that the leg between two stops of a service passes, if any."""
        return self._crossings.get((before.terminal, here.terminal))

    def local_day(self, moment: datetime, terminal: str) -> date:
        """Calendar day at a terminal."""
        return moment.astimezone(ZoneInfo(self.instance.terminal[terminal].time_zone)).date()


def same_moment(one: datetime, other: datetime) -> bool:
    """Whether two moments are the same to the millisecond."""
    return abs(one - other) <= MOMENT


def near(one: float, other: float, tolerance: float = 1e-9) -> bool:
    """Whether two quantities agree to a relative tolerance."""
    return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))


def clock(moment: datetime) -> str:
    """A moment in words, with its seconds where it has any."""
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
