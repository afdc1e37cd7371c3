"""Revisions: the same number, counted on when the document says something else than before."""

from __future__ import annotations

from typing import Any

from freight.domain.bill import Bill, Part

PRINTED_APART = frozenset(
    {"digest", "plan_digest", "instance", "instance_digest", "revision", "replaces", "notices",
     "consolidation"}
)  # fmt: skip
"""What may differ without a new revision: where a document comes from, and who else is aboard."""


def revised(bill: Bill, earlier: Bill | None) -> Bill:
    """The bill with the revision that it is of what was issued for its shipment before."""
    if earlier is None or earlier.copy_kind is not bill.copy_kind:
        return bill
    if not changes(earlier, bill):
        same = {"revision": earlier.revision, "replaces": earlier.replaces}
        return bill.model_copy(update=same)
    return bill.model_copy(update={"revision": earlier.revision + 1, "replaces": earlier.digest})


def changes(earlier: Bill, bill: Bill) -> tuple[str, ...]:
    """In which parts a document says something else than the earlier one, as words know them."""
    if _content(earlier) == _content(bill):
        return ()
    found = []
    if _routes(earlier) != _routes(bill):
        found.append("route")
    if _boxes(earlier) != _boxes(bill):
        found.append("containers")
    if _money(earlier) != _money(bill):
        found.append("price")
    return tuple(found) or ("other",)


def _content(bill: Bill) -> dict[str, Any]:
    return bill.model_dump(exclude=set(PRINTED_APART))


def _routes(bill: Bill) -> list[object]:
    return [(part.teu, part.hand_over_by, part.steps, _calls(part)) for part in bill.parts]


def _calls(part: Part) -> object:
    return part.collection, part.delivery


def _boxes(bill: Bill) -> list[object]:
    return [part.containers for part in bill.parts]


def _money(bill: Bill) -> object:
    return bill.currency, bill.price, bill.prices, bill.charges
