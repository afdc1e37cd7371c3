"""Checking a bill that comes back: whether it is the one its plan gives, and what was altered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from freight.billing import bills
from freight.domain.bill import Bill
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import Fault, InstanceError

MOST_SHOWN = 50


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
    """What came of checking a file: numbers of the bills that hold, and all alterations."""

    intact: tuple[str, ...]
    alterations: tuple[Alteration, ...]

    @property
    def holds(self) -> bool:
        """Whether every bill is the one that the plan gives."""
        return not self.alterations


def verify_bill(path: Path, plan: Plan, instance: Instance) -> Verdict:
    """Compare a bill, or a book of bills, in JSON with what the plan gives.

    A bill whose seal was made anew after the change is found out as well, because everything is
    compared with a bill made from the plan. Raises InstanceError when the file holds no bill.
    """
    records = _records(path)
    wanted = {str(record.get("shipment")) for record in records}
    expected = {one.shipment: one for one in bills(instance, plan, only=wanted)}
    intact: list[str] = []
    found: list[Alteration] = []
    for record in records:
        number = str(record.get("number", "without a number"))
        one = expected.get(str(record.get("shipment")))
        changes = [_unknown(number, record)] if one is None else list(_changes(number, record, one))
        found += changes
        if not changes:
            intact.append(number)
    return Verdict(tuple(intact), tuple(found[:MOST_SHOWN]))


def _unknown(number: str, record: Mapping[str, Any]) -> Alteration:
    return Alteration(number, "shipment", _shown(record.get("shipment")), None)


def _changes(number: str, record: Mapping[str, Any], bill: Bill) -> Iterator[Alteration]:
    expected = json.loads(bill.model_dump_json())
    differences = list(_differences(record, expected, ""))
    seal = [one for one in differences if one[0] == "digest"]
    for where, one, other in [one for one in differences if one not in seal] or seal:
        yield Alteration(number, where, one, other)
    if not differences and not _sealed(record):
        yield Alteration(number, "digest", _shown(record.get("digest")), bill.digest)


def _sealed(record: Mapping[str, Any]) -> bool:
    try:
        return Bill.model_validate_json(json.dumps(record)).intact
    except ValidationError:
        return False


Difference = tuple[str, str | None, str | None]


def _differences(one: Any, other: Any, path: str) -> Iterator[Difference]:
    """Leaves in which two JSON values differ, with their paths."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*other, *one]):
            yield from _member(one, other, key, f"{path}.{key}" if path else str(key))
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
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def _records(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _fault(path, f"cannot be read ({error.strerror}).") from error
    except (RecursionError, ValueError) as error:
        raise _fault(path, "is not JSON.", "A bill is checked in its JSON form.") from error
    records = data.get("bills", [data]) if isinstance(data, dict) else data
    if not isinstance(records, list) or not records:
        raise _fault(path, "holds no bill.", "Write bills with freight bill --format json.")
    if not all(isinstance(one, dict) and "shipment" in one for one in records):
        raise _fault(path, "holds no bill.", "Write bills with freight bill --format json.")
    return records


def _fault(path: Path, what: str, remedy: str = "") -> InstanceError:
    return InstanceError([Fault(str(path), None, None, what, remedy)])
