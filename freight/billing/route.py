"""The steps of one itinerary as legs and waits of a bill, with borders and liability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from freight.billing.book import Book
from freight.domain.carriage import Crossing, Leg, LiabilitySection, Stage, Wait
from freight.domain.liability import (
    Point,
    Regime,
    Section,
    limit_rules,
    rail_note,
    rail_sections,
    section,
)
from freight.domain.plan import Dwell, Itinerary, Move, Ride
from freight.domain.service import Mode
from freight.domain.transfer import Transfer, TransferKind

Carriage = Ride | Move


@dataclass(frozen=True, slots=True)
class Cargo:
    """What the limits of a part's legs are worked out for."""

    gross_kg: int
    packages: int


@dataclass(frozen=True, slots=True)
class Call:
    """A stop on the way, with its times."""

    terminal: str
    arrives: datetime
    departs: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """What a leg has from its place in the chain."""

    number: int
    stage: Stage
    regime: Regime
    sections: tuple[LiabilitySection, ...]


def route(book: Book, itinerary: Itinerary, cargo: Cargo) -> tuple[Leg | Wait, ...]:
    """Legs and waits of a part in order of travel."""
    carriages = [step for step in itinerary.steps if not isinstance(step, Dwell)]
    rows = zip(carriages, _stages(carriages), _laws(book, carriages), strict=True)
    legs = iter(
        [
            _leg(book, step, Frame(number, stage, note, _limited(found, cargo)))
            for number, (step, stage, (note, found)) in enumerate(rows, start=1)
        ]
    )
    return tuple(
        _wait(book, step) if isinstance(step, Dwell) else next(legs) for step in itinerary.steps
    )


def calls(book: Book, ride: Ride) -> list[Call]:
    """The stops of a ride from loading to unloading, timed by the service's offsets."""
    stops = [
        stop
        for stop in book.instance.stops_of[ride.service]
        if ride.from_sequence <= stop.sequence <= ride.to_sequence
    ]
    base = ride.departs - timedelta(hours=stops[0].depart_hours)
    return [
        Call(
            stop.terminal,
            base + timedelta(hours=stop.arrive_hours),
            base + timedelta(hours=stop.depart_hours),
        )
        for stop in stops
    ]


def _stages(carriages: Sequence[Carriage]) -> list[Stage]:
    """The longest ride is the main carriage; what precedes it is pre-, what follows on-carriage."""
    distances = [(isinstance(one, Ride), one.distance_km) for one in carriages]
    main = distances.index(max(distances))
    return [
        Stage.PRE if index < main else Stage.ON if index > main else Stage.MAIN
        for index in range(len(carriages))
    ]


def _points(book: Book, step: Carriage) -> list[Point]:
    names = (
        [call.terminal for call in calls(book, step)]
        if isinstance(step, Ride)
        else [step.from_terminal, step.to_terminal]
    )
    return [Point(name, book.instance.terminal[name].country) for name in names]


def _on_rails(step: Carriage) -> bool:
    if isinstance(step, Ride):
        return step.mode is Mode.RAIL
    between_trains = (
        step.transfer_kind.crosses_border or step.transfer_kind is TransferKind.RAIL_RAIL
    )
    return between_trains and step.mode is Mode.RAIL


def _laws(
    book: Book, carriages: Sequence[Carriage]
) -> Iterator[tuple[Regime, tuple[Section, ...]]]:
    """Regime and sections of each carriage; rail in one go is one carriage under one note."""
    for together, run in groupby(carriages, key=_on_rails):
        some = list(run)
        points = [_points(book, step) for step in some]
        if not together or not any(isinstance(step, Ride) for step in some):
            for step, ends in zip(some, points, strict=True):
                one = section(step.mode, ends[0], ends[-1])
                yield one.regime, (one,)
            continue
        international = len({point.country for ends in points for point in ends}) > 1
        found = [rail_sections(ends, international=international) for ends in points]
        note = rail_note(one.regime for leg in found for one in leg)
        yield from ((note, leg) for leg in found)


def _limited(found: Sequence[Section], cargo: Cargo) -> tuple[LiabilitySection, ...]:
    return tuple(
        LiabilitySection(
            regime=one.regime,
            from_terminal=one.start,
            to_terminal=one.end,
            limit_sdr=limit_rules()[one.regime].amount(cargo.gross_kg, cargo.packages),
        )
        for one in found
    )


def _leg(book: Book, step: Carriage, frame: Frame) -> Leg:
    return _ride(book, step, frame) if isinstance(step, Ride) else _move(book, step, frame)


def _ride(book: Book, step: Ride, frame: Frame) -> Leg:
    service = book.instance.service[step.service]
    closes = step.departs - timedelta(hours=service.cutoff_hours)
    return Leg(
        kind="ride",
        number=frame.number,
        stage=frame.stage,
        stage_code=frame.stage.code,
        mode=step.mode,
        mode_code=step.mode.unece_code,
        carrier=step.carrier,
        service=step.service,
        service_en=service.name_en,
        service_zh=service.name_zh,
        departure=step.departure,
        from_terminal=step.from_terminal,
        to_terminal=step.to_terminal,
        closes=book.moment(closes, step.from_terminal),
        departs=book.moment(step.departs, step.from_terminal),
        arrives=book.moment(step.arrives, step.to_terminal),
        distance_km=step.distance_km,
        co2e_kg=step.co2e_kg,
        crossings=tuple(_crossings(book, step)),
        regime=frame.regime,
        sections=frame.sections,
    )


def _move(book: Book, step: Move, frame: Frame) -> Leg:
    departs = book.moment(step.departs, step.from_terminal)
    arrives = book.moment(step.arrives, step.to_terminal)
    crossing = Crossing(
        transfer=step.transfer,
        kind=step.transfer_kind,
        from_terminal=step.from_terminal,
        to_terminal=step.to_terminal,
        leaves=departs,
        enters=arrives,
        customs=step.customs,
    )
    return Leg(
        kind="transfer",
        number=frame.number,
        stage=frame.stage,
        stage_code=frame.stage.code,
        mode=step.mode,
        mode_code=step.mode.unece_code,
        carrier=step.carrier,
        transfer=step.transfer,
        transfer_kind=step.transfer_kind,
        customs=step.customs,
        from_terminal=step.from_terminal,
        to_terminal=step.to_terminal,
        departs=departs,
        arrives=arrives,
        distance_km=step.distance_km,
        co2e_kg=step.co2e_kg,
        crossings=(crossing,) if step.transfer_kind.crosses_border else (),
        regime=frame.regime,
        sections=frame.sections,
    )


def _crossings(book: Book, ride: Ride) -> Iterator[Crossing]:
    """Borders passed on board, at the stops on either side of each."""
    passed = {_ends(one): one for one in map(book.instance.transfer.__getitem__, ride.borders)}
    for before, after in pairwise(calls(book, ride)):
        transfer = passed.get(frozenset((before.terminal, after.terminal)))
        if transfer is not None:
            yield Crossing(
                transfer=transfer.id,
                kind=transfer.kind,
                from_terminal=before.terminal,
                to_terminal=after.terminal,
                leaves=book.moment(before.departs, before.terminal),
                enters=book.moment(after.arrives, after.terminal),
                customs=transfer.customs,
            )


def _ends(transfer: Transfer) -> frozenset[str]:
    return frozenset((transfer.from_terminal, transfer.to_terminal))


def _wait(book: Book, step: Dwell) -> Wait:
    return Wait(
        terminal=step.terminal,
        arrives=book.moment(step.arrives, step.terminal),
        departs=book.moment(step.departs, step.terminal),
        handling_hours=step.handling_hours,
        storage_hours=step.storage_hours,
        co2e_kg=step.co2e_kg,
    )
