"""Which bills are wanted, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BillRequest:
    """Either the bill of one ``shipment``, or ``everything``.

    ``form`` None: by the suffix of ``output``, else text. ``output`` None: the text is returned.
    ``font`` is a Chinese font file for PDF. ``force`` replaces what is at ``output``.
    ``copy`` is ``internal`` or ``customer``; on a customer's copy ``margin`` is the share beyond
    the cost and ``currency`` that of the price. ``since`` names bills or a plan that the new bills
    replace. ``sender`` and ``receiver`` stand in EDI messages.
    """

    shipment: str | None = None
    everything: bool = False
    form: str | None = None
    output: Path | None = None
    font: Path | None = None
    force: bool = False
    copy: str = "internal"
    margin: float | None = None
    currency: str | None = None
    since: Path | None = None
    sender: str | None = None
    receiver: str | None = None


@dataclass(frozen=True)
class PageRequest:
    """The page of a report in ``language`` ``en`` or ``zh``.

    ``bills`` is where the book of bills lies, to link shipments to it; with ``borders`` the map
    shows those of countries. ``force`` replaces what is at ``output``.
    """

    output: Path = Path("report.html")
    language: str = "en"
    bills: str | None = None
    borders: bool = False
    force: bool = False
