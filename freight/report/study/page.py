"""A study as one HTML page for a meeting: no network, no script but the choice of language."""

from __future__ import annotations

from importlib.resources import files

from markupsafe import Markup

from freight.consolidation.report import ConsolidationReport
from freight.report.page.render import environment
from freight.report.study.sentences import headlines
from freight.report.study.table import Both, Cell, Column, Kind
from freight.report.study.tables import study_tables


def study_page(report: ConsolidationReport, language: str = "en") -> str:
    """The page, first shown in ``en`` or ``zh``."""
    tables = study_tables(report)
    widest = {
        (table.key, at): max((_size(row[at]) for row in table.rows), default=0.0)
        for table in tables
        for at, column in enumerate(table.columns)
        if column.bar
    }
    style = files("freight.report").joinpath("templates", "study.css").read_text(encoding="utf-8")
    template = environment().get_template("study.html")
    return template.render(
        report=report,
        tables=tables,
        widest=widest,
        headlines=headlines(report),
        language=language,
        style=Markup(style),
        written=written,
        both=both,
    )


def _size(cell: Cell) -> float:
    return abs(cell) if isinstance(cell, int | float) else 0.0


def both(cell: Cell) -> Both:
    """A cell of text in both languages."""
    return cell if isinstance(cell, Both) else Both(str(cell or ""), str(cell or ""))


def written(cell: Cell, column: Column) -> str:
    """A figure as people read it; empty where there is none."""
    if not isinstance(cell, int | float):
        return "" if cell is None else str(cell)
    if column.kind is Kind.SHARE:
        return f"{100 * cell:,.2f} %" if abs(cell) < 0.01 else f"{100 * cell:,.1f} %"
    return f"{cell:,.1f}" if column.kind is Kind.DAYS else f"{cell:,.0f}"
