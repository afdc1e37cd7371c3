"""From a plan to its through bills: one document per shipment that travels, even in part.

The charges on a bill are those of the shipment's itineraries in the plan, to the cent, so that
``plan.cost = Σ bill.total + plan.unallocated``. Nothing in a bill depends on the day it is printed:
the same instance and plan give the same bills, digests included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from freight.billing.book import Book
from freight.billing.document import make_bill
from freight.domain.bill import Bill
from freight.domain.instance import Instance
from freight.domain.plan import Itinerary, Plan
from freight.domain.wording import refused, unknown
from freight.errors import Fault, InstanceError
from freight.requests.documents import BillRequest

__all__ = ["bills", "bills_as_asked", "no_bill"]


def bills(
    instance: Instance, plan: Plan, *, only: Collection[str] | None = None
) -> tuple[Bill, ...]:
    """The through bills of a plan, in the order of the instance's shipments.

    ``only`` names the shipments wanted; a bill made alone is the one made with all others.

    Raises KeyError when the plan names what the instance does not have; an audited plan never does.
    """
    book = Book(instance, plan)
    found: defaultdict[str, list[Itinerary]] = defaultdict(list)
    for itinerary in plan.itineraries:
        found[itinerary.shipment].append(itinerary)
    return tuple(
        make_bill(book, shipment, found[shipment.id])
        for shipment in instance.shipments
        if shipment.id in found and (only is None or shipment.id in only)
    )


def bills_as_asked(instance: Instance, plan: Plan, request: BillRequest) -> tuple[Bill, ...]:
    """The bill of one shipment or those of all; raises InstanceError where there is none."""
    if (request.shipment is None) != request.everything:
        raise refused("bills", "It is not said which bills.", "Give either --shipment ID or --all.")
    made = bills(instance, plan, only={request.shipment} if request.shipment else None)
    if not made:
        raise no_bill(instance, plan, request.shipment)
    return made


def no_bill(instance: Instance, plan: Plan, shipment: str | None) -> InstanceError:
    """Why there is no bill: of the plan at all (None), or of one shipment."""
    if shipment is None:
        what = "has no itinerary, so there is no bill to issue."
        remedy = "freight show says why shipments are not planned."
        return InstanceError([Fault("plan", None, None, what, remedy)])
    for one in plan.unserved:
        if one.shipment == shipment:
            what = f"'{shipment}' travels nowhere in this plan: {one.reason}"
            return InstanceError(
                [Fault("plan", None, "shipment", what, "There is no bill for it.")]
            )
    return unknown("shipment", shipment, sorted(instance.shipment))
