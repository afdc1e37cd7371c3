"""What a plan charges for its trucks against what they cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from freight.domain.charges.truck_shares import Bearer, shares
from freight.domain.drayage import TruckRoute
from freight.domain.plan import ChargeKind, Plan
from freight.domain.service import Mode
from freight.model.audit.finding import Finding
from freight.model.audit.lines import place, stated_lines
from freight.model.audit.yard import Yard

_ZERO = Decimal(0)


def charged_by_end(plan: Plan) -> dict[tuple[str, int, str], Decimal]:
    """Drayage by shipment, part and terminal, as the itineraries say."""
    found: defaultdict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    count: Counter[str] = Counter()
    for itinerary in plan.itineraries:
        count[itinerary.shipment] += 1
        for one in itinerary.charges:
            if one.kind is ChargeKind.DRAYAGE:
                found[itinerary.shipment, count[itinerary.shipment], one.reference] += one.amount
    return dict(found)


def line_findings(plan: Plan) -> Iterator[Finding]:
    """An itinerary pays once for the trucks at each end, apart from its steps."""
    for i, itinerary in enumerate(plan.itineraries, 1):
        where = f"itinerary {i} of {itinerary.shipment}"
        for key, amounts in stated_lines(itinerary, (ChargeKind.DRAYAGE,)).items():
            right = ChargeKind.DRAYAGE, None, key[2], Mode.ROAD
            if key != right:
                message = f"drayage at {key[2]} stands at {place(key)}, expected {place(right)}."
                yield Finding("drayage", where, message)
            elif len(amounts) > 1:
                message = f"drayage at {key[2]} is charged {len(amounts)} times, expected once."
                yield Finding("drayage", where, message)


def unpriced(yard: Yard) -> Iterator[Finding]:
    """Rows of trucks whose prices are in a currency without a rate."""
    for row in yard.found.trucks:
        if row.currency not in yard.instance.rates:
            message = f"currency {row.currency} has no exchange rate."
            yield Finding("drayage", f"trucks of {row.city or 'all cities'}", message)


def money_findings(yard: Yard, charged: dict[tuple[str, int, str], Decimal]) -> Iterator[Finding]:
    """Cost of all routes, and what each end of an itinerary bears of it."""
    total = sum((one.cost for one in yard.found.routes), _ZERO)
    if total != yard.found.cost:
        message = f"cost is {yard.found.cost}, its routes add up to {total}."
        yield Finding("drayage", "trucks", message)
    due: defaultdict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    for (shipment, part, end), amount in _due(yard).items():
        due[shipment, part, yard.terminal(shipment, end).id] += amount
    for key in sorted(due.keys() | charged.keys()):
        if due.get(key, _ZERO) != charged.get(key, _ZERO):
            shipment, part, place = key
            message = (
                f"drayage at {place} is {charged.get(key, _ZERO)}, expected {due.get(key, _ZERO)}."
            )
            yield Finding("drayage", f"itinerary {part} of {shipment}", message)


def _due(yard: Yard) -> dict[Bearer, Decimal]:
    whole = [one for one in yard.found.routes if one.stops and _paired(one)]
    return shares(whole, yard.instance.statement.currency)


def _paired(route: TruckRoute) -> bool:
    """Whether every box taken is left again; other routes are findings of their own."""
    taken = Counter((s.shipment, s.part, s.end, s.full) for s in route.stops if s.takes)
    left = Counter((s.shipment, s.part, s.end, s.full) for s in route.stops if not s.takes)
    return taken == left
