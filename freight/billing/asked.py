"""Bills as asked for by one record, or why there is none."""

from __future__ import annotations

from freight.billing.earlier import terms_of
from freight.billing.making import bills
from freight.domain.bill import Bill
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.wording import refused, unknown
from freight.errors import Fault, InstanceError
from freight.requests.documents import BillRequest


def bills_as_asked(instance: Instance, plan: Plan, request: BillRequest) -> tuple[Bill, ...]:
    """The bill of one shipment or those of all; raises InstanceError where there is none."""
    if (request.shipment is None) != request.everything:
        raise refused("bills", "It is not said which bills.", "Give either --shipment ID or --all.")
    only = {request.shipment} if request.shipment else None
    made = bills(instance, plan, only=only, terms=terms_of(request))
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
