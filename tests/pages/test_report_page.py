"""The report in headless Chromium: silent, offline, usable in both languages and by everybody."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from freight.report.page.render import TABS

AXE = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")


def serious(page: Any) -> list[str]:
    """What axe finds serious or critical."""
    found = AXE.Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_every_tab_draws_without_error_or_request(opened: Any, tiny_report: Path) -> None:
    """All tabs are drawn, the console stays empty and nothing is asked of the network."""
    opened.open(tiny_report)
    for tab in TABS:
        opened.tab(tab)
        assert opened.page.is_visible(f"#panel-{tab}")
    assert opened.console == []
    assert opened.foreign == []


def test_no_address_in_the_page_is_loaded(tiny_report: Path) -> None:
    """No element names a script, style, image or font outside the file."""
    text = tiny_report.read_text(encoding="utf-8")
    for mark in ('<script src="', '<link rel="stylesheet"', "@import", "url(http"):
        assert mark not in text.split("<script>")[0]


def test_map_draws_land(shared: Any) -> None:
    """Land and coastlines come out of the file, and no country is drawn."""
    shared.tab("map")
    shared.page.wait_for_selector("#map .layer.land path")
    assert len(shared.page.get_attribute("#map .layer.coastlines path", "d") or "") > 1000
    assert shared.page.query_selector("#map .layer.countries path") is None


def test_the_map_fills_its_frame(shared: Any) -> None:
    """No blank strip beside the map: the range has the shape of the drawing."""
    shared.tab("map")
    for view in ("eurasia", "china", "europe"):
        shared.page.click(f'#views [data-view="{view}"]')
        shared.page.wait_for_timeout(300)
        share = shared.page.evaluate(
            "(() => { const size = document.querySelector('#map')._fullLayout._size;"
            " const box = document.querySelector('#map .bg rect').getBoundingClientRect();"
            " return (box.width * box.height) / (size.w * size.h); })()"
        )
        assert share == pytest.approx(1, abs=0.02), view


def test_no_tool_uploads_or_covers_the_drawing(shared: Any) -> None:
    """The tools of a chart stand right of it and of its legend; none sends it anywhere."""
    page = shared.page
    page.hover("#split")
    titles = page.locator("#split .modebar-btn").evaluate_all(
        "all => all.map(x => x.dataset.title)"
    )
    assert titles
    assert not any("Share" in one or "Cloud" in one for one in titles)
    left = page.locator("#split .modebar").bounding_box()["x"]
    for covered in ("#split .legend", "#split .barlayer"):
        box = page.locator(covered).bounding_box()
        assert box["x"] + box["width"] <= left + 1, covered
    page.click("#language")
    page.hover("#split")
    titles = page.locator("#split .modebar-btn").evaluate_all(
        "all => all.map(x => x.dataset.title)"
    )
    page.click("#language")
    assert "下载图片" in titles


def test_language_switch_changes_every_label(shared: Any) -> None:
    """One click turns the page into Chinese, one more back."""
    page = shared.page
    before = page.inner_text("#tab-map"), page.inner_text("#summary")
    page.click("#language")
    assert page.inner_text("#tab-map") == "地图"
    assert "共4票货" in page.inner_text("#summary")
    assert page.get_attribute("html", "lang") == "zh-CN"
    page.click("#language")
    assert (page.inner_text("#tab-map"), page.inner_text("#summary")) == before


def test_filters_narrow_and_clear(shared: Any) -> None:
    """A filter leaves only what it names; the reset brings all back."""
    page = shared.page
    shared.tab("shipments")
    assert page.locator("#shipments tbody tr").count() == 4
    page.select_option("#filter-mode", "sea")
    assert page.locator("#shipments tbody tr").count() == 1
    assert "S3" in page.inner_text("#shipments tbody")
    page.select_option("#filter-owner", "changsha")
    assert "Nothing matches" in page.inner_text("#shipments tbody")
    page.click("#clear")
    assert page.locator("#shipments tbody tr").count() == 4


def test_shipment_opens_with_its_bill(opened: Any, tiny_report: Path) -> None:
    """An address names a shipment; its journey and price stand there, with a link to its bill."""
    opened.open(tiny_report, "#/shipments/S3")
    page = opened.page
    text = page.inner_text("#bill")
    # 500 departures + 2800 legs + 420 lifts + 360 transfers + 125 network
    assert "4,205.00" in text
    assert "Rotterdam Maasvlakte" in text
    link = page.get_attribute("#bill a", "href") or ""
    assert link.startswith("bills.html#bWUHA270301000003")


def test_an_address_opens_a_tab_at_its_top(opened: Any, tiny_report: Path) -> None:
    """A link to the map shows the head of the page, not the middle of the drawing."""
    opened.open(tiny_report, "#/map")
    opened.page.wait_for_timeout(300)
    assert opened.page.is_visible("#panel-map")
    assert opened.page.evaluate("scrollY") == 0


def test_search_and_sort(shared: Any) -> None:
    """A table is searched as one types, and sorted by a click on its head."""
    page = shared.page
    shared.tab("shipments")
    page.fill("#shipments input", "excavators")
    assert page.locator("#shipments tbody tr").count() == 1
    page.fill("#shipments input", "")
    page.click("#shipments th:has-text('TEU') button >> nth=0")
    cells = page.locator("#shipments tbody tr td:nth-child(6)").all_inner_texts()
    assert cells == sorted(cells, key=int, reverse=True)


def test_several_plans_are_compared(shared: Any) -> None:
    """A second plan stands beside the first with its difference."""
    text = shared.page.inner_text("#comparison")
    assert "monday" in text
    assert "tuesday" in text
    assert "+1,000" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(browser: Any, tiny_report: Path, scheme: str) -> None:
    """Axe has no serious finding on any tab, light or dark."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page.goto(f"file://{tiny_report}#/shipments/S3")
    for tab in TABS:
        page.click(f"#tab-{tab}")
        page.wait_for_timeout(250)
        assert serious(page) == [], tab
    page.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_sticks_out(browser: Any, tiny_report: Path, width: int) -> None:
    """No tab is wider than the screen of a phone or of a desk."""
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(f"file://{tiny_report}#/shipments/S3")
    for tab in TABS:
        page.click(f"#tab-{tab}")
        page.wait_for_timeout(250)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, tab
    page.close()


def test_prints_all_tabs(opened: Any, tiny_report: Path) -> None:
    """Paper shows every tab, not only the one on the screen."""
    opened.open(tiny_report)
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for tab in TABS:
        assert opened.page.is_visible(f"#panel-{tab} h2")
    assert not opened.page.is_visible("#filters")


@pytest.mark.slow
def test_large_plan_stays_responsive(opened: Any, large_report: Path) -> None:
    """20,000 shipments: at most 15 MB, and every tab and filter within four seconds."""
    assert large_report.stat().st_size <= 15_000_000
    opened.open(large_report)
    for tab in TABS:
        start = time.perf_counter()
        opened.tab(tab)
        assert time.perf_counter() - start < 4, tab
    opened.tab("shipments")
    start = time.perf_counter()
    opened.page.select_option("#filter-mode", "rail")
    assert "1 /" in opened.page.inner_text("#shipments .right")
    assert time.perf_counter() - start < 4
    assert opened.console == []
