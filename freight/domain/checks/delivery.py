"""Shipments that no plan can deliver, and those that any plan delivers late: worth a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from freight.domain.checks.reach import Network, earliest_arrivals
from freight.domain.checks.survey import Finding, Survey
from freight.domain.instance import Instance
from freight.domain.shipment import Shipment
from freight.domain.wording import either, number, quoted

Placed = tuple[int, Shipment]


def deliveries(survey: Survey) -> Iterator[Finding]:
    """Shipments that cannot reach their destination, or only when they count as unserved.

    They stay behind. A consolidation policy may cut shipments off; that is part of what it costs.
    """
    instance = survey.instance
    if instance.statement.policy is not None:
        return
    network = Network(instance)
    connected: list[Placed] = []
    reachable: dict[tuple[str, int], set[str]] = {}
    for index, one in _sound(instance):
        key = (one.origin, network.group(one))
        if key not in reachable:
            reachable[key] = network.reachable(one.origin, key[1])
        if one.destination in reachable[key]:
            connected.append((index, one))
        else:
            yield Finding("shipments", index, "destination", *_cut_off(one))
    yield from _too_late(network, connected)


def _sound(instance: Instance) -> list[Placed]:
    terminals = instance.terminal
    return [
        (index, one)
        for index, one in enumerate(instance.shipments)
        if one.origin in terminals
        and one.destination in terminals
        and one.origin != one.destination
        and one.ready < min(one.due, instance.statement.horizon_end)
    ]


def _cut_off(one: Shipment) -> tuple[str, str]:
    terms = [f"go by {either(one.modes)}"] if one.modes else []
    terms += ["take reefers"] if one.reefer else []
    terms += ["take dangerous goods"] if one.dangerous else []
    how = f" that {' and '.join(terms)}" if terms else ""
    what = (
        f"No chain of services and transfers{how} leads shipment {quoted(one.id)}"
        f" from {quoted(one.origin)} to {quoted(one.destination)}."
    )
    ways = ["allow it more modes"] if one.modes else []
    ways += [
        f"let more services take {goods}"
        for goods, concerned in (("reefers", one.reefer), ("dangerous goods", one.dangerous))
        if concerned
    ]
    remedy = either([*ways, "add the service or transfer that is missing"])
    return what, f"It is not planned. {remedy[0].upper()}{remedy[1:]}."


def _too_late(network: Network, placed: Sequence[Placed]) -> Iterator[Finding]:
    days = network.instance.statement.defaults.most_late_days
    limits = {one.id: one.due.timestamp() / 3600.0 + days * 24.0 for _, one in placed}
    positions = {id(one): index for index, one in placed}
    found = earliest_arrivals(network, [one for _, one in placed], limits)
    late = [one for one, hour in found if hour is None]
    never = dict.fromkeys(limits, float("inf"))
    for one, hour in earliest_arrivals(network, late, never):
        zone = network.instance.terminal[one.destination].time_zone
        what = (
            f"Shipment {quoted(one.id)} cannot reach {quoted(one.destination)} within"
            f" {number(days)} days after it is due ({_local(one.due.timestamp() / 3600.0, zone)}): "
        )
        what += (
            f"the earliest arrival is {_local(hour, zone)}." if hour else "no departure is left."
        )
        remedy = (
            "It is not planned. Make it ready earlier or due later, or add departures or transfers."
        )
        yield Finding("shipments", positions[id(one)], "due", what, remedy)


def surely_late(survey: Survey) -> Iterator[Finding]:
    """Shipments that arrive after they are due whatever the plan."""
    instance = survey.instance
    placed = _sound(instance)
    positions = {id(one): index for index, one in placed}
    limits = dict.fromkeys((one.id for _, one in placed), float("inf"))
    for one, hour in earliest_arrivals(Network(instance), [one for _, one in placed], limits):
        due = one.due.timestamp() / 3600.0
        if hour is not None and hour > due:
            zone = instance.terminal[one.destination].time_zone
            what = (
                f"Shipment {quoted(one.id)} is due {_local(due, zone)} but arrives"
                f" {_local(hour, zone)} at the earliest."
            )
            yield Finding("shipments", positions[id(one)], "due", what, "It is late in any plan.")


def _local(hour: float, zone: str) -> str:
    moment = datetime.fromtimestamp(hour * 3600.0, UTC).astimezone(ZoneInfo(zone))
    return f"{moment:%Y-%m-%d %H:%M}"
