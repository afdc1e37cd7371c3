"""Which bills are wanted, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BillRequest:
    """Either the bill of one ``shipment``, or ``everything``.

    ``form`` None: by the suffix of ``output``, else text. ``output`` None: the text is returned.
    ``font`` is a Chinese font file for PDF.
    """

    shipment: str | None = None
    everything: bool = False
    form: str | None = None
    output: Path | None = None
    font: Path | None = None
