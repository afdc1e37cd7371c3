"""The report in headless Chromium: silent, offline, usable in both languages and by everybody."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from freight.report.page.render import tabs

TABS = tuple(tab.name for tab in tabs())
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
    assert "共4票订单" in page.inner_text("#summary")
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


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
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


def test_figures_follow_the_filters(shared: Any) -> None:
    """Wuhan's shipments are 12 of the 18 TEU; what is proved of the whole plan is not shown."""
    page = shared.page
    shared.tab("overview")
    assert "18 TEU" in page.inner_text("#figures").replace("\n", " ")
    assert "proved" in page.inner_text("#figures")
    page.select_option("#filter-owner", "wuhan")
    rows = page.evaluate(
        "plan.itineraries.filter(row => plan.owners[plan.shipments[row[0]][1]][0] === 'wuhan')"
        ".reduce((teu, row) => teu + row[1], 0)"
    )
    text = page.inner_text("#figures").replace("\n", " ")
    assert f"{rows} TEU" in text
    assert "proved" not in text
    assert page.is_visible("#whole-plan")
    page.click("#clear")
    assert not page.is_visible("#whole-plan")


def test_a_shipment_that_a_filter_takes_out_is_closed(opened: Any, tiny_report: Path) -> None:
    """The open bill of S3 closes when only another owner's shipments are shown."""
    opened.open(tiny_report, "#/shipments/S3")
    page = opened.page
    assert page.is_visible("#bill")
    other = page.evaluate(
        "plan.owners.map(o => o[0]).find(o => o !== "
        "plan.owners[plan.shipments.find(s => s[0] === 'S3')[1]][0])"
    )
    page.select_option("#filter-owner", other)
    assert not page.is_visible("#bill")
    page.click("#clear")
    assert page.is_visible("#bill")


def test_owners_with_nothing_moved_stay_in_the_table(opened: Any, tiny_report: Path) -> None:
    """Every owner of the instance has a row, whatever moves."""
    opened.open(tiny_report)
    page = opened.page
    owners = page.evaluate("plan.owners.length")
    assert page.locator("#owners tbody tr").count() == owners
    page.select_option("#filter-mode", "sea")
    assert page.locator("#owners tbody tr").count() == owners


def test_a_departure_opens_its_loading_list(opened: Any, tiny_report: Path) -> None:
    """16 TEU in 8 boxes ride Wuhan's train, which leaves at 08:00 in Wuhan."""
    opened.open(tiny_report, "#/departures/WUH-DUI@2027-03-06T08:00")
    page = opened.page
    text = page.inner_text("#loading").replace("\n", " ")
    assert "8 boxes, 16 TEU" in text
    assert "2027-03-06 08:00" in text
    page.click("#loading .link >> nth=0")
    assert page.is_visible("#bill")


def test_departures_are_told_in_the_time_of_their_place(shared: Any) -> None:
    """The time shown is that of the name of the departure, which is local."""
    shared.tab("departures")
    rows = shared.page.locator("#departures tbody tr").all_inner_texts()
    for row in rows:
        shown, name = row.split("\t")[:2]
        assert name.endswith(shown.replace(" ", "T"))


def test_what_does_not_run_is_listed(shared: Any) -> None:
    """Departures of the timetable are either run or listed as not run."""
    shared.tab("departures")
    idle = shared.page.evaluate("plan.idle.length")
    assert idle > 0
    assert f"{idle} rows" in shared.page.inner_text("#idle")


def test_a_day_at_the_border_is_drawn_one_day_wide(shared: Any) -> None:
    """A single train fills its day, not half a week."""
    shared.tab("borders")
    widths = shared.page.evaluate("document.querySelector('#border').data.map(one => one.width)")
    assert widths
    assert all(0.5 <= width / 86_400_000 <= 1 for width in widths if width)


def test_the_comparison_is_not_cut(shared: Any) -> None:
    """Two plans side by side fit a window of 1440 pixels."""
    shared.tab("overview")
    assert shared.page.evaluate(
        "(() => { const wide = document.querySelector('#comparison .wide');"
        " return wide.scrollWidth <= wide.clientWidth + 1; })()"
    )


def test_charts_fit_the_sheet_whatever_the_window(browser: Any, tiny_report: Path) -> None:
    """From a window of 1440 pixels every chart is printed at most 190 mm wide, then as before."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"file://{tiny_report}")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(300)
    widths = "[...document.querySelectorAll('.plot .main-svg')].map(one => one.clientWidth)"
    drawn = page.evaluate(widths)
    assert drawn
    assert max(drawn) <= 718
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_timeout(300)
    visible = "document.querySelector('#waterfall .main-svg').clientWidth"
    host = "document.querySelector('#waterfall').clientWidth"
    assert abs(page.evaluate(visible) - page.evaluate(host)) <= 2
    page.close()


def test_cities_are_chinese_on_the_chinese_page(shared: Any) -> None:
    """The filter of cities says 武汉, not Wuhan."""
    shared.page.click("#language")
    text = shared.page.inner_text("#filter-city")
    shared.page.click("#language")
    assert "武汉" in text
    assert "Wuhan" not in text


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


@pytest.mark.parametrize("width", [390, 1440])
def test_a_study_page_fits_and_is_accessible(browser: Any, tiny_study: Path, width: int) -> None:
    """The page of a study fits a phone and a projector, in both languages, without findings."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"file://{tiny_study}")
    assert "Who pays what" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(page) == []
    page.click("#language")
    assert "费用分摊" in page.inner_text("main")
    assert "Who pays what" not in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
