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
}
"""Name → ``module:function``. A ``bill-…`` report takes a sequence of bills."""


def load(name: str) -> Callable[..., Any]:
    """The function behind a report, imported on first use; raises KeyError for an unknown name."""
    module, function = REPORTS[name].split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
