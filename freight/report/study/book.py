"""A study as a workbook: a sheet for every table, heads in both languages."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import xlsxwriter

from freight.consolidation.report import ConsolidationReport
from freight.report.study.sentences import headlines
from freight.report.study.table import Both, Kind, StudyTable
from freight.report.study.tables import study_tables

FORMATS: Final = {
    Kind.TEXT: "@",
    Kind.MONEY: "#,##0",
    Kind.NUMBER: "#,##0",
    Kind.DAYS: "#,##0.0",
    Kind.SHARE: "0.00%",
}
NARROWEST, WIDEST = 14, 46


def study_book(report: ConsolidationReport) -> bytes:
    """The file as bytes; the first sheet says in sentences what the others show."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": report.instance, "comments": report.instance_digest})
        looks = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        head = book.add_format(
            {"bold": True, "font_color": "white", "bg_color": "#1F4E78", "text_wrap": True}
        )
        _sentences(book, report)
        for table in study_tables(report):
            _sheet(book, table, looks, head)
    return out.getvalue()


def _sentences(book: xlsxwriter.Workbook, report: ConsolidationReport) -> None:
    sheet = book.add_worksheet("study 研究")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110, wrapped)
    for row, text in enumerate(text for sentence in headlines(report) for text in _texts(sentence)):
        sheet.write_string(row, 0, text, wrapped)


def _texts(both: Both) -> tuple[str, ...]:
    return (both.en,) if both.en == both.zh else (both.en, both.zh)


def _sheet(
    book: xlsxwriter.Workbook,
    table: StudyTable,
    looks: dict[Kind, xlsxwriter.format.Format],
    head: xlsxwriter.format.Format,
) -> None:
    sheet = book.add_worksheet(table.key)
    for at, column in enumerate(table.columns):
        texts = _texts(column.head)
        sheet.write_string(0, at, "\n".join(texts), head)
        longest = max((len(_cell(row[at])) for row in table.rows), default=0)
        width = min(WIDEST, max(NARROWEST, longest + 2, max(map(len, texts)) + 2))
        sheet.set_column(at, at, width, looks[column.kind])
    for number, row in enumerate(table.rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(number, at, cell, looks[table.columns[at].kind])
            elif cell is not None:
                sheet.write_string(number, at, _cell(cell))
    for number, note in enumerate(table.notes, start=len(table.rows) + 2):
        sheet.write_string(number, 0, " ".join(_texts(note)))
    sheet.freeze_panes(1, 1)


def _cell(cell: object) -> str:
    return " ".join(_texts(cell)) if isinstance(cell, Both) else str(cell)
