"""Trains that the cities could run together, beside those that the instance states.

The candidate network holds every train of every policy, so that a policy is a choice among them
and ``free``, which chooses among all, can never be dearer than another one.

- *Direct* trains are the trunk trains of the instance that load (unload) in one city at home.
- *Pickup* trains gather at a second city. Those that the instance states stay as they are; others
  are derived: for a link ``g → h`` between two owners' rail terminals and an outbound trunk train
  from ``h``, a train starts at ``g`` early enough to load at ``h`` for ``PICKUP_HOURS`` and go on
  as that train. Inbound trains go on from ``h`` to ``g`` likewise. The added leg costs the trunk
  train's own prices per TEU-km and tonne-km next to ``h``. Only where ``h`` lies on the way: by
  great circle, ``g → h → next stop`` is at most ``MOST_DETOUR`` times ``g → next stop``.
- *Section* trains run on one side of a gauge change: a trunk train cut at the gauge change next to
  home gives a train that ends there and one that begins behind it; equal ones of several cities
  are one offer, at most one a day. The fixed cost, owed to the railway at home, stays with the
  part at home; the other costs what its legs cost. Capacity and minimum load of a part follow the
  length of trains in its section; boxes change trains by the gauge-change transfer and two lifts.

Every trunk train is optional here: which of them run is what is to be decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from freight.consolidation.physics import section_of, within_sections
from freight.consolidation.policy import TrainKind
from freight.consolidation.trunk import Direction, Trunk, gauge_changes, players, rebuilt, trunks
from freight.domain.earth import great_circle_km
from freight.domain.instance import Instance
from freight.domain.service import Departure, Mode, Service, Stop, Weekday
from freight.domain.timetable import dated_departures
from freight.domain.transfer import TransferKind

PICKUP_HOURS = 12.0  #: loading at the second city; Urumqi takes 8 to 18 h (services.csv R26)
MOST_DETOUR = 1.08  #: assumption; Changsha–Wuhan–Alashankou 1.05, Wuhan–Changsha–Alashankou 1.15
LONGEST_LINK_HOURS = 48.0  #: a link slower than this is no feeder


@dataclass(frozen=True, slots=True)
class Train:
    """What a policy must know of a trunk train: its make-up, its home ends, who can run it."""

    service: str
    kind: TrainKind
    home: tuple[str, ...]
    """Terminals at home where it loads or unloads, its outermost one first; empty: none."""
    backers: frozenset[str]
    """Owners any of whom can run it."""


@dataclass(frozen=True)
class Candidates:
    """The instance with all candidate trains, and what they are."""

    instance: Instance
    trains: dict[str, Train]


@dataclass(frozen=True, slots=True)
class _Link:
    """A rail connection between two terminals at home."""

    origin: str
    destination: str
    hours: float
    distance_km: float


@dataclass(frozen=True, slots=True)
class _Offer:
    """A candidate train with its timetable."""

    train: Train
    service: Service
    stops: tuple[Stop, ...]
    departs: tuple[tuple[datetime, int], ...]


def candidates(
    instance: Instance, every_day: bool = False, section_limits: bool = True
) -> Candidates:
    """All trains that any policy may run, within the limits of every section unless told not.

    With ``every_day``, trunk trains that run on some weekdays are offered on all of them.
    """
    base = _released(within_sections(instance) if section_limits else instance)
    base = _daily(base) if every_day else base
    lines = trunks(base)
    offers = [
        one
        for offer in (*_pickups(base, lines), *_sections(base, lines))
        if (one := _within_horizon(base, offer)).departs
    ]
    trains = {line.service.id: _stated(base, line) for line in lines}
    trains |= {one.service.id: one.train for one in offers}
    return Candidates(_with_offers(base, offers), trains)


def _stated(instance: Instance, line: Trunk) -> Train:
    """A trunk train of the instance: a pickup train when it serves several cities at home."""
    home = _home(instance, line)
    cities = {instance.terminal[one].city for one in home}
    kind = TrainKind.PICKUP if len(cities) > 1 else TrainKind.DIRECT
    return Train(line.service.id, kind, home, frozenset({line.service.owner}))


def _released(instance: Instance) -> Instance:
    """Trunk trains made optional."""
    lines = {line.service.id for line in trunks(instance)}
    services = tuple(
        one.model_copy(update={"committed": False}) if one.id in lines else one
        for one in instance.services
    )
    return rebuilt(instance, services=services)


def committed_trunk(instance: Instance) -> tuple[str, ...]:
    """Committed services that a study decides anew."""
    return tuple(one.service.id for one in trunks(instance) if one.service.committed)


def _daily(instance: Instance) -> Instance:
    """Trunk trains with a weekday pattern offered on every day."""
    lines = {line.service.id for line in trunks(instance)}
    departures = tuple(
        one.model_copy(update={"weekdays": tuple(Weekday)})
        if one.service in lines and one.weekdays
        else one
        for one in instance.departures
    )
    return rebuilt(instance, departures=departures)


def _home(instance: Instance, line: Trunk) -> tuple[str, ...]:
    """Terminals in the country of the train's home end where it loads (unloads when inbound)."""
    if line.direction is Direction.THROUGH:
        return ()
    inbound = line.direction is Direction.INBOUND
    stops = tuple(reversed(line.stops)) if inbound else line.stops
    land = instance.terminal[stops[0].terminal].country
    return tuple(
        stop.terminal
        for stop in stops
        if instance.terminal[stop.terminal].country == land
        and (stop.unload if inbound else stop.load)
    )


def _links(instance: Instance) -> list[_Link]:
    """Rail connections between terminals of different players' cities, the fastest of each pair."""
    owners = {instance.owner[one].city for one in players(instance)}
    city = {one.id: one.city for one in instance.terminals if one.city in owners}
    found: dict[tuple[str, str], _Link] = {}
    for link in (*_by_transfer(instance), *_by_train(instance)):
        ends = (link.origin, link.destination)
        apart = all(one in city for one in ends) and city[ends[0]] != city[ends[1]]
        faster = ends not in found or link.hours < found[ends].hours
        if apart and faster and link.hours <= LONGEST_LINK_HOURS:
            found[ends] = link
    return [found[key] for key in sorted(found)]


def _by_transfer(instance: Instance) -> Iterator[_Link]:
    for one in instance.transfers:
        if one.kind is TransferKind.RAIL_RAIL and one.mode is Mode.RAIL:
            yield _Link(one.from_terminal, one.to_terminal, one.hours, one.distance_km)
            if one.both_ways:
                yield _Link(one.to_terminal, one.from_terminal, one.hours, one.distance_km)


def _by_train(instance: Instance) -> Iterator[_Link]:
    for service in instance.services:
        stops = instance.stops_of[service.id] if service.mode is Mode.RAIL else ()
        for one, two in pairwise(stops):
            hours = two.arrive_hours - one.depart_hours
            yield _Link(one.terminal, two.terminal, hours, two.distance_km)


def _pickups(instance: Instance, lines: Iterable[Trunk]) -> list[_Offer]:
    owner = {instance.owner[one].city: one for one in players(instance)}
    dates = _dates(instance)
    links = _links(instance)
    found = []
    for line in lines:
        inbound = line.direction is Direction.INBOUND
        for link in links:
            joint, outer = (
                (link.origin, link.destination) if inbound else (link.destination, link.origin)
            )
            alone = len(_home(instance, line)) == 1
            if not alone or line.home_stop.terminal != joint:
                continue
            ahead = line.stops[-2 if inbound else 1].terminal
            if _detour(instance, outer, joint, ahead) > MOST_DETOUR:
                continue
            starter = owner[instance.terminal[outer].city]
            make = _distributing if inbound else _gathering
            found.append(make(line, link, starter, dates.get(line.service.id, ())))
    return found


def _detour(instance: Instance, outer: str, joint: str, ahead: str) -> float:
    """Great-circle length by the joint station over the direct one."""
    around = _great_circle(instance, outer, joint) + _great_circle(instance, joint, ahead)
    return around / max(_great_circle(instance, outer, ahead), 1.0)


def _great_circle(instance: Instance, one: str, two: str) -> float:
    a, b = instance.terminal[one], instance.terminal[two]
    return great_circle_km((a.lat, a.lon), (b.lat, b.lon))


def _gathering(
    line: Trunk, link: _Link, starter: str, dates: tuple[tuple[datetime, int], ...]
) -> _Offer:
    """An outbound train from the link's origin that loads at the donor's first stop too."""
    ahead = link.hours + PICKUP_HOURS
    name = f"{line.service.id}.from.{link.origin}"
    first, onward = line.stops[0], line.stops[1]
    part = link.distance_km / onward.distance_km if onward.distance_km else 0.0
    start = first.model_copy(update={"service": name, "sequence": 1})
    start = start.model_copy(update={"terminal": link.origin, "unload": False})
    shifted = [_moved(stop, name, 1, ahead - line.stops[0].depart_hours) for stop in line.stops]
    shifted[0] = shifted[0].model_copy(
        update={
            "arrive_hours": link.hours, "depart_hours": ahead, "distance_km": link.distance_km,
            "cost_per_teu": part * onward.cost_per_teu, "currency": onward.currency,
            "cost_per_tonne": part * onward.cost_per_tonne,
            "emission_class": onward.emission_class, "capacity_teu": onward.capacity_teu,
            "capacity_tonnes": onward.capacity_tonnes, "unload": False,
        }
    )  # fmt: skip
    departs = tuple((moment - timedelta(hours=ahead), runs) for moment, runs in dates)
    return _pickup_offer(line, name, starter, link, (start, *shifted), departs)


def _distributing(
    line: Trunk, link: _Link, starter: str, dates: tuple[tuple[datetime, int], ...]
) -> _Offer:
    """An inbound train that unloads at the donor's last stop and goes on to the link's end."""
    name = f"{line.service.id}.to.{link.destination}"
    last = line.stops[-1]
    part = link.distance_km / last.distance_km if last.distance_km else 0.0
    leave = last.arrive_hours + PICKUP_HOURS
    same = [_moved(stop, name, 0, 0.0) for stop in line.stops]
    same[-1] = same[-1].model_copy(update={"depart_hours": leave, "load": False})
    end = same[-1].model_copy(
        update={
            "sequence": last.sequence + 1, "terminal": link.destination,
            "arrive_hours": leave + link.hours, "depart_hours": leave + link.hours,
            "distance_km": link.distance_km, "cost_per_teu": part * last.cost_per_teu,
            "cost_per_tonne": part * last.cost_per_tonne,
        }
    )  # fmt: skip
    return _pickup_offer(line, name, starter, link, (*same, end), dates)


def _moved(stop: Stop, service: str, places: int, hours: float) -> Stop:
    return stop.model_copy(
        update={
            "service": service,
            "sequence": stop.sequence + places,
            "arrive_hours": stop.arrive_hours + hours,
            "depart_hours": stop.depart_hours + hours,
        }
    )


def _pickup_offer(
    line: Trunk,
    name: str,
    starter: str,
    link: _Link,
    stops: tuple[Stop, ...],
    departs: tuple[tuple[datetime, int], ...],
) -> _Offer:
    ends = {link.origin, link.destination}
    service = line.service.model_copy(
        update={
            "id": name,
            "owner": starter,
            "name_en": f"{line.service.name_en}, gathering {link.origin} and {link.destination}",
            "name_zh": f"{line.service.name_zh}（中途集结）",
            "source": f"derived from {line.service.id}; {line.service.source}",
        }
    )
    outer = (ends - {line.home_stop.terminal}).pop()
    home = (outer, line.home_stop.terminal)
    both = frozenset({starter, line.service.owner})
    train = Train(name, TrainKind.PICKUP, home, both)
    return _Offer(train, service, stops, departs)


def _sections(instance: Instance, lines: Iterable[Trunk]) -> list[_Offer]:
    dates = _dates(instance)
    found: dict[tuple[str, ...], _Offer] = {}
    for line in lines:
        for part in _parts(instance, line):
            offer = _section_offer(instance, line, part, dates.get(line.service.id, ()))
            key = tuple(stop.terminal for stop in offer.stops)
            found[key] = _merged(found[key], offer) if key in found else offer
    return [found[key] for key in sorted(found)]


def _parts(instance: Instance, line: Trunk) -> list[tuple[Stop, ...]]:
    """The train cut at the gauge change next to home; parts of a single stop fall away."""
    changes = gauge_changes(instance, line.stops)
    cuts = changes[-1:] if line.direction is Direction.INBOUND else changes[:1]
    edges = [0, *(i + 1 for i in cuts), len(line.stops)]
    parts = [line.stops[a:b] for a, b in pairwise(edges)]
    return [part for part in parts if len(part) > 1] if cuts else []


def _section_offer(
    instance: Instance,
    line: Trunk,
    part: tuple[Stop, ...],
    dates: tuple[tuple[datetime, int], ...],
) -> _Offer:
    name = "section." + ".".join(stop.terminal for stop in part)
    longer = _length_ratio(instance, line, part)
    offset = part[0].depart_hours
    stops = [_moved(stop, name, 1 - part[0].sequence, -offset) for stop in part]
    bare = {"arrive_hours": 0.0, "depart_hours": 0.0, "distance_km": 0.0, "cost_per_teu": 0.0}
    limits = {"cost_per_tonne": 0.0, "capacity_teu": None, "capacity_tonnes": None}
    stops[0] = stops[0].model_copy(update=bare | limits | {"load": True, "unload": False})
    stops[-1] = stops[-1].model_copy(update={"unload": True, "load": False})
    at_home = line.home_stop.sequence in {stop.sequence for stop in part}
    fixed = line.service.fixed_cost_per_departure if at_home else 0.0
    service = line.service.model_copy(
        update={
            "id": name,
            "name_en": f"Section train {part[0].terminal} to {part[-1].terminal}",
            "name_zh": f"区段班列 {part[0].terminal}—{part[-1].terminal}",
            "fixed_cost_per_departure": fixed,
            "capacity_teu": line.service.capacity_teu * longer,
            "capacity_tonnes": line.service.capacity_tonnes * longer,
            "minimum_load_teu": line.service.minimum_load_teu * longer,
            "source": f"derived from {line.service.id}; {line.service.source}",
        }
    )
    home = tuple(one for one in _home(instance, line) if one in {s.terminal for s in part})
    train = Train(name, TrainKind.SECTION, home, frozenset({line.service.owner}))
    departs = tuple((moment + timedelta(hours=offset), runs) for moment, runs in dates)
    return _Offer(train, service, tuple(stops), departs)


def _length_ratio(instance: Instance, line: Trunk, part: tuple[Stop, ...]) -> float:
    """Wagons of the longest train of the part's section over those at the train's home end."""
    here = section_of(instance.terminal[part[0].terminal].country)
    home = section_of(instance.terminal[line.home_stop.terminal].country)
    return here.wagons / home.wagons if here and home else 1.0


def _merged(one: _Offer, two: _Offer) -> _Offer:
    """Equal section trains of two donors: the first one's terms and trains.

    The second's run on the days on which the first has none.
    """
    days = {moment.date() for moment, _ in one.departs}
    more = [dated for dated in two.departs if dated[0].date() not in days]
    train = Train(
        one.train.service, one.train.kind, one.train.home, one.train.backers | two.train.backers
    )
    return _Offer(train, one.service, one.stops, tuple(sorted((*one.departs, *more))))


def _within_horizon(instance: Instance, offer: _Offer) -> _Offer:
    """The departures of a derived train that its first station still sees within the horizon."""
    start, end = instance.statement.horizon_start, instance.statement.horizon_end
    return replace(offer, departs=tuple(one for one in offer.departs if start <= one[0] < end))


def _dates(instance: Instance) -> dict[str, tuple[tuple[datetime, int], ...]]:
    found: dict[str, list[tuple[datetime, int]]] = {}
    for one in dated_departures(instance):
        found.setdefault(one.service, []).append((one.departs_at, one.most_runs))
    return {service: tuple(dates) for service, dates in found.items()}


def _with_offers(instance: Instance, offers: Iterable[_Offer]) -> Instance:
    some = list(offers)
    departures = tuple(
        Departure(service=one.service.id, departs_at=moment, most_runs=runs)
        for one in some
        for moment, runs in one.departs
    )
    return rebuilt(
        instance,
        services=(*instance.services, *(one.service for one in some)),
        stops=(*instance.stops, *(stop for one in some for stop in one.stops)),
        departures=(*instance.departures, *departures),
    )
