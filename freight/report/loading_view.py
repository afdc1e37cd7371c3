"""The loading list of one departure: stop by stop, then box by box."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from freight.domain.instance import Instance
from freight.domain.plan import Plan, Run
from freight.domain.timetable import DatedDeparture
from freight.domain.wording import unknown
from freight.report.tables.loading import LoadingLine, loading_lines
from freight.report.tables.offered import not_run
from freight.report.terminal import clock, percent, table


def loading_view(plan: Plan, instance: Instance, departure: str) -> RenderableType:
    """Calls of a departure with what is loaded and unloaded, and the boxes of every shipment.

    Raises InstanceError where neither the plan nor the timetable has such a departure.
    """
    known = known_departure(plan, instance, departure)
    if isinstance(known, DatedDeparture):
        service = instance.service[known.service]
        least = service.minimum_load_teu
        needs = f" It needs {least:,.0f} TEU." if least else ""
        return Text(f"{departure} ({service.name_en}) does not run in this plan.{needs}")
    lines = list(loading_lines(plan, instance, departure))
    return Group(Text(_head(known, instance, lines)), _calls(known, instance, lines), _boxes(lines))


def known_departure(plan: Plan, instance: Instance, departure: str) -> Run | DatedDeparture:
    """A departure that runs, or one of the timetable that does not; raises InstanceError."""
    runs = {run.departure: run for run in plan.departures}
    offered = {dated.id: dated for dated in not_run(plan, instance)}
    known: Run | DatedDeparture | None = runs.get(departure) or offered.get(departure)
    if known is None:
        own = _departures_of(departure, instance, {*runs, *offered})
        raise unknown("departure", departure, own or sorted({*runs, *offered}))
    return known


def _departures_of(name: str, instance: Instance, known: Collection[str]) -> list[str]:
    """The departures of the services that a name is the id or a printed name of."""
    services = {
        service.id
        for service in instance.services
        if name.strip() in (service.id, service.name_en, service.name_zh)
    }
    return sorted(one for one in known if one.partition("@")[0] in services)


def _head(run: Run, instance: Instance, lines: Sequence[LoadingLine]) -> str:
    service = instance.service[run.service]
    times = f" × {run.runs}" if run.runs > 1 else ""
    shipments = len({line.shipment.id for line in lines})
    boxes = sum(line.boxes for line in lines)
    tonnes = sum(line.loaded_tonnes for line in lines)
    return (
        f"{run.departure}{times} · {service.name_en} {service.name_zh} · {service.operator}\n"
        f"{boxes:,} boxes of {shipments:,} shipments, {tonnes:,.1f} t with boxes (typical tare); "
        f"fullest leg {percent(run.load_factor, 0)}"
    )


def _calls(run: Run, instance: Instance, lines: Sequence[LoadingLine]) -> Table:
    """Every call in local time: TEU on, off and on board when it leaves, tonnes, slots."""
    columns = ("call", "arrives", "leaves", "TEU on", "TEU off", "TEU on board", "t", "of TEU")
    view = table("Calls", *columns, text_columns=3)
    legs = sorted(run.legs, key=lambda leg: leg.sequence)
    arrives = {leg.sequence: leg.arrives for leg in legs}
    leaving = {leg.sequence - 1: leg for leg in legs}
    for sequence in sorted({*arrives, *leaving}):
        leg = leaving.get(sequence)
        place = leg.from_terminal if leg else legs[-1].to_terminal
        zone = instance.terminal[place].time_zone
        moments = (arrives.get(sequence), leg.departs if leg else None)
        clocks = (clock(moment, zone) if moment else "" for moment in moments)
        loaded = sum(line.teu for line in lines if line.ride.from_sequence == sequence)
        unloaded = sum(line.teu for line in lines if line.ride.to_sequence == sequence)
        aboard = (
            (f"{leg.teu:,.0f}", f"{leg.tonnes:,.0f}", f"{leg.capacity_teu:,.0f}")
            if leg
            else (("", "", ""))
        )
        view.add_row(place, *clocks, f"{loaded:,}", f"{unloaded:,}", *aboard)
    return view


def _boxes(lines: Sequence[LoadingLine]) -> Table:
    """A row a shipment; where it is loaded and unloaded only if that differs between rows."""
    several = len({(line.ride.from_sequence, line.ride.to_sequence) for line in lines}) > 1
    places = ("from", "to") if several else ()
    columns = ("shipment", "customer", *places, "boxes", "TEU", "goods t", "with boxes t")
    view = table("Loading list", *columns, text_columns=2 + len(places))
    for line in lines:
        marks = ["reefer"] if line.shipment.reefer else []
        marks += [line.shipment.dangerous] if line.shipment.dangerous else []
        ends = (line.ride.from_terminal, line.ride.to_terminal) if several else ()
        view.add_row(
            " ".join([line.shipment.id, *marks]),
            line.shipment.consignee,
            *ends,
            f"{line.boxes:,} × {line.shipment.container_type.value}",
            f"{line.teu:,}",
            f"{line.goods_tonnes:,.1f}",
            f"{line.loaded_tonnes:,.1f}",
        )
    return view
