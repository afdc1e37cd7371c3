"""Checking a bill that comes back: whether it is the one its plan gives, and what was altered.

What is checked is the file itself, leaf by leaf: a bill as it is written alone, or the whole book
of a plan. Nothing in the file is left out of the comparison, and nothing of the plan.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from freight.billing.making import bills
from freight.billing.terms import Terms
from freight.domain.bill import LATER, Bill, BillBook
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import Fault, InstanceError
from freight.io.strict_json import TwiceError, read_strict

MOST_SHOWN = 50
BILL_FORM = str(Bill.model_fields["format"].default)
BOOK_FORM = str(BillBook.model_fields["format"].default)
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Alteration:
    """One difference: where in the bill, what it says and what the plan gives (None: nothing)."""

    bill: str
    path: str
    found: str | None
    expected: str | None

    def __str__(self) -> str:
        """A sentence a clerk can act on."""
        if self.expected is None:
            return f"{self.bill}, {self.path}: says {self.found}; the plan gives nothing there."
        if self.found is None:
            return f"{self.bill}, {self.path}: is missing; the plan gives {self.expected}."
        return f"{self.bill}, {self.path}: says {self.found}, the plan gives {self.expected}."


@dataclass(frozen=True)
class Verdict:
    """What came of checking a file: numbers of the bills that hold, and the first alterations."""

    intact: tuple[str, ...]
    alterations: tuple[Alteration, ...]
    more: int = 0
    """Alterations beyond those listed."""

    @property
    def holds(self) -> bool:
        """Whether every bill is the one that the plan gives."""
        return not self.alterations


def verify_bill(path: Path, plan: Plan, instance: Instance, terms: Terms | None = None) -> Verdict:
    """Compare a bill, or the book of all bills of a plan, in JSON with what the plan gives.

    A bill whose seal was made anew after the change is found out as well, because everything is
    compared with a bill made from the plan by the same ``terms``. Raises InstanceError when the
    file holds no bill.
    """
    try:
        content = _content(path)
    except TwiceError as error:
        return Verdict((), (Alteration(path.name, error.name, "two values", "one"),))
    if content.get("format") == BOOK_FORM or "shipment" not in content:
        intact, alterations = _book(content, bills(instance, plan, terms=terms))
    else:
        wanted = str(content.get("shipment"))
        made = bills(instance, plan, only={wanted}, terms=terms)
        alterations = list(_changes(content, made[0]) if made else [_unknown(content)])
        intact = [] if alterations else [made[0].number]
    shown, more = tuple(alterations[:MOST_SHOWN]), max(0, len(alterations) - MOST_SHOWN)
    return Verdict(tuple(intact), shown, more)


def _book(content: Record, made: Sequence[Bill]) -> tuple[list[str], list[Alteration]]:
    """(numbers of the bills that hold, alterations) of a book; it holds all bills of its plan."""
    frame = {"format": BOOK_FORM, "bills": None}
    alterations = [
        Alteration("the book", where, said, expected)
        for where, said, expected in _differences({**content, "bills": None}, frame, "")
    ]
    expected = {bill.shipment: bill for bill in made}
    intact: list[str] = []
    seen: Counter[str] = Counter()
    for record in content["bills"]:
        shipment = str(record.get("shipment"))
        seen[shipment] += 1
        bill = expected.get(shipment)
        if bill is None:
            alterations.append(_unknown(record))
            continue
        changes = list(_changes(record, bill))
        alterations += changes
        intact += [] if changes or seen[shipment] > 1 else [bill.number]
    for shipment, bill in expected.items():
        if seen[shipment] != 1:
            count = f"{seen[shipment]} bills" if seen[shipment] else None
            alterations.append(Alteration("the book", f"shipment {shipment}", count, bill.number))
    return intact, alterations


def _unknown(record: Record) -> Alteration:
    return Alteration(_number(record), "shipment", _shown(record.get("shipment")), None)


def _number(record: Record) -> str:
    return _printable(str(record.get("number", "without a number")))


def _changes(record: Record, bill: Bill) -> Iterator[Alteration]:
    expected = json.loads(bill.model_dump_json())
    for (name,) in LATER:
        if name not in record and getattr(bill, name) == Bill.model_fields[name].default:
            del expected[name]
    differences = list(_differences(record, expected, ""))
    seal = [one for one in differences if one[0] == "digest"]
    for where, said, right in [one for one in differences if one not in seal] or seal:
        yield Alteration(_number(record), where, said, right)


Difference = tuple[str, str | None, str | None]


def _differences(one: Any, other: Any, path: str) -> Iterator[Difference]:
    """Leaves in which two JSON values differ, with their paths."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*other, *one]):
            inner = _printable(f"{path}.{key}" if path else str(key))
            yield from _member(one, other, key, inner)
    elif isinstance(one, list) and isinstance(other, list):
        for index in range(max(len(one), len(other))):
            pair = [dict(enumerate(some)) for some in (one, other)]
            yield from _member(pair[0], pair[1], index, f"{path}[{index}]")
    elif one != other or type(one) is not type(other):
        yield path, _shown(one), _shown(other)


def _member(
    one: dict[Any, Any], other: dict[Any, Any], key: Any, path: str
) -> Iterator[Difference]:
    if key not in one:
        yield path, None, _shown(other[key])
    elif key not in other:
        yield path, _shown(one[key]), None
    else:
        yield from _differences(one[key], other[key], path)


def _shown(value: Any) -> str:
    text = _printable(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 80 else text[:77] + "..."


def _printable(text: str) -> str:
    """A text without what no file or screen can hold: halves of surrogate pairs, controls."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def _content(path: Path) -> Record:
    """A bill or a book as it stands in a file.

    Raises InstanceError for anything else, TwiceError where a name stands twice in one record.
    """
    content = read_strict(path)
    remedy = "Write bills with freight bill --format json."
    if not isinstance(content, dict) or not content.keys() & {"shipment", "bills"}:
        raise _fault(path, "holds no bill.", remedy)
    if content.get("format") == BOOK_FORM or "shipment" not in content:
        records = content.get("bills")
        if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
            raise _fault(path, "holds no bill.", remedy)
    return content


def _fault(path: Path, what: str, remedy: str) -> InstanceError:
    return InstanceError([Fault(str(path), None, None, what, remedy)])
