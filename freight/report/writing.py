"""Reports into files: their form by the suffix, text or bytes by their kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from freight.domain.bill import Bill
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.wording import either, quoted, refused
from freight.io.files import write_bytes, write_text
from freight.io.places import check_output, inputs
from freight.io.plan_file import write_plan
from freight.report import FILES, REPORTS, load
from freight.report.drayage_view import routes_csv
from freight.report.table_files import FORMS, check_tables, write_tables
from freight.requests.documents import BillRequest
from freight.requests.drayage import DrayageRequest

TABLE_FORMS = FORMS
EXPORTS: Final = MappingProxyType({"xlsx": "workbook", "geojson": "geojson"})
"""Form of an export in one file → its report."""
BILL_REPORTS: Final = tuple(one for one in (*REPORTS, *FILES) if one.startswith("bill-"))


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


def issue(made: Sequence[Bill], request: BillRequest) -> str | None:
    """Write bills as they are asked for; their text where no file is named.

    Raises InstanceError for an unknown form, a form that needs a file, or where it cannot be
    written.
    """
    form = request.form or form_of(request.output, "text")
    name = f"bill-{form}"
    if name not in REPORTS and name not in FILES:
        forms = either(one.removeprefix("bill-") for one in BILL_REPORTS)
        raise refused("format", f"{quoted(form)} is no form of a bill.", f"Say --format: {forms}.")
    if request.output is not None:
        write_report(name, request.output, made, *_settings(name, request), force=request.force)
        return None
    if name in FILES:
        raise refused("output", f"Format {form} needs a file.", "Name one with --output.")
    text: str = load(name)(made, *_settings(name, request))
    return text


def _settings(name: str, request: BillRequest) -> tuple[object, ...]:
    """What a form of bills takes beside the bills."""
    settings: dict[str, tuple[object, ...]] = {
        "bill-pdf": (request.font,),
        "bill-edi": (request.sender, request.receiver),
    }
    return settings.get(name, ())


def write_trucks(plan: Plan, request: DrayageRequest) -> None:
    """Write a plan with its trucks and, where asked for, their stops; raises InstanceError."""
    write_plan(plan, request.output, force=request.force)
    if request.routes is not None and plan.drayage is not None:
        write_text(request.routes, routes_csv(plan.drayage), force=request.force)


def check_export(
    output: Path,
    form: str | None,
    *,
    force: bool = False,
    reads: Sequence[Path | str | None] = (),
) -> None:
    """Raise InstanceError before the work where :func:`export` would raise."""
    form = export_form(output, form)
    if form in EXPORTS:
        check_output(output, force=force, reads=reads)
    else:
        check_tables(output, form, force=force, reads=inputs(reads))


def export_form(output: Path, form: str | None) -> str:
    """The form of an export, None: by the suffix of the output; raises InstanceError."""
    form = form or form_of(output, "csv")
    if form not in (*EXPORTS, *TABLE_FORMS):
        forms = either((*EXPORTS, *TABLE_FORMS))
        raise refused("format", f"{quoted(form)} is no form of a plan.", f"Say --format: {forms}.")
    return form


def export(
    plan: Plan,
    instance: Instance,
    output: Path,
    form: str | None = None,
    *,
    force: bool = False,
) -> None:
    """Hand a plan on as ``xlsx``, ``geojson``, ``csv`` or ``parquet``; None: by the suffix.

    Raises InstanceError for another form or where it cannot be written, EngineError when a package
    is missing.
    """
    form = export_form(output, form)
    if form in EXPORTS:
        write_report(EXPORTS[form], output, plan, instance, force=force)
    else:
        write_tables(plan, instance, output, form, force=force)
