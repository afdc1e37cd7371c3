"""What is allowed but suspicious: worth a planner's second look, no reason to refuse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.gazetteer import city_key
from freight.domain.service import Mode, Service
from freight.domain.terminal import TerminalKind
from freight.domain.wording import either, listed, quoted, suggestion

_KINDS: Final = {
    Mode.AIR: (TerminalKind.AIRPORT,),
    Mode.SEA: (TerminalKind.SEA_PORT, TerminalKind.RIVER_PORT),
    Mode.BARGE: (TerminalKind.RIVER_PORT, TerminalKind.SEA_PORT),
}
"""Where vehicles of a mode can stop; others can stop anywhere but at an airport."""


def unused_terminals(survey: Survey) -> Iterator[Finding]:
    """Terminals that nothing names."""
    instance = survey.instance
    named = {stop.terminal for stop in instance.stops}
    named |= {end for one in instance.transfers for end in (one.from_terminal, one.to_terminal)}
    named |= {end for one in instance.shipments for end in (one.origin, one.destination)}
    for index, one in enumerate(instance.terminals):
        if one.id not in named:
            what = f"No stop, transfer or shipment names terminal {quoted(one.id)}."
            yield Finding("terminals", index, "id", what, "Remove it if it is not needed.")


def idle_services(survey: Survey) -> Iterator[Finding]:
    """Services that never depart."""
    leaving = {one.service for one in survey.instance.departures}
    for index, one in enumerate(survey.instance.services):
        if one.id not in leaving:
            what = f"Service {quoted(one.id)} has no departures."
            yield Finding("services", index, "id", what, "Add a row to departures, or remove it.")


def service_terms(survey: Survey) -> Iterator[Finding]:
    """Minimum loads and closed doors that contradict the rest of a service."""
    for index, one in enumerate(survey.instance.services):
        for name, what, remedy in _terms(one):
            yield Finding("services", index, name, what, remedy)


def _terms(one: Service) -> Iterator[tuple[str, str, str]]:
    who = f"service {quoted(one.id)}"
    if one.committed and one.minimum_load_teu > 0:
        what = f"Committed {who} has a minimum load, which does not bind it."
        yield "minimum_load_teu", what, "It binds optional departures only."
    if not one.committed and one.minimum_load_teu == 0 and one.fixed_cost_per_departure > 0:
        what = f"Optional {who} has no minimum load."
        yield "minimum_load_teu", what, "It may run for a single box."
    if one.open_to and one.owner not in one.open_to:
        what = f"The owner {quoted(one.owner)} of {who} may not use it."
        yield "open_to", what, f"Add {one.owner} unless that is meant."


def idle_owners(survey: Survey) -> Iterator[Finding]:
    """Owners without services and shipments."""
    busy = {one.owner for one in survey.instance.services}
    busy |= {one.owner for one in survey.instance.shipments}
    for index, one in enumerate(survey.instance.statement.owners):
        if one.id not in busy:
            what = f"Owner {quoted(one.id)} has neither services nor shipments."
            yield Finding("owners", index, "id", what, "Remove it if it is not needed.")


def owners_elsewhere(survey: Survey) -> Iterator[Finding]:
    """Owners in a city that no terminal serves: their country is not known as the home of boxes."""
    served = {city_key(one.city): one.city for one in survey.instance.terminals}
    for index, one in enumerate(survey.instance.statement.owners):
        if city_key(one.city) not in served:
            what = f"No terminal serves {quoted(one.city)}, the city of owner {quoted(one.id)}."
            remedy = suggestion(one.city, sorted(served.values()), "write it as in terminals")
            yield Finding("owners", index, "city", what, remedy)


def unused_emissions(survey: Survey) -> Iterator[Finding]:
    """Emission classes that nothing names; ``hub`` counts for every lift."""
    instance = survey.instance
    named = {"hub", *(one.emission_class for one in instance.services)}
    named |= {one.emission_class for one in instance.stops if one.emission_class}
    named |= {one.emission_class for one in instance.transfers if one.emission_class}
    for index, one in enumerate(instance.emissions):
        if one.id not in named:
            what = f"No service, stop or transfer names emission class {quoted(one.id)}."
            yield Finding("emissions", index, "id", what, "Remove it if it is not needed.")


def unlike_stops(survey: Survey) -> Iterator[Finding]:
    """Stops where the mode has no business: a vessel at a rail terminal."""
    instance = survey.instance
    for index, stop in enumerate(instance.stops):
        service, terminal = instance.service[stop.service], instance.terminal[stop.terminal]
        kinds = _KINDS.get(service.mode, ())
        fits = terminal.kind in kinds if kinds else terminal.kind is not TerminalKind.AIRPORT
        if not fits:
            what = (
                f"Service {quoted(stop.service)} goes by {service.mode.value} but stops at"
                f" {quoted(stop.terminal)}, of kind {terminal.kind.value}."
            )
            remedy = f"Is it of kind {either(kinds)}?" if kinds else "Name a terminal beside it."
            yield Finding("stops", index, "terminal", what, remedy)


def legs(survey: Survey) -> Iterator[Finding]:
    """Legs of no length, and leg capacities above that of the service."""
    for index, stop in enumerate(survey.instance.stops):
        service = survey.instance.service[stop.service]
        if stop.sequence > 1 and stop.distance_km == 0:
            what = f"The leg of service {quoted(stop.service)} to {quoted(stop.terminal)} is 0 km."
            yield Finding("stops", index, "distance_km", what, "It will count no emissions.")
        for name in ("capacity_teu", "capacity_tonnes"):
            value, most = getattr(stop, name), getattr(service, name)
            if value is not None and value > most:
                what = (
                    f"A leg of service {quoted(stop.service)} has {name} {value:g}, over {most:g}."
                )
                yield Finding("stops", index, name, what, "The service's own counts.")


def ineffective_transfers(survey: Survey) -> Iterator[Finding]:
    """Transfers that take no time, and borders that part no countries."""
    terminals = survey.instance.terminal
    for index, one in enumerate(survey.instance.transfers):
        if one.hours == 0:
            what = f"Transfer {quoted(one.id)} takes no time."
            yield Finding("transfers", index, "hours", what, "Is that meant?")
        country = {terminals[end].country for end in (one.from_terminal, one.to_terminal)}
        if one.kind.crosses_border and len(country) == 1:
            what = f"Transfer {quoted(one.id)} is a {one.kind.value} within {country.pop()}."
            yield Finding("transfers", index, "kind", what, "Is the kind right?")


def free_shipments(survey: Survey) -> Iterator[Finding]:
    """Values and penalties of 0, which tell the plan that time or service is worth nothing."""
    for index, one in enumerate(survey.instance.shipments):
        if one.value == 0:
            what = f"Shipment {quoted(one.id)} has the value 0."
            yield Finding("shipments", index, "value", what, "Its time under way costs nothing.")
        if one.lateness_cost_per_teu_day == 0:
            what = f"A day late costs shipment {quoted(one.id)} nothing."
            remedy = "Leave the cell empty for the instance's default."
            yield Finding("shipments", index, "lateness_cost_per_teu_day", what, remedy)
        if one.unserved_cost_per_teu == 0:
            what = f"Leaving shipment {quoted(one.id)} behind costs nothing."
            remedy = "It will hardly be served. Leave the cell empty for the default."
            yield Finding("shipments", index, "unserved_cost_per_teu", what, remedy)


def backlog(survey: Survey) -> Iterator[Finding]:
    """Shipments that wait already when the horizon starts, in one remark."""
    start = survey.instance.statement.horizon_start
    waiting = [one.id for one in survey.instance.shipments if one.ready < start]
    if waiting:
        what = f"{len(waiting):,} shipments are ready before the horizon starts"
        if len(waiting) == 1:
            what = "A shipment is ready before the horizon starts"
        remedy = "They wait at their origin, at the cost of capital, until something leaves."
        yield Finding("shipments", None, "ready", f"{what}: {_some(waiting)}.", remedy)


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:3])}, …" if len(names) > 3 else listed(names)


def nothing_to_do(survey: Survey) -> Iterator[Finding]:
    """Instances without shipments."""
    if not survey.instance.shipments:
        what = "There are no shipments."
        yield Finding("shipments", None, None, what, "A plan will show committed departures only.")
