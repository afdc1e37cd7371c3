"""Reports into files: their form by the suffix, text or bytes by their kind."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.io.files import write_bytes, write_text
from freight.report import FILES, load
from freight.report.table_files import FORMS, write_tables

TABLE_FORMS = FORMS
EXPORTS: Final = MappingProxyType({"xlsx": "workbook", "geojson": "geojson"})
"""Form of an export in one file → its report."""


def form_of(output: Path | None, otherwise: str) -> str:
    """What the suffix of a file says it is to be, ``otherwise`` without file or suffix."""
    return (output.suffix.lstrip(".").lower() if output else "") or otherwise


def write_report(name: str, output: Path, *of: object, force: bool = False) -> None:
    """Write a report by its name in ``REPORTS`` or ``FILES``; raises InstanceError."""
    made = load(name)(*of)
    if name in FILES:
        write_bytes(output, made, force=force)
    else:
        write_text(output, made, force=force)


def export(plan: Plan, instance: Instance, output: Path, form: str, *, force: bool = False) -> None:
    """Hand a plan on as ``xlsx``, ``geojson``, ``csv`` or ``parquet``.

    Raises InstanceError for another form or where it cannot be written, EngineError when a package
    is missing.
    """
    if form in EXPORTS:
        write_report(EXPORTS[form], output, plan, instance, force=force)
    else:
        write_tables(plan, instance, output, form, force=force)
