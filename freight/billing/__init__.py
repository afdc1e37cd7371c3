"""From a plan to its through bills: one document per shipment that travels, even in part.

The charges on a bill are those of the shipment's itineraries in the plan, to the cent, so that
``plan.cost = Σ bill.total + plan.unallocated``. Nothing in a bill depends on the day it is printed:
the same instance and plan give the same bills, digests included.
"""

from __future__ import annotations

from freight.billing.asked import bills_as_asked, no_bill
from freight.billing.making import bills
from freight.billing.terms import Terms

__all__ = ["Terms", "bills", "bills_as_asked", "no_bill"]
