"""Through bills as JSON, for machines; the schemas stand in ``freight/schemas``."""

from __future__ import annotations

from collections.abc import Sequence

from freight.domain.bill import Bill, BillBook


def text(bills: Sequence[Bill]) -> str:
    """One bill as an object of ``bill.json``, several as one of ``bills.json``."""
    record = bills[0] if len(bills) == 1 else BillBook(bills=tuple(bills))
    return record.model_dump_json(indent=1) + "\n"
