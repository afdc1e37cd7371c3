"""The report a planner opens: one self-contained HTML file for one plan or several."""

from __future__ import annotations

from freight.report.page.render import Case, page

__all__ = ["Case", "page"]
