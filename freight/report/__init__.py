"""Views of plans and bills. One file and one entry in ``REPORTS`` make a new one.

Reports know the records of ``freight.domain``, never how a plan was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

REPORTS: Final[Mapping[str, str]] = {
    "bill-text": "freight.report.bill_text:text",
    "bill-json": "freight.report.bill_json:text",
    "bill-html": "freight.report.bill_html:page",
    "bill-efbl": "freight.report.bill_efbl:text",
    "bill-edi": "freight.report.bill_iftmcs:text",
    "page": "freight.report.page:page",
    "geojson": "freight.report.geojson:text",
    "study-page": "freight.report.study.page:study_page",
}
"""Name → ``module:function`` that gives text. A ``bill-…`` report takes a sequence of bills,
``page`` a sequence of cases, ``geojson`` a plan and its instance, ``study-page`` a study."""
FILES: Final[Mapping[str, str]] = {
    "bill-pdf": "freight.report.bill_pdf:pdf",
    "workbook": "freight.report.workbook:workbook",
    "study-workbook": "freight.report.study.book:study_book",
}
"""The same for what gives bytes: ``bill-pdf`` takes bills, ``workbook`` a plan and its instance,
``study-workbook`` a study."""


def load(name: str) -> Callable[..., Any]:
    """The function behind a report, imported on first use; raises KeyError for an unknown name."""
    module, function = ({**REPORTS, **FILES})[name].split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
