"""Who bears the fixed cost of a departure, to the cent.

What is on board shares it by TEU-kilometres. Committed departures that carry nothing are borne
together, by owner and mode, as a ``network`` charge that names their owner: by TEU over the
itineraries of that owner, over all where the owner has none.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from freight.domain.charges import network
from freight.domain.money import split, units
from freight.domain.plan import ChargeKind, Run
from freight.domain.service import Mode
from freight.model.pricing import Line, Pricer
from freight.model.trips import Aboard, Trip

Share = tuple[int, Line, int]
"""Trip, line and smallest units of the base currency."""


def fixed_shares(
    pricer: Pricer, trips: list[Trip], operated: dict[int, Run]
) -> tuple[list[Share], list[tuple[Run, Decimal]]]:
    """Shares in the fixed cost of every run, and the runs that nobody bears."""
    riders = _riders(pricer, trips)
    currency = pricer.instance.statement.currency
    found: list[Share] = []
    empty: dict[tuple[str, Mode], list[Run]] = defaultdict(list)
    for d, one in operated.items():
        aboard = riders.get(d)
        if not aboard and one.fixed_cost:
            empty[one.owner, one.mode].append(one)
        elif aboard and one.fixed_cost:
            parts = split(units(one.fixed_cost, currency), [weight for *_, weight in aboard])
            for (t, step, _), amount in zip(aboard, parts, strict=True):
                line = Line(ChargeKind.FIXED, 0.0, step, one.departure, one.mode)
                found.append((t, line, amount))
    more, unborne = _network_shares(pricer, trips, empty)
    return found + more, unborne


def _network_shares(
    pricer: Pricer, trips: list[Trip], empty: dict[tuple[str, Mode], list[Run]]
) -> tuple[list[Share], list[tuple[Run, Decimal]]]:
    shipments, currency = pricer.instance.shipments, pricer.instance.statement.currency
    bearers = {t: (shipments[trip.shipment].owner, float(trip.teu)) for t, trip in enumerate(trips)}
    found: list[Share] = []
    unborne: list[tuple[Run, Decimal]] = []
    for (owner, mode), runs in empty.items():
        weights = network.shares(owner, bearers)
        if not weights:
            unborne += [(one, one.fixed_cost) for one in runs]
            continue
        total = sum(units(one.fixed_cost, currency) for one in runs)
        line = Line(ChargeKind.NETWORK, 0.0, None, owner, mode)
        parts = split(total, list(weights.values()))
        found += [(t, line, amount) for t, amount in zip(weights, parts, strict=True) if amount]
    return found, unborne


def _riders(pricer: Pricer, trips: list[Trip]) -> dict[int, list[tuple[int, int, float]]]:
    """(trip, step, weight) of everything on board of each departure; by TEU without distances."""
    found: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for t, trip in enumerate(trips):
        for step, one in enumerate(pricer.steps(trip)):
            if isinstance(one, Aboard):
                departure = int(pricer.network.calls.departure[one.load])
                found[departure].append((t, step, pricer.fixed_weight(trip, one)))
    for d, some in found.items():
        if not any(weight for *_, weight in some):
            found[d] = [(t, step, float(trips[t].teu)) for t, step, _ in some]
    return found
