"""From a solution to the parts of a plan: runs, itineraries with steps and charges, what is left.

Amounts are exact to the currency's smallest unit, here called a cent. The fixed cost of a departure
is one amount, split over its boxes by largest remainder; all other charges of the plan are rounded
together, so that their sum is the rounded sum. Charges of the plan therefore differ from the exact
ones by less than a cent each, and their total from the solver's objective by half a cent for every
departure and one for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

import numpy as np

from freight.domain.charges import unserved
from freight.domain.instance import Instance
from freight.domain.money import money, round_together, rounded
from freight.domain.plan import Charge, Itinerary, Run, Unserved
from freight.model.compile import Compiled
from freight.model.pricing import Line, Pricer
from freight.model.rows import leg_limits
from freight.model.shares import fixed_shares
from freight.model.steps import Load, itinerary, run
from freight.model.trips import Trip, Trips, load_of, trips_of
from solvers.arrays import Ints
from solvers.network_design.statement.result import Solution


@dataclass(frozen=True)
class Decoded:
    """Parts of a plan."""

    runs: tuple[Run, ...]
    itineraries: tuple[Itinerary, ...]
    unserved: tuple[Unserved, ...]
    unallocated: tuple[tuple[Run, Decimal], ...]
    """Empty committed departures that nobody bears."""

    @property
    def cost(self) -> Decimal:
        """Everything but the penalty."""
        borne = sum((one.cost for one in self.itineraries), Decimal(0))
        return borne + sum((amount for _, amount in self.unallocated), Decimal(0))

    @property
    def penalty(self) -> Decimal:
        """Penalty of what is left behind."""
        return sum((one.penalty for one in self.unserved), Decimal(0))


def decode(compiled: Compiled, solution: Solution) -> Decoded:
    """Read a solution back; optional departures that carry nothing are closed."""
    trips = trips_of(compiled, solution)
    runs = needed_runs(compiled, solution, trips.trips)
    teu, tonnes = load_of(compiled, trips.trips)
    load = Load(teu, tonnes, *leg_limits(compiled.instance, compiled.network))
    operated = {int(d): run(compiled, int(d), int(runs[d]), load) for d in np.flatnonzero(runs)}
    charges, unborne = _charges(compiled, trips.trips, operated)
    pricer = Pricer(compiled.instance, compiled.network)
    made = [itinerary(pricer, trip, some) for trip, some in zip(trips.trips, charges, strict=True)]
    order = sorted(range(len(made)), key=lambda i: (made[i].shipment, made[i].delivered, i))
    return Decoded(
        tuple(operated.values()), tuple(made[i] for i in order),
        tuple(_left(compiled.instance, trips)), tuple(unborne),
    )  # fmt: skip


def needed_runs(compiled: Compiled, solution: Solution, trips: Sequence[Trip]) -> Ints:
    """Runs of every departure: all of a committed one, else as few as its boxes need."""
    calls = compiled.network.calls
    teu, tonnes = load_of(compiled, list(trips))
    most_teu, most_tonnes = leg_limits(compiled.instance, compiled.network)
    need = np.zeros(len(calls.departures), dtype=np.int64)
    for call, amount in teu.items():
        stop = int(calls.stop[call])
        share = max(amount / most_teu[stop], tonnes[call] / most_tonnes[stop])
        d = calls.departure[call]
        need[d] = max(need[d], 1, ceil(share - 1e-9))
    optional = compiled.runs.optional
    return np.where(optional, np.minimum(need, solution.y), compiled.runs.fewest)


def _left(instance: Instance, trips: Trips) -> list[Unserved]:
    found = []
    for i, teu in sorted(trips.left.items(), key=lambda one: instance.shipments[one[0]].id):
        shipment = instance.shipments[i]
        exact = unserved.price(instance, shipment).per_teu * teu
        penalty = rounded(exact, instance.statement.currency)
        found.append(
            Unserved(
                shipment=shipment.id, owner=shipment.owner, teu=teu, penalty=penalty, reason="-"
            )
        )
    return found


def _charges(
    compiled: Compiled, trips: list[Trip], operated: dict[int, Run]
) -> tuple[list[list[Charge]], list[tuple[Run, Decimal]]]:
    """Charges of every trip in cents, and the runs that nobody bears."""
    pricer = Pricer(compiled.instance, compiled.network)
    lines = [(t, line) for t, trip in enumerate(trips) for line in pricer.lines(trip)]
    currency = compiled.instance.statement.currency
    together = round_together([line.amount for _, line in lines], currency)
    found: list[list[Charge]] = [[] for _ in trips]
    shares, unborne = fixed_shares(pricer, trips, operated)
    for t, line, amount in shares:
        found[t].append(_charge(line, money(amount, currency)))
    for (t, line), amount in zip(lines, together, strict=True):
        found[t].append(_charge(line, money(amount, currency)))
    return found, unborne


def _charge(line: Line, amount: Decimal) -> Charge:
    return Charge(
        kind=line.kind, amount=amount, step=line.step, reference=line.reference, mode=line.mode,
    )  # fmt: skip
