"""Plans into one HTML file that needs no network: data once, plotly.js and coastlines inline."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.packages import needed
from freight.report.console import sentences
from freight.report.page.data import KINDS, MODES, pack
from freight.report.page.summary import sentences_zh
from freight.report.page.words import labels

SCRIPTS = (
    "state",
    "tables",
    "charts",
    "map",
    "timetable",
    "shipments",
    "departures",
    "attention",
    "app",
)
TITLE = re.compile(r"\{# (?P<en>[^·]+) · (?P<zh>.+?) #\}")
"""First line of the file of a tab: its title in English and Chinese."""


@dataclass(frozen=True)
class Tab:
    """A view of the page: a file ``tabs/NN-name.html`` with its title, its place, its drawing."""

    name: str
    en: str
    zh: str
    template: str


@cache
def tabs() -> tuple[Tab, ...]:
    """The tabs of the page in order of their numbers; ValueError for one without a title."""
    folder = files("freight.report") / "templates" / "report" / "tabs"
    found = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        title = TITLE.match(file.read_text(encoding="utf-8"))
        if title is None:
            raise ValueError(f"{file.name} does not begin with a title such as {{# Map · 地图 #}}.")
        name = file.name.removesuffix(".html").partition("-")[2]
        found.append(Tab(name, title["en"], title["zh"], f"report/tabs/{file.name}"))
    return tuple(found)


@dataclass(frozen=True)
class Case:
    """A plan to report on: its name among others, the plan itself and its instance.

    ``bills`` is where its book of bills lies (``bills.html``), to which every shipment then links.
    """

    name: str
    plan: Plan
    instance: Instance
    bills: str | None = None


def page(cases: Sequence[Case], language: str = "en", borders: bool = False) -> str:
    """The report of one plan, or of several side by side, the first one shown first.

    ``borders`` draws the boundaries of countries on the map as Natural Earth has them.

    Raises ValueError without a plan, EngineError when plotly is not installed.
    """
    if not cases:
        raise ValueError("There is no plan to report on.")
    packed = [
        pack(one.plan, one.instance)
        | {
            "name": one.name,
            "bills": one.bills,
            "sentences": [sentences(one.plan), sentences_zh(one.plan)],
        }
        for one in cases
    ]
    data = {
        "labels": labels(),
        "kinds": [[one.value, int(one.invoiced)] for one in KINDS],
        "modes": [one.value for one in MODES],
        "language": language,
        "tabs": [tab.name for tab in tabs()],
        "borders": borders,
        "cases": packed,
    }
    return (
        environment()
        .get_template("report/page.html")
        .render(
            cases=packed,
            tabs=tabs(),
            labels=labels(),
            language=language,
            data=_json(data),
            plotly=_plotly(),
            land=_asset("assets", "borders_50m.json" if borders else "land_50m.json"),
            map_note="map.note.borders" if borders else "map.note",
            style=_asset("templates", "report", "page.css"),
            scripts=[_asset("templates", "report", f"{name}.js") for name in SCRIPTS],
        )
    )


@cache
def environment() -> Environment:
    """Templates of pages: everything from people is escaped, nothing unknown is passed over."""
    return Environment(
        loader=PackageLoader("freight.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _json(data: Any) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


def _asset(*parts: str) -> Markup:
    text = files("freight.report").joinpath(*parts).read_text(encoding="utf-8")
    return Markup(text)


def _plotly() -> Markup:
    """plotly.js as it comes with the Python package; raises EngineError without it."""
    offline = needed("plotly.offline", "The report needs")
    return Markup(offline.get_plotlyjs().replace("</script", "<\\/script"))
