"""Box by box what trucks must do on which day: empties out, full boxes in, and the reverse.

An export box comes empty to its door the day before it leaves, is stuffed there, and goes full to
the terminal before the cutoff of its first departure. An import box goes full to its door on the
day it is free at the terminal, or the next one, and comes back empty the day after. So a truck that
brings a box may take another one away: drop and pick.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Plan, Ride
from freight.domain.terminal import Terminal, TerminalKind
from freight.drayage.request import Door, DoorEnd, TruckTariff, great_circle_km

MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a truck stops; hours of the local clock."""

    name: str
    lat: float
    lon: float
    opens_hour: float
    closes_hour: float
    handling_hours: float


@dataclass(frozen=True, slots=True)
class Job:
    """One box from one spot to another on one local day; minutes after local midnight."""

    shipment: str
    full: bool
    teu: int
    tonnes: float
    city: str
    day: date
    start: Spot
    end: Spot
    earliest: int
    latest: int


def jobs_of(
    instance: Instance, plan: Plan, doors: Sequence[Door], tariff: TruckTariff
) -> list[Job]:
    """The jobs of every itinerary of a plan whose shipment has a door."""
    by_end = {(door.shipment, door.end): door for door in doors}
    found: list[Job] = []
    for itinerary in plan.itineraries:
        for end in DoorEnd:
            door = by_end.get((itinerary.shipment, end))
            if door is not None:
                found += _jobs(instance, itinerary, door, tariff)
    return found


def truck_depot(instance: Instance, terminal: Terminal) -> Spot:
    """Where trucks and empty boxes stand: the depot of the city, else the terminal."""
    depots = [
        one
        for one in instance.terminals
        if one.city == terminal.city and one.kind is TerminalKind.DEPOT
    ]
    return _spot(depots[0] if depots else terminal)


def _spot(terminal: Terminal) -> Spot:
    return Spot(terminal.id, terminal.lat, terminal.lon, 0.0, 24.0, 0.25)


def minutes_between(a: Spot, b: Spot, tariff: TruckTariff) -> int:
    """Driving time, rounded up."""
    km = great_circle_km((a.lat, a.lon), (b.lat, b.lon)) * tariff.detour
    return int(-(-km * 60 // tariff.speed_km_per_hour))


def _jobs(
    instance: Instance, itinerary: Itinerary, door: Door, tariff: TruckTariff
) -> Iterator[Job]:
    shipment = instance.shipment[itinerary.shipment]
    outbound = door.end is DoorEnd.ORIGIN
    terminal = instance.terminal[shipment.origin if outbound else shipment.destination]
    site = Spot(f"door of {shipment.id}", door.lat, door.lon, door.opens_hour, door.closes_hour,
                door.handling_hours)  # fmt: skip
    gate, depot = _spot(terminal), truck_depot(instance, terminal)
    zone = ZoneInfo(terminal.time_zone)
    box = shipment.container_type
    gross = shipment.loaded_tonnes / shipment.boxes
    drive = minutes_between(site, gate, tariff) + int(60 * (site.handling_hours + 0.25))
    for _ in range(itinerary.teu // box.teu):
        if outbound:
            limit = handover(instance, itinerary).astimezone(zone)
            day = _day_before(limit, drive, site)
            ready = _minute(shipment.ready.astimezone(zone) - timedelta(minutes=drive), day)
            last = min(MINUTES_PER_DAY, _minute(limit, day))
            yield Job(shipment.id, True, box.teu, gross, terminal.city, day, site, gate,
                      max(0, ready), last)  # fmt: skip
            yield Job(shipment.id, False, box.teu, box.tare_tonnes, terminal.city,
                      day - timedelta(days=1), depot, site, 0, MINUTES_PER_DAY)  # fmt: skip
        else:
            free = itinerary.delivered.astimezone(zone)
            day = _day_after(free, drive, site)
            yield Job(shipment.id, True, box.teu, gross, terminal.city, day, gate, site,
                      max(0, _minute(free, day)), MINUTES_PER_DAY)  # fmt: skip
            yield Job(shipment.id, False, box.teu, box.tare_tonnes, terminal.city,
                      day + timedelta(days=1), site, depot, 0, MINUTES_PER_DAY)  # fmt: skip


def handover(instance: Instance, itinerary: Itinerary) -> datetime:
    """When boxes must be at their origin: the cutoff of a departure, the start of a transfer."""
    first = itinerary.steps[0]
    if isinstance(first, Ride):
        return first.departs - timedelta(hours=instance.service[first.service].cutoff_hours)
    return first.departs


def _minute(moment: datetime, day: date) -> int:
    midnight = datetime.combine(day, datetime.min.time(), moment.tzinfo)
    return int((moment - midnight).total_seconds() // 60)


def _day_before(limit: datetime, drive: int, site: Spot) -> date:
    """The last day on which a box fetched after opening is at the terminal in time."""
    early = int(60 * site.opens_hour) + 2 * drive
    return limit.date() if _minute(limit, limit.date()) >= early else limit.date() - timedelta(1)


def _day_after(free: datetime, drive: int, site: Spot) -> date:
    """The first day on which a box free at the terminal still reaches the door."""
    late = int(60 * site.closes_hour) - 2 * drive
    return free.date() if _minute(free, free.date()) <= late else free.date() + timedelta(1)
