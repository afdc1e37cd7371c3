"""Bills as PDF, eFBL and EDIFACT, and the check of a bill that comes back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from freight import planning
from freight.billing import bills
from freight.billing.verify import verify_bill
from freight.domain.bill import Bill, sealed
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import EngineError, InstanceError
from freight.io import read
from freight.report import bill_efbl, bill_iftmcs, bill_json, fonts
from freight.report.bill_sheet import seal_text, sheet

Case = tuple[Plan, Instance, tuple[Bill, ...]]


@pytest.fixture(scope="module")
def case() -> Case:
    """The hand-solved plan with its bills; S3 goes by road, barge, sea and road."""
    instance = read("tiny")
    plan = planning.plan(instance)
    return plan, instance, bills(instance, plan)


@pytest.fixture(scope="module")
def book(case: Case) -> bytes:
    """All bills in one PDF."""
    pytest.importorskip("typst")
    pytest.importorskip("segno")
    from freight.report.bill_pdf import pdf

    try:
        return pdf(case[2])
    except EngineError as error:
        pytest.skip(str(error))


def extracted(data: bytes, tmp_path: Path) -> str:
    """Text of a PDF by poppler."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    path = tmp_path / "book.pdf"
    path.write_bytes(data)
    done = subprocess.run([tool, str(path), "-"], capture_output=True, check=True, text=True)
    return done.stdout


def test_pdf_text_comes_out_in_both_languages(case: Case, book: bytes, tmp_path: Path) -> None:
    """Numbers, Chinese and English are text, not pictures."""
    text = extracted(book, tmp_path)
    for one in case[2]:
        assert one.digest in text.replace("\n", "")
        assert one.goods.description_zh in text
    assert "多式联运全程运单" in text
    assert "Place of receipt" in text
    assert "4,205.00" in text


def test_pdf_has_a_page_and_a_bookmark_each(case: Case, book: bytes) -> None:
    """Four short bills make four pages and four bookmarks."""
    assert len(re.findall(rb"/Type ?/Page\b(?!s)", book)) == len(case[2])
    for one in case[2]:
        assert f"{one.number[:4]} {one.number[4:10]}".encode() in book
    assert b"/Outlines" in book


def test_pdf_embeds_its_fonts(book: bytes) -> None:
    """A font file travels with the document."""
    assert b"/FontFile" in book


def test_no_font_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Chinese font nothing is printed; the message says what to install."""

    class Bare:
        class Fonts:
            def families(self) -> list[str]:
                return ["DejaVu Sans"]

    monkeypatch.setattr(fonts, "typst", lambda: Bare)
    with pytest.raises(EngineError, match=r"No font with Chinese.*fonts-wqy-microhei.*--font"):
        fonts.chinese_font()


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    """A wrong file is named."""
    pytest.importorskip("typst")
    path = tmp_path / "font.ttf"
    path.write_text("no font", encoding="utf-8")
    with pytest.raises(InstanceError, match=r"font\.ttf: is not a font file\. Name a \.ttf"):
        fonts.chinese_font(path)


def test_qr_code_holds_number_and_digest(case: Case) -> None:
    """The code of a bill says which bill it is and what its seal must be."""
    bill = case[2][0]
    assert seal_text(bill) == f"FREIGHT-BILL:{bill.number}:{bill.digest}"
    assert sheet(bill)["seal"] == seal_text(bill)


def test_untouched_bills_hold(case: Case, tmp_path: Path) -> None:
    """A book as written is intact, bill by bill."""
    plan, instance, issued = case
    path = tmp_path / "bills.json"
    path.write_text(bill_json.text(issued), encoding="utf-8")
    verdict = verify_bill(path, plan, instance)
    assert verdict.holds
    assert verdict.intact == tuple(one.number for one in issued)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to every text, number and flag."""
    if isinstance(value, dict):
        return [one for key in value for one in leaves(value[key], (*path, key))]
    if isinstance(value, list):
        return [one for key, part in enumerate(value) for one in leaves(part, (*path, key))]
    return [path]


def test_every_single_alteration_is_found(case: Case, tmp_path: Path) -> None:
    """Change any one value by one character, and the check says where."""
    plan, instance, issued = case
    path = tmp_path / "bill.json"
    original = json.loads(bill_json.text(issued[2:3]))
    for where in leaves(original)[::7]:
        if where == ("shipment",):
            continue
        data = json.loads(json.dumps(original))
        place = data
        for key in where[:-1]:
            place = place[key]
        value = place[where[-1]]
        place[where[-1]] = f"{value}x" if isinstance(value, str) else (1 if value is None else None)
        path.write_text(json.dumps(data), encoding="utf-8")
        verdict = verify_bill(path, plan, instance)
        assert not verdict.holds, where
        assert verdict.alterations[0].path.split(".")[-1].startswith(
            str(where[-1]).split(".")[0]
        ) or (isinstance(where[-1], int))


def test_a_seal_made_anew_does_not_help(case: Case, tmp_path: Path) -> None:
    """A forger who seals the altered bill again is found out against the plan."""
    plan, instance, issued = case
    forged = sealed(issued[2].model_copy(update={"price": Decimal("4206.00")}))
    assert forged.intact
    path = tmp_path / "bill.json"
    path.write_text(bill_json.text([forged]), encoding="utf-8")
    found = [str(one) for one in verify_bill(path, plan, instance).alterations]
    assert f'{forged.number}, price: says "4206.00", the plan gives "4205.00".' in found


def test_what_is_no_bill_is_refused(case: Case, tmp_path: Path) -> None:
    """A file without a bill is named with what to do."""
    path = tmp_path / "plan.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InstanceError, match=r"holds no bill\. Write bills with freight bill"):
        verify_bill(path, case[0], case[1])
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InstanceError, match="is not JSON"):
        verify_bill(path, case[0], case[1])


def test_efbl_names_what_is_missing(case: Case) -> None:
    """FIATA's required fields are there or named as missing, and every leg stands beside them."""
    made = bill_efbl.efbl(case[2][2])
    consignment = made["efbl"]["supply_chain_consignment"]
    assert consignment["carrierAcceptanceLocation"]["id"] == "CNWUH"
    assert consignment["loadingBaseportLocation"]["id"] == "CNYSA"
    assert consignment["totalChargeAmount"] == {"value": 4205.0, "currency": "USD"}
    assert [one["mode"] for one in made["legs"]] == ["3", "8", "1", "3"]
    assert "supply_chain_consignment.consignor.postalAddress" in made["missing"]
    assert "exchanged_document.firstSignatoryAuthentication" in made["missing"]


def segments(text: str) -> list[list[str]]:
    """Segments of an interchange, split at separators that are not released."""
    body = text.split("\n", 1)[1]
    found = [one.strip() for one in re.split(r"(?<!\?)'", body) if one.strip()]
    return [re.split(r"(?<!\?)\+", one) for one in found]


def test_iftmcs_counts_its_segments(case: Case) -> None:
    """Header and trailer agree in reference and count, for every message of an interchange."""
    issued = case[2]
    rows = segments(bill_iftmcs.text(issued))
    assert rows[0][0] == "UNB"
    assert rows[-1] == ["UNZ", str(len(issued)), rows[0][-1]]
    start = [index for index, row in enumerate(rows) if row[0] == "UNH"]
    end = [index for index, row in enumerate(rows) if row[0] == "UNT"]
    for first, last in zip(start, end, strict=True):
        assert rows[last][1] == str(last - first + 1)
        assert rows[last][2] == rows[first][1]


def test_iftmcs_tells_legs_and_money(case: Case) -> None:
    """Modes by Recommendation 19, stages by 8051, and charges that add up to the price."""
    rows = segments(bill_iftmcs.text(case[2][2:3]))
    legs = [(row[1], row[3]) for row in rows if row[0] == "TDT"]
    assert legs == [("10", "3"), ("10", "8"), ("20", "1"), ("30", "3")]
    money = [row[1].split(":") for row in rows if row[0] == "MOA"]
    charges = sum(Decimal(value) for code, value, _ in money if code == "23")
    assert [value for code, value, _ in money if code == "128"] == [str(charges)] == ["4205.00"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a+b", "a?+b"), ("8:00", "8?:00"), ("why?", "why??"), ("o'clock", "o?'clock")],
)
def test_separators_are_released(value: str, expected: str) -> None:
    """Characters that mean something to EDIFACT are released by ISO 9735."""
    assert bill_iftmcs.escape(value) == expected
