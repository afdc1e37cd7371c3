"""Box by box what trucks must do on which day: empties out, full boxes in, and the reverse.

An export box comes empty to its door the day before it leaves, is stuffed there, and goes full to
the terminal before the cutoff of its first departure. An import box goes full to its door on the
day it is free at the terminal, or the next one, and comes back empty the day after. So a truck that
brings a box may take another one away: drop and pick.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.charges.drayage import GATE_HOURS, road_minutes
from freight.domain.drayage import Door, DoorEnd, Position, Trucks
from freight.domain.instance import Instance
from freight.domain.measures import exact
from freight.domain.plan import Dwell, Itinerary, Plan, Ride
from freight.domain.terminal import Terminal, TerminalKind
from freight.drayage.days import LocalDay, seconds_of
from freight.drayage.doors import terminal_of


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a truck stops; hours of the local clock."""

    name: str
    lat: float
    lon: float
    opens_hour: float = 0.0
    closes_hour: float = 24.0
    handling_hours: float = GATE_HOURS

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.lat, self.lon

    @property
    def position(self) -> Position:
        """As stops are written."""
        return Position(name=self.name, lat=self.lat, lon=self.lon)


@dataclass(frozen=True, slots=True)
class Job:
    """One box from one spot to another on one local day; seconds after local midnight.

    ``open`` is from when until when its start and its end are.
    """

    shipment: str
    part: int
    side: DoorEnd
    full: bool
    teu: int
    tonnes: float
    city: str
    day: date
    start: Spot
    end: Spot
    earliest: int
    latest: int
    open: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Errand:
    """What the boxes of one itinerary have in common at one end."""

    itinerary: Itinerary
    part: int
    door: Door
    terminal: Terminal
    site: Spot
    gate: Spot
    depot: Spot
    drive: int


def jobs_of(
    instance: Instance, plan: Plan, doors: Sequence[Door], trucks: dict[str, Trucks]
) -> list[Job]:
    """The jobs of every itinerary of a plan whose shipment has a door; ``trucks`` by city."""
    by_end = {(door.shipment, door.end): door for door in doors}
    parts: dict[str, int] = {}
    found: list[Job] = []
    for itinerary in plan.itineraries:
        parts[itinerary.shipment] = part = parts.get(itinerary.shipment, 0) + 1
        for end in DoorEnd:
            door = by_end.get((itinerary.shipment, end))
            if door is not None:
                found += _jobs(instance, _errand(instance, (itinerary, part), door, trucks))
    return found


def truck_depot(instance: Instance, terminal: Terminal, trucks: Trucks) -> Spot:
    """Where trucks and empty boxes stand: as the row says, else a depot of the city, or the gate.

    Depots serve the city of their terminal.
    """
    if trucks.depot and trucks.lat is not None and trucks.lon is not None:
        return Spot(trucks.depot, trucks.lat, trucks.lon)
    depots = [
        one
        for one in instance.terminals
        if one.city == terminal.city and one.kind is TerminalKind.DEPOT
    ]
    return gate_of(depots[0] if depots else terminal)


def gate_of(terminal: Terminal) -> Spot:
    """A terminal as trucks see it."""
    return Spot(terminal.id, terminal.lat, terminal.lon)


def site_of(door: Door) -> Spot:
    """A door as trucks see it."""
    return Spot(
        door.name, door.lat, door.lon, door.opens_hour, door.closes_hour, door.handling_hours
    )


def _errand(
    instance: Instance, what: tuple[Itinerary, int], door: Door, trucks: dict[str, Trucks]
) -> _Errand:
    terminal = terminal_of(instance, door.shipment, door.end)
    site, gate = site_of(door), gate_of(terminal)
    row = trucks[terminal.city]
    drive = 60 * road_minutes(site.point, gate.point, row)
    drive += seconds_of(site.handling_hours) + seconds_of(GATE_HOURS)
    # All trucks of a city start at one depot, whichever of its terminals they serve.
    first = next(one for one in instance.terminals if one.city == terminal.city)
    depot = truck_depot(instance, first, row)
    return _Errand(*what, door, terminal, site, gate, depot, drive)


def _jobs(instance: Instance, errand: _Errand) -> Iterator[Job]:
    shipment = instance.shipment[errand.itinerary.shipment]
    box, zone = shipment.container_type, ZoneInfo(errand.terminal.time_zone)
    gross = float(exact(shipment.gross_tonnes) / shipment.boxes + exact(box.tare_tonnes))
    if errand.door.end is DoorEnd.ORIGIN:
        limit = handover(instance, errand.itinerary)
        day = _day_before(limit, zone, errand)
        ready = day.seconds(shipment.ready, up=True) - errand.drive
        window = max(0, ready), min(day.length, day.seconds(limit))
        ends, other = (errand.site, errand.gate), (errand.depot, errand.site)
        other_day = LocalDay(day.day - timedelta(days=1), zone)
    else:
        free = errand.itinerary.delivered
        day = _day_after(free, zone, errand)
        window = max(0, day.seconds(free, up=True)), day.length
        ends, other = (errand.gate, errand.site), (errand.site, errand.depot)
        other_day = LocalDay(day.day + timedelta(days=1), zone)
    full = Job(
        shipment.id, errand.part, errand.door.end, True, box.teu, gross, errand.terminal.city,
        day.day, *ends, *window, _open(day, ends),
    )  # fmt: skip
    empty = replace(
        full, full=False, tonnes=box.tare_tonnes, day=other_day.day, start=other[0], end=other[1],
        earliest=0, latest=other_day.length, open=_open(other_day, other),
    )  # fmt: skip
    for _ in range(errand.itinerary.teu // box.teu):
        yield from (full, empty)


def _open(day: LocalDay, ends: tuple[Spot, Spot]) -> tuple[tuple[int, int], tuple[int, int]]:
    start, end = (day.open(spot.opens_hour, spot.closes_hour) for spot in ends)
    return start, end


def handover(instance: Instance, itinerary: Itinerary) -> datetime:
    """When boxes must be at their origin: the cutoff of a departure, the start of a transfer."""
    first = next(one for one in itinerary.steps if not isinstance(one, Dwell))
    if isinstance(first, Ride):
        cutoff = timedelta(hours=instance.service[first.service].cutoff_hours)
        return first.departs.astimezone(UTC) - cutoff
    return first.departs


def _day_before(limit: datetime, zone: ZoneInfo, errand: _Errand) -> LocalDay:
    """The last day on which a box fetched after opening is at the terminal in time.

    By the clock on the wall there is twice the time that it takes, and in real hours enough.
    """
    day, site = LocalDay(limit.astimezone(zone).date(), zone), errand.site
    opens, _ = day.open(site.opens_hour, site.closes_hour)
    ample = day.clock(limit) >= seconds_of(site.opens_hour) + 2 * errand.drive
    if ample and day.seconds(limit) >= opens + errand.drive:
        return day
    return LocalDay(day.day - timedelta(days=1), zone)


def _day_after(free: datetime, zone: ZoneInfo, errand: _Errand) -> LocalDay:
    """The first day on which a box free at the terminal still reaches the door; time as above."""
    day, site = LocalDay(free.astimezone(zone).date(), zone), errand.site
    _, closes = day.open(site.opens_hour, site.closes_hour)
    ample = day.clock(free) <= seconds_of(site.closes_hour) - 2 * errand.drive
    if ample and day.seconds(free, up=True) <= closes - errand.drive:
        return day
    return LocalDay(day.day + timedelta(days=1), zone)
