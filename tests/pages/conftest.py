"""One headless Chromium for all tests of pages, and reports to open in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from freight import planning
from freight.consolidation import Study, consolidate
from freight.io import read
from freight.report.page import Case, page
from freight.report.study.page import study_page
from tests.freight.report_cases import large_case

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a network."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as engine:
        made = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def tiny_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of two plans of the hand-solved instance, with a book of bills to link to."""
    instance = read("tiny")
    plan = planning.plan(instance)
    dearer = plan.model_copy(update={"cost": plan.cost + 1000})
    path = tmp_path_factory.mktemp("report") / "report.html"
    cases = [Case("monday", plan, instance, "bills.html"), Case("tuesday", dearer, instance)]
    path.write_text(page(cases), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a study of two policies of the hand-solved instance."""
    study = Study(policies=("standalone", "joint"), seconds=60, workers=1)
    path = tmp_path_factory.mktemp("study") / "study.html"
    path.write_text(study_page(consolidate(read("tiny"), study).report), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def large_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a plan of 20,000 shipments."""
    plan, instance = large_case(20_000)
    path = tmp_path_factory.mktemp("large") / "report.html"
    path.write_text(page([Case("large", plan, instance)]), encoding="utf-8")
    return path


class Opened:
    """A page with all that it said to the console and asked of the network."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.console: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda one: self.console.append(f"{one.type}: {one.text}"))
        page.on("pageerror", lambda one: self.console.append(str(one)))
        page.on("request", lambda one: self.requests.append(one.url))

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a report from its file."""
        self.page.goto(f"file://{path}{fragment}")
        self.page.wait_for_selector("#waterfall .main-svg, .plot .main-svg")

    def tab(self, name: str) -> None:
        """Go to a tab and let it draw."""
        self.page.click(f"#tab-{name}")
        self.page.wait_for_timeout(250)

    @property
    def foreign(self) -> list[str]:
        """Requests that would leave the file."""
        inside = ("file:", "data:", "blob:")
        return [one for one in self.requests if not one.startswith(inside)]


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    """An empty page at 1440 px."""
    tab = browser.new_page(viewport={"width": 1440, "height": 900})
    yield Opened(tab)
    tab.close()


@pytest.fixture(scope="session")
def _shared(browser: Any, tiny_report: Path) -> Iterator[Opened]:
    tab = Opened(browser.new_page(viewport={"width": 1440, "height": 900}))
    tab.open(tiny_report)
    yield tab
    tab.page.close()


@pytest.fixture
def shared(_shared: Opened) -> Opened:
    """The small report on its first tab, opened once for tests that leave it as they find it."""
    _shared.tab("overview")
    return _shared
