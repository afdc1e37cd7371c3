"""Sums over a plan, each adding up to its cost exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from freight.domain.drayage import Drayage
from freight.domain.instance import Instance
from freight.domain.money import rounded
from freight.domain.plan import Itinerary, Plan, Run, Totals
from freight.model.decode import Decoded

NO_MODE = "terminal"
UNALLOCATED = "unallocated"


class CostTotals(NamedTuple):
    """Cost by charge, mode and owner; each adds up to all of it."""

    by_charge: dict[str, Decimal]
    by_mode: dict[str, Decimal]
    by_owner: dict[str, Decimal]


def totals_of(instance: Instance, decoded: Decoded) -> Totals:
    """Cost by charge, mode and owner, service and CO2e."""
    sums = cost_totals(decoded.itineraries, [run for run, _ in decoded.unallocated])
    late = _late_shipments(decoded)
    teu = sum(one.teu for one in instance.shipments)
    on_time = sum(one.teu for one in decoded.itineraries if one.late_hours == 0.0)
    return Totals(
        **sums._asdict(),
        shipments=len(instance.shipments),
        shipments_on_time=len(instance.shipments) - len(late),
        on_time_share=on_time / teu if teu else 1.0,
        teu=teu,
        teu_unserved=sum(one.teu for one in decoded.unserved),
        co2e_kg=sum(one.co2e_kg for one in decoded.itineraries),
    )


def _late_shipments(decoded: Decoded) -> set[str]:
    """Shipments of which a box is late or left behind."""
    late = {one.shipment for one in decoded.itineraries if one.late_hours > 0.0}
    return late | {one.shipment for one in decoded.unserved}


def cost_totals(itineraries: Sequence[Itinerary], unborne: Iterable[Run] = ()) -> CostTotals:
    """Charges by kind, mode and owner.

    What nobody bears stands under the charge ``unallocated`` and the mode and owner of its run.
    """
    by_charge: dict[str, Decimal] = defaultdict(Decimal)
    by_mode: dict[str, Decimal] = defaultdict(Decimal)
    by_owner: dict[str, Decimal] = defaultdict(Decimal)
    for itinerary in itineraries:
        for charge in itinerary.charges:
            by_charge[charge.kind.value] += charge.amount
            by_mode[charge.mode.value if charge.mode else NO_MODE] += charge.amount
            by_owner[itinerary.owner] += charge.amount
    for run in unborne:
        by_charge[UNALLOCATED] += run.fixed_cost
        by_mode[run.mode.value] += run.fixed_cost
        by_owner[run.owner] += run.fixed_cost
    return CostTotals(_sorted(by_charge), _sorted(by_mode), _sorted(by_owner))


def recharged(plan: Plan, itineraries: tuple[Itinerary, ...], drayage: Drayage | None) -> Plan:
    """The plan with other charges on its itineraries, and with other trucks; its sums follow."""
    unborne = [] if itineraries else [run for run in plan.departures if run.fixed_cost]
    sums = cost_totals(itineraries, unborne)
    cost = rounded(sum(sums.by_charge.values(), Decimal(0)), plan.currency)
    totals = plan.totals.model_copy(update=sums._asdict())
    changed = {"itineraries": itineraries, "drayage": drayage, "cost": cost, "totals": totals}
    return plan.model_copy(update=changed)


def _sorted(sums: dict[str, Decimal]) -> dict[str, Decimal]:
    return {key: sums[key] for key in sorted(sums)}
