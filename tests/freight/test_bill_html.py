"""The printable page, the book and the text of through bills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from freight.billing import bills
from freight.domain.bill import Bill
from freight.domain.liability import Regime
from freight.domain.plan import ChargeKind
from freight.domain.service import Mode
from freight.domain.shipment import ContainerType
from freight.domain.transfer import CustomsMode, TransferKind
from freight.report import REPORTS, load
from freight.report.bill_figures import bill_number, box_number, in_columns
from freight.report.bill_html import page
from freight.report.bill_text import lines, width
from freight.report.words import WORDS, package_word
from tests.freight import bill_cases as case

VOID = {"meta", "col", "br", "link", "img", "input"}


class Outline(HTMLParser):
    """Open elements, text and references of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.text: list[str] = []
        self.references: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Remember what is open and what it refers to."""
        found = dict(attrs)
        self.references += [found[key] or "" for key in ("src", "href") if key in found]
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An end tag that closes something else is a crossing."""
        if self.open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        """Visible text."""
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def outline(html: str) -> Outline:
    """A page taken apart."""
    found = Outline()
    found.feed(html)
    return found


def some_bills() -> tuple[Bill, ...]:
    """A rail–water bill, a split and late one, and dangerous goods by air."""
    rail = case.shipment("CSX-0001", "CSX_P", "DUI_T")
    split = case.shipment("WUH-0007", "YLO_P", "DUI_T", owner="wuhan")
    air = case.shipment(
        "CSX-0003", "CSX_R", "LGG_A", container_type="22G1", teu=2, dangerous="UN3480", reefer=True
    )
    home = case.instance(rail, split, air)
    train = [case.move("YLO-WUH", case.START + timedelta(days=1)), *case.rail_steps()[1:]]
    charges = [
        case.charge("leg", "218351.87", 3),
        case.charge("capital", "24713.22"),
    ]
    plan = case.plan(
        home,
        [
            case.itinerary(rail, case.rail_water_steps(), charges=charges),
            case.itinerary(split, case.water_steps(), teu=12),
            case.itinerary(split, train, teu=6),
            case.itinerary(air, case.air_rail_steps()),
        ],
    )
    return bills(home, plan)


def test_page_is_well_formed_and_alone_in_the_world() -> None:
    """Tags nest, nothing is left open, and no reference leaves the page."""
    for html in (page(some_bills()[:1]), page(some_bills())):
        found = outline(html)
        assert found.open == []
        assert found.crossed == []
        assert all(one.startswith("#") for one in found.references)
        assert not re.search(r"https?://|url\(|@import|<script", html)


def test_page_shows_the_bill_in_both_languages() -> None:
    """Parties, places, legs, price and liability are readable as text, in Chinese and English."""
    bill = some_bills()[0]
    shown = " ".join(" ".join(outline(page([bill])).text).split())
    for wanted in (
        "CHAN 261201 000001 09",
        "多式联运全程运单",
        "托运人 Consignor",
        "Hunan Xingsha Auto Parts Co., Ltd.",
        "接收地 Place of receipt",
        "2026-12-07 22:00 +08:00",
        "2026-12-21 15:00 +01:00",
        "X8017@2026-12-07T22:00",
        "ZZZU 000002 6",
        "218,351.87",
        "轨距换装 gauge change",
        "国际货约/国际货协统一运单(CIM/SMGS)",
        "3,128,000 SDR",
        "无固定限额 no fixed limit",
        "网状责任制",
        bill.digest,
        bill.plan_digest,
        bill.instance_digest,
    ):
        assert wanted in shown


def test_page_says_what_is_late_dangerous_and_in_parts() -> None:
    """One bill shows both parts, its lateness and what stays behind; the other its UN number."""
    _, split, air = (" ".join(outline(page([one])).text) for one in some_bills())
    assert re.search(r"批次 Part\s+1", split)
    assert re.search(r"批次 Part\s+2", split)
    assert "Late" in split
    assert "2 TEU of this shipment are not planned" in split
    assert "UN3480" in air
    assert "Temperature controlled" in air


def test_names_are_escaped() -> None:
    """A name with markup in it stays text."""
    one = case.shipment("S1", "CSX_P", "DUI_T", consignor="Zhang <b>& Sons</b>")
    home = case.instance(one)
    html = page(bills(home, case.plan(home, [case.itinerary(one, case.rail_water_steps())])))
    assert "Zhang &lt;b&gt;&amp; Sons&lt;/b&gt;" in html
    assert "<b>& Sons" not in html


def test_book_has_an_index_that_leads_to_every_bill() -> None:
    """Every link of the index has its target, and the sum of prices stands below."""
    some = some_bills()
    found = outline(page(some))
    targets = [one.removeprefix("#") for one in found.references]
    assert targets == [f"b{one.number}" for one in some]
    assert set(targets) <= set(found.ids)
    total = sum(one.price for one in some)
    assert f"{total:,.2f} CNY" in " ".join(found.text)


def test_a_page_needs_a_bill() -> None:
    """No bill, no page: the message says why."""
    with pytest.raises(ValueError, match="There is no bill to print"):
        page([])


def test_print_style_is_a4() -> None:
    """The page is laid out for A4 with colours kept in print."""
    html = page(some_bills()[:1])
    assert "@page { size: A4;" in html
    assert "print-color-adjust: exact" in html


def test_text_gives_every_leg_and_the_price() -> None:
    """The terminal's lines hold times, limits, charges and digest, without trailing blanks."""
    bill = some_bills()[0]
    found = lines(bill)
    joined = "\n".join(found)
    assert found[0] == "多式联运全程运单 Multimodal through waybill  CHAN 261201 000001 09"
    assert "2026-12-11 20:00 +05:00  轨距换装 gauge change: Alashankou (CN) → Dostyk (KZ)" in joined
    assert "Małaszewicze–Duisburg DIT CIM Uniform Rules 3,128,000 SDR" in joined
    assert re.search(r"Through price +218,351\.87", joined)
    assert all(line == line.rstrip() for line in found)
    assert bill.digest in joined


def test_text_columns_line_up_in_a_terminal() -> None:
    """Amounts end in the same column although Chinese letters take two."""
    found = lines(some_bills()[0])
    amounts = [line for line in found if re.search(r"\d\.\d\d$", line) and "  " in line[4:]]
    money = [line for line in amounts if "价值" not in line and "CNY" not in line]
    assert len({width(line) for line in money}) == 1


def test_text_of_several_bills() -> None:
    """Bills follow one another with a blank line between."""
    some = some_bills()
    assert load("bill-text")(some).count("through waybill") >= len(some)


def test_every_report_loads() -> None:
    """The literal table points at functions that exist."""
    assert all(callable(load(name)) for name in REPORTS)


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("mode", Mode),
        ("charge", ChargeKind),
        ("transfer", TransferKind),
        ("customs_mode", CustomsMode),
        ("container", ContainerType),
    ],
)
def test_every_value_has_its_word(prefix: str, values: Sequence[str]) -> None:
    """No value of an enumeration reaches the page without Chinese and English."""
    for value in values:
        found = WORDS[f"{prefix}.{value}"]
        assert found.zh
        assert found.en


def test_unknown_package_kinds_show_their_code() -> None:
    """A Recommendation 21 code without a word is printed as it is."""
    assert package_word("CT").en == "cartons"
    assert package_word("ZZ") == ("ZZ", "ZZ")


def test_numbers_are_grouped_for_the_eye() -> None:
    """Bill and box numbers stand in their parts."""
    assert bill_number("CHAN26120100000109") == "CHAN 261201 000001 09"
    assert box_number("ZZZU0000026") == "ZZZU 000002 6"


@pytest.mark.parametrize(("count", "heights"), [(1, [1]), (4, [4]), (5, [3, 2]), (41, [21, 20])])
def test_boxes_stand_in_even_columns(count: int, heights: list[int]) -> None:
    """Up to four boxes in one column, more in two of even height."""
    assert [len(one) for one in in_columns(list(range(count)), 2, 4)] == heights


def test_regimes_of_the_bill_are_all_explained_on_the_page() -> None:
    """Each regime's limit stands on the page in both languages."""
    bill = some_bills()[0]
    shown = " ".join(" ".join(outline(page([bill])).text).split())
    for key in (Regime.CIM, Regime.SMGS, Regime.CIM_SMGS, Regime.CN_WATERWAY, Regime.FBL_WATER):
        rule = bill.regime[key]
        assert rule.limit_zh in shown
        assert " ".join(rule.limit_en.split()) in shown
