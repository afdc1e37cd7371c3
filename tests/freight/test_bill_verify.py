"""A bill that comes back is checked as the file it is: nothing in it is passed over."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from freight.billing import bills
from freight.billing.verify import Verdict, verify_bill
from freight.domain.bill import Bill
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import InstanceError
from freight.io import read
from freight.planning import plan as make_plan
from freight.report import bill_json


@cache
def case() -> tuple[Instance, Plan, tuple[Bill, ...]]:
    """The hand-solved instance, its plan and its four bills."""
    instance = read("tiny")
    plan = make_plan(instance, "arc-mip")
    return instance, plan, bills(instance, plan)


def checked(text: str, folder: Path) -> Verdict:
    """What the check says of a file with a text."""
    instance, plan, _ = case()
    path = folder / "back.json"
    path.write_text(text, encoding="utf-8")
    return verify_bill(path, plan, instance)


def one_bill() -> Any:
    """The third bill as data."""
    return json.loads(bill_json.text(case()[2][2:3]))


def book() -> Any:
    """The book as data."""
    return json.loads(bill_json.text(case()[2]))


def forged() -> Any:
    """A bill for a thief, with the genuine one in a wrapping of its own."""
    return one_bill() | {"consignee": {"name_en": "Thief Ltd"}, "bills": [one_bill()]}


BOOKS = {
    "a note": (lambda b: b | {"note": "price reduced to 1.00"}, "the book, note: says"),
    "another format": (lambda b: b | {"format": "x"}, "the book, format: says \"x\""),
    "no format": (lambda b: {"bills": b["bills"]}, "the book, format: is missing"),
    "a bill missing": (
        lambda b: b | {"bills": b["bills"][:3]},
        "the book, shipment S4: is missing; the plan gives",
    ),
    "a bill twice": (
        lambda b: b | {"bills": [*b["bills"], b["bills"][0]]},
        "the book, shipment S1: says 2 bills, the plan gives",
    ),
    "one bill thrice for another": (
        lambda b: b | {"bills": b["bills"][:1] * 4},
        "the book, shipment S2: is missing",
    ),
    "a bill of no shipment": (
        lambda b: b | {"bills": [*b["bills"], {"price": "1.00"}]},
        "without a number, shipment: says null; the plan gives nothing there.",
    ),
    "the digest of one": (
        lambda b: b | {"bills": [b["bills"][0] | {"digest": "0" * 64}, *b["bills"][1:]]},
        "digest: says",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOOKS)
def test_a_book_is_all_bills_of_its_plan_and_nothing_else(kind: str, tmp_path: Path) -> None:
    """What is added, taken away or repeated is named, and no bill of it counts twice."""
    change, words = BOOKS[kind]
    verdict = checked(json.dumps(change(book())), tmp_path)
    assert not verdict.holds
    assert any(words in str(one) for one in verdict.alterations), verdict.alterations
    assert len(set(verdict.intact)) == len(verdict.intact) <= 4


def test_a_book_in_another_order_is_the_same_book(tmp_path: Path) -> None:
    """Bills are known by their shipments."""
    mixed = book()
    mixed["bills"].reverse()
    assert checked(json.dumps(mixed), tmp_path).holds


def test_a_genuine_bill_inside_a_forged_one_does_not_cover_it(tmp_path: Path) -> None:
    """The file that is checked is the bill itself."""
    said = [str(one) for one in checked(json.dumps(forged()), tmp_path).alterations]
    assert any('consignee.name_en: says "Thief Ltd"' in one for one in said)
    assert any("bills: says" in one and "gives nothing there" in one for one in said)


def test_a_name_that_stands_twice_is_an_alteration(tmp_path: Path) -> None:
    """Of two prices a reader may take either."""
    text = json.dumps(one_bill()).replace('"price": ', '"price": "1.00", "price": ', 1)
    (alteration,) = checked(text, tmp_path).alterations
    assert str(alteration) == "back.json, price: says two values, the plan gives one."


@pytest.mark.parametrize("sign", ["\ud800", "\x1b[2J", "\u202e", "\x00"])
def test_signs_that_no_screen_holds_are_shown_and_not_sent(sign: str, tmp_path: Path) -> None:
    """Halves of pairs, controls and marks of direction are written out."""
    verdict = checked(json.dumps(one_bill() | {"number": sign, sign: 1}), tmp_path)
    assert not verdict.holds
    for one in verdict.alterations:
        assert str(one).isprintable()
        str(one).encode()


@pytest.mark.parametrize(
    "text", ["[]", "{}", "5", '{"bills": 3}', '{"bills": [5]}', '{"format": "freight-bills/1"}']
)
def test_what_is_neither_bill_nor_book_is_refused(text: str, tmp_path: Path) -> None:
    """With what to do; a bare list is no form that is written."""
    with pytest.raises(InstanceError, match="holds no bill"):
        checked(text, tmp_path)


def test_alterations_beyond_the_first_are_counted(tmp_path: Path) -> None:
    """None is passed over in silence."""
    spoiled = one_bill() | {f"more{i}": i for i in range(60)}
    verdict = checked(json.dumps(spoiled), tmp_path)
    assert (len(verdict.alterations), verdict.more) == (50, 10)


def test_the_digest_of_a_plan_leaves_out_what_came_later() -> None:
    """Bills of a plan from before it told of agreement and asked gap still verify."""
    instance, plan, _ = case()
    bare = plan.model_copy(update={"proof": plan.proof.model_copy(update={"asked_gap": None})})
    old = json.loads(bare.model_dump_json(exclude={"source", "snapshot", "agreement"}))
    del old["proof"]["asked_gap"]
    assert bills(instance, Plan.model_validate(old)) == bills(instance, bare)
    assert bills(instance, plan)[0].plan_digest != bills(instance, bare)[0].plan_digest
