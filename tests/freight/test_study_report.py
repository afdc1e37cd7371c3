"""A study as pages and as a workbook: money apart from penalties, in both languages."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from freight.consolidation import Study, consolidate, write_study
from freight.consolidation.physics import shortened_services
from freight.consolidation.report import ConsolidationReport
from freight.consolidation.study_file import is_study, read_study
from freight.domain.instance import Instance
from freight.errors import InstanceError
from freight.io import read
from freight.report.study.book import study_book
from freight.report.study.page import study_page
from freight.report.study.sentences import headlines
from freight.report.study.shares import owner_name
from freight.report.study.tables import savings, study_tables
from freight.report.study.writing import write_study_report
from freight.requests.documents import PageRequest
from tests.command import freight


@pytest.fixture(scope="module")
def short() -> Instance:
    """Tiny with a liner of one slot and trains of 14: what they leave out stays behind."""
    tiny = read("tiny")
    slots = {"sea": 1.0, "rail": 14.0}
    services = tuple(
        service.model_copy(update={"capacity_teu": slots.get(service.mode, service.capacity_teu)})
        for service in tiny.services
    )
    return tiny.model_copy(update={"services": services})


@pytest.fixture(scope="module")
def folder(short: Instance, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two policies in which boxes are left out."""
    place = tmp_path_factory.mktemp("study")
    study = Study(policies=("standalone", "joint"), seconds=60, workers=1)
    write_study(consolidate(short, study), place)
    return place


@pytest.fixture(scope="module")
def report(folder: Path) -> ConsolidationReport:
    """The study read back."""
    return read_study(folder)


def test_shares_in_money_and_penalties_add_up(report: ConsolidationReport) -> None:
    """By every rule the owners pay the money of the plan; penalties stand in their own row."""
    assert report.game is not None
    shared = next(row for row in report.policies if row.policy.id == report.game.policy)
    assert shared.figures.teu_unserved > 0
    penalty = sum(report.game.penalties.values(), Decimal(0))
    assert float(penalty) == pytest.approx(shared.figures.objective - shared.figures.cost)
    table = next(table for table in study_tables(report) if table.key == "shares")
    rules = table.rows[: len(report.game.allocations)]
    for row in rules:
        paid = sum(cell for cell in row[2:] if isinstance(cell, float))
        assert paid == pytest.approx(shared.figures.cost, abs=0.01)
    besides = table.rows[len(rules)]
    assert sum(c for c in besides[2:] if isinstance(c, float)) == pytest.approx(float(penalty))


def test_savings_are_split_into_money_and_penalty(report: ConsolidationReport) -> None:
    """Money saved and penalty less are together what the plans in hand save."""
    [row] = savings(report).rows
    saving = report.policies[1].saving
    assert saving is not None
    assert row[1] + row[3] == pytest.approx(saving.in_hand)  # type: ignore[operator]


def test_a_policy_that_costs_more_money_is_said_to(report: ConsolidationReport) -> None:
    """Where more boxes travel for more money, the sentence says what it costs, without a minus."""
    alone, *others = report.policies
    best = min(others, key=lambda policy: policy.figures.objective)
    cheap = alone.figures.model_copy(update={"cost": best.figures.cost - 1234})
    cheaper = report.model_copy(
        update={"policies": (alone.model_copy(update={"figures": cheap}), best)}
    )
    said = " ".join(both.en + both.zh for both in headlines(cheaper))
    assert "it costs 1,234" in said
    assert "多花费金额 1,234" in said


def test_the_page_says_everything_in_both_languages(report: ConsolidationReport) -> None:
    """Every English text has its Chinese one beside it, and nothing is loaded from elsewhere."""
    page = study_page(report)
    body = page[page.index("<body>") :]
    assert body.count('<span lang="en">') == body.count('<span lang="zh-CN">') > 40
    assert "费用分摊" in page
    assert "Who pays what" in page
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert 'data-language="zh"' in study_page(report, "zh")


def test_names_of_people_are_no_markup(report: ConsolidationReport) -> None:
    """A policy called <b> stands there as text."""
    first = report.policies[0]
    odd = first.model_copy(
        update={"policy": first.policy.model_copy(update={"title_en": "<b>ours</b>"})}
    )
    page = study_page(report.model_copy(update={"policies": (odd, *report.policies[1:])}))
    assert "<b>ours" not in page
    assert "&lt;b&gt;ours" in page


def test_the_workbook_has_a_sheet_for_every_table(report: ConsolidationReport) -> None:
    """Figures are numbers, heads stand in both languages."""
    book = openpyxl.load_workbook(BytesIO(study_book(report)))
    tables = study_tables(report)
    assert book.sheetnames[1:] == [table.key for table in tables]
    sheet = book["policies"]
    assert "成本" in str(sheet["B1"].value)
    assert sheet["B2"].value == pytest.approx(report.policies[0].figures.cost)


def test_the_command_writes_page_and_workbook(folder: Path, tmp_path: Path) -> None:
    """By the suffix; a study and a plan together are refused."""
    freight("report", folder, "-o", tmp_path / "study.html", "--language", "zh")
    assert "集结方案研究" in (tmp_path / "study.html").read_text(encoding="utf-8")
    freight("report", folder / "consolidation.json", "-o", tmp_path / "study.xlsx")
    assert openpyxl.load_workbook(tmp_path / "study.xlsx").sheetnames
    told = freight("report", folder, folder / "joint.plan.json", "-o", tmp_path / "x.html", code=2)
    assert "one study at a time" in told.stderr
    assert not (tmp_path / "x.html").exists()


def test_a_spoiled_study_is_refused_in_a_few_lines(folder: Path, tmp_path: Path) -> None:
    """Each fault names its field, at most five of them; half a file is no study."""
    data = json.loads((folder / "consolidation.json").read_text(encoding="utf-8"))
    for policy in data["policies"]:
        for field in ("cost", "teu", "trains", "load_factor"):
            policy["figures"][field] = "much"
    (tmp_path / "consolidation.json").write_text(json.dumps(data), encoding="utf-8")
    assert is_study(tmp_path)
    with pytest.raises(InstanceError, match=r"policies\.0\.figures\.cost") as caught:
        read_study(tmp_path)
    assert len(caught.value.faults) == 5
    (tmp_path / "consolidation.json").write_text('{"instance": "ti', encoding="utf-8")
    with pytest.raises(InstanceError, match=r"consolidation\.json"):
        write_study_report([tmp_path], PageRequest(output=tmp_path / "out.html"))
    assert not (tmp_path / "out.html").exists()


def test_owners_are_named_by_their_cities() -> None:
    """Wuhan's platform is 武汉; an owner of no known city keeps its id."""
    assert owner_name("wuhan").zh == "武汉"
    assert owner_name("acme-logistics").en == "acme-logistics"


def test_trains_cut_to_their_sections_are_named() -> None:
    """A train of 100 TEU on the European leg holds 82; told not to, the study leaves it whole."""
    home = read("yangtze-europe")
    cut = shortened_services(home)
    assert cut
    assert all(allowed < stated for stated, allowed in cut.values())
    from freight.consolidation.candidates import candidates

    whole = candidates(home, section_limits=False).instance
    stops = {(stop.service, stop.sequence): stop.capacity_teu for stop in whole.stops}
    assert all(stops[s.service, s.sequence] == s.capacity_teu for s in home.stops)
