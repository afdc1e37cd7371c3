"""What a plan is handed on as: bills, a report, a workbook, maps and tables."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import rich_click as click

from freight.commands import options as flags
from freight.commands.opening import opened
from freight.commands.screen import lines, raw, raw_json, say, tell
from freight.commands.values import Number
from freight.commands.watching import timed
from freight.domain.wording import counted
from freight.requests.documents import BillRequest, PageRequest

if TYPE_CHECKING:
    from freight.domain.bill import Bill
    from freight.domain.instance import Instance
    from freight.domain.plan import Plan


@flags.command
@flags.PLAN
@flags.HOME
@click.option("-s", "--shipment", help="The bill of one shipment.")
@flags.everything("The bills of all shipments.")
@flags.form(flags.BILL_FORMS, "Form of the bill. Default: by the suffix of the output, else text.")
@flags.output("File to write. Default: print it.")
@click.option("--font", type=flags.PATH, help="Font file with Chinese characters, for PDF.")
@click.option(
    "--verify",
    type=flags.PATH,
    help="Compare this bill (JSON) with what the plan gives; issue none.",
)
@click.option(
    "--copy",
    type=click.Choice(["internal", "customer"]),
    default="internal",
    help="internal: every charge; customer: one price and surcharges.",
)
@click.option(
    "--margin",
    type=Number("share", -1, 10),
    help="What a customer pays beyond the cost, such as 8%, where the shipment states none.",
)
@click.option("--currency", help="Of a customer's copy. Default: of the tariff, else of the plan.")
@click.option(
    "--since",
    type=flags.PATH,
    help="Earlier bills in JSON, or the earlier plan: numbers stay, revisions count.",
)
@click.option("--sender", help="Who sends an EDI message, by agreement with the receiver.")
@click.option("--receiver", help="Who receives an EDI message.")
@flags.FORCE
@flags.fills(BillRequest)
def bill(request: BillRequest, plan: Path, instance: str | None, verify: Path | None) -> None:
    r"""Through bills (货运一单式): one document, one price, one liable party per shipment.

    \b
    freight bill plan.json --shipment WUH-0042
    freight bill plan.json --all -o bills.html
    freight bill plan.json --all -o bills.pdf
    freight bill plan.json --verify came-back.json
    freight bill plan.json --all --copy customer --margin 0.08 -o customers.pdf
    freight bill tuesday.json --all --since monday-bills.json -o bills.json
    """
    from freight.billing import bills_as_asked
    from freight.io.places import check_output

    check_output(
        request.output,
        force=request.force,
        reads=(plan, instance, request.font, verify, request.since),
    )
    read, home = opened(plan, instance)
    if verify is not None:
        _verify(verify, read, home, request)
    hand_out(bills_as_asked(home, read, request), request)


def hand_out(issued: Sequence[Bill], request: BillRequest) -> None:
    """Write bills into a file and say so, or print them."""
    from freight.report.writing import issue

    text = issue(issued, request)
    if text is not None and request.form == "json":
        raw_json(text)
    elif text is not None:
        raw(text)
    else:
        tell(f"{counted(len(issued), 'bill')} written to {request.output}.")


def _verify(path: Path, plan: Plan, home: Instance, request: BillRequest) -> NoReturn:
    from freight.billing.earlier import terms_of
    from freight.billing.verify import verify_bill

    verdict = verify_bill(path, plan, home, terms_of(request))
    lines([str(alteration) for alteration in verdict.alterations], "Altered:", "red")
    if verdict.more:
        say(f"{counted(verdict.more, 'more alteration')}.")
    if verdict.holds:
        verb = "is" if len(verdict.intact) == 1 else "are"
        say(f"{counted(len(verdict.intact), 'bill')} {verb} as the plan gives.")
    sys.exit(0 if verdict.holds else 1)


def _address(_context: object, _option: object, value: str | None) -> str | None:
    from freight.report.address import harmless

    if value is None or harmless(value):
        return value
    raise click.BadParameter(f"'{value}' is neither a relative path nor an http(s) address.")


@flags.command
@flags.PLANS
@flags.HOME
@flags.output("HTML file to write.", Path("report.html"))
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", help="English or Chinese first."
)
@click.option(
    "--bills",
    callback=_address,
    help="Where the book of bills lies, to link shipments to it: a relative path or http(s).",
)
@click.option("--borders", is_flag=True, help="Draw the borders of countries on the map.")
@flags.FORCE
@flags.fills(PageRequest)
def report(request: PageRequest, plans: tuple[Path, ...], instance: str | None) -> None:
    r"""One HTML file that opens offline: map, timetable, costs, shipments, proof.

    Of the folder of a consolidation study: policies side by side, savings, who pays what, as a
    page or, with a name that ends in .xlsx, as a workbook.

    \b
    freight report plan.json -o report.html --bills bills.html
    freight report joint.json standalone.json
    freight report study -o study.html
    freight report study -o study.xlsx
    """
    from freight.consolidation.study_file import is_study
    from freight.io.places import check_output

    check_output(request.output, force=request.force, reads=(*plans, instance))
    with timed(f"reading {plans[0]}") as watcher:
        if any(is_study(path) for path in plans):
            from freight.report.study.writing import write_study_report

            write_study_report(plans, request)
            tell(f"Report written to {request.output}.")
            return
        from freight.consolidation.difference import labels
        from freight.report.page import Case
        from freight.report.writing import write_report

        named = zip(labels(plans), plans, strict=True)
        cases = [Case(name, *opened(path, instance), request.bills) for name, path in named]
        watcher.began("drawing the page")
        shown = (request.language, request.borders)
        write_report("page", request.output, cases, *shown, force=request.force)
    tell(f"Report written to {request.output}.")


@flags.command
@flags.PLAN
@flags.argument("output", "A file (.xlsx, .geojson) or a folder for tables.", type=flags.PATH)
@flags.HOME
@flags.form(flags.EXPORT_FORMS, "Default: by the suffix of the output; csv for a folder.")
@flags.FORCE
def export(plan: Path, output: Path, instance: str | None, form: str | None, force: bool) -> None:
    r"""Hand a plan on: a workbook to filter, a GeoJSON map, tables as CSV or Parquet.

    \b
    freight export plan.json plan.xlsx
    freight export plan.json tables --format csv
    """
    from freight.report import writing

    writing.check_export(output, form, force=force, reads=(plan, instance))
    read, home = opened(plan, instance)
    writing.export(read, home, output, form, force=force)
    tell(f"Wrote {output}.")
