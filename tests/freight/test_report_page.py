"""The data behind the page and its texts."""

from __future__ import annotations

import json
import re
import time
from decimal import Decimal

import pytest

from freight import planning
from freight.domain.instance import Instance
from freight.domain.plan import Plan, Proof
from freight.io import read
from freight.report.console import proof_sentence
from freight.report.page import Case, page, render
from freight.report.page.data import KINDS, pack
from freight.report.page.summary import proof_zh, sentences_zh
from freight.report.page.words import labels
from tests.freight.report_cases import large_case

pytest.importorskip("plotly")


@pytest.fixture(scope="module")
def case() -> tuple[Plan, Instance]:
    """The hand-solved instance and its optimal plan."""
    instance = read("tiny")
    return planning.plan(instance), instance


def test_packed_charges_add_up(case: tuple[Plan, Instance]) -> None:
    """Charges by kind over all itineraries are those of the plan."""
    plan, instance = case
    packed = pack(plan, instance)
    for index, kind in enumerate(KINDS):
        total = sum(row[6][index] for row in packed["itineraries"])
        assert total == pytest.approx(float(plan.totals.by_charge.get(kind.value, 0)))


def test_packed_co2e_by_mode_adds_up(case: tuple[Plan, Instance]) -> None:
    """CO2e by mode sums to that of the itinerary, but for rounding to kilograms."""
    packed = pack(*case)
    for row in packed["itineraries"]:
        assert sum(row[8]) == pytest.approx(row[5], abs=len(row[8]))


def test_loads_follow_from_itineraries(case: tuple[Plan, Instance]) -> None:
    """TEU of every leg are those of the itineraries that ride it, as the page counts them."""
    packed = pack(*case)
    load: dict[tuple[int, int], int] = {}
    for row in packed["itineraries"]:
        for step in packed["chains"][row[2]]:
            if step[0] == 0:
                for sequence in range(step[2] + 1, step[3] + 1):
                    load[step[1], sequence] = load.get((step[1], sequence), 0) + row[1]
    for index, run in enumerate(packed["runs"]):
        for leg in run[9]:
            assert load.get((index, leg[2]), 0) == leg[5]


def test_equal_ways_are_kept_once() -> None:
    """2,000 shipments on 758 departures need far fewer chains of steps than itineraries."""
    plan, instance = large_case(2_000)
    assert len(pack(plan, instance)["chains"]) < len(plan.itineraries)


def test_data_cannot_leave_its_element(case: tuple[Plan, Instance]) -> None:
    """Text of the instance cannot end the script that carries it."""
    plan, instance = case
    bad = instance.shipments[0].model_copy(update={"goods_en": "</script><b>x"})
    spoilt = instance.model_copy(update={"shipments": (bad, *instance.shipments[1:])})
    text = page([Case("one", plan, spoilt)])
    assert "</script><b>x" not in text
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    case_ = json.loads(data[1])["cases"][0]
    assert case_["texts"][case_["shipments"][0][8]] == "</script><b>x"


def test_page_reads_without_script(case: tuple[Plan, Instance]) -> None:
    """What the plan does, costs and proves stands in the page itself."""
    text = page([Case("one", *case)], language="zh")
    assert '<html lang="zh-CN">' in text
    assert sentences_zh(case[0]) in text


def test_every_label_used_is_known() -> None:
    """No key of the template or of a script lacks a text in either language."""
    known = labels()
    used: set[str] = set()
    for name in render.SCRIPTS:
        used |= set(
            re.findall(r'word\("([a-z_.]+)"\)', render._asset("templates", "report", f"{name}.js"))
        )
    used |= set(
        re.findall(r'label\("([a-z_.]+)"\)', render._asset("templates", "report", "page.html"))
    )
    assert used <= set(known)
    assert all(english and chinese for english, chinese in known.values())


def test_chinese_claims_no_more_than_was_proved(case: tuple[Plan, Instance]) -> None:
    """Optimal, bounded and unproved plans say so."""
    plan = case[0]

    def proved(**fields: object) -> Plan:
        proof = Proof(**plan.proof.model_dump() | fields)
        return plan.model_copy(update={"proof": proof})

    bounded = {"outcome": "feasible", "bound": 70_000, "gap": 0.0241}
    assert "不存在更便宜的方案" in proof_zh(plan)
    assert "成本不低于70,000 USD，至多比本方案低2.41 %" in proof_zh(proved(**bounded))
    assert "与最优的差距未知" in proof_zh(proved(outcome="feasible", bound=None, gap=None))


def test_the_bound_of_a_plan_that_leaves_boxes_behind_names_the_penalty(
    case: tuple[Plan, Instance],
) -> None:
    """The bound holds for cost and penalty together, so the sentences say that of both."""
    fields = {"outcome": "feasible", "objective": 90_000, "bound": 81_000, "gap": 0.1}
    proof = Proof(**case[0].proof.model_dump() | fields)
    plan = case[0].model_copy(update={"proof": proof, "unserved_penalty": Decimal("5000.00")})
    assert proof_sentence(plan).startswith(
        "Cost and penalty together are 90,000 USD; no plan of this instance can have less than "
        "81,000 USD: at most 10.00 % below"
    )
    assert proof_zh(plan).startswith(
        "成本与惩罚成本合计90,000 USD；按本数据的任何方案的合计不低于81,000"
    )
    best = Proof(**proof.model_dump() | {"outcome": "optimal", "bound": 90_000, "gap": 0.0})
    optimal = plan.model_copy(update={"proof": best})
    assert "has a lower cost and penalty together" in proof_sentence(optimal)
    assert "成本与惩罚成本合计更低" in proof_zh(optimal)


def test_no_plan_is_refused() -> None:
    """A report of nothing is an error of the caller."""
    with pytest.raises(ValueError, match="There is no plan to report on"):
        page([])


def test_report_of_the_default_size_is_quick() -> None:
    """620 shipments on 758 departures: a page within five seconds and 15 MB."""
    plan, instance = large_case(620)
    start = time.perf_counter()
    text = page([Case("one", plan, instance)])
    assert time.perf_counter() - start < 5
    assert len(text.encode()) < 15_000_000


def test_borders_of_countries_are_drawn_on_request_only(case: tuple[Plan, Instance]) -> None:
    """The plain page embeds no country; with borders it embeds them and says whose they are."""
    plan, instance = case
    one = Case("tiny", plan, instance)
    plain, bordered = page([one]), page([one], borders=True)
    assert '"id":"MNG"' not in plain
    assert '"id":"MNG"' in bordered
    assert '"borders":false' in plain
    assert '"borders":true' in bordered
