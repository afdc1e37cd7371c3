"""What is asked of a route: from where to where, what, when, and within which limits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from freight.domain.checks.shipments import overweight
from freight.domain.gazetteer import city_key, terminals_named
from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.domain.shipment import ContainerType, Shipment
from freight.domain.wording import quoted, refused, suggestion
from freight.errors import Fault, InstanceError
from freight.io.cells import localize
from freight.io.typed.taken import CellError
from freight.requests.routing import Request

_UN_NUMBER: Final = re.compile(r"UN[0-9]{4}")
EARLIEST = timedelta(days=30)
"""How long before the first departure boxes may be ready."""
MOST_TEU = 1_000_000
"""As of a shipment."""
FARTHEST = timedelta(days=120)
"""Without a due time a delivery counts until this long after the last departure."""


def places(instance: Instance, name: str, column: str) -> tuple[int, ...]:
    """Positions of the terminals that a name stands for; raises InstanceError for none.

    An id stands for one terminal; a UN/LOCODE, a city or a printed name, in English or Chinese, for
    all that bear it.
    """
    named = {one.id for one in terminals_named(name, instance.terminals)}
    found = tuple(i for i, one in enumerate(instance.terminals) if one.id in named)
    if found:
        return found
    known = sorted(
        {one.id for one in instance.terminals} | {one.city for one in instance.terminals}
    )
    remedy = suggestion(name, known, "give a terminal id, a UN/LOCODE or a city of the instance")
    what = f"{quoted(name)} is no terminal, UN/LOCODE or city of {instance.statement.name}."
    raise InstanceError([Fault("request", None, column, what, remedy)])


def at_places(instance: Instance, request: Request) -> Request:
    """The request with local times: ``ready`` at the origin, ``due`` at the destination.

    Times that have an offset stay as they are. Raises InstanceError for an unknown place, and for a
    local time that does not exist or comes twice when clocks change.
    """
    ends = (("ready", request.origin, "origin"), ("due", request.destination, "destination"))
    moments: dict[str, datetime] = {}
    for column, name, end in ends:
        moment: datetime | None = getattr(request, column)
        if moment is not None and moment.tzinfo is None:
            zone = instance.terminals[places(instance, name, end)[0]].time_zone
            moments[column] = local_moment(moment, zone, column)
    modes = tuple(Mode(mode) for mode in request.modes)
    return replace(request, modes=modes, **moments)  # type: ignore[arg-type]


def local_moment(moment: datetime, zone: str, column: str) -> datetime:
    """A wall clock time of a zone as a moment; raises InstanceError when clocks change then."""
    try:
        return localize(moment, ZoneInfo(zone))
    except CellError as error:
        raise refused(column, error.what, error.remedy) from error


def faults(instance: Instance, request: Request) -> list[Fault]:
    """Everything wrong with the numbers and names of a request, all at once."""
    unsound = (
        ("teu", not 1 <= request.teu <= MOST_TEU, f"{request.teu:,} is not a number of TEU.",
         f"Give 1 or more, at most {MOST_TEU:,}."),
        ("tonnes", not 0 < request.tonnes < 1e6, f"{request.tonnes:g} is not a mass of goods.",
         "Give tonnes above 0 and below a million."),
        ("value", not 0 <= request.value <= 1e12, f"{request.value:g} is not a value of goods.",
         "Give 0 or more, at most 1e12."),
        ("dangerous", not _UN_NUMBER.fullmatch(request.dangerous or "UN0000"),
         f"{quoted(request.dangerous)} is not a UN number.", "Write UN and four digits: UN3480."),
        ("load_factor", not 0 < request.load_factor <= 1,
         f"{request.load_factor:g} is no share.", "Give more than 0, at most 1."),
    )  # fmt: skip
    found = [
        Fault("request", None, column, what, remedy) for column, bad, what, remedy in unsound if bad
    ]
    found += _weight_faults(request)
    found += _limit_faults(request)
    found += _time_faults(instance, request)
    if request.owner is not None and request.owner not in instance.owner:
        remedy = suggestion(request.owner, sorted(instance.owner), "leave it out")
        what = f"{quoted(request.owner)} is no owner."
        found.append(Fault("request", None, "owner", what, remedy))
    return found


def _weight_faults(request: Request) -> list[Fault]:
    """Boxes heavier than they may be, by the rule that holds for shipments of an instance."""
    if request.teu < 1 or not 0 < request.tonnes < 1e6:
        return []
    fault = overweight(boxes_of(request), request.teu, request.tonnes)
    return [] if fault is None else [Fault("request", None, "tonnes", *fault)]


def boxes_of(request: Request) -> ContainerType:
    """The boxes of a request: forty-foot ones where its TEU are even."""
    large = request.teu % 2 == 0
    if request.reefer:
        return ContainerType.RF40 if large else ContainerType.RF20
    return ContainerType.HC40 if large else ContainerType.GP20


def _limit_faults(request: Request) -> list[Fault]:
    most = ("most_cost", "most_hours", "most_co2e_kg", "most_changes")
    found = []
    for name in most:
        value = getattr(request, name)
        if value is not None and value < 0:
            what = f"{value:g} leaves nothing: no way takes less than 0."
            found.append(Fault("request", None, name, what, "Give 0 or more."))
    least = request.least_reliability
    if least is not None and not 0 <= least <= 1:
        what = f"{least:g} is not a probability."
        found.append(Fault("request", None, "least_reliability", what, "Give 0 to 1."))
    return found


def _time_faults(instance: Instance, request: Request) -> list[Fault]:
    moments = (("ready", request.ready), ("due", request.due))
    found = [
        Fault("request", None, column, f"{moment} has no time zone.",
              "Write it as 2027-03-01T08:00+08:00.")
        for column, moment in moments
        if moment is not None and moment.tzinfo is None
    ]  # fmt: skip
    if found:
        return found
    statement = instance.statement
    first, end = statement.horizon_start, statement.horizon_end
    if not first - EARLIEST <= request.ready < end:
        what = (
            f"{request.ready} lies outside the timetable of {statement.name}, whose departures "
            f"leave from {first.isoformat()} until before {end.isoformat()}."
        )
        remedy = f"Give a time in it, or up to {EARLIEST.days} days earlier."
        found.append(Fault("request", None, "ready", what, remedy))
    if request.due is not None and request.due < request.ready:
        what = f"{request.due} is before ready, {request.ready}."
        found.append(Fault("request", None, "due", what, "Give a later due time."))
    return found


def shipment_of(instance: Instance, request: Request, origin: int, destination: int) -> Shipment:
    """The request as a shipment between two terminals, for prices and documents."""
    start, end = instance.terminals[origin], instance.terminals[destination]
    due = request.due or latest_moment(instance)
    return Shipment(
        id="quotation", owner=owner_of(instance, request, origin), consignor="to be named",
        consignee="to be named", origin=start.id, destination=end.id,
        container_type=boxes_of(request), teu=request.teu, gross_tonnes=request.tonnes,
        value=request.value,
        currency=instance.statement.currency, hs_code="9999", goods_en="goods", goods_zh="货物",
        packages=1, package_kind="PK", ready=request.ready, due=due, modes=request.modes,
        lateness_cost_per_teu_day=0.0 if request.due is None else None,
        reefer=request.reefer, dangerous=request.dangerous, source="quotation",
    )  # fmt: skip


def latest_moment(instance: Instance) -> datetime:
    """After this nothing is delivered."""
    return instance.statement.horizon_end + FARTHEST


def owner_of(instance: Instance, request: Request, origin: int) -> str:
    """Whose shipment it is: the owner asked for, that of the origin's city, or the first."""
    if request.owner is not None:
        return request.owner
    city = city_key(instance.terminals[origin].city)
    owners = instance.statement.owners
    return next((one.id for one in owners if city_key(one.city) == city), owners[0].id)
