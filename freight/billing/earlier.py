"""Documents that new bills replace: read from bills in JSON, or made from an earlier plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from freight.billing.making import bills
from freight.billing.terms import Terms
from freight.domain.bill import Bill, BillBook, Copy
from freight.domain.plan import Plan
from freight.domain.wording import refused
from freight.errors import Fault, InstanceError
from freight.io.plan_file import held_by, read_plan
from freight.io.strict_json import TwiceError, read_strict
from freight.requests.documents import BillRequest

PLAN_FORM = Plan.model_fields["format"].default
BOOK_FORM = BillBook.model_fields["format"].default


def terms_of(request: BillRequest) -> Terms:
    """How bills are made out by a request.

    Raises InstanceError where the request contradicts itself or names no earlier documents.
    """
    priced = request.margin is not None or request.currency is not None
    if priced and request.copy != Copy.CUSTOMER:
        what = "Margin and currency are those of a customer's copy."
        raise refused("copy", what, "Say --copy customer.")
    terms = Terms(Copy(request.copy), request.margin or 0.0, request.currency)
    if request.since is None:
        return terms
    return replace(terms, earlier=earlier_bills(request.since, terms))


def earlier_bills(path: Path, terms: Terms) -> dict[str, Bill]:
    """Documents by shipment, from a bill or a book in JSON or made from a plan by the same terms.

    Raises InstanceError where the file holds neither, or a bill whose seal is broken.
    """
    content = _content(path)
    if content.get("format") == PLAN_FORM:
        plan = read_plan(path)
        made = bills(held_by(plan, path), plan, terms=replace(terms, earlier={}))
        return {bill.shipment: bill for bill in made}
    try:
        is_book = content.get("format") == BOOK_FORM
        issued = (
            BillBook.model_validate(content).bills if is_book else (Bill.model_validate(content),)
        )
    except ValidationError as error:
        raise _fault(path, "holds neither bills nor a plan.") from error
    broken = next((bill for bill in issued if not bill.intact), None)
    if broken is not None:
        raise _fault(path, f"Bill {broken.number} is not as it was sealed.")
    return {bill.shipment: bill for bill in issued}


def _content(path: Path) -> dict[str, object]:
    try:
        content = read_strict(path)
    except TwiceError as error:
        raise _fault(path, str(error)) from error
    if not isinstance(content, dict):
        raise _fault(path, "holds neither bills nor a plan.")
    return content


def _fault(path: Path, what: str) -> InstanceError:
    remedy = "Name bills in JSON, or the plan that they were made from."
    return InstanceError([Fault(str(path), None, None, what, remedy)])
