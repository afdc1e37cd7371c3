"""An independent audit: feasibility and cost of any plan recomputed from its instance.

Nothing here is shared with the compiler, the decoder or a solver; only the price list and
the emission factors are, since they are what the instance says. The audit reads the
plan as words and times, follows every itinerary, adds up every leg, lift, day and charge again, and
names what does not agree. An empty list means that the plan can be carried out at the stated cost.
"""

from __future__ import annotations

from collections.abc import Iterator

from freight.domain.instance import Instance
from freight.domain.plan import Dwell, Itinerary, Move, Plan, Ride
from freight.model.audit.costs import charge_findings
from freight.model.audit.facts import Facts
from freight.model.audit.finding import Finding
from freight.model.audit.journeys import Journey
from freight.model.audit.limits import not_recomputed
from freight.model.audit.loads import Carried, demand_findings, departure_findings
from freight.model.audit.settlement import settlement_findings
from freight.model.audit.shares import share_findings
from freight.model.audit.sums import head_findings, proof_findings, total_findings
from freight.model.audit.trucks import truck_findings

__all__ = ["Finding", "audit", "not_recomputed"]


def audit(instance: Instance, plan: Plan) -> list[Finding]:
    """Everything that is wrong with a plan, in order and without repetition; empty: it holds.

    An itinerary that names unknown things is reported and left out of the checks that would need
    them.
    """
    facts = Facts(instance)
    found: list[Finding] = list(head_findings(facts, plan))
    journeys: list[Journey] = []
    for i, itinerary in enumerate(plan.itineraries, 1):
        where = f"itinerary {i} of {itinerary.shipment}"
        unknown = list(_unknown(facts, itinerary))
        found += [Finding("reference", where, message) for message in unknown]
        if not unknown:
            journeys.append(Journey(facts, itinerary, where))
    for journey in journeys:
        found += _reckoned(journey.where, journey.findings())
    carried = Carried(facts, journeys)
    found += demand_findings(facts, plan)
    found += departure_findings(facts, plan, carried)
    found += carried.throughput_findings()
    found += charge_findings(facts, journeys)
    found += share_findings(facts, plan, journeys)
    found += settlement_findings(facts, plan)
    if len(journeys) == len(plan.itineraries) and all(one.carriages for one in journeys):
        found += _reckoned("trucks", truck_findings(facts, plan))
    found += total_findings(facts, plan)
    found += proof_findings(plan)
    return list(dict.fromkeys(found))


def _reckoned(where: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Findings, or that there are figures with which nobody can reckon."""
    try:
        yield from findings
    except ArithmeticError:
        yield Finding("figures", where, "holds figures too large or too small to reckon with.")


def _unknown(facts: Facts, itinerary: Itinerary) -> Iterator[str]:
    """Names of an itinerary that the instance does not know."""
    if itinerary.shipment not in facts.instance.shipment:
        yield f"shipment '{itinerary.shipment}' is unknown."
    for one in itinerary.steps:
        if isinstance(one, Ride):
            yield from _unknown_ride(facts, one)
        elif isinstance(one, Move) and one.transfer not in facts.instance.transfer:
            yield f"transfer '{one.transfer}' is unknown."
        places = (one.terminal,) if isinstance(one, Dwell) else (one.from_terminal, one.to_terminal)
        for place in places:
            if place not in facts.instance.terminal:
                yield f"terminal '{place}' is unknown."


def _unknown_ride(facts: Facts, one: Ride) -> Iterator[str]:
    dated = facts.departure.get(one.departure)
    if dated is None:
        yield f"departure '{one.departure}' is not in the timetable."
        return
    if dated.service != one.service:
        yield f"departure {one.departure} belongs to {dated.service}, not to '{one.service}'."
        return
    for sequence in (one.from_sequence, one.to_sequence):
        if facts.stop(one.service, sequence) is None:
            yield f"service {one.service} has no stop {sequence}."
    if one.from_sequence >= one.to_sequence:
        yield f"rides {one.service} from stop {one.from_sequence} to stop {one.to_sequence}."
