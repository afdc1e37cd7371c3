"""Names in a report are shown as they are: no links, no marks of a chart, no mix of two plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from freight import planning
from freight.io import read
from freight.io.plan_file import write_plan
from freight.report.page import Case, page
from freight.report.page.render import tabs
from tests.command import freight

JOINED = "all => all.map(one => one.textContent).join()"
NAME = '<a href="https://evil.example/">%{x}</a><b>&lt;'


def test_a_name_is_no_link_and_no_mark(opened: Any, tmp_path: Path) -> None:
    """Charts obey tags and templates in their texts; a terminal's name has none."""
    tiny = read("tiny")
    changed = tiny.model_copy(
        update={
            "terminals": tuple(
                one.model_copy(update={"name_en": f"{one.id} {NAME}", "name_zh": NAME})
                for one in tiny.terminals
            ),
            "services": tuple(
                one.model_copy(update={"name_en": f"{one.id} {NAME}"}) for one in tiny.services
            ),
        }
    )
    path = tmp_path / "r.html"
    cases = [Case(name, planning.plan(changed), changed) for name in (NAME, "b")]
    path.write_text(page(cases), encoding="utf-8")
    opened.open(path)
    shown = ""
    for tab in tabs():
        opened.tab(tab.name)
        assert opened.page.query_selector_all("svg a, a[href*='evil']") == []
        shown += "".join(
            opened.page.eval_on_selector_all("svg text", "all => all.map(one => one.textContent)")
        )
    assert NAME[:31] in shown
    assert opened.console == []


def test_two_plans_of_one_name_are_told_apart(tmp_path: Path, tiny_plan: Path) -> None:
    """Both are called plan.json: the page names them by their folders and keeps both calendars."""
    tiny = read("tiny")
    for folder in ("a", "b"):
        write_plan(planning.plan(tiny), tmp_path / folder / "plan.json")
    freight("report", "a/plan.json", "b/plan.json", "-o", "r.html", cwd=tmp_path)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert json.dumps("a/plan.json") in text
    assert json.dumps("b/plan.json") in text


def test_the_days_of_a_plan_are_its_own(opened: Any, tmp_path: Path) -> None:
    """Cases of one name do not share what was worked out for the other."""
    tiny = read("tiny")
    plan = planning.plan(tiny)
    path = tmp_path / "r.html"
    path.write_text(page([Case("plan", plan, tiny), Case("plan", plan, tiny)]), encoding="utf-8")
    opened.open(path)
    first, second = (
        opened.page.evaluate(f"plan = DATA.cases[{index}], localDay(0, 0), dayCache.size")
        for index in (0, 1)
    )
    assert second == first + 1
