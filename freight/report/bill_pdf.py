"""Through bills as PDF: fonts embedded, text extractable, a bookmark and a QR code each."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from freight.domain.bill import Bill
from freight.packages import needed
from freight.report.bill_sheet import labels, seal_text, sheet
from freight.report.fonts import chinese_font, typst

MOST_TAGGED = 20
"""Bills up to which a PDF is tagged for screen readers; tags make a book four times as big."""


def qr_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004, level M) as SVG; raises EngineError without segno."""
    segno = needed("segno", "Bills as PDF need")
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()


def pdf(bills: Sequence[Bill], font: Path | None = None) -> bytes:
    """One bill or a whole book as a PDF file.

    Raises ValueError without a bill, EngineError when typst, segno or a Chinese font is missing,
    InstanceError when ``font`` is no font file.
    """
    if not bills:
        raise ValueError("There is no bill to print: the plan carries no shipment.")
    family, paths = chinese_font(font)
    first = bills[0]
    book = {
        "title": first.number if len(bills) == 1 else f"{first.instance}: {len(bills)} bills",
        "author": first.operator.name_en,
        "font": family,
        "labels": labels(),
        "bills": [sheet(one) | {"qr": qr_svg(seal_text(one))} for one in bills],
    }
    template = files("freight.report").joinpath("templates", "bill.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "bill.typ").write_text(template, encoding="utf-8")
        (root / "book.json").write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
        made: bytes = typst().compile(
            str(root / "bill.typ"),
            root=str(root),
            font_paths=paths,
            sys_inputs={"book": "book.json"},
            pdf_tags=len(bills) <= MOST_TAGGED,
        )
    return made
