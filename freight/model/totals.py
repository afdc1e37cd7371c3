"""Sums over a plan, each adding up to its cost exactly."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Totals
from freight.model.decode import Decoded

NO_MODE = "terminal"
UNALLOCATED = "unallocated"


def totals_of(instance: Instance, decoded: Decoded) -> Totals:
    """Cost by charge, mode and owner, service and CO2e.

    What nobody bears stands under the charge ``unallocated`` and the mode and owner of its
    departure.
    """
    by_charge, by_mode, by_owner = _split(decoded)
    late = _late_shipments(decoded)
    teu = sum(one.teu for one in instance.shipments)
    on_time = sum(one.teu for one in decoded.itineraries if one.late_hours == 0.0)
    return Totals(
        by_charge=by_charge,
        by_mode=by_mode,
        by_owner=by_owner,
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


def _split(decoded: Decoded) -> tuple[dict[str, Decimal], dict[str, Decimal], dict[str, Decimal]]:
    by_charge: dict[str, Decimal] = defaultdict(Decimal)
    by_mode: dict[str, Decimal] = defaultdict(Decimal)
    by_owner: dict[str, Decimal] = defaultdict(Decimal)

    def add(itinerary: Itinerary) -> None:
        for one in itinerary.charges:
            by_charge[one.kind.value] += one.amount
            by_mode[one.mode.value if one.mode else NO_MODE] += one.amount
            by_owner[itinerary.owner] += one.amount

    for itinerary in decoded.itineraries:
        add(itinerary)
    for run, amount in decoded.unallocated:
        by_charge[UNALLOCATED] += amount
        by_mode[run.mode.value] += amount
        by_owner[run.owner] += amount
    return _sorted(by_charge), _sorted(by_mode), _sorted(by_owner)


def _sorted(sums: dict[str, Decimal]) -> dict[str, Decimal]:
    return {key: sums[key] for key in sorted(sums)}
