"""A customer's copy has one price; a document that says something else gets a revision."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from freight.billing import Terms, bills
from freight.billing.earlier import earlier_bills
from freight.billing.verify import verify_bill
from freight.domain.bill import Bill, Copy
from freight.domain.instance import ExchangeRate, Instance
from freight.domain.plan import Plan
from freight.domain.shipment import Shipment
from freight.errors import InstanceError
from freight.io import read
from freight.io.plan_file import write_plan
from freight.planning import plan as make_plan
from freight.report import bill_efbl, bill_html, bill_iftmcs, bill_json, bill_sheet, bill_text
from tests.command import freight

CUSTOMER = Terms(copy=Copy.CUSTOMER)
INTERNALS = (
    "Capital tied up", "Share of empty", "Train and vessel fixed cost", "Settlement",
    "Consolidation", "Terminal handling", "concession", "Internal sheet", "time costs",
)  # fmt: skip


@cache
def tiny() -> tuple[Instance, Plan]:
    """The hand-solved instance, with a rate of the yuan, and its plan."""
    instance = read("tiny")
    rate = ExchangeRate(currency="CNY", per_base=7.0, date="2027-01-04", source="example")
    statement = instance.statement.model_copy(
        update={
            "exchange": (*(e for e in instance.statement.exchange if e.currency != "CNY"), rate)
        }
    )
    instance = instance.model_copy(update={"statement": statement})
    return instance, make_plan(instance, "arc-mip")


def planned(*changes: dict[str, object]) -> tuple[Instance, Plan]:
    """The same with columns of the first shipments changed."""
    instance, _ = tiny()
    changed = [
        one.model_copy(update=update)
        for one, update in zip(instance.shipments, changes, strict=False)
    ]
    shipments = (*changed, *instance.shipments[len(changed) :])
    instance = instance.model_copy(update={"shipments": shipments})
    return instance, make_plan(instance, "arc-mip")


def prices(bill: Bill) -> dict[str, str]:
    """Lines of a customer's copy."""
    return {one.kind.value: str(one.amount) for one in bill.prices}


def test_a_customers_copy_states_one_price_and_surcharges() -> None:
    """S1 costs 21,195.00, of which 180.00 customs; with 8 % that is 22,696.20 and 194.40."""
    instance, plan = tiny()
    bill = bills(instance, plan, terms=Terms(copy=Copy.CUSTOMER, margin=0.08))[0]
    assert prices(bill) == {"freight": "22696.20", "customs": "194.40"}
    assert (bill.price, bill.total, bill.shipper_cost) == (
        Decimal("22890.60"), Decimal("22890.60"), 0,
    )  # fmt: skip
    assert bill.charges == bill.consolidation == ()
    assert all(part.charges == () for part in bill.parts)
    assert sum(part.price for part in bill.parts) == bill.price
    assert bill.intact


def test_tariff_and_margin_of_a_shipment_stand_before_those_asked_for() -> None:
    """S1 by tariff: 6 TEU × 28,000 CNY; S2 at cost plus 10 %; S3 as asked, plus 50 %."""
    changes: list[dict[str, object]] = [
        {"tariff_per_teu": 28_000.0, "currency": "CNY", "value": 4_200_000.0},
        {"margin": 0.1},
    ]
    instance, plan = planned(*changes)
    inside = bills(instance, plan)
    made = bills(instance, plan, terms=Terms(copy=Copy.CUSTOMER, margin=0.5))
    assert (made[0].currency, prices(made[0])["freight"]) == ("CNY", "168000.00")
    customs = next(one.amount for one in inside[0].charges if one.kind == "customs")
    assert prices(made[0])["customs"] == str(
        (customs * 7 * Decimal("1.5")).quantize(Decimal("0.01"))
    )
    assert made[1].price == (inside[1].price * Decimal("1.1")).quantize(Decimal("0.01"))
    assert made[2].price == (inside[2].price * Decimal("1.5")).quantize(Decimal("0.01"))


def test_a_customers_copy_in_another_currency() -> None:
    """At the instance's own rate; one without a rate is refused with those there are."""
    instance, plan = tiny()
    inside = bills(instance, plan)[2]
    made = bills(instance, plan, terms=Terms(copy=Copy.CUSTOMER, currency="CNY"))[2]
    assert (made.currency, made.price) == ("CNY", inside.price * 7)
    with pytest.raises(InstanceError, match="XXX has no exchange rate in the instance"):
        bills(instance, plan, terms=Terms(copy=Copy.CUSTOMER, currency="XXX"))


@pytest.mark.parametrize("draw", [bill_text.text, bill_html.page, bill_json.text])
def test_no_form_of_a_customers_copy_shows_internals(draw) -> None:
    """Neither cost of capital nor empty runs, what is shared, or the way a price is made up."""
    instance, plan = tiny()
    text = draw(bills(instance, plan, terms=CUSTOMER))
    assert "Internal sheet" not in text
    for word in (*INTERNALS, '"capital"', '"network"', '"lateness"'):
        assert word not in text
    if draw is not bill_json.text:
        assert "Customer" in text
        assert "Internal sheet" in draw(bills(instance, plan))


def test_an_amount_is_printed_once_before_the_total_that_counts_it() -> None:
    """Capital of S1, 2,904.00, stands on one line of the internal sheet, and no sum of it."""
    instance, plan = tiny()
    bill = bills(instance, plan)[0]
    for text in (
        bill_html.page([bill]),
        bill_text.text([bill]),
        json.dumps(bill_sheet.sheet(bill)),
    ):
        assert text.count("2,904.00") == 1
        assert text.count("24,099.00") == 1


def test_a_book_in_two_currencies_has_two_sums() -> None:
    """Yuan and dollars are not added up."""
    instance, plan = planned({"tariff_per_teu": 28_000.0, "currency": "CNY", "value": 4_200_000.0})
    made = bills(instance, plan, terms=CUSTOMER)
    foot = bill_html.page(made).split("<tfoot>")[1].split("</tfoot>")[0]
    assert [one for one in ("CNY", "USD") if one in foot] == ["CNY", "USD"]


def test_no_type_in_print_is_smaller_than_six_points() -> None:
    """In the styles of the page and in the template of the PDF."""
    folder = files("freight.report") / "templates"
    css = (folder / "bill.css").read_text(encoding="utf-8")
    printed = css.split("@media print")[1]
    point = float(re.search(r"html \{ font-size: ([\d.]+)pt", printed)[1])  # type: ignore[index]
    assert min(float(one) for one in re.findall(r"font-size: ([\d.]+)rem", css)) * point >= 6.0
    sizes = re.findall(r"size: ([\d.]+)pt", (folder / "bill.typ").read_text(encoding="utf-8"))
    assert min(map(float, sizes)) >= 6.0
    assert ".sheet + .sheet { break-before: page; }" in printed


# Revisions


def since(earlier: tuple[Bill, ...], copy: Copy = Copy.INTERNAL) -> Terms:
    """Terms by which bills replace earlier ones."""
    return Terms(copy=copy, earlier={one.shipment: one for one in earlier})


def without_train() -> tuple[Instance, Plan]:
    """The plan when the train of Wuhan does not take S4: it travels otherwise."""
    instance, _ = tiny()
    services = tuple(
        one.model_copy(update={"capacity_teu": 12}) if one.id == "WUH-DUI" else one
        for one in instance.services
    )
    instance = instance.model_copy(update={"services": services})
    return instance, make_plan(instance, "arc-mip")


def test_the_same_plan_gives_the_same_documents() -> None:
    """Whatever they are compared with."""
    first = bills(*tiny())
    assert bills(*tiny(), terms=since(first)) == first


def test_a_shipment_that_is_rerouted_keeps_its_number_and_counts_its_revision() -> None:
    """The document names the one that it replaces and what has changed, in both languages."""
    first = bills(*tiny())
    after = without_train()
    again = {one.shipment: one for one in bills(*after, terms=since(first))}
    moved = 0
    for old in first:
        new = again.get(old.shipment)
        if new is None:
            continue
        assert new.number == old.number
        same_route = [p.steps for p in new.parts] == [p.steps for p in old.parts]
        if not same_route:
            moved += 1
            assert (new.revision, new.replaces) == (1, old.digest)
            note = next(one for one in new.notices if one.code == "revised")
            assert (
                f"Revision 1: replaces the document of the same number with the SHA-256 "
                f"{old.digest[:16]}" in note.en
            )
            assert "route and times" in note.en
            assert "运输区段及时间" in note.zh
    assert moved
    third = bills(*tiny(), terms=since(tuple(again.values())))
    assert {one.revision for one in third} <= {0, 1, 2}
    assert max(one.revision for one in third) == 2
    kept = bills(*tiny(), terms=since(third))
    assert kept == third


def test_numbers_and_boxes_stay_when_the_book_grows() -> None:
    """Yesterday's shipments keep both; a new one that stands first gets others."""
    instance, _ = tiny()
    first = bills(*tiny())
    new: Shipment = instance.shipments[0].model_copy(update={"id": "S0", "teu": 2, "packages": 3})
    grown = instance.model_copy(update={"shipments": (new, *instance.shipments)})
    made = {
        one.shipment: one for one in bills(grown, make_plan(grown, "arc-mip"), terms=since(first))
    }
    for old in first:
        assert made[old.shipment].number == old.number
        box, kept = old.parts[0].containers[0], made[old.shipment].parts[0].containers[0]
        assert kept.number == box.number
    assert len({one.number for one in made.values()}) == len(made)
    boxes = [b.number for one in made.values() for part in one.parts for b in part.containers]
    assert len(set(boxes)) == len(boxes)


def test_earlier_documents_are_read_from_bills_or_made_from_a_plan(tmp_path: Path) -> None:
    """A bill that was altered is none to go on from."""
    instance, plan = tiny()
    first = bills(instance, plan)
    write_plan(plan, tmp_path / "plan.json")
    (tmp_path / "bills.json").write_text(bill_json.text(first), encoding="utf-8")
    (tmp_path / "bill.json").write_text(bill_json.text(first[:1]), encoding="utf-8")
    wanted = {one.shipment: one for one in first}
    assert earlier_bills(tmp_path / "plan.json", Terms()) == wanted
    assert earlier_bills(tmp_path / "bills.json", Terms()) == wanted
    assert earlier_bills(tmp_path / "bill.json", Terms()) == {"S1": first[0]}
    forged = bill_json.text([first[0].model_copy(update={"price": Decimal("1.00")})])
    for text, words in (
        (forged, "is not as it was sealed"), ("{}", "holds neither bills nor a plan"),
        ("[]", "holds neither bills nor a plan"), ("[", "is not JSON"),
        ('{"a": 1, "a": 2}', "stands twice"),
    ):  # fmt: skip
        (tmp_path / "odd.json").write_text(text, encoding="utf-8")
        with pytest.raises(InstanceError, match=words):
            earlier_bills(tmp_path / "odd.json", Terms())


def test_a_revised_customers_copy_is_verified_by_the_same_terms(tmp_path: Path) -> None:
    """Without them it is not what the plan gives."""
    first = bills(*tiny(), terms=CUSTOMER)
    instance, plan = without_train()
    terms = since(first, Copy.CUSTOMER)
    (tmp_path / "bills.json").write_text(
        bill_json.text(bills(instance, plan, terms=terms)), encoding="utf-8"
    )
    assert verify_bill(tmp_path / "bills.json", plan, instance, terms).holds
    assert not verify_bill(tmp_path / "bills.json", plan, instance).holds


# Data exchange


def test_edi_names_the_partners_and_what_a_message_does() -> None:
    """Sender and receiver as agreed; a revision replaces."""
    first = bills(*tiny())
    text = bill_iftmcs.text(first, "WUHAN-PLATFORM", "DUISBURG+TERMINAL")
    assert "UNB+UNOY:4+WUHAN-PLATFORM+DUISBURG?+TERMINAL+" in text
    assert f"+{first[0].number}+9'" in text
    revised = first[0].model_copy(update={"revision": 1})
    assert f"+{revised.number}+5'" in bill_iftmcs.text([revised])
    for name in ("", " ", "x" * 36, "a\nb"):
        with pytest.raises(InstanceError, match="is no name of an EDI partner"):
            bill_iftmcs.text(first, name)


def test_efbl_tags_chinese_names_as_chinese() -> None:
    """A consignor named in Chinese, and one in English."""
    instance, plan = planned({"consignor": "武汉电脑厂"})
    made = bill_efbl.efbl(bills(instance, plan)[0])["efbl"]["supply_chain_consignment"]
    assert made["consignor"]["name"] == {"value": "武汉电脑厂", "language": "zh"}
    assert made["consignee"]["name"]["language"] == "en"


def test_the_command_makes_out_customers_copies_and_revisions(tmp_path: Path) -> None:
    """Terms without a customer's copy are refused."""
    write_plan(tiny()[1], tmp_path / "monday.json")
    write_plan(without_train()[1], tmp_path / "tuesday.json")
    told = freight("bill", tmp_path / "monday.json", "--shipment", "S3", "--copy", "customer",
                   "--margin", "0.08").stdout  # fmt: skip
    assert "客户联 Customer's copy" in told
    assert "4,541.40" in told
    refused = freight("bill", tmp_path / "monday.json", "--all", "--margin", "0.08", code=2).stderr
    assert "Say --copy customer." in refused
    freight("bill", tmp_path / "tuesday.json", "--all", "--since", tmp_path / "monday.json", "-o",
            tmp_path / "book.json")  # fmt: skip
    book = json.loads((tmp_path / "book.json").read_text(encoding="utf-8"))
    assert {one["revision"] for one in book["bills"]} >= {1}
    told = freight("bill", tmp_path / "tuesday.json", "--verify", tmp_path / "book.json", "--since",
                   tmp_path / "monday.json").stdout  # fmt: skip
    assert "as the plan gives." in told
    text = freight("bill", tmp_path / "monday.json", "--all", "--format", "edi", "--sender", "WH",
                   "--receiver", "DU").stdout  # fmt: skip
    assert "UNB+UNOY:4+WH+DU+" in text
