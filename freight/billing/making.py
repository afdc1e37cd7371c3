"""The bills of a plan: one for every shipment that travels, even in part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from freight.billing.book import Book
from freight.billing.document import make_bill
from freight.billing.terms import Terms
from freight.domain.bill import Bill
from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Plan


def bills(
    instance: Instance,
    plan: Plan,
    *,
    only: Collection[str] | None = None,
    terms: Terms | None = None,
) -> tuple[Bill, ...]:
    """The through bills of a plan, in the order of the instance's shipments.

    ``only`` names the shipments wanted; a bill made alone is the one made with all others.
    ``terms`` say for whom they are made out and what they replace; None: internal sheets.

    Raises KeyError when the plan names what the instance does not have; an audited plan never does.
    """
    book = Book(instance, plan, terms or Terms())
    found: defaultdict[str, list[Itinerary]] = defaultdict(list)
    for itinerary in plan.itineraries:
        found[itinerary.shipment].append(itinerary)
    return tuple(
        make_bill(book, shipment, found[shipment.id])
        for shipment in instance.shipments
        if shipment.id in found and (only is None or shipment.id in only)
    )
