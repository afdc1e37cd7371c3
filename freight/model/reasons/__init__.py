"""Why boxes are left behind: the limit that leaves no itinerary, or what the plan has no room for.

Where no itinerary keeps all limits of a shipment, limits are lifted one at a time, then together:
the fewest that must be lifted are the reason (:mod:`freight.model.reasons.asking`). Where one is
there, the plan is looked at: what stands in the way of the cheapest, and what another would cost
that has room (:mod:`freight.model.reasons.obstacles`). No path is said only where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.model.compile import Compiled
from freight.model.network import Network
from freight.model.reasons import words
from freight.model.reasons.asking import DWELL, LATE, LIMITS, NEEDS, SIZE, Asking, Way
from freight.model.reasons.plan_view import PlanView
from freight.model.reasons.words import Words
from freight.model.trips import Aboard, Carriage, begins, carriages_of, delivered

DAY = 86_400_000_000


def explained(instance: Instance, plan: Plan, compiled: Compiled | None = None) -> Plan:
    """The plan with a reason for everything left behind.

    ``compiled`` is the instance's own, where it is at hand.
    """
    if not plan.unserved:
        return plan
    reasons = reasons_of(instance, plan, compiled)
    unserved = tuple(
        one.model_copy(
            update=dict(zip(("reason", "reason_zh"), reasons[one.shipment], strict=True))
        )
        for one in plan.unserved
    )
    return plan.model_copy(update={"unserved": unserved})


def reasons_of(
    instance: Instance, plan: Plan, compiled: Compiled | None = None
) -> Mapping[str, Words]:
    """Reasons in English and Chinese by shipment left behind."""
    some = [instance.shipment[one] for one in dict.fromkeys(u.shipment for u in plan.unserved)]
    asking = Asking(instance, some)
    ways = asking.ways()
    view = PlanView(asking, ways, plan, compiled)
    stuck = [one.id for one in some if one.id not in ways]
    found = _stuck(Asking(instance, [instance.shipment[one] for one in stuck])) if stuck else {}
    return found | {key: view.words(key) for key in ways}


def _stuck(asking: Asking) -> dict[str, Words]:
    """Reasons for shipments that no itinerary within their limits leads anywhere."""
    found: dict[str, Words] = {}
    for limit in LIMITS:
        if len(found) < len(asking.shipments) and _matters(asking, limit, found):
            for key, way in asking.ways((limit,)).items():
                if key not in found:
                    found[key] = _single(asking, key, limit, way)
    rest = [one.id for one in asking.shipments if one.id not in found]
    if rest:
        every = asking.ways(LIMITS)
        for key in rest:
            one = asking.instance.shipment[key]
            found[key] = _several(asking, key) if key in every else words.no_way(one)
    return found


def _matters(asking: Asking, limit: str, found: Mapping[str, Words]) -> bool:
    """Whether lifting a limit can help any shipment that has no reason yet."""
    if limit != NEEDS:
        return True
    closed = any(one.open_to for one in asking.instance.services)
    asked = any(
        one.modes or one.reefer or one.dangerous for one in asking.shipments if one.id not in found
    )
    return closed or asked


def _single(asking: Asking, key: str, limit: str, way: Way) -> Words:
    instance = asking.instance
    one = instance.shipment[key]
    if limit == NEEDS:
        return words.needs_only(one)
    if limit == LATE:
        return words.late_only(instance, one)
    if limit == DWELL:
        return words.dwell_only(instance, _longest_wait(instance, way))
    tight = asking.narrowest(way)
    lot = float(way.compiled.pools.lot[way.commodity])
    if tight is None:
        return words.together(instance, one, (SIZE,))
    return words.size_only(one, lot, words.takes(asking.room(way.compiled), tight))


def _several(asking: Asking, key: str) -> Words:
    """The fewest limits that must be lifted, given up one after the other."""
    lifted = list(LIMITS)
    for limit in LIMITS:
        fewer = [one for one in lifted if one != limit]
        if fewer and key in asking.ways(fewer):
            lifted = fewer
    one = asking.instance.shipment[key]
    if set(lifted) == {NEEDS, LATE}:
        return words.needs_and_late(asking.instance, one)
    return words.together(asking.instance, one, lifted)


def _longest_wait(instance: Instance, way: Way) -> tuple[str, float]:
    """Terminal and days of the longest wait of an itinerary after its first step."""
    network = way.compiled.network
    waits = [
        (begins(network, after) - delivered(network, before), _end(network, before))
        for before, after in pairwise(carriages_of(network, way.arcs))
    ]
    longest, place = max(waits)
    return instance.terminals[place].id, longest / DAY


def _end(network: Network, one: Carriage) -> int:
    """Terminal where a carriage ends."""
    if isinstance(one, Aboard):
        return int(network.calls.terminal[one.unload])
    return network.moves[one.move].head
