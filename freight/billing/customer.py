"""A customer's copy of a bill: one price and surcharges, nothing of how the cost is made up."""

from __future__ import annotations

from decimal import Decimal

from freight.billing.terms import Terms
from freight.domain.bill import Bill, Copy, Price, PriceLine
from freight.domain.instance import Instance
from freight.domain.money import money, rounded, split, units
from freight.domain.plan import ChargeKind
from freight.domain.shipment import Shipment
from freight.domain.wording import listed, refused

SURCHARGES = {ChargeKind.CUSTOMS: Price.CUSTOMS, ChargeKind.DRAYAGE: Price.DRAYAGE}
"""What is charged beside the freight, at cost and margin."""


def customers_copy(bill: Bill, instance: Instance, shipment: Shipment, terms: Terms) -> Bill:
    """The bill with its price in lines for the customer, without notices and digest.

    The freight is the shipment's tariff, else the invoiced charges but for surcharges, and margin.
    Charges, cost of time and what is shared with others are left out; the parts of a bill share
    its price by TEU. Raises InstanceError for a currency without a rate.
    """
    currency = _currency(instance, shipment, terms)
    lines = tuple(_lines(bill, instance, shipment, (terms, currency)))
    price = sum((line.amount for line in lines), Decimal(0))
    shares = split(units(price, currency), [part.teu for part in bill.parts])
    parts = tuple(
        part.model_copy(
            update={"charges": (), "price": money(share, currency), "total": money(share, currency)}
        )
        for part, share in zip(bill.parts, shares, strict=True)
    )
    return bill.model_copy(
        update={
            "copy_kind": Copy.CUSTOMER, "currency": currency, "prices": lines, "parts": parts,
            "charges": (), "price": price, "shipper_cost": money(0, currency), "total": price,
            "consolidation": (),
        }
    )  # fmt: skip


def _currency(instance: Instance, shipment: Shipment, terms: Terms) -> str:
    own = None if shipment.tariff_per_teu is None else shipment.currency
    currency = terms.currency or own or instance.statement.currency
    if currency not in instance.rates:
        what = f"{currency} has no exchange rate in the instance."
        raise refused("currency", what, f"Choose one of {listed(sorted(instance.rates))}.")
    return currency


def _lines(
    bill: Bill, instance: Instance, shipment: Shipment, asked: tuple[Terms, str]
) -> list[PriceLine]:
    terms, currency = asked
    rate = {key: Decimal(str(value)) for key, value in instance.rates.items()}
    factor = 1 + Decimal(str(terms.margin if shipment.margin is None else shipment.margin))
    costs = dict.fromkeys(Price, Decimal(0))
    for charge in bill.charges:
        if charge.invoiced:
            costs[SURCHARGES.get(charge.kind, Price.FREIGHT)] += charge.amount
    amounts = {kind: cost * factor / rate[bill.currency] for kind, cost in costs.items()}
    if shipment.tariff_per_teu is not None:
        tariff = Decimal(str(shipment.tariff_per_teu)) * bill.teu
        amounts[Price.FREIGHT] = tariff / rate[shipment.currency]
    return [
        PriceLine(kind=kind, amount=rounded(amount * rate[currency], currency))
        for kind, amount in amounts.items()
        if amount or kind is Price.FREIGHT
    ]
